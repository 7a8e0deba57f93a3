"""Chats: what the bot remembers of each, the order of its updates, and the delivery of what it is told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Final
from weakref import WeakValueDictionary

import httpx
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, BaseUpdateProcessor, CallbackContext, ExtBot

from bot.conversation.conversation import Conversation

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


class Delivery(AIORateLimiter):
    """Sends within Telegram's rates, and again what a bad connection kept from arriving.

    What may have arrived (Telegram was told, and its answer did not come in time) is not sent twice.

    Args:
        rate: messages a second that Telegram takes of the bot; 0 for no limit, in groups neither.
    """

    def __init__(self, rate: int = MESSAGE_RATE) -> None:
        super().__init__(
            overall_max_rate=rate, group_max_rate=GROUP_RATE if rate else 0, max_retries=FLOOD_RETRIES
        )

    async def process_request(  # noqa: PLR0917 - the base class has these
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | Data | list[Data]]],
        args: Any,  # noqa: ANN401 - as in the base class
        kwargs: Data,
        endpoint: str,
        data: Data,
        rate_limit_args: int | None,
    ) -> bool | Data | list[Data]:
        """Make a request; see the base class."""
        if endpoint == "sendChatAction" or "chat_id" not in data:
            # A typing indicator is worth nothing late, and the limits are for messages.
            return await callback(*args, **kwargs)
        for pause in SEND_PAUSES:
            try:
                return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except TelegramError as error:
                if not did_not_arrive(error):
                    raise
                logger.warning("%s did not get through (%s); again in %g s", endpoint, error, pause)
            await asyncio.sleep(pause)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


def did_not_arrive(error: TelegramError) -> bool:
    """Whether a request that failed in this way was in all likelihood not carried out."""
    if isinstance(error, TimedOut):
        return isinstance(error.__cause__, httpx.PoolTimeout | httpx.ConnectTimeout)
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest | ChatMigrated)
    return type(error) is TelegramError  # an answer that is no JSON is not Telegram's
