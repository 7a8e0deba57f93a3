"""A line that says that something takes a while, shown only where it does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from telegram import InlineKeyboardMarkup, Message

from bot.telegram.messages.sending import edit, send

Told = TypeVar("Told")

SOON: Final = 1.0
"""Seconds within which nothing is said."""


class Progress:
    """An answer that may take a while: after a moment a line says so, and the answer takes its place.

    Args:
        message: what is answered.
        line: what is said meanwhile.
        seconds: how long the moment is.
    """

    def __init__(self, message: Message, line: str, seconds: float = SOON) -> None:
        self._message = message
        self._over = asyncio.Event()
        self._telling = asyncio.create_task(_unless(self._over, seconds, lambda: send(message, line)))

    def end(self) -> None:
        """Say nothing more: there is an answer, or there will be none."""
        self._over.set()

    async def answer(self, text: str, buttons: InlineKeyboardMarkup | None = None) -> None:
        """Give the answer."""
        self.end()
        said = await self._telling
        bot, chat = self._message.get_bot(), self._message.chat_id
        if said is None or not await edit(bot, chat, said.message_id, text, buttons):
            await send(self._message, text, buttons)


@asynccontextmanager
async def shown(tell: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Do something, and tell so after a moment; what is told has been before this ends."""
    over = asyncio.Event()
    telling = asyncio.create_task(_unless(over, SOON, tell))
    try:
        yield
    finally:
        over.set()
        await telling


async def _unless(over: asyncio.Event, seconds: float, tell: Callable[[], Awaitable[Told]]) -> Told | None:
    """Tell after a while, unless it is over before."""
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        return await tell()
    return None
