"""All handlers in one list, specific before general, and what happens when one fails."""

import logging
from collections.abc import Sequence
from typing import Final

from telegram import Message, Update
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import (
    ApplicationHandlerStop,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    TypeHandler,
    filters,
)

from bot.telegram.attempts import Attempts
from bot.telegram.desk import HandlerContext
from bot.telegram.handlers.admin import Admin, FromAdmin
from bot.telegram.handlers.aside import Aside, SetAsideError
from bot.telegram.handlers.browsing import Browsing
from bot.telegram.handlers.digests import Digests
from bot.telegram.handlers.gaps import Gaps
from bot.telegram.handlers.gate import Gate
from bot.telegram.handlers.happenings import Happenings
from bot.telegram.handlers.hours import Hours
from bot.telegram.handlers.inline import Inline
from bot.telegram.handlers.insights import Insights
from bot.telegram.handlers.news import News
from bot.telegram.handlers.preferences import Preferences
from bot.telegram.handlers.pressing import Pressing, answer
from bot.telegram.handlers.questions import Questions
from bot.telegram.handlers.settings import Settings
from bot.telegram.handlers.uploads import Uploads
from bot.telegram.handlers.views import Views
from bot.telegram.handlers.watches import Watches
from bot.telegram.handlers.welcome import EXAMPLE, Commands
from bot.telegram.messages.addressing import (
    CAPTION,
    DOCUMENT,
    EDITED,
    FOR_US,
    NO_TEXT,
    QUESTION,
    UNKNOWN_COMMAND,
)
from bot.telegram.messages.keyboards import SUGGESTED, UNFILTERED
from bot.telegram.messages.sending import is_of_the_chat, send
from bot.telegram.order import Context
from retrieval.errors import IndexUnavailableError, ZhiwenError

logger = logging.getLogger(__name__)

Handler = BaseHandler[Update, Context, None]

ALLOWED_UPDATES: Final = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
    Update.MESSAGE_REACTION,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of updates that a handler here takes."""


class Handlers:
    """What the bot does with updates.

    Args:
        desk: what the handlers share.
        attempts: counts how often each update was begun.
    """

    def __init__(self, desk: HandlerContext, attempts: Attempts) -> None:
        self._desk = desk
        self._aside = Aside(desk, attempts)
        self._gate = Gate(desk)
        self._questions = Questions(desk)
        self._views = Views(desk)
        self._news = News(desk, self._questions)
        self._browsing = Browsing(desk, self._news)
        self._commands = Commands(desk, self._questions, self._browsing)
        self._preferences = Preferences(desk)
        self._digests = Digests(desk)
        self._hours = Hours(desk, self._digests)
        self._settings = Settings(desk, self._preferences, self._digests, self._hours)
        self._uploads = Uploads(desk)
        self._gaps = Gaps(desk)
        self._watches = Watches(desk, self._questions)
        self._insights = Insights(desk, self._questions)
        actions = {
            **self._views.actions(),
            **self._browsing.actions(),
            **self._preferences.actions(),
            **self._settings.actions(),
            **self._uploads.actions(),
            **self._news.actions(),
            **self._watches.actions(),
            **self._gaps.actions(),
            **self._digests.actions(),
            **self._hours.actions(),
            **self._insights.actions(),
            EXAMPLE: self._commands.example,
            SUGGESTED: self._questions.suggested,
            UNFILTERED: self._questions.unfiltered,
        }
        self._pressing = Pressing(desk, actions)

    def all(self) -> dict[int, Sequence[Handler]]:
        """Every handler by group: of a group, the first that takes an update is the only one."""
        questions, commands, preferences = self._questions, self._commands, self._preferences
        admin, from_admin = Admin(self._desk), FOR_US & FromAdmin(self._desk.access)
        happenings, inline = Happenings(self._desk), Inline(self._desk)
        return {
            -2: [TypeHandler(Update, self._aside.check)],
            -1: [TypeHandler(Update, self._gate.check)],
            0: [
                CommandHandler("start", commands.start, FOR_US),
                CommandHandler("help", commands.help, FOR_US),
                CommandHandler("more", questions.more, FOR_US),
                CommandHandler("context", questions.context, FOR_US),
                CommandHandler("why", questions.why, FOR_US),
                CommandHandler("latest", self._news.latest, FOR_US),
                CommandHandler("timeline", self._insights.timeline, FOR_US),
                CommandHandler("trend", self._insights.trend, FOR_US),
                CommandHandler("explore", self._insights.explore, FOR_US),
                CommandHandler("sources", self._browsing.sources, FOR_US),
                CommandHandler("watch", self._watches.watch, FOR_US),
                CommandHandler("watches", self._watches.watches, FOR_US),
                CommandHandler("digest", self._digests.digest, FOR_US),
                CommandHandler("hours", self._hours.hours, FOR_US),
                CommandHandler("settings", self._settings.settings, FOR_US),
                CommandHandler("filter", preferences.filter, FOR_US),
                CommandHandler("language", preferences.language, FOR_US),
                CommandHandler("feedback", commands.feedback, FOR_US),
                CommandHandler("privacy", preferences.privacy, FOR_US),
                CommandHandler("forget", preferences.forget, FOR_US),
                CommandHandler("stats", admin.stats, from_admin),
                CommandHandler("gaps", self._gaps.gaps, from_admin),
                CommandHandler("reload", admin.reload, from_admin),
                CommandHandler("uploads", self._uploads.listed, from_admin),
                CommandHandler("ask", questions.ask, FOR_US),
                MessageHandler(UNKNOWN_COMMAND, commands.unknown),
                MessageHandler(DOCUMENT & from_admin, self._uploads.received),
                MessageHandler(QUESTION | CAPTION, questions.ask),
                MessageHandler(EDITED, questions.edited),
                CallbackQueryHandler(self._pressing.pressed),
                InlineQueryHandler(inline.asked),
                MessageHandler(filters.UpdateType.GUEST_MESSAGE, inline.invited),
                MessageReactionHandler(happenings.reacted),
                ChatMemberHandler(happenings.member, ChatMemberHandler.MY_CHAT_MEMBER),
                MessageHandler(filters.StatusUpdate.MIGRATE, happenings.migrated),
                MessageHandler(NO_TEXT, happenings.no_text),
            ],
        }

    async def failed(self, update: object, context: Context) -> None:
        """Log what went wrong and apologise, where there is somebody who can be told; no handler goes on.

        Raises:
            ApplicationHandlerStop: always; it is how the library is told so.
        """
        await self._tell(update, context.error)
        raise ApplicationHandlerStop

    async def _tell(self, update: object, error: Exception | None) -> None:
        if isinstance(error, TelegramError) and is_of_the_chat(error):
            logger.info("a chat cannot be written to: %s", error)
            return
        if isinstance(error, ZhiwenError | NetworkError) and not isinstance(error, BadRequest):
            logger.error("an update was not answered: %s", error)
        else:
            logger.error("an update was not answered", exc_info=error)
        undeliverable = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
        if not isinstance(update, Update) or undeliverable:
            return
        try:
            await self._apologise(update, _apology(error))
        except TelegramError as unsent:
            logger.warning("the apology could not be sent: %s", unsent)

    async def _apologise(self, update: Update, phrase: str) -> None:
        query, message = update.callback_query, update.effective_message
        chat = update.effective_chat
        voice = await self._desk.voice(chat.id if chat else None, update.effective_user)
        if query is not None:
            await answer(query, voice.phrases[phrase], alert=True)
        elif isinstance(message, Message):
            await send(message, voice.responder.phrase(phrase))


def _apology(error: Exception | None) -> str:
    """The phrase that tells a reader why there is no answer."""
    if isinstance(error, SetAsideError):
        return "set_aside"
    return "archive_away" if isinstance(error, IndexUnavailableError) else "apology"
