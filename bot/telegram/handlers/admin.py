"""What admins ask: how much is asked, and that the corpus be read again."""

import asyncio
import logging
from typing import Final

from telegram import Message, Update
from telegram.ext import filters

from bot.store import Outcome, Stats, StoreError
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.messages.sending import send
from bot.telegram.order import Context
from bot.telegram.rights import Access
from retrieval.errors import ZhiwenError
from retrieval.models import Level

logger = logging.getLogger(__name__)

DAYS: Final = 30
RECENT: Final = 7


class FromAdmin(filters.MessageFilter):
    """Messages of admins in their private chat.

    Args:
        access: tells who is one.
    """

    def __init__(self, access: Access) -> None:
        super().__init__()
        self._access = access

    def filter(self, message: Message) -> bool:
        """Whether a message is of this kind."""
        sender = message.from_user
        return message.chat.type == message.chat.PRIVATE and self._access.is_admin(
            sender.id if sender else None
        )


class Admin:
    """Answers admins.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk

    async def stats(self, update: Update, _context: Context) -> None:
        """Say how much was asked, and how it was answered."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        store = self._desk.store
        try:
            found = await asyncio.to_thread(store.summaries.stats, DAYS) if store else Stats()
        except StoreError as error:
            logger.warning("%s", error)
            await send(message, voice.phrases["not_now"])
            return
        await send(message, _stats(voice, found))

    async def reload(self, update: Update, _context: Context) -> None:
        """Read the records again."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        try:
            changes, problems = await asyncio.to_thread(self._desk.retriever.reload)
        except ZhiwenError as error:
            logger.error("the corpus is not reloaded: %s", error)  # noqa: TRY400 - one line's worth
            await send(message, voice.phrases["reload_failed"])
            return
        told = {"problems": problems.total, "errors": problems.count(Level.ERROR)}
        await send(message, voice.phrases["reloaded"].format_map(changes.model_dump() | told))


def _stats(voice: Voice, stats: Stats) -> str:
    totals = {
        "days": DAYS,
        "questions": sum(sum(day.outcomes.values()) for day in stats.days),
        "answered": sum(day.outcomes.get(Outcome.ANSWERED, 0) for day in stats.days),
        "chats": stats.chats,
        "users": stats.users,
        "ups": stats.ups,
        "downs": stats.downs,
        "feedback": stats.feedback,
    }
    lines = [
        f"{day.day}: {day.outcomes.get(Outcome.ANSWERED, 0)} / {sum(day.outcomes.values())}"
        for day in stats.days[-RECENT:]
    ]
    return "\n".join([voice.phrases["stats"].format_map(totals), *lines])
