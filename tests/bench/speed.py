"""Side by side: this project and what could be used instead, from the text of a question to the five best.

    make bench SOURCE="FOLDER ..." SIZES="10000 100000"

First on the articles of each folder as they are, by both tokenisers, beside jieba + rank_bm25; then on
generated ones of any number, made of the words of the first. Each engine builds in a process of its own, and
asks in another, one engine after the other in a shuffled order; the times are CPU times of one thread. Writes
results.json, results.md and results.svg.
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
from bench.corpora import Corpus

from retrieval import Tokeniser

WARM = 20
"""Questions asked before the clock runs."""
FEWEST = 30
LONGEST = 60.0
"""Seconds that an engine is asked, once it was asked `FEWEST` questions."""
WARM_SECONDS = 5.0
"""Seconds after which an engine is warm, whatever it was asked."""
CUTTERS = ("jieba", "rjieba")
GENERATED = "generated"
CORPUS = "corpus.jsonl"
TEXTS = ("engine", "corpus")
"""Columns that are no figures."""

Row = dict[str, Any]


def build(name: str, corpus: Corpus, size: int, folder: Path, cutter: Any) -> Row:  # noqa: ANN401  a literal
    """Make an engine's index; sentences a second of CPU, bytes a sentence, memory."""
    tokeniser = Tokeniser(cutter=cutter)
    tokeniser.words("预热")
    folder.mkdir(parents=True)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here on
    held = _memory("VmRSS")
    started = time.process_time()
    engine = engines.Cutting() if name == engines.CUTTING else engines.ENGINES[name]
    engine.build(corpus, tokeniser, folder)
    seconds = time.process_time() - started
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    found = {"built a second": round(size / seconds)}
    if not written:
        return found
    return found | {"bytes a sentence": round(written / size), "build peak MB": _memory("VmHWM") - held}


def measure(name: str, questions: list[str], folder: Path, cutter: Any) -> Row:  # noqa: ANN401
    """Ask an engine; milliseconds of CPU a question, of opening and the first answer, and memory."""
    tokeniser = Tokeniser(cutter=cutter)
    tokeniser.words("预热")
    before = time.process_time()
    ask = engines.ENGINES[name].open(tokeniser, folder)
    opened = time.process_time() - before
    ask(questions[0])
    first = time.process_time() - before
    warm = time.process_time()
    for question in questions[:WARM]:
        if time.process_time() - warm < WARM_SECONDS:
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


def prepare(source: Path, size: int | None, place: Path, count: int, cutter: Any) -> tuple[int, list[str]]:  # noqa: ANN401
    """Write a corpus of so many sentences (None: as it is); how many it has, and questions about it."""
    tokeniser = Tokeniser(cutter=cutter)
    place.mkdir(parents=True)
    corpus = Corpus(place / CORPUS)
    written = corpus.write(
        corpora.real(source) if size is None else corpora.generated(corpora.source(source, tokeniser), size)
    )
    return written, corpora.questions(list(corpus.sentences()), count, tokeniser)


def on_real_text(source: Path, options: argparse.Namespace) -> list[Row]:
    """The articles of a folder as they are: how fast words are cut, indexed and asked, by each tokeniser."""
    place = options.work / source.name
    shutil.rmtree(place, ignore_errors=True)
    size, questions = alone(prepare, source, None, place, options.questions, CUTTERS[0])
    rows: list[Row] = []
    for cutter in CUTTERS:
        for name in (engines.CUTTING, *engines.ON_REAL_TEXT):
            index = engines.SAME_INDEX.get(name, name)
            row = {"engine": f"{name}, {cutter}", "corpus": source.name, "sentences": size}
            row |= alone(build, index, Corpus(place / CORPUS), size, place / cutter / index, cutter)
            if name != engines.CUTTING:
                row |= alone(measure, name, questions, place / cutter / index, cutter)
            rows.append(_told(row))
    shutil.rmtree(place)
    return rows


def on_generated(source: Path, size: int, options: argparse.Namespace) -> list[Row]:
    """All engines on generated articles of one size, in a shuffled order."""
    rows: list[Row] = []
    place = options.work / str(size)
    shutil.rmtree(place, ignore_errors=True)
    _, questions = alone(prepare, source, size, place, options.questions, options.tokeniser)
    chosen = [name for name in options.engines or engines.ENGINES if size <= engines.LARGEST.get(name, size)]
    indexes = {name: engines.SAME_INDEX.get(name, name) for name in chosen}
    built = {
        index: alone(build, index, Corpus(place / CORPUS), size, place / index, options.tokeniser)
        for index in dict.fromkeys(indexes.values())
    }
    random.Random(size).shuffle(chosen)
    for name in chosen:
        row = {"engine": name, "corpus": GENERATED, "sentences": size} | built[indexes[name]]
        rows.append(_told(row | alone(measure, name, questions, place / indexes[name], options.tokeniser)))
    if not options.engines:
        arrived = alone(engines.arrive, place / engines.OWN, options.tokeniser)
        row = {"engine": "a new article", "corpus": GENERATED, "sentences": size, "p50 ms": arrived}
        rows.append(_told(row))
    shutil.rmtree(place)
    order = [*engines.ENGINES, "a new article"]
    return sorted(rows, key=lambda row: order.index(row["engine"]))


def _told(row: Row) -> Row:
    print(json.dumps(row), flush=True)  # noqa: T201  a script's output
    return row


def run(options: argparse.Namespace) -> list[Row]:
    """The rows of all corpora: those that are folders of articles first."""
    real = [row for source in options.source if source.is_dir() for row in on_real_text(source, options)]
    sizes = sorted(options.sizes)
    return real + [row for size in sizes for row in on_generated(options.source[0], size, options)]


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(names) + " |", "|---|" + "---:|" * (len(names) - 1)]
    for row in rows:
        cells = [str(row.get(name, "")) if name in TEXTS else _figure(row.get(name)) for name in names]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,}"


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--source", type=Path, nargs="+", required=True, help="folders of record files, or a SQuAD file"
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="sentences")
    parser.add_argument("--engines", nargs="+", choices=list(engines.ENGINES), help="default: all")
    parser.add_argument("--questions", type=int, default=220)
    parser.add_argument(
        "--tokeniser", choices=["jieba", "rjieba"], default="rjieba", help="for generated articles"
    )
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
