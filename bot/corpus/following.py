"""The corpus brought up to date while the service runs: when its files change, and when a signal asks."""

import asyncio
import logging
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import watchfiles

from bot.corpus.live import LiveRetriever
from bot.operations.supervision import Supervisor
from retrieval.corpus import files
from retrieval.corpus.problem_log import Problems
from retrieval.errors import ZhiwenError
from retrieval.models import Level

logger = logging.getLogger(__name__)
Done = TypeVar("Done")

QUIET_MS: Final = 100
"""The folder must have been left alone so long before what changed is read."""
LONGEST_MS: Final = 2_000
"""It is read after so long even if the folder is never left alone."""
COMPACT_SECONDS: Final = 60.0
"""After changes were taken in, before the segments that they left are joined."""
LOOK_MS: Final = 60_000
"""Between two looks at the files themselves: not every file system tells of changes."""
MISSING_SECONDS: Final = 60.0
"""Before looking again for a folder that is not there."""
FOLLOWED_SECONDS: Final = 0.5
"""Between two looks at an index that others may change."""
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
        self._everything = False
        self._changed: set[Path] = set()

    def want(self) -> None:
        """Read all records again soon, even if nothing seems to have changed."""
        self._everything = True
        self._wanted.set()

    async def run(self) -> None:
        """Mend the index if it was damaged, then follow the corpus, for ever."""
        await self._try(self._live.mend)
        await self._try(self._live.prepare)
        while True:
            try:
                async with asyncio.timeout(COMPACT_SECONDS if await self._try(self._is_loose) else None):
                    await self._wanted.wait()
            except TimeoutError:
                await self._try(self._live.compact)
                continue
            self._wanted.clear()
            await self._reload()

    def _is_loose(self) -> bool:
        return not self._live.is_compact()

    async def _reload(self) -> None:
        """Take in what changed, or everything."""
        changed, self._changed = self._changed, set()
        everything, self._everything = self._everything, False
        self._supervisor.reloading()
        outcome = await self._try(
            self._live.reload if everything else lambda: self._live.index_changed(changed)
        )
        if outcome is None:
            self._supervisor.ready("answering; the last reload failed")
            return
        update, problems = outcome
        logger.info(
            "corpus reloaded: %d added, %d removed, %d kept", update.added, update.removed, update.kept
        )
        _log(problems)
        self._supervisor.ready(f"answering from {self._live.article_count} articles")

    async def _try(self, work: Callable[[], Done]) -> Done | None:
        """What some work comes to, off the event loop; None, and a line in the log, when it fails."""
        try:
            return await asyncio.to_thread(work)
        except ZhiwenError as error:
            logger.error("%s", error)  # noqa: TRY400 - it is one line's worth
            return None

    async def follow(self) -> None:
        """Answer from what others write of an index that is shared, for ever."""
        while True:
            await asyncio.sleep(FOLLOWED_SECONDS)
            await self._try(self._live.follow)

    async def watch(self) -> None:
        """Follow the files of the corpus: take in those that change, for ever."""
        while True:
            async with asyncio.TaskGroup() as beginning:
                beginning.create_task(self._listen())
                # Begun after it, so that nothing that changes while the listening begins is missed.
                beginning.create_task(self._look())
            await asyncio.sleep(MISSING_SECONDS)

    async def _listen(self) -> None:
        """Take in what the file system tells of, until the folder is gone or cannot be watched."""
        try:
            async for changes in watchfiles.awatch(
                self._corpus,
                watch_filter=None,
                step=QUIET_MS,
                debounce=LONGEST_MS,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                if not changes:
                    await self._look()
                changed = {path for _, name in changes if _may_matter(path := Path(name))}
                if changed:
                    self._changed |= changed
                    self._wanted.set()
        except OSError as error:
            logger.warning("the corpus %s cannot be watched for changes: %s", self._corpus, error)

    async def _look(self) -> None:
        if not await asyncio.to_thread(self._live.is_current):
            self.want()


def _may_matter(path: Path) -> bool:
    """Whether a path could be a record file, or a folder with some."""
    return files.is_record_file(path.name) or not path.suffix


def abandon() -> None:
    """End the indexing process, if one runs: the index on disk is whole at any moment."""
    for child in multiprocessing.active_children():
        child.terminate()


def _log(problems: Problems) -> None:
    """Tell the operator of broken files."""
    grave = [problem for problem in problems.listed if problem.level is not Level.INFO][:SHOWN]
    for problem in grave:
        logger.warning("%s, record %s: %s (%s)", problem.file, problem.record, problem.message, problem.code)
    if more := problems.count(Level.ERROR, Level.WARNING) - len(grave):
        logger.warning("and %d problems more: see %s", more, problems.file or "'zhiwen check'")
