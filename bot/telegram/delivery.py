"""Sending within Telegram's rates, once whatever the connection does: nothing is lost, nothing comes twice.

What failed without reaching Telegram is sent again. Whether a message arrived whose answer did not come back,
Telegram is asked: a message of the bot's that is there can be given the buttons that it has.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final

import httpx
from aiolimiter import AsyncLimiter
from telegram import Chat
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import BaseRateLimiter

from bot.telegram.insisting import asked_to_wait
from bot.telegram.message_ids import Mark, MessageIds
from bot.telegram.order import Data

logger = logging.getLogger(__name__)

MESSAGE_RATE: Final = 30
"""Messages a second that Telegram takes of one bot, as it says about."""
HEADROOM: Final = 1.1
"""How much faster they are sent: at just the rate at which questions come, what waits would only grow."""
GROUP_RATE: Final = 20
"""Messages a minute that it takes to one group."""
GROUPS: Final = 500
"""Groups whose rate is remembered before those that were quiet for a minute are forgotten."""
FLOODED: Final = 10
"""Times that a message is sent again after Telegram said when to."""
FLOOD_MARGIN: Final = 0.1
"""Seconds beyond those that Telegram asked for."""
TYPING_AFTER: Final = 1.0
"""Seconds that a message waits for its turn before its chat is shown that it is on its way."""
TYPING_LASTS: Final = 5.0
"""Seconds that Telegram shows it."""
PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)
"""Seconds before each new attempt to deliver a message: two minutes without Telegram lose nothing."""


class UncertainError(NetworkError):
    """A message may have arrived, and nothing tells whether it did; it is not sent again."""


class CrowdedError(UncertainError):
    """So much was sent meanwhile that not each can be looked at; a moment later less of it is unknown."""


UNTOUCHED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""What httpx raises before anything of a request has left."""
REFUSED: Final = (BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, UncertainError)
"""Errors after which it is of no use to try again: Telegram will not, or nothing can be known."""
THERE: Final = "not modified"
"""How Telegram says that a message is there and has these buttons."""
NOT_THERE: Final = ("not found", "can't be edited", "message_id_invalid")
"""How it says that no message of the bot has this number."""

Answer = bool | Data | list[Data]


class Delivery(BaseRateLimiter[int]):
    """Makes the bot's requests.

    Args:
        rate: messages a second that Telegram takes of the bot; 0 for no limit, in groups neither.
        ids: the numbers of the messages seen.
    """

    def __init__(self, rate: int = MESSAGE_RATE, ids: MessageIds | None = None) -> None:
        self.ids = ids or MessageIds()
        self._overall = AsyncLimiter(rate, 1 / HEADROOM) if rate else None
        self._groups: dict[int, AsyncLimiter] = {}
        self._silent_until: dict[int, float] = {}
        self._open = asyncio.Event()
        self._open.set()

    async def initialize(self) -> None:
        """Nothing to set up."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        """Begin nothing more in any chat; what is under way comes to its end."""
        self._open.clear()

    async def process_request(  # noqa: PLR0917 - the base class has these
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,  # noqa: ANN401 - as in the base class
        kwargs: Data,
        endpoint: str,
        data: Data,
        rate_limit_args: int | None,  # noqa: ARG002 - as in the base class
    ) -> Answer:
        """Make a request; see the base class.

        Raises:
            UncertainError: it may have been carried out, and nothing tells whether it was.
        """
        if endpoint == "sendChatAction" or "chat_id" not in data:
            # A typing indicator is worth nothing late, and the limits are for messages.
            return await callback(*args, **kwargs)
        chat = int(data["chat_id"])
        before: Mark | None = None

        async def request() -> Answer:
            nonlocal before
            before = before or self.ids.mark(chat)
            return await callback(*args, **kwargs)

        sends = endpoint.startswith("send")  # what changes a message may be done twice
        perhaps = False
        for pause in (*PAUSES, None):
            try:
                found = await self._found(callback, kwargs, data, before) if perhaps and before else None
                perhaps = False
                answer = found or await self._in_turn(chat, request, partial(_type, callback, kwargs, data))
            except TelegramError as error:
                if isinstance(error, REFUSED) and not (pause and isinstance(error, CrowdedError)):
                    raise
                perhaps = sends and (perhaps or not isinstance(error.__cause__, UNTOUCHED))
                if pause is None:
                    raise (UncertainError(str(error)) if perhaps else error) from error
                logger.warning("%s did not get through (%s); again in %g s", endpoint, error, pause)
                await asyncio.sleep(pause)
            else:
                if isinstance(answer, dict) and "message_id" in answer:
                    self.ids.note(chat, answer["message_id"])
                return answer
        raise AssertionError("there is no pause after the last attempt")

    async def _in_turn(
        self,
        chat: int,
        request: Callable[[], Awaitable[Answer]],
        announce: Callable[[], Awaitable[None]] | None = None,
    ) -> Answer:
        """Make a request when the rates, and what Telegram said of this chat, allow it.

        One chat's flood limit is that chat's: no other waits for it. Who waits for the rates sees that an
        answer is on its way.
        """
        for _ in range(FLOODED):
            await self._quiet(chat)
            await _announced(self._admitted(chat), announce)
            await self._open.wait()
            try:
                return await request()
            except RetryAfter as error:
                seconds = asked_to_wait(error) + FLOOD_MARGIN
                logger.info("Telegram takes nothing for this chat for %g s", seconds)
                self._silent_until[chat] = time.monotonic() + seconds
        await self._quiet(chat)
        return await request()

    async def _admitted(self, chat: int) -> None:
        """Wait for the rates."""
        for limiter in (self._group(chat), self._overall):
            if limiter is not None:
                await limiter.acquire()

    async def _quiet(self, chat: int) -> None:
        """Wait as long as Telegram asked to leave a chat alone."""
        left = self._silent_until.get(chat, 0.0) - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)
            await self._quiet(chat)  # it may have been asked for again meanwhile
        self._silent_until.pop(chat, None)

    def _group(self, chat: int) -> AsyncLimiter | None:
        """The rate of a group."""
        if self._overall is None or chat > 0:
            return None
        if len(self._groups) > GROUPS:
            self._groups = {
                group: rate for group, rate in self._groups.items() if not rate.has_capacity(GROUP_RATE)
            }
        return self._groups.setdefault(chat, AsyncLimiter(GROUP_RATE, 60))

    async def _found(
        self, callback: Callable[..., Awaitable[Answer]], kwargs: Data, data: Data, before: Mark
    ) -> Data | None:
        """The message that may have been sent since a moment; None where it was not.

        Raises:
            CrowdedError: too much was said meanwhile.
            UncertainError: Telegram does not tell.
        """
        chat = int(data["chat_id"])
        buttons = {"reply_markup": data["reply_markup"]} if data.get("reply_markup") is not None else {}
        numbers = self.ids.since(chat, before)
        if numbers is None:
            raise CrowdedError("too many messages were sent meanwhile")
        for number in numbers:
            asked = {"chat_id": chat, "message_id": number, **buttons}
            request = partial(callback, "editMessageReplyMarkup", asked, **kwargs)
            try:
                await self._in_turn(chat, request)
            except BadRequest as error:
                said = str(error).lower()
                if any(form in said for form in NOT_THERE):
                    continue
                if THERE not in said:
                    raise UncertainError(str(error)) from error
            kind = Chat.PRIVATE if chat > 0 else Chat.GROUP
            return {"message_id": number, "date": int(time.time()), "chat": {"id": chat, "type": kind}}
        return None


async def _type(callback: Callable[..., Coroutine[Any, Any, Answer]], kwargs: Data, data: Data) -> None:
    """Show in a message's chat that it is on its way; that this fails is no reason not to send it."""
    kept = {name: data[name] for name in ("chat_id", "message_thread_id") if data.get(name) is not None}
    try:
        await callback("sendChatAction", kept | {"action": ChatAction.TYPING}, **kwargs)
    except TelegramError as error:
        logger.debug("no typing indicator: %s", error)


async def _announced(
    waiting: Coroutine[Any, Any, None], announce: Callable[[], Awaitable[None]] | None
) -> None:
    """Wait for something, and tell so, time after time, where it takes long."""
    task = asyncio.ensure_future(waiting)
    try:
        pause = TYPING_AFTER
        while not (await asyncio.wait({task}, timeout=pause))[0]:
            if announce is not None:
                await announce()
            pause = TYPING_LASTS
        await task
    finally:
        task.cancel()
