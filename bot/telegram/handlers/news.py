"""News: the newest articles, of a subject or a time, listed page by page."""

import asyncio
from collections.abc import Mapping

from telegram import Update

from bot.conversation.conversation import Conversation
from bot.telegram.desk import HandlerContext, message_of
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.handlers.questions import Questions
from bot.telegram.messages.addressing import question_of
from bot.telegram.messages.keyboards import NEWS
from bot.telegram.messages.packing import unpacked
from bot.telegram.order import Context


class News:
    """Lists the newest articles.

    Args:
        desk: what the handlers share.
        questions: replies in the course of a conversation.
    """

    def __init__(self, desk: HandlerContext, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {NEWS: self._page}

    async def latest(self, update: Update, _context: Context) -> None:
        """List the newest articles, of what stands after the command."""
        subject = question_of(message_of(update))
        await self._questions.about(update, lambda conversation: conversation.latest(subject))

    async def _page(self, press: Press) -> None:
        """Show another page of a list."""
        wanted, first = unpacked(press.arguments[1:]), press.number(0)
        conversation = Conversation(self._desk.retriever)
        reply = await asyncio.to_thread(conversation.news, wanted, first)
        await press.say()
        text, shown = press.voice.responder.fitted(reply)
        await press.show(text, press.voice.keyboards.under(shown, press.chat))
