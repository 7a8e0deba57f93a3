"""The corpus brought up to date while the service runs: when its files change, and when a signal asks."""

import asyncio
import logging
import multiprocessing
from pathlib import Path
from typing import Final

import watchfiles

from bot.live import LiveRetriever, ReloadError
from bot.supervision import Supervisor
from retrieval.models import Level, Problem

logger = logging.getLogger(__name__)

QUIET_MS: Final = 500
"""The folder must have been left alone so long before it is read."""
LONGEST_MS: Final = 10_000
"""It is read after so long even if it is never left alone."""
LOOK_MS: Final = 60_000
"""Between two looks at the files themselves: not every file system tells of changes."""
MISSING_SECONDS: Final = 60.0
"""Before looking again for a folder that is not there."""
SHOWN: Final = 20
"""Problems logged one by one; of more, the number."""


class Reloader:
    """Reloads a corpus, one time after the other.

    Args:
        live: what is reloaded.
        corpus: the folder to watch.
        supervisor: told of each reload.
    """

    def __init__(self, live: LiveRetriever, corpus: Path, supervisor: Supervisor) -> None:
        self._live = live
        self._corpus = corpus
        self._supervisor = supervisor
        self._wanted = asyncio.Event()

    def want(self) -> None:
        """Reload soon, even if nothing seems to have changed."""
        self._wanted.set()

    async def run(self) -> None:
        """Mend the index if it was damaged, then reload whenever it is wanted, for ever."""
        try:
            await asyncio.to_thread(self._live.mend)
        except ReloadError as error:
            logger.error("%s", error)  # noqa: TRY400 - it is one line's worth
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            self._supervisor.reloading()
            try:
                update, problems = await asyncio.to_thread(self._live.reload)
            except ReloadError as error:
                logger.error("%s", error)  # noqa: TRY400 - it is one line's worth
                self._supervisor.ready("answering; the last reload failed")
            else:
                logger.info(
                    "corpus reloaded: %d added, %d removed, %d kept",
                    update.added,
                    update.removed,
                    update.kept,
                )
                _log(problems)
                self._supervisor.ready(f"answering from {self._live.article_count} articles")

    async def watch(self) -> None:
        """Want a reload whenever the files of the corpus are others than those indexed, for ever."""
        while True:
            await self._look()
            try:
                async for _changes in watchfiles.awatch(
                    self._corpus,
                    watch_filter=None,
                    step=QUIET_MS,
                    debounce=LONGEST_MS,
                    rust_timeout=LOOK_MS,
                    yield_on_timeout=True,
                    raise_interrupt=False,
                ):
                    await self._look()
            except OSError as error:
                logger.warning("the corpus %s cannot be watched for changes: %s", self._corpus, error)
            await asyncio.sleep(MISSING_SECONDS)

    async def _look(self) -> None:
        if not await asyncio.to_thread(self._live.is_current):
            self.want()


def abandon() -> None:
    """End the indexing process, if one runs: the index on disk is whole at any moment."""
    for child in multiprocessing.active_children():
        child.terminate()


def _log(problems: tuple[Problem, ...]) -> None:
    """Tell the operator of broken files."""
    grave = [problem for problem in problems if problem.level is not Level.INFO]
    for problem in grave[:SHOWN]:
        logger.warning("%s, record %s: %s (%s)", problem.file, problem.record, problem.message, problem.code)
    if len(grave) > SHOWN:
        logger.warning("and %d problems more: run 'zhiwen check'", len(grave) - SHOWN)
