"""Kills a working process at random moments, and looks at what it leaves.

python tests/crashes.py KILLS
"""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import IO

from crash_worker import ARTICLES, INDEXING, QUESTION, RELOADING, STORING, stored, write_edition

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import Settings
from bot.store import FILE, Store
from retrieval import EmbeddedIndex
from retrieval.index.manifest import FILE as MANIFEST
from retrieval.index.update import verification

ROOT = Path(__file__).parents[1]
STARTING = "starting"
LONGEST = {STARTING: 2.0, INDEXING: 0.3, RELOADING: 2.0, STORING: 0.05}
"""Seconds after which a process is killed at the latest, from when it began this: about what it takes."""
LATEST = 2
"""How often it may begin to do something before it is killed at that."""


class Crashes:
    """A data folder that one process after another is killed over.

    Args:
        folder: an empty one.
        random: draws the moments.
    """

    def __init__(self, folder: Path, random: random.Random) -> None:
        self._random = random
        self._settings = Settings(corpus=folder / "corpus", data=folder / "data")
        self._taken = 0
        write_edition(self._settings.corpus, 0)

    def crash(self) -> str:
        """Start a process, kill it and its children, and check what it left; what was found, in a line."""
        aim = self._random.choice(list(LONGEST))
        hit, acknowledged = self._kill(aim)
        self._check_store(acknowledged)
        left = self._check_index()
        self._check_start()
        if self._random.random() < 0.2:
            shutil.rmtree(self._settings.data / "cache", ignore_errors=True)
        return f"killed while {hit}, {len(acknowledged)} rounds: edition {left} is left"

    def _kill(self, aim: str) -> tuple[str, list[int]]:
        """Kill a process some time after it began to do something; what it was doing, and had stored."""
        worker = [sys.executable, str(ROOT / "tests" / "crash_worker.py")]
        process = subprocess.Popen(
            [*worker, str(self._settings.corpus), str(self._settings.data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        assert process.stdout is not None
        output = b""
        for _ in range(self._random.randint(1, LATEST) if aim != STARTING else 0):
            output += _until(f"{aim}\n".encode(), process.stdout)
        time.sleep(self._random.uniform(0, LONGEST[aim]))
        assert process.poll() is None, output + process.stdout.read()
        os.killpg(process.pid, signal.SIGKILL)
        lines = (output + process.communicate()[0]).decode().splitlines(keepends=True)
        assert all(re.fullmatch(r"[a-z]+\n|\d+\n", line) for line in lines[:-1]), lines
        whole = [line.strip() for line in lines if line.endswith("\n")]
        doing = [line for line in whole if line in LONGEST]
        return doing[-1] if doing else STARTING, [int(line) for line in whole if line.isdigit()]

    def _check_store(self, acknowledged: list[int]) -> None:
        """The file is sound, and holds all that was acknowledged, and at most what was about to be."""
        file = self._settings.data / FILE
        if file.exists():
            with closing(sqlite3.connect(file)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        store = Store.of(self._settings)
        last = max(acknowledged, default=self._taken)
        numbers = sorted(stored(store))
        assert numbers in (list(range(1, last + 1)), list(range(1, last + 2)))
        self._taken = len(numbers)
        store.close()

    def _check_index(self) -> int | None:
        """As it was left, the index is one whole edition; None where there is none yet."""
        corpus = CorpusInUse(self._settings)
        if not (corpus.folder / MANIFEST).exists():
            return None
        verification.verify(corpus.folder, corpus.tokeniser)
        index = EmbeddedIndex(corpus.folder, corpus.tokeniser)
        articles = [article.record for article in index.sample(2 * ARTICLES)]
        editions = {
            edition for article in articles for edition in re.findall(r"耗资(\d+)亿", article.summary)
        }
        assert (len(articles), len(editions)) == (ARTICLES, 1)
        return int(editions.pop())

    def _check_start(self) -> None:
        """The next start answers at once from what was left, and after a look at the files from these."""
        text = (self._settings.corpus / "records.txt").read_text(encoding="utf-8")
        edition = re.findall(r"耗资(\d+)亿", text)[0]
        live = LiveRetriever(CorpusInUse(self._settings))
        assert live.ask(QUESTION).answered
        if not live.is_current():
            live.reload()
        answer = live.ask(QUESTION)
        assert answer.answered
        assert f"耗资{edition}亿" in answer.passages[0].text


def _until(line: bytes, output: IO[bytes]) -> bytes:
    """What a process says up to a line."""
    said = b""
    for one in output:
        said += one
        if one == line:
            return said
    raise AssertionError(said.decode())


def main() -> None:
    kills = int(sys.argv[1])
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-crashes-"))
    crashes = Crashes(folder, random.Random())
    for number in range(1, kills + 1):
        print(f"{number}/{kills} {crashes.crash()}", flush=True)  # noqa: T201 - a program's output
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
