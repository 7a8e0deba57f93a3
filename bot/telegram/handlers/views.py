"""The buttons under an answer: they turn its message to other passages, the context, the reasons and back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from telegram import InlineKeyboardMarkup

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Reply
from bot.layout.responder import LAYOUTS
from bot.store import Exchange, Fault, Verdict
from bot.telegram.desk import HandlerContext
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.handlers.whispers import Whispers
from bot.telegram.messages.keyboards import (
    ANSWER,
    ARTICLE,
    COMPARE,
    CONTEXT,
    FAULT,
    FIGURES,
    MORE,
    RATE,
    RELATED,
    WHY,
)
from bot.telegram.messages.sending import edit_buttons

EVERY_PASSAGE: Final = 1_000
"""More than an answer has: a button may ask about any of them."""


class Views:
    """What an answer's message can show.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._whispers = Whispers()

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {
            MORE: lambda press: self._view(press, lambda it: it.page(press.number(1))),
            CONTEXT: lambda press: self._view(press, lambda it: it.context(press.number(1))),
            WHY: lambda press: self._view(press, lambda it: it.why(press.number(1))),
            ANSWER: lambda press: self._view(press, Conversation.again),
            FIGURES: lambda press: self._view(press, lambda it: it.figures(press.number(1))),
            COMPARE: lambda press: self._view(press, Conversation.compare),
            ARTICLE: self._article,
            RELATED: self._related,
            RATE: self._rate,
            FAULT: self._fault,
        }

    async def _view(self, press: Press, turn: Callable[[Conversation], Reply]) -> None:
        exchange = await self._exchange(press)
        if exchange is None:
            await press.say("answer_forgotten", alert=True)
            return
        reply = await asyncio.to_thread(turn, self._conversation(exchange))
        if not await self._is_theirs(press, exchange):
            await self._show_alone(press, reply)
            return
        if reply.kind not in LAYOUTS:
            await press.say(reply.kind, alert=True)
            return
        await press.say()
        answered = press.number(0)
        rated = await self._verdict(press, exchange)
        text, shown = press.voice.responder.fitted(reply, brief=not press.private)
        share = press.query.get_bot().supports_inline_queries
        buttons = press.voice.keyboards.under(shown, press.chat, answered, rated, can_share=share)
        await press.show(text, buttons)

    async def _rate(self, press: Press) -> None:
        exchange = await self._exchange(press)
        if exchange is None or exchange.answered is None:
            await press.say("answer_forgotten", alert=True)
            return
        given = Verdict(press.arguments[1])
        taken_back = await self._desk.memory.verdict(press.user.id, press.chat, exchange.answered) is given
        verdict = None if taken_back else given
        kept = await self._desk.memory.rate(press.user.id, press.chat, exchange.answered, verdict)
        if not kept:
            await press.say("rating_not_kept")
            return
        await press.say("rating_taken_back" if taken_back else f"rated_{given}")
        if press.private and verdict is Verdict.DOWN:
            buttons = press.voice.keyboards.faults(press.chat, press.number(0))
            await edit_buttons(press.query.get_bot(), press.chat, press.message, buttons)
        elif press.private:  # in a group the marks would be of whoever pressed last
            await self._restore(press, exchange, verdict)

    async def _restore(self, press: Press, exchange: Exchange, verdict: Verdict | None) -> None:
        """Put the answer's own buttons under it."""
        reply = await asyncio.to_thread(self._conversation(exchange).again)
        _, shown = press.voice.responder.fitted(reply)
        share = press.query.get_bot().supports_inline_queries
        keyboards = press.voice.keyboards
        buttons = keyboards.under(shown, press.chat, press.number(0), verdict, can_share=share)
        if buttons is not None:
            await edit_buttons(press.query.get_bot(), press.chat, press.message, buttons)

    async def _fault(self, press: Press) -> None:
        """Keep what is wrong with an answer."""
        exchange = await self._exchange(press)
        if exchange is None or exchange.answered is None:
            await press.say("answer_forgotten", alert=True)
            return
        fault, memory = Fault(press.arguments[1]), self._desk.memory
        kept = await memory.rate(press.user.id, press.chat, exchange.answered, Verdict.DOWN, fault)
        await press.say("fault_kept" if kept else "rating_not_kept")
        await self._restore(press, exchange, Verdict.DOWN)

    async def _article(self, press: Press) -> None:
        """Show the article of a passage in the place of the answer."""
        exchange = await self._own(press)
        if exchange is None:
            return
        shown = self._conversation(exchange).context(press.number(1)).passages
        found = (self._desk.retriever.article(passage.article) for passage in shown)
        article = await asyncio.to_thread(next, found, None)
        if article is None:
            await press.say("gone", alert=True)
            return
        await press.say()
        back = press.voice.keyboards.back(press.chat, press.number(0))
        await press.show(press.voice.responder.article(article), back)

    async def _related(self, press: Press) -> None:
        """Offer questions near to one that was answered, in the place of the answer's buttons."""
        exchange = await self._own(press)
        if exchange is None or exchange.state.answer is None:
            return
        answer, filters = exchange.state.answer, exchange.state.filters
        questions = await asyncio.to_thread(self._desk.retriever.related, answer, filters=filters)
        if not questions:
            await press.say("no_related", alert=True)
            return
        await press.say()
        answer = answer.model_copy(update={"suggestions": questions})
        state = exchange.state.model_copy(update={"answer": answer})
        await self._desk.memory.remember(exchange.model_copy(update={"state": state}))
        keyboards, under = press.voice.keyboards, press.number(0)
        rows = [*keyboards.suggested(questions, press.chat, under), keyboards.back_row(press.chat, under)]
        await edit_buttons(press.query.get_bot(), press.chat, press.message, InlineKeyboardMarkup(rows))

    def _conversation(self, exchange: Exchange) -> Conversation:
        state = exchange.state.model_copy(update={"shown": EVERY_PASSAGE})
        return Conversation(self._desk.retriever, state)

    async def _own(self, press: Press) -> Exchange | None:
        """The exchange that a button is about; None, and said so, where it is forgotten or not theirs."""
        exchange = await self._exchange(press)
        if exchange is None:
            await press.say("answer_forgotten", alert=True)
            return None
        if not await self._is_theirs(press, exchange):
            await press.say("not_yours", alert=True)
            return None
        return exchange

    async def _is_theirs(self, press: Press, exchange: Exchange) -> bool:
        """Whether an answer is whose button is pressed by them."""
        bot = press.query.get_bot()
        return await self._desk.rights.owns(bot, press.chat, press.user.id, exchange.user)

    async def _show_alone(self, press: Press, reply: Reply) -> None:
        """Show a view of somebody else's answer to who pressed, and to nobody else, where Telegram can."""
        text = press.voice.responder.telegram(reply)
        shown = reply.kind in LAYOUTS and await self._whispers.whisper(press, text)
        await press.say(None if shown else "not_yours", alert=not shown)

    async def _exchange(self, press: Press) -> Exchange | None:
        return await self._desk.memory.of_answer(press.chat, press.number(0) or press.message)

    async def _verdict(self, press: Press, exchange: Exchange) -> Verdict | None:
        if not press.private or exchange.answered is None:
            return None
        return await self._desk.memory.verdict(press.user.id, press.chat, exchange.answered)
