"""Commands about the bot itself: the welcome and what links open, the help, feedback."""

import asyncio
from typing import Final

from telegram import InlineKeyboardMarkup, Message, Update

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.browsing import Browsing
from bot.telegram.handlers.menu import offer_commands
from bot.telegram.handlers.pressing import Press, pressed_message
from bot.telegram.handlers.questions import Questions
from bot.telegram.messages import links
from bot.telegram.messages.addressing import asker_of, is_private, question_of
from bot.telegram.messages.sending import send
from bot.telegram.messages.shelves import long, short
from bot.telegram.order import Context
from retrieval.models import Answer

EXAMPLE: Final = "q"
"""The action of a button that asks an example."""
EXAMPLES: Final = 10
"""More questions than a welcome proposes."""
LONGEST_FEEDBACK: Final = 2000


class Commands:
    """Says what the bot is.

    Args:
        desk: what the handlers share.
        questions: answers what an example or a link asks.
        browsing: shows the article that a link opens.
    """

    def __init__(self, desk: HandlerContext, questions: Questions, browsing: Browsing) -> None:
        self._desk = desk
        self._questions = questions
        self._browsing = browsing

    async def start(self, update: Update, context: Context) -> None:
        """Say what this bot is, or open what a link leads to."""
        message = message_of(update)
        opening = links.read(next(iter(context.args or ()), ""))
        voice = await self._desk.voice_for(message)
        if opening is not None:
            await self._open(message, voice, opening)
            return
        conversation = Conversation(self._desk.retriever)
        reply = await asyncio.to_thread(conversation.welcome)
        await send(message, voice.phrases["start"], self._examples(message, voice, reply))
        if is_private(message) and message.from_user:
            await offer_commands(message.get_bot(), self._desk, message.chat_id, message.from_user)

    async def help(self, update: Update, _context: Context) -> None:
        """Say what can be asked."""
        await self._tell(update, "help")

    async def unknown(self, update: Update, _context: Context) -> None:
        """Say that there is no such command."""
        await self._tell(update, "unknown_command")

    async def feedback(self, update: Update, _context: Context) -> None:
        """Keep what somebody writes about the bot."""
        message = message_of(update)
        text = question_of(message)[:LONGEST_FEEDBACK]
        if not text:
            await self._tell(update, "feedback_how")
            return
        kept = await self._desk.memory.write(message.chat_id, asker_of(message), text)
        bot, writer = message.get_bot(), message.chat_id
        await self._desk.tell_admins(bot, "feedback_came", besides=writer, text=text)
        await self._tell(update, "feedback_kept" if kept else "feedback_not_kept")

    async def example(self, press: Press) -> None:
        """Answer an example question that a button proposes."""
        message = pressed_message(press)
        examples = await asyncio.to_thread(self._desk.retriever.examples, EXAMPLES)
        question = long(examples, press.arguments[0])
        if message is None or question is None:
            await press.say("button_stale", alert=True)
            return
        await press.say()
        await self._questions.asked_by_button(message, question, press.user)

    def _examples(self, message: Message, voice: Voice, reply: Reply) -> InlineKeyboardMarkup | None:
        rows = [
            [voice.keyboards.question(message.chat_id, question, EXAMPLE, short(question))]
            for question in reply.questions
        ]
        return InlineKeyboardMarkup(rows) if rows else None

    async def _open(self, message: Message, voice: Voice, opening: links.Opening) -> None:
        if opening.question is not None:
            await self._questions.asked_by_link(message, opening.question)
        elif opening.article is not None and opening.sentence is None:
            await self._browsing.open(message, voice, opening.article)
        elif opening.article is not None and opening.sentence is not None:
            reply = await asyncio.to_thread(self._sentence, opening.article, opening.sentence)
            buttons = self._browsing.to_article(voice, message.chat_id, opening.article)
            text = voice.responder.telegram(reply)
            await send(message, text, buttons if reply.kind is Kind.CONTEXT else None)

    def _sentence(self, article: str, sentence: int) -> Reply:
        """A sentence as it stands in its article."""
        nothing = Answer(question="", understood="", answered=True, confidence=1.0)
        try:
            passage = self._desk.retriever.passage(nothing, article, sentence)
        except IndexError:
            passage = None  # the link is made up
        if passage is None:
            return Reply(kind=Kind.GONE)
        context = self._desk.retriever.context(passage)
        return Reply(kind=Kind.CONTEXT, answer=nothing, passages=(passage,), context=context)

    async def _tell(self, update: Update, phrase: str) -> None:
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        await send(message, voice.responder.phrase(phrase))
