"""The order of updates: those of one chat one after the other, those of different chats at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from itertools import chain, repeat
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor, CallbackContext, ExtBot

from bot.operations import logs
from bot.operations.metrics import Metrics
from bot.telegram.attempts import MOST as MOST_IN_VAIN
from bot.telegram.attempts import Attempts
from bot.telegram.clock import TelegramClock
from bot.telegram.intake import PLACES, Intake
from bot.telegram.message_ids import MessageIds
from bot.telegram.waiting import MOST

# The keys and values that the client library passes through.
Data = dict[Any, Any]


Context = CallbackContext[ExtBot[int], Data, Data, Data]
"""What a handler gets beside the update."""


def pauses() -> Iterator[float]:
    """Seconds to wait before trying again, time after time, without end."""
    return chain((0.5, 1.0, 2.0, 4.0, 8.0, 15.0), repeat(30.0))


class InChatOrder(BaseUpdateProcessor):
    """Works on the updates of one chat one after the other, and on those of different chats at once.

    Each is named in the log, counted and timed.

    Args:
        metrics: told of each update.
        ids: told of the messages seen.
        intake: what was taken.
        clock: told when messages were written.
        attempts: counts how often each was begun.
        is_wanted: whether a handler takes an update; what none takes waits for nothing.
    """

    def __init__(
        self,
        metrics: Metrics,
        ids: MessageIds,
        intake: Intake,
        *,
        clock: TelegramClock | None = None,
        attempts: Attempts | None = None,
        is_wanted: Callable[[Update], bool] = lambda _: True,
    ) -> None:
        super().__init__(max_concurrent_updates=PLACES + MOST)  # no more are taken and written down
        self._metrics = metrics
        self._ids = ids
        self._clock = clock or TelegramClock()
        self._attempts = attempts or Attempts()
        self._is_wanted = is_wanted
        self.intake = intake
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handling of an update when its turn has come."""
        if not isinstance(update, Update):
            await coroutine
            return
        number = update.update_id
        if (message := update.effective_message) is not None:
            self._ids.note(message.chat.id, message.message_id)
        if update.message is not None:
            self._clock.note(update.message.date)
        with self.intake.work_on(number), logs.request(f"u{number}"), self._metrics.update(_kind(update)):
            try:
                if self._is_wanted(update):
                    await self._in_turn(update, coroutine)
            finally:
                if isinstance(coroutine, Coroutine):
                    coroutine.close()  # where its turn never came, or nobody wants it

    async def _in_turn(self, update: Update, coroutine: Awaitable[Any]) -> None:
        arrived = time.monotonic()
        async with self._lock(update), self._attempts.attempt(update.update_id):
            self._metrics.waited(time.monotonic() - arrived)
            if self._attempts.in_vain(update.update_id) == MOST_IN_VAIN:
                self._metrics.set_aside()
            await coroutine

    def _lock(self, update: Update) -> asyncio.Lock:
        """The lock of the update's chat; it lives as long as an update of the chat does."""
        chat = update.effective_chat
        if chat is None:
            return asyncio.Lock()
        return self._locks.setdefault(chat.id, asyncio.Lock())

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to give back."""


def intake_of(app: Application[Any, Any, Any, Any, Any, Any]) -> Intake:
    """What an application of ours has taken."""
    processor = app.update_processor
    if not isinstance(processor, InChatOrder):
        raise TypeError("an application with another order of updates")
    return processor.intake


def _kind(update: Update) -> str:
    """The kind of an update: the one of its fields that holds something."""
    return next((kind for kind in Update.ALL_TYPES if getattr(update, kind) is not None), "other")
