"""Calls of the store off the event loop, by threads of its own: a store that is slow slows no answer.

What an answer is waiting for is waited for a moment only, and not at all for a while after that was in vain;
the answer does without. What a person asked for (to forget, to choose) is waited for, and told if it failed.
"""

import asyncio
import functools
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from bot.store import StoreError

logger = logging.getLogger(__name__)

READERS: Final = 4
"""Threads that read; one writes, so that what is written keeps its order."""
MOMENT: Final = 1.0
"""Seconds that an answer waits for the store: longer than a busy machine makes a store in order wait."""
AWAY: Final = 2.0
"""Seconds for which a store that kept an answer waiting, or failed, is not waited for."""
PATIENCE: Final = 8.0
"""Seconds that a person waits for what they asked of the store."""

P = ParamSpec("P")
T = TypeVar("T")


class StoreCalls:
    """Makes them."""

    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(READERS, "store-reader")
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._away_until = 0.0

    async def read(self, otherwise: T, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a call reads; `otherwise` where the store cannot be used at this moment."""
        if self._is_away:
            return otherwise
        future = self._begun(self._readers, functools.partial(call, *args, **kwargs))
        return await self._in_a_moment(future, otherwise)

    async def note(self, call: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Have something written, be it after this returns; that it fails is logged."""
        future = self._begun(self._writer, functools.partial(call, *args, **kwargs))
        if not self._is_away:
            await self._in_a_moment(future, None)

    async def write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a call that writes gives.

        Raises:
            StoreError: it failed, or took too long.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                return await loop.run_in_executor(self._writer, functools.partial(call, *args, **kwargs))
        except TimeoutError:
            raise StoreError(
                "The store keeps everybody waiting: another program may have locked it."
            ) from None

    def close(self) -> None:
        """Write nothing more."""
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=False, cancel_futures=True)

    @property
    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def _begun(self, threads: ThreadPoolExecutor, call: Callable[[], T]) -> asyncio.Future[T]:
        future = asyncio.get_running_loop().run_in_executor(threads, call)
        future.add_done_callback(self._look)
        return future

    async def _in_a_moment(self, future: asyncio.Future[T], otherwise: T) -> T:
        done, _ = await asyncio.wait({future}, timeout=MOMENT)
        if not done:
            self._away_until = time.monotonic() + AWAY
            logger.warning("The store keeps an answer waiting: answers do without it for a while.")
            return otherwise
        return otherwise if isinstance(future.exception(), StoreError) else future.result()

    def _look(self, future: asyncio.Future[T]) -> None:
        """Tell of a call that failed, whether or not anybody still waits for it."""
        if not future.cancelled() and isinstance(error := future.exception(), StoreError):
            self._away_until = time.monotonic() + AWAY
            logger.warning("%s", error)
