"""What admins sent and never confirmed is kept for some days, and no longer."""

import asyncio
import datetime as dt
import logging
from typing import Final

from bot.corpus.uploads import Shelves
from bot.store import Store, StoreError

logger = logging.getLogger(__name__)

EVERY: Final = 6 * 3600.0
"""Seconds between two looks."""
UNCONFIRMED: Final = dt.timedelta(days=7)
"""How long an upload waits for its confirmation."""


async def tidy(store: Store, shelves: Shelves, every: float = EVERY) -> None:
    """Drop uploads that nobody confirmed, and what a process that was killed left of one, time after time."""
    while True:
        try:
            await asyncio.to_thread(drop_unconfirmed, store, shelves, dt.datetime.now(dt.UTC) - UNCONFIRMED)
        except (StoreError, OSError) as error:
            logger.warning("uploads that nobody confirmed are not dropped: %s", error)
        await asyncio.sleep(every)


def drop_unconfirmed(store: Store, shelves: Shelves, before: dt.datetime) -> None:
    """Drop what came before a moment and was not confirmed.

    Raises:
        StoreError: the store cannot be used.
    """
    waiting = store.uploads.expire(before)
    shelves.drop_pending(besides=waiting, before=before)
