"""What is kept of questions and feedback is kept for so many days, and no longer.

What is old, the clock says, and a clock set far ahead would have everything deleted. So it is believed only
while it runs as evenly as the one that nobody can set.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from typing import Final, NamedTuple, Self

from bot.store import Deleted, Store, StoreError

logger = logging.getLogger(__name__)

EVERY: Final = 6 * 3600.0
"""Seconds between two looks for what has become old."""
ERASED_EVERY: Final = 30.0
"""Seconds between two attempts to erase what was deleted from the log."""
LEAP: Final = 24 * 3600.0
"""Seconds that the clock may gain from one look to the next, to be believed."""


AHEAD: Final = 2 * LEAP
"""Seconds that it may be ahead of Telegram's: what comes was written up to a day before."""


class Moment(NamedTuple):
    """A time by two clocks, in seconds: one that can be set, and one that only runs on."""

    by_date: float
    by_running: float

    @classmethod
    def now(cls) -> Self:
        """This moment."""
        return cls(time.time(), time.monotonic())

    def gained(self, before: Self) -> float:
        """Seconds that the clock was set ahead since a moment before."""
        return (self.by_date - before.by_date) - (self.by_running - before.by_running)


async def keep(
    store: Store,
    days: int,
    every: float = EVERY,
    now: Callable[[], Moment] = Moment.now,
    ahead: Callable[[], float | None] = lambda: 0.0,
) -> None:
    """Delete what is older, time after time; 0 days keep everything.

    Args:
        store: that holds it.
        days: after which something is old.
        every: seconds between two looks.
        now: the time by this machine's clocks.
        ahead: seconds that the clock is ahead of one elsewhere; None as long as nothing is known of that.

    The first look deletes nothing: nothing is known of the clock yet. It only tells the operator of a store
    that cannot be used: the bot answers without it.
    """
    before: Moment | None = None
    while True:
        moment = now()
        gained = moment.gained(before) if before else math.inf
        if before and gained > LEAP:
            logger.warning(
                "The clock was set ahead by %.0f days: nothing is deleted this time.", gained / LEAP
            )
        before = moment
        try:
            believed = gained <= LEAP and _is_right(ahead())
            deleted = await asyncio.to_thread(_purge, store, days if believed else 0)
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


async def erase(store: Store, every: float = ERASED_EVERY) -> None:
    """Erase from SQLite's log, time after time, what was deleted while another program read it."""
    while True:
        try:
            await asyncio.to_thread(store.erase)
        except StoreError as error:
            logger.debug("the log is not erased: %s", error)
        await asyncio.sleep(every)


def _is_right(ahead: float | None) -> bool:
    """Whether a clock can be believed that is so far ahead of another; tells of one that cannot."""
    if ahead is not None and ahead > AHEAD:
        logger.warning("The clock is %.0f days ahead of Telegram's: nothing is deleted.", ahead / LEAP)
    return ahead is not None and ahead <= AHEAD


def _purge(store: Store, days: int) -> Deleted:
    if days:
        return store.purge(days)
    store.check()
    return Deleted()
