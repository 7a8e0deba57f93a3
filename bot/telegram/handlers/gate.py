"""Who is let in, and how often: strangers get one polite line, who asks too fast is told to wait."""

from collections.abc import Hashable
from typing import Final

from telegram import InlineQueryResultsButton, Message, Update
from telegram.ext import ApplicationHandlerStop

from bot.telegram.desk import HandlerContext
from bot.telegram.handlers.pressing import answer
from bot.telegram.messages.addressing import asker_of, is_addressed, is_private
from bot.telegram.messages.sending import send
from bot.telegram.order import Context
from bot.telegram.rates import Limiter, Seldom

MINUTE: Final = 60.0


class Gate:
    """Comes before every other handler.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        limits = desk.limits
        self._users = Limiter(limits.user, MINUTE)
        self._groups = Limiter(limits.group, MINUTE)
        self._buttons = Limiter(limits.buttons, MINUTE)
        self._inline = Limiter(limits.inline, MINUTE)
        self._strangers = Seldom(MINUTE)
        self._notices = Seldom(limits.notice)

    async def check(self, update: Update, _context: Context) -> None:
        """Let an update through to its handler, or end it here."""
        user, chat = update.effective_user, update.effective_chat
        if chat is not None:
            await self._desk.memory.heard_of(chat.id)
        message = update.message or update.edited_message
        if message is not None and not _counts(message):
            return
        if user is None or update.my_chat_member:
            return
        person = (asker_of(message) if message else None) or user.id
        if not self._desk.access.admits(person, chat.id if chat else None):
            await self._refuse(update, "stranger", 0, self._strangers)
            raise ApplicationHandlerStop
        wait = self._wait(update, message, person)
        if wait:
            await self._refuse(update, "slow_down", wait, self._notices)
            raise ApplicationHandlerStop

    def _wait(self, update: Update, message: Message | None, user: int) -> float:
        """The seconds until there may be more from this user."""
        if update.inline_query:
            return self._inline.take(user)
        if update.callback_query:
            return self._buttons.take(user)
        if update.guest_message:
            return self._users.take(user)
        if message is None:
            return 0.0
        return self._users.take(user) or (0.0 if is_private(message) else self._groups.take(message.chat_id))

    async def _refuse(self, update: Update, phrase: str, wait: float, seldom: Seldom) -> None:
        chat = update.effective_chat
        voice = await self._desk.voice(chat.id if chat else None, update.effective_user)
        text = voice.phrases[phrase].format(seconds=int(wait) + 1)
        if update.callback_query:
            await answer(update.callback_query, text, alert=True)
        elif update.inline_query:
            button = InlineQueryResultsButton(voice.phrases[f"inline_{phrase}"], start_parameter="inline")
            await update.inline_query.answer([], cache_time=1, is_personal=True, button=button)
        elif message := update.message or update.edited_message:
            key: Hashable = (message.chat_id, asker_of(message))
            if seldom.now(key):
                await send(message, text)


def _counts(message: Message) -> bool:
    """Whether a message is from a person and for the bot; others pass, and no handler answers them."""
    sender = message.from_user
    if sender is None or (sender.is_bot and message.sender_chat is None) or message.via_bot:
        return False
    return is_addressed(message) and not (message.migrate_to_chat_id or message.migrate_from_chat_id)
