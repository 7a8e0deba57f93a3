"""Every update on its way to its handler: named in the log, counted and timed."""

import time
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.operations import logs
from bot.operations.metrics import Metrics


class CountedUpdates(BaseUpdateProcessor):
    """Works on updates as another processor does.

    Args:
        inner: decides when an update's turn comes.
        metrics: told of each update.
    """

    def __init__(self, inner: BaseUpdateProcessor, metrics: Metrics) -> None:
        super().__init__(inner.max_concurrent_updates)
        self._inner = inner
        self._metrics = metrics

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handling of an update when its turn has come."""
        number = update.update_id if isinstance(update, Update) else None
        with logs.request(f"u{number}"), self._metrics.update(_kind(update)):
            await self._inner.do_process_update(update, self._timed(coroutine, time.monotonic()))

    async def _timed(self, coroutine: Awaitable[Any], arrived: float) -> None:
        self._metrics.waited(time.monotonic() - arrived)
        await coroutine

    async def initialize(self) -> None:
        """Set up the other processor."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Shut down the other processor."""
        await self._inner.shutdown()


def _kind(update: object) -> str:
    """The kind of an update: the one of its fields that holds something."""
    if not isinstance(update, Update):
        return "other"
    return next((kind for kind in Update.ALL_TYPES if getattr(update, kind) is not None), "other")
