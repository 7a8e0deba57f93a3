"""Side by side: this project and what could be used instead, from the text of a question to the five best.

    make bench SOURCE=FILE_OR_FOLDER SIZES="10000 100000"

Each engine builds in a process of its own, and asks in another, one engine after the other in a shuffled
order; the times are CPU times of one thread. Writes results.json, results.md and results.svg.
"""

import argparse
import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench import corpora, engines, plots

from retrieval import Article, Tokeniser

WARM = 20
"""Questions asked before the clock runs."""
FEWEST = 30
LONGEST = 60.0
"""Seconds that an engine is asked, once it was asked `FEWEST` questions."""
CORPUS = "corpus.jsonl"

Row = dict[str, Any]


def build(name: str, articles: Path, size: int, folder: Path, cutter: Any) -> Row:  # noqa: ANN401  a literal
    """Make an engine's index; sentences a second of CPU, bytes a sentence, memory."""
    tokeniser = Tokeniser(cutter=cutter)
    given = read(articles)
    folder.mkdir(parents=True)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here on
    held = _memory("VmRSS")
    started = time.process_time()
    engines.ENGINES[name].build(given, tokeniser, folder)
    seconds = time.process_time() - started
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "built a second": round(size / seconds),
        "bytes a sentence": round(written / size),
        "build peak MB": _memory("VmHWM") - held,
    }


def measure(name: str, questions: list[str], folder: Path, cutter: Any) -> Row:  # noqa: ANN401
    """Ask an engine; milliseconds of CPU a question, of opening and the first answer, and memory."""
    tokeniser = Tokeniser(cutter=cutter)
    tokeniser.words("预热")
    before = time.process_time()
    ask = engines.ENGINES[name].open(tokeniser, folder)
    opened = time.process_time() - before
    ask(questions[0])
    first = time.process_time() - before
    for question in questions[:WARM]:
        ask(question)
    times: list[float] = []
    started = time.process_time()
    for question in questions[WARM:]:
        if len(times) >= FEWEST and time.process_time() - started > LONGEST:
            break
        before = time.process_time()
        ask(question)
        times.append(1e3 * (time.process_time() - before))
    times.sort()
    return {
        "p50 ms": round(times[len(times) // 2], 3),
        "p99 ms": round(times[int(len(times) * 0.99)], 3),
        "open ms": round(1e3 * opened, 1),
        "first answer ms": round(1e3 * first, 1),
        "own memory MB": _memory("RssAnon"),
    }


def _memory(of: str) -> int:
    """A figure of this process's memory in MB: VmHWM, the most it had; RssAnon, what is no mapped file."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{of}:"))


def alone(work: Any, *arguments: Any) -> Any:  # noqa: ANN401  any of the functions here
    """Do a piece of work in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def prepare(source: Path, size: int, place: Path, count: int, cutter: Any) -> list[str]:  # noqa: ANN401
    """Write the articles of a corpus of so many sentences; questions about it."""
    tokeniser = Tokeniser(cutter=cutter)
    made = list(corpora.articles(corpora.source(source, tokeniser), size))
    place.mkdir(parents=True)
    with (place / CORPUS).open("w", encoding="utf-8") as file:
        file.writelines(f"{article.model_dump_json()}\n" for article in made)
    return corpora.questions(made, count, tokeniser)


def read(path: Path) -> list[Article]:
    """The articles that were written."""
    with path.open(encoding="utf-8") as lines:
        return [Article.model_validate_json(line) for line in lines]


def run(options: argparse.Namespace) -> list[Row]:
    """All engines at all sizes, in a shuffled order."""
    rows: list[Row] = []
    for size in options.sizes:
        place = options.work / str(size)
        shutil.rmtree(place, ignore_errors=True)
        questions = alone(prepare, options.source, size, place, options.questions, options.tokeniser)
        chosen = [name for name in engines.ENGINES if not options.engines or name in options.engines]
        chosen = [name for name in chosen if name not in engines.SMALL or size <= engines.SMALL_SENTENCES]
        indexes = {name: engines.SAME_INDEX.get(name, name) for name in chosen}
        built = {
            index: alone(build, index, place / CORPUS, size, place / index, options.tokeniser)
            for index in dict.fromkeys(indexes.values())
        }
        random.Random(size).shuffle(chosen)
        for name in chosen:
            row = {"engine": name, "sentences": size} | built[indexes[name]]
            row |= alone(measure, name, questions, place / indexes[name], options.tokeniser)
            rows.append(row)
            print(json.dumps(row), flush=True)  # noqa: T201  a script's output
        if not options.engines:
            arrived = alone(engines.arrive, place / engines.OWN, options.tokeniser)
            rows.append({"engine": "a new article", "sentences": size, "p50 ms": arrived})
            print(json.dumps(rows[-1]), flush=True)  # noqa: T201
        shutil.rmtree(place)
    order = [*engines.ENGINES, "a new article"]
    return sorted(rows, key=lambda row: (row["sentences"], order.index(row["engine"])))


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|---|" + "---:|" * (len(names) - 1)]
    for row in rows:
        cells = [row["engine"], *(f"{row[name]:,}" if name in row else "" for name in names[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--source", type=Path, required=True, help="folder of record files, or a SQuAD file")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="sentences")
    parser.add_argument("--engines", nargs="+", choices=list(engines.ENGINES), help="default: all")
    parser.add_argument("--questions", type=int, default=220)
    parser.add_argument("--tokeniser", choices=["jieba", "rjieba"], default="rjieba", help="for all engines")
    parser.add_argument("--work", type=Path, default=Path("/tmp/zhiwen-bench"), help="for indexes")  # noqa: S108
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    rows = run(options)
    options.out.mkdir(exist_ok=True)
    (options.out / "results.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (options.out / "results.md").write_text(table(rows), encoding="utf-8")
    plots.draw(rows, options.out / "results.svg")


if __name__ == "__main__":
    main()
