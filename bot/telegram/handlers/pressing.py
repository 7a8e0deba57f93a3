"""Pressed buttons: what each carries is read, checked and handed to who knows what to do."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ChatType
from telegram.error import BadRequest

from bot.telegram.desk import HandlerContext, Voice
from bot.telegram.messages.sending import edit
from bot.telegram.order import Context

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Press:
    """A button that somebody pressed: under which message, and what it carries."""

    query: CallbackQuery
    user: User
    chat: int
    message: int
    private: bool
    arguments: tuple[str, ...]
    voice: Voice

    async def say(self, phrase: str | None = None, *, alert: bool = False) -> None:
        """Answer the press, with a fixed text or without a word; the client waits for it."""
        await answer(self.query, self.voice.phrases[phrase] if phrase else None, alert=alert)

    async def show(self, text: str, buttons: InlineKeyboardMarkup | None = None) -> bool:
        """Put a text in the place of the one under which the button was pressed."""
        return await edit(self.query.get_bot(), self.chat, self.message, text, buttons)

    def number(self, place: int) -> int:
        """An argument that is a number."""
        return int(self.arguments[place])


Action = Callable[[Press], Awaitable[None]]


class Pressing:
    """Takes every pressed button.

    Args:
        desk: what the handlers share.
        actions: what is done for each action that a button can carry.
    """

    def __init__(self, desk: HandlerContext, actions: Mapping[str, Action]) -> None:
        self._desk = desk
        self._actions = actions

    async def pressed(self, update: Update, _context: Context) -> None:
        """Do what a button is for; one that this bot did not write for this chat is for nothing."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        chat = query.message.chat
        voice = await self._desk.voice(chat.id, query.from_user)
        read = self._desk.signer.read(chat.id, query.data or "")
        action = self._actions.get(read[0]) if read else None
        if read is None or action is None:
            await answer(query, voice.phrases["button_stale"], alert=True)
            return
        await action(
            Press(
                query=query,
                user=query.from_user,
                chat=chat.id,
                message=query.message.message_id,
                private=chat.type == ChatType.PRIVATE,
                arguments=read[1],
                voice=voice,
            )
        )


async def answer(query: CallbackQuery, text: str | None, *, alert: bool) -> None:
    """Answer a pressed button; one that waited too long cannot be answered any more."""
    try:
        await query.answer(text, show_alert=alert)
    except BadRequest as error:
        logger.info("a pressed button was answered too late: %s", error)


def pressed_message(press: Press) -> Message | None:
    """The message that a button is under, as long as Telegram gives its content."""
    message = press.query.message
    return message if isinstance(message, Message) else None
