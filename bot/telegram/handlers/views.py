"""The buttons under an answer: they turn its message to other passages, the context, the reasons and back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Reply
from bot.layout.responder import LAYOUTS
from bot.store import Exchange, Verdict
from bot.telegram.desk import Desk
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.messages.keyboards import ANSWER, CONTEXT, MORE, RATE, WHY
from bot.telegram.messages.sending import edit_buttons

EVERY_PASSAGE: Final = 1_000
"""More than an answer has: a button may ask about any of them."""


class Views:
    """What an answer's message can show.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {
            MORE: lambda press: self._view(press, lambda it: it.page(press.number(1))),
            CONTEXT: lambda press: self._view(press, lambda it: it.context(press.number(1))),
            WHY: lambda press: self._view(press, lambda it: it.why(press.number(1))),
            ANSWER: lambda press: self._view(press, Conversation.again),
            RATE: self._rate,
        }

    async def _view(self, press: Press, turn: Callable[[Conversation], Reply]) -> None:
        exchange = await self._exchange(press)
        if exchange is None:
            await press.say("answer_forgotten", alert=True)
            return
        if not await self._desk.rights.owns(press.query.get_bot(), press.chat, press.user.id, exchange.user):
            await press.say("not_yours", alert=True)
            return
        reply = await asyncio.to_thread(turn, self._conversation(exchange))
        if reply.kind not in LAYOUTS:
            await press.say(reply.kind, alert=True)
            return
        await press.say()
        answered = press.number(0)
        rated = await self._verdict(press, exchange)
        text, shown = press.voice.responder.fitted(reply, brief=not press.private)
        await press.show(text, press.voice.keyboards.under(shown, press.chat, answered, rated))

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
        if press.private:  # in a group the marks would be of whoever pressed last
            reply = await asyncio.to_thread(self._conversation(exchange).again)
            _, shown = press.voice.responder.fitted(reply)
            buttons = press.voice.keyboards.under(shown, press.chat, press.number(0), verdict)
            if buttons is not None:
                await edit_buttons(press.query.get_bot(), press.chat, press.message, buttons)

    def _conversation(self, exchange: Exchange) -> Conversation:
        state = exchange.state.model_copy(update={"shown": EVERY_PASSAGE})
        return Conversation(self._desk.retriever, state)

    async def _exchange(self, press: Press) -> Exchange | None:
        return await self._desk.memory.of_answer(press.chat, press.number(0) or press.message)

    async def _verdict(self, press: Press, exchange: Exchange) -> Verdict | None:
        if not press.private or exchange.answered is None:
            return None
        return await self._desk.memory.verdict(press.user.id, press.chat, exchange.answered)
