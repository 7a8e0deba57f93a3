"""Data folders that a process finds as after its first start: made once in a test run, then copied.

A cold folder costs two seconds of CPU for the tokeniser's dictionary, and one more for an index.
"""

import fcntl
import functools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from bot.corpus.in_use import CorpusInUse
from bot.settings import Settings
from retrieval import Tokeniser

SEEDS: Final = Path(__file__).parents[1] / "seeds"
RUN: Final = os.environ.setdefault("TEST_RUN", str(os.getpid()))
"""What the processes of a test run have in common: they inherit it."""
MADE: Final = Path(tempfile.gettempdir()) / f"zhiwen-warm-{RUN}"
"""Removed by conftest at the run's end."""


@functools.cache
def _made() -> Path:
    """A data folder with the tokeniser's cache and the index of the seeds; one process of a run makes it."""
    MADE.mkdir(mode=0o700, exist_ok=True)
    with (MADE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (MADE / "data").is_dir():
            settings = Settings(corpus=SEEDS, data=MADE / "making")
            CorpusInUse(settings).update_here()
            settings.data.rename(MADE / "data")
    return MADE / "data"


def cache() -> Path:
    """The tokeniser's cache, only to be read."""
    return _made() / "cache"


def tokeniser() -> Tokeniser:
    """A tokeniser that need not make its cache."""
    return Tokeniser(cache())


def warm(data: Path) -> Path:
    """A data folder, with the tokeniser's cache in it."""
    shutil.copytree(cache(), data / "cache", dirs_exist_ok=True)
    return data


def indexed(data: Path, corpus: Path = SEEDS) -> Path:
    """A data folder with the tokeniser's cache, and the index of a corpus that is the seeds or their copy.

    The files of a copy must bear the same times (`shutil.copytree`): they tell that the index is of them.
    """
    shutil.copytree(_made(), data, dirs_exist_ok=True)
    (index,) = (data / "index").iterdir()  # named after where its corpus lies
    index.rename(CorpusInUse(Settings(corpus=corpus, data=data)).folder)
    return data


def folder() -> Path:
    """An empty folder for what a test has to put somewhere, until the run ends."""
    MADE.mkdir(mode=0o700, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=MADE))
