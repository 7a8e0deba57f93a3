"""Which updates were taken: no more than can be worked on, and none given up before it is done with.

Telegram keeps an update until it hears that it need not come again, and it hears that only when the update is
done with. So whatever ends this process, by order or by force, what was not answered comes again.
"""

import asyncio
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

from telegram import Bot, Update

from bot.telegram.latest import Latest
from bot.telegram.waiting import Waiting

PLACES: Final = 100
"""Updates taken at once: Telegram gives no more in one answer."""
HOLDING: Final = 1.0
"""Seconds after which an update that is not done with is written down, where it keeps others away."""
REMEMBERED: Final = 10_000
"""Updates known as done with: a webhook's come again when Telegram heard no answer in time."""


class Ledger(Protocol):
    """Where a process leaves to the next what it has done with and Telegram may give again."""

    async def finished_updates(self) -> frozenset[int]:
        """What the process before left."""

    async def leave(self, updates: Collection[int]) -> None:
        """Leave these."""


class Intake:
    """The updates taken and not yet done with.

    Args:
        ledger: what outlasts the process; without one, an update that was done with before an earlier one is
            done with once more after a restart.
        places: for how many there is room.
        waiting: where what takes up no place is written down; by default nowhere.
    """

    def __init__(
        self, ledger: Ledger | None = None, places: int = PLACES, waiting: Waiting | None = None
    ) -> None:
        self._ledger = ledger
        self._places = places
        self._waiting = waiting or Waiting()
        self._unfinished: dict[int, tuple[Update, float]] = {}
        """What was taken, and when."""
        self._finished: Latest[int, None] = Latest(REMEMBERED)
        self._after_latest = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._one_ended = asyncio.Event()
        self._is_over = False

    async def open(self) -> None:
        """Learn what the process before has done with."""
        if self._ledger is not None:
            self._finished |= dict.fromkeys(await self._ledger.finished_updates())

    def left(self, bot: Bot) -> Iterator[Update]:
        """What the process before had written down and did not get to."""
        for update in self._waiting.left(bot):
            if update.update_id not in self._finished:
                yield update

    async def close(self) -> None:
        """Leave to the next process what is done with, and comes again since something before it is not."""
        if self._ledger is not None:
            await self._ledger.leave([number for number in self._finished if number >= self.offset])

    @property
    def is_idle(self) -> bool:
        """Whether all that was taken is done with."""
        return not self._unfinished

    @property
    def taken(self) -> int:
        """How many take up a place."""
        return len(self._unfinished)

    @property
    def free(self) -> int:
        """How many more can be taken."""
        return self._places - self.taken

    @property
    def offset(self) -> int:
        """The number before which Telegram need keep nothing."""
        return min(self._unfinished, default=self._after_latest)

    def knows(self, number: int) -> bool:
        """Whether an update was taken before."""
        return number in self._unfinished or number in self._finished or self._waiting.has(number)

    def take(self, update: Update) -> bool:
        """Take an update; False where it was taken before, or there is no room."""
        number = update.update_id
        if self._is_over or not self.free or number in self._unfinished:
            return False
        self._after_latest = max(self._after_latest, number + 1)
        if number in self._finished or self._waiting.has(number):
            return False
        self._unfinished[number] = update, time.monotonic()
        return True

    def make_room(self) -> None:
        """Write down what was taken a while ago and is not done with: Telegram need keep it no longer."""
        before = time.monotonic() - HOLDING
        for update in [update for update, taken in self._unfinished.values() if taken < before]:
            if not self._waiting.add(update):
                return
            del self._unfinished[update.update_id]
            self._wake()

    @contextmanager
    def work_on(self, number: int) -> Iterator[None]:
        """Work on an update; after it that is done with, unless the work was broken off."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        try:
            yield
        except asyncio.CancelledError:
            raise
        except BaseException:
            self._finish(number)
            raise
        else:
            self._finish(number)
        finally:
            if task is not None:
                self._tasks.discard(task)

    def _finish(self, number: int) -> None:
        self._unfinished.pop(number, None)
        self._waiting.remove(number)
        self._finished[number] = None
        self._wake()

    def _wake(self) -> None:
        self._one_ended.set()
        self._one_ended = asyncio.Event()

    async def room(self, seconds: float) -> None:
        """Wait until all that was taken is done with, or for so long and until something is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._unfinished:
                    await self._one_ended.wait()
        while not self.free:
            with suppress(TimeoutError):
                async with asyncio.timeout(HOLDING):
                    await self._one_ended.wait()
            if not self.free:
                self.make_room()

    async def is_done(self, number: int, seconds: float) -> bool:
        """Wait until an update is done with, for so long at most; whether it is, or is written down."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while number in self._unfinished and not self._is_over:
                    await self._one_ended.wait()
        return number in self._finished or self._waiting.has(number)

    async def give_up(self) -> None:
        """Break off what is worked on, and take nothing more: Telegram keeps what was not done with."""
        self._is_over = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._wake()
