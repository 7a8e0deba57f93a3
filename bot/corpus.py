"""The corpus in use: its records read, its index brought up to date, a retriever opened over it."""

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from bot.settings import Settings, SettingsError
from retrieval import (
    CorpusError,
    EmbeddedIndex,
    Retriever,
    Tokeniser,
    calibration,
    indexing,
    manifest,
    records,
    synonyms,
)
from retrieval.indexing import Update
from retrieval.models import Article, Problem
from retrieval.synonyms import Synonyms

CORPUS_STATE = "corpus.txt"
"""What the files of the corpus looked like when the index was last brought up to date."""


class CorpusInUse:
    """Where the index of the settings' corpus lies, and how to open it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.data / "index" / _name(settings.corpus)
        self._tokeniser: Tokeniser | None = None

    @property
    def folders(self) -> list[Path]:
        """Where the records are: the corpus, and what admins uploaded."""
        uploads = self.settings.uploads
        return [self.settings.corpus, *([uploads] if uploads.is_dir() else [])]

    @property
    def tokeniser(self) -> Tokeniser:
        """The tokeniser, loaded at first use.

        Raises:
            SettingsError: the dictionary or the data folder cannot be used.
        """
        if self._tokeniser is None:
            try:
                self._tokeniser = Tokeniser(
                    self.settings.data / "cache", self.settings.dictionary, self.settings.tokeniser
                )
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"ZHIWEN_TOKENISER, ZHIWEN_DICTIONARY or ZHIWEN_DATA cannot be used: {error}."
                ) from error
        return self._tokeniser

    def retriever(self) -> Retriever:
        """A retriever over the corpus as its files are now; only changed articles are indexed."""
        if not self.is_current():
            self.update()
        return self.open()

    def is_current(self) -> bool:
        """Whether the index was made of the files as they are now."""
        return self._state() == self._indexed_state()

    @property
    def is_indexed(self) -> bool:
        """Whether there is an index, in whatever state."""
        return (self.folder / manifest.FILE).exists()

    def open(self) -> Retriever:
        """A retriever over the index as it is on disk.

        Raises:
            IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
        """
        return Retriever(
            EmbeddedIndex(self.folder, self.tokeniser),
            self.tokeniser,
            synonyms=self._synonyms(),
            confident=self.settings.confident,
            doubt=calibration.doubt(self.folder),
        )

    def verify(self) -> None:
        """Read the whole index and compare it with the digests in its manifest.

        Raises:
            IndexUnusableError: something is missing or was changed.
        """
        indexing.verify(self.folder, self.tokeniser)

    def _synonyms(self) -> Synonyms:
        try:
            return synonyms.load(self.settings.synonyms)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"ZHIWEN_SYNONYMS cannot be read: {error}.") from error

    def update(self, *, rebuild: bool = False) -> tuple[Update, tuple[Problem, ...]]:
        """Read the records and bring the index up to date; what came of it, and the records' problems.

        In a process of its own: the tables that indexing needs would stay with a service for good.

        Raises:
            CorpusError: the records cannot be read, the index cannot be written, or the process was killed.
            IndexUnusableError: the index there cannot be read, and no rebuild was asked for.
        """
        context = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(1, context, initializer=_be_quiet_when_interrupted) as worker:
                return worker.submit(_update, self.settings, rebuild=rebuild).result()
        except BrokenProcessPool as error:
            raise CorpusError(
                "Indexing was killed, perhaps for want of memory: run 'zhiwen index'."
            ) from error
        except OSError as error:  # no process can be started, or the disk is full
            raise CorpusError(
                f"The corpus cannot be indexed: {error}. Check the disk of ZHIWEN_DATA, /dev/shm, and limits."
            ) from error

    def update_here(self, *, rebuild: bool = False) -> tuple[Update, tuple[Problem, ...]]:
        """The same, in this process."""
        state = self._state()
        problems: list[Problem] = []
        with _bytes_bar(self._files()) as (analysed, read):
            update = indexing.update(
                self.folder,
                records.each(self.folders, problems, read),
                self.tokeniser,
                analysed,
                rebuild=rebuild,
                workers=len(os.sched_getaffinity(0)),
            )
            (self.folder / CORPUS_STATE).write_text(state, encoding="utf-8")
            indexing.compact(self.folder, self.tokeniser)
        if update.added or update.removed:
            calibration.calibrate(
                self.folder, Retriever(EmbeddedIndex(self.folder, self.tokeniser), self.tokeniser)
            )
        return update, tuple(problems)

    def _indexed_state(self) -> str | None:
        try:
            return (self.folder / CORPUS_STATE).read_text(encoding="utf-8")
        except OSError:
            return None

    def _files(self) -> Iterator[tuple[Path, str]]:
        return (file for folder in self.folders for file in records.files(folder))

    def _state(self) -> str:
        """Changes whenever a record file comes, goes, or is written."""
        found = hashlib.blake2b(digest_size=16)
        for path, name in self._files():
            if path.exists():
                status = path.stat()
                found.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return found.hexdigest()


@contextmanager
def _bytes_bar(
    files: Iterator[tuple[Path, str]],
) -> Iterator[tuple[indexing.Progress, Callable[[Path], None]]]:
    """A progress bar in bytes of record files: what to tell of articles analysed, and of files read."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        sizes = (path.stat().st_size for path, _ in files if path.exists())
        task = progress.add_task("indexing", total=0 if progress.disable else sum(sizes))
        yield (
            lambda done, _total: progress.update(task, description=f"indexing: {done:,} new articles"),
            lambda path: progress.advance(task, path.stat().st_size if path.exists() else 0),
        )


def _update(settings: Settings, *, rebuild: bool) -> tuple[Update, tuple[Problem, ...]]:
    return CorpusInUse(settings).update_here(rebuild=rebuild)


def _be_quiet_when_interrupted() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def build(
    folder: Path, articles: tuple[Article, ...], tokeniser: Tokeniser, *, rebuild: bool = False
) -> Update:
    """Bring an index up to date, with a progress bar on a terminal."""
    with progress_bar("indexing") as advance:
        update = indexing.update(
            folder, articles, tokeniser, advance, rebuild=rebuild, workers=len(os.sched_getaffinity(0))
        )
    if update.added or update.removed:
        calibration.calibrate(folder, Retriever(EmbeddedIndex(folder, tokeniser), tokeniser))
    return update


@contextmanager
def progress_bar(label: str) -> Iterator[indexing.Progress]:
    """A progress bar on standard error; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _name(corpus: Path) -> str:
    """A folder name for the index of a corpus: its own, and a digest of where it lies."""
    place = corpus.resolve()
    return f"{place.name}-{hashlib.blake2b(str(place).encode(), digest_size=4).hexdigest()}"
