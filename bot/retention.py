"""What is kept of questions and feedback is kept for so many days, and no longer."""

import asyncio
import logging
from typing import Final

from bot.store import Deleted, Store, StoreError

logger = logging.getLogger(__name__)

EVERY: Final = 6 * 3600.0
"""Seconds between two looks for what has become old."""


async def keep(store: Store, days: int, every: float = EVERY) -> None:
    """Delete what is older, now and time after time; 0 days keep everything.

    The first look also tells the operator of a store that cannot be used: the bot answers without it.
    """
    while True:
        try:
            deleted = await asyncio.to_thread(_purge, store, days)
        except StoreError as error:
            logger.error("%s Until it works, nothing is remembered.", error)  # noqa: TRY400 - it is one line's worth
        else:
            if deleted.exchanges or deleted.feedback:
                logger.info(
                    "older than %d days: %d exchanges and %d feedback texts deleted",
                    days,
                    deleted.exchanges,
                    deleted.feedback,
                )
        await asyncio.sleep(every)


def _purge(store: Store, days: int) -> Deleted:
    if days:
        return store.purge(days)
    store.check()
    return Deleted()
