"""From articles to segments, in this process or in several.

Articles are gathered into batches, and a batch becomes a segment. Who wants them is told of each that is
whole.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent import futures
from pathlib import Path
from typing import Literal, Self

from retrieval.errors import IndexingError
from retrieval.index import manifest
from retrieval.index.manifest import SegmentEntry
from retrieval.index.segment.analysis import analyse
from retrieval.index.segment.writer import write
from retrieval.index.update import memory
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Article

BATCH = 1_000_000
"""Characters of a batch: some 25,000 sentences."""
MUCH = 50_000
"""Characters from which on it pays to load the tokeniser's tables."""
MOST_WORKERS = 6
"""Processes at most, as far as the memory allows."""

_TOKENISER: list[Tokeniser] = []
"""The tokeniser of a worker process, made when it starts."""


class Builder:
    """Makes segments of new articles; a context, whose processes have ended when it is left.

    Args:
        folder: where the segments are written.
        tokeniser: cuts them.
        progress: told how many articles are analysed, of how many.
        finished: told of each segment that is whole.
        workers: processes that analyse, as far as the memory that may be used allows; started only for
            more than one batch.
        batch: characters of a batch.
    """

    def __init__(
        self,
        folder: Path,
        tokeniser: Tokeniser,
        progress: Callable[[int, int], None],
        finished: Callable[[SegmentEntry], None],
        *,
        workers: int,
        batch: int = BATCH,
    ) -> None:
        self.count = 0
        self._folder = folder
        self._tokeniser = tokeniser
        self._progress = progress
        self._finished = finished
        self._batch_characters = batch
        self._workers = memory.affordable(min(workers, MOST_WORKERS), memory.allowed())
        self._batch: list[Article] = []
        self._characters = 0
        self._total = 0
        self._done = 0
        self._pool: futures.ProcessPoolExecutor | None = None
        self._running: deque[futures.Future[SegmentEntry]] = deque()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Wait until no process writes: what they were to analyse after a failure is dropped."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def add(self, article: Article, total: int) -> None:
        """Take an article, one of a total (0: unknown)."""
        self.count += 1
        self._total = total
        self._batch.append(article)
        self._characters += len(article.summary)
        if self._characters >= self._batch_characters:
            self._flush(here=self._workers == 1)

    def finish(self) -> None:
        """Wait for what is being analysed."""
        if self._batch:
            self._flush(here=self._pool is None)
        while self._running:
            self._collect()

    def _flush(self, *, here: bool) -> None:
        if here and self._characters >= MUCH:
            self._tokeniser.load()
        batch, self._batch, self._characters = self._batch, [], 0
        path = self._folder / manifest.new_segment()
        if here:
            self._finished(build(path, batch, self._tokeniser, self._advance))
        else:
            self._submit(path, batch)

    def _submit(self, path: Path, batch: list[Article]) -> None:
        if self._pool is None:
            from multiprocessing import get_context  # noqa: PLC0415  only who starts processes waits for it

            arguments = (os.getpid(), *self._tokeniser.arguments)
            self._pool = futures.ProcessPoolExecutor(
                self._workers, get_context("spawn"), _start_worker, arguments
            )
        self._running.append(self._pool.submit(_build, path, batch))
        while len(self._running) > self._workers:
            self._collect()

    def _collect(self) -> None:
        try:
            entry = self._running.popleft().result()
        except futures.BrokenExecutor as error:
            raise IndexingError(
                "Indexing was killed, perhaps for want of memory: run 'zhiwen index', it goes on from there."
            ) from error
        self._advance(entry.articles)
        self._finished(entry)

    def _advance(self, articles: int) -> None:
        self._done += articles
        self._progress(self._done, self._total)


def build(
    path: Path, articles: Sequence[Article], tokeniser: Tokeniser, analysed: Callable[[int], None]
) -> SegmentEntry:
    """Analyse some articles and write them as a segment.

    Args:
        path: of the segment.
        articles: what it holds.
        tokeniser: cuts them.
        analysed: called with their number when they are.
    """
    found = analyse(articles, tokeniser)
    digest = write(path, found)
    analysed(len(articles))
    return SegmentEntry(
        name=path.name, digest=digest, articles=len(articles), sentences=len(found.sentences.texts)
    )


def _build(path: Path, articles: Sequence[Article]) -> SegmentEntry:
    return build(path, articles, _TOKENISER[0], lambda _count: None)


def _start_worker(
    parent: int, cache: Path | None, dictionary: Path | None, cutter: Literal["jieba", "rjieba"]
) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _TOKENISER[:] = [Tokeniser(cache, dictionary, cutter)]
    _TOKENISER[0].load()


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone: nobody would take its results."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
