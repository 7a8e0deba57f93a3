"""Chats: what the bot remembers of each, the order of its updates, and the delivery of what it is told."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Final
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor, CallbackContext, ExtBot

from bot.conversation.conversation import Conversation
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


logger = logging.getLogger(__name__)

AT_WORK: Final = 64
"""Updates worked on at once: enough that groups at Telegram's limit, waiting to send, leave places free."""
WAITING: Final = 100_000
"""Updates that may wait for their turn."""
MESSAGE_RATE: Final = 30
"""Messages a second that Telegram takes of one bot."""
GROUP_RATE: Final = 20
"""Messages a minute that it takes to one group."""
FLOOD_RETRIES: Final = 10
"""Times a message is sent again after Telegram said when to."""
SEND_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)
"""Seconds before each new attempt to deliver a message: two minutes without Telegram lose nothing."""

# The keys and values that the client library passes through.
Data = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """What the bot remembers of a chat; kept in its chat_data."""

    conversation: Conversation | None = None


Context = CallbackContext[ExtBot[int], Data, Chat, Data]
"""What a handler gets beside the update."""


def pauses() -> Iterator[float]:
    """Seconds to wait before trying again, time after time, without end."""
    return chain((0.5, 1.0, 2.0, 4.0, 8.0, 15.0), repeat(30.0))


class InChatOrder(BaseUpdateProcessor):
    """Works on the updates of one chat one after the other, and on those of different chats at once.

    An update waits for its chat before it takes one of the places at work, so that a chat that asks much
    keeps no other waiting.
    """

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=WAITING)
        self._places = asyncio.Semaphore(AT_WORK)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the handling of an update when its turn has come."""
        async with self._lock(update), self._places:
            await coroutine

    def _lock(self, update: object) -> asyncio.Lock:
        """The lock of the update's chat; it lives as long as an update of the chat does."""
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            return asyncio.Lock()
        return self._locks.setdefault(chat.id, asyncio.Lock())

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to give back."""
