"""What many articles tell together: timelines, trends with their pictures, what the corpus is about."""

import asyncio
from collections.abc import Mapping

from telegram import InlineKeyboardMarkup, Update
from telegram.error import BadRequest

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply
from bot.layout.responder import LAYOUTS
from bot.telegram.desk import HandlerContext, message_of
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.handlers.questions import Questions
from bot.telegram.messages.addressing import question_of
from bot.telegram.messages.keyboards import DARK, OVERVIEW, THEME, TIMELINE
from bot.telegram.messages.packing import unpacked_subject
from bot.telegram.messages.pictures import media, picture
from bot.telegram.order import Context


class Insights:
    """Shows them.

    Args:
        desk: what the handlers share.
        questions: replies in the course of a conversation.
    """

    def __init__(self, desk: HandlerContext, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {TIMELINE: self._turn, THEME: self._redraw, OVERVIEW: self._overview}

    async def timeline(self, update: Update, _context: Context) -> None:
        """Show what happened when, of the subject after the command."""
        subject = question_of(message_of(update))
        await self._questions.about(update, lambda conversation: conversation.timeline(subject))

    async def trend(self, update: Update, _context: Context) -> None:
        """Show how the figure or the subject after the command went."""
        subject = question_of(message_of(update))
        await self._questions.about(update, lambda conversation: conversation.trend(subject))

    async def explore(self, update: Update, _context: Context) -> None:
        """Show what the corpus is about."""
        await self._questions.about(update, Conversation.overview)

    async def _turn(self, press: Press) -> None:
        """Show another page of a timeline."""
        conversation = Conversation(self._desk.retriever)
        subject, first = unpacked_subject(press.arguments[1]), press.number(0)
        reply = await asyncio.to_thread(conversation.timeline, subject, first)
        await self._show(press, reply)

    async def _overview(self, press: Press) -> None:
        """Show what the corpus is about in the place of a list."""
        reply = await asyncio.to_thread(Conversation(self._desk.retriever).overview)
        await self._show(press, reply)

    async def _show(self, press: Press, reply: Reply) -> None:
        if reply.kind not in LAYOUTS:
            await press.say(reply.kind, alert=True)
            return
        await press.say()
        text, shown = press.voice.responder.fitted(reply)
        await press.show(text, press.voice.keyboards.under(shown, press.chat))

    async def _redraw(self, press: Press) -> None:
        """Put the picture of a trend on another ground in the place of the one shown."""
        ground, subject = press.arguments[0], unpacked_subject(press.arguments[1])
        reply = await asyncio.to_thread(Conversation(self._desk.retriever).trend, subject)
        drawn = await picture(reply, press.voice.phrases, dark=ground == DARK)
        if drawn is None:
            await press.say(Kind.NO_TREND, alert=True)
            return
        await press.say()
        buttons = InlineKeyboardMarkup(press.voice.keyboards.themes(subject, press.chat, ground))
        shown = media(drawn, reply, press.voice.responder)
        try:
            await press.query.edit_message_media(shown, reply_markup=buttons)
        except BadRequest:
            return  # the message is gone, or was a text: pictures could not be drawn then
