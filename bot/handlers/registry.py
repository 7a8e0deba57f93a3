"""All handlers in one list, specific before general, and what happens when one fails."""

import logging
from collections.abc import Sequence
from typing import Final

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler

from bot.chats import Context
from bot.handlers.addressing import CAPTION, EDITED, FOR_US, QUESTION, UNKNOWN_COMMAND
from bot.handlers.commands import Commands
from bot.handlers.desk import Desk
from bot.handlers.pressing import Pressing, answer
from bot.handlers.questions import Questions
from bot.handlers.sending import send
from bot.handlers.views import Views

logger = logging.getLogger(__name__)

Handler = BaseHandler[Update, Context, None]

ALLOWED_UPDATES: Final = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
"""The kinds of updates that a handler here takes."""


class Handlers:
    """What the bot does with updates.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def all(self) -> dict[int, Sequence[Handler]]:
        """Every handler by group: of a group, the first that takes an update is the only one."""
        desk = self._desk
        questions = Questions(desk)
        commands = Commands(desk)
        pressing = Pressing(desk, {**Views(desk).actions()})
        return {
            0: [
                CommandHandler("start", commands.start, FOR_US),
                CommandHandler("help", commands.help, FOR_US),
                CommandHandler("more", questions.more, FOR_US),
                CommandHandler("context", questions.context, FOR_US),
                CommandHandler("why", questions.why, FOR_US),
                CommandHandler("sources", commands.sources, FOR_US),
                CommandHandler("ask", questions.ask, FOR_US),
                MessageHandler(UNKNOWN_COMMAND, commands.unknown),
                MessageHandler(QUESTION | CAPTION, questions.ask),
                MessageHandler(EDITED, questions.edited),
                CallbackQueryHandler(pressing.pressed),
            ]
        }

    async def failed(self, update: object, context: Context) -> None:
        """Log what went wrong and apologise, where there is somebody who can be told."""
        error = context.error
        if isinstance(error, Forbidden):
            logger.info("a chat cannot be written to any more: %s", error)
            return
        logger.error("an update was not answered", exc_info=error)
        undeliverable = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
        if not isinstance(update, Update) or undeliverable:
            return
        try:
            await self._apologise(update)
        except TelegramError as unsent:
            logger.warning("the apology could not be sent: %s", unsent)

    async def _apologise(self, update: Update) -> None:
        query, message = update.callback_query, update.effective_message
        chat = update.effective_chat
        voice = await self._desk.voice(chat.id if chat else None, update.effective_user)
        if query is not None:
            await answer(query, voice.phrases["apology"], alert=True)
        elif isinstance(message, Message):
            await send(message, voice.responder.phrase("apology"))
