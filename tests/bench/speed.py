"""Side by side: this project and what could be used instead, from the text of a question to the five best.

    make bench SOURCE=FILE_OR_FOLDER SIZES="10000 100000"

Each engine builds in a process of its own, and asks in another, so that one's memory is not another's; the
times of a question are CPU times of one thread. Writes results.json, results.md and results.svg.
"""

import argparse
import json
import multiprocessing
import random
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from bench import corpora, engines

from retrieval import Tokeniser

WARM = 20
"""Questions asked before the clock runs."""

Row = dict[str, Any]


def build(name: str, source: Path, size: int, folder: Path, cutter: Any) -> Row:  # noqa: ANN401  a literal
    """Make an engine's index; sentences a second of CPU, bytes a sentence, memory."""
    tokeniser = Tokeniser(cutter=cutter)
    articles = list(corpora.articles(corpora.source(source, tokeniser), size))
    folder.mkdir(parents=True)
    started = time.process_time()
    engines.ENGINES[name].build(articles, tokeniser, folder)
    seconds = time.process_time() - started
    written = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {
        "built a second": round(size / seconds),
        "bytes a sentence": round(written / size),
        "build MB": _memory("VmHWM"),
    }


def measure(name: str, questions: list[str], folder: Path, cutter: Any) -> Row:  # noqa: ANN401
    """Ask an engine; milliseconds of CPU a question, of the first answer, and memory."""
    tokeniser = Tokeniser(cutter=cutter)
    tokeniser.words("预热")
    before = time.process_time()
    ask = engines.ENGINES[name].open(tokeniser, folder)
    opened = time.process_time() - before
    ask(questions[0])
    cold = time.process_time() - before
    for question in questions[:WARM]:
        ask(question)
    times = []
    for question in questions[WARM:]:
        before = time.process_time()
        ask(question)
        times.append(1e3 * (time.process_time() - before))
    times.sort()
    return {
        "p50 ms": round(times[len(times) // 2], 3),
        "p99 ms": round(times[int(len(times) * 0.99)], 3),
        "open ms": round(1e3 * opened, 1),
        "cold ms": round(1e3 * cold, 1),
        "anonymous MB": _memory("RssAnon"),
    }


def _memory(of: str) -> int:
    """A figure of this process's memory in MB: VmHWM, the most it had; RssAnon, what is no mapped file."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{of}:"))


def alone(work: Any, *arguments: Any) -> Row:  # noqa: ANN401  any of the above
    """Do a piece of work in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        row: Row = pool.submit(work, *arguments).result()
        return row


def run(options: argparse.Namespace) -> list[Row]:
    """All engines at all sizes, in a shuffled order."""
    rows: list[Row] = []
    tokeniser = Tokeniser(cutter=options.tokeniser)
    sentences = corpora.source(options.source, tokeniser)
    for size in options.sizes:
        questions = corpora.questions(list(corpora.articles(sentences, size)), options.questions, tokeniser)
        place = options.work / str(size)
        shutil.rmtree(place, ignore_errors=True)
        chosen = [name for name in engines.ENGINES if not options.engines or name in options.engines]
        built = {
            name: alone(build, name, options.source, size, place / name, options.tokeniser)
            for name in chosen
            if name not in engines.SAME_INDEX
        }
        random.Random(size).shuffle(chosen)
        for name in chosen:
            index = engines.SAME_INDEX.get(name, name)
            row = {"engine": name, "sentences": size} | built[index]
            row |= alone(measure, name, questions, place / index, options.tokeniser)
            rows.append(row)
            print(json.dumps(row), flush=True)  # noqa: T201  a script's output
        shutil.rmtree(place)
    return sorted(rows, key=lambda row: (row["sentences"], list(engines.ENGINES).index(row["engine"])))


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|---|" + "---:|" * (len(names) - 1)]
    lines += [
        "| " + " | ".join(f"{row[name]:,}" if name != "engine" else row[name] for name in names) + " |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def plot(rows: list[Row], path: Path) -> None:
    """Latency against size, both on a logarithmic scale."""
    from matplotlib import pyplot as plt  # noqa: PLC0415  takes a second to load

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for name in engines.ENGINES:
        found = [(row["sentences"], row["p50 ms"]) for row in rows if row["engine"] == name]
        if found:
            axes.loglog(*zip(*found, strict=True), marker="o", label=name)
    axes.set_xlabel("sentences")
    axes.set_ylabel("ms a question (median, CPU, one thread)")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(path, bbox_inches="tight")


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
    plot(rows, options.out / "results.svg")


if __name__ == "__main__":
    main()
