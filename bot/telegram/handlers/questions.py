"""Questions and what is asked about their answers: in words, by command, by editing the question."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Final

from telegram import Message, Update, User

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Reply, State
from bot.store import Exchange
from bot.telegram.delivery import UncertainError
from bot.telegram.desk import HandlerContext, is_brief, message_of
from bot.telegram.handlers.pressing import Press, pressed_message
from bot.telegram.messages.addressing import (
    asker_of,
    is_addressed,
    is_private,
    question_of,
    replied_to_bot,
    topic_of,
)
from bot.telegram.messages.keyboards import THIS
from bot.telegram.messages.pictures import picture, send_picture
from bot.telegram.messages.sending import edit, send, show_typing
from bot.telegram.order import Context
from retrieval.models import EVERYTHING, Filters

logger = logging.getLogger(__name__)

TYPING_AFTER: Final = 0.3
"""Seconds after which it is shown that an answer is on its way; most have come by then."""
LONGEST_QUOTE: Final = 150
"""Characters of a selected quotation that a question can be about."""
LONGEST_NUMBER: Final = 5
"""Digits of the number of a passage."""

Turn = Callable[[Conversation], Reply]


class Questions:
    """Answers questions.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk

    async def ask(self, update: Update, _context: Context) -> None:
        """Answer a question."""
        message = message_of(update)
        if await self._desk.memory.of_question(message.chat_id, message.message_id) is not None:
            return  # it was answered, and Telegram not told before this process began
        question = question_of(message) or _pointed_at(message)
        before = await self._before(message, anyones=False)
        await self._take(message, before, lambda conversation: conversation.ask(question))

    async def edited(self, update: Update, _context: Context) -> None:
        """Answer a question that was rewritten, in the place of its first answer."""
        message = message_of(update)
        exchange = await self._desk.memory.of_question(message.chat_id, message.message_id)
        if exchange is None and not is_addressed(message):
            return
        question = question_of(message)
        if exchange is None or exchange.answered is None:
            before = await self._before(message, anyones=False)
            await self._take(message, before, lambda conversation: conversation.ask(question))
            return
        state = State(understood=exchange.state.previous)
        reply, conversation = await self._turn(message, state, lambda it: it.ask(question), typing=False)
        await self._deliver(
            message, reply, conversation.state, earlier=exchange.earlier, instead_of=exchange.answered
        )

    async def more(self, update: Update, _context: Context) -> None:
        """Show the next passages."""
        await self.about(update, Conversation.more)

    async def context(self, update: Update, context: Context) -> None:
        """Show the sentences around a passage."""
        number = _number(context)
        await self.about(update, lambda conversation: conversation.context(number))

    async def why(self, update: Update, context: Context) -> None:
        """Explain why a passage was chosen."""
        number = _number(context)
        await self.about(update, lambda conversation: conversation.why(number))

    async def asked_by_link(self, message: Message, question: str) -> None:
        """Answer a question that a link brought."""
        await self._take(message, None, lambda conversation: conversation.ask(question))

    async def asked_by_button(self, message: Message, question: str, user: User) -> None:
        """Answer a question that a button under this message of the bot proposes."""
        reply, conversation = await self._turn(message, State(), lambda it: it.ask(question))
        await self._deliver(message, reply, conversation.state, by=user, asked=False)

    async def suggested(self, press: Press) -> None:
        """Answer a question that was proposed with a declined one."""
        exchange = await self._desk.memory.of_answer(press.chat, press.number(0) or press.message)
        proposed = exchange.state.answer.suggestions if exchange and exchange.state.answer else ()
        message, number = pressed_message(press), press.number(1)
        if message is None or number >= len(proposed):
            await press.say("answer_forgotten", alert=True)
            return
        await press.say()
        await self.asked_by_button(message, proposed[number], press.user)

    async def unfiltered(self, press: Press) -> None:
        """Ask a question again in all articles, whatever the filter."""
        exchange = await self._desk.memory.of_answer(press.chat, press.number(0) or press.message)
        message = pressed_message(press)
        if message is None or exchange is None or exchange.state.answer is None:
            await press.say("answer_forgotten", alert=True)
            return
        await press.say()
        asked = exchange.state.answer.understood
        reply, conversation = await self._turn(message, State(), lambda it: it.ask(asked), filters=EVERYTHING)
        await self._deliver(message, reply, conversation.state, by=press.user, asked=False)

    async def about(self, update: Update, turn: Turn) -> None:
        """Reply to what is not a question, in the course of the conversation."""
        message = message_of(update)
        await self._take(message, await self._before(message, anyones=True), turn)

    async def _before(self, message: Message, *, anyones: bool) -> Exchange | None:
        """What a message follows up on: the answer it replies to, or the latest of who writes.

        Args:
            message: that came.
            anyones: whether the latest exchange of the chat will do, whoever's it was.
        """
        memory, chat, topic = self._desk.memory, message.chat_id, topic_of(message)
        if replied := replied_to_bot(message):
            exchange = await memory.of_answer(chat, replied.message_id)
            if exchange is not None:
                return exchange
        user = None if is_private(message) else asker_of(message)
        exchange = await memory.latest(chat, topic, user)
        return exchange or (await memory.latest(chat, topic) if anyones and user is not None else None)

    async def _take(self, message: Message, before: Exchange | None, turn: Turn) -> None:
        """Take a turn of a conversation and send what comes of it."""
        state = before.state if before else State()
        if message.quote is not None:
            # What is asked is about the words that were selected, not about all of the message.
            state = state.model_copy(update={"understood": message.quote.text[:LONGEST_QUOTE]})
        reply, conversation = await self._turn(message, state, turn)
        if conversation.state.answer is not state.answer:
            await self._deliver(message, reply, conversation.state, earlier=_sources(before))
            return
        if reply.is_chatter and not is_private(message):
            return
        answered = (before and before.answered) or THIS
        voice = await self._desk.voice_for(message)
        text, shown = voice.responder.fitted(reply, brief=is_brief(message))
        buttons = voice.keyboards.under(shown, message.chat_id, answered)
        if drawn := await picture(reply, voice.phrases):
            sent = await send_picture(message, drawn, voice.responder.caption(reply), buttons)
        else:
            sent = await send(message, text, buttons)
        if conversation.state != state:
            exchange = before or Exchange(
                chat=sent.chat_id,
                answered=sent.message_id,
                asked=message.message_id,
                user=asker_of(message),
                topic=topic_of(message),
                state=state,
                at=dt.datetime.now(dt.UTC),
            )
            await self._desk.memory.remember(exchange.model_copy(update={"state": conversation.state}))

    async def _turn(
        self,
        message: Message,
        state: State,
        turn: Turn,
        *,
        typing: bool = True,
        filters: Filters | None = None,
    ) -> tuple[Reply, Conversation]:
        """Take a turn off the event loop, with the chat's filter unless another is given."""
        if filters is None:
            filters = (await self._desk.memory.settings(message.chat_id)).filters
        state = state.model_copy(update={"filters": filters})
        conversation = Conversation(self._desk.retriever, state)
        answering = asyncio.ensure_future(asyncio.to_thread(turn, conversation))
        done, _ = await asyncio.wait({answering}, timeout=TYPING_AFTER)
        if typing and not done:
            await show_typing(message)
        return await answering, conversation

    async def _deliver(
        self,
        message: Message,
        reply: Reply,
        state: State,
        *,
        earlier: frozenset[int] = frozenset(),
        instead_of: int | None = None,
        by: User | None = None,
        asked: bool = True,
    ) -> None:
        """Send a new answer, or put it in the place of one, and remember it.

        Args:
            message: that is answered.
            reply: to it.
            state: of the conversation after it.
            earlier: whose words the question before it holds.
            instead_of: the answer that this one takes the place of.
            by: who asked, where it is not who wrote the message.
            asked: whether the message is the question.
        """
        user = by.id if by else asker_of(message)
        voice = await self._desk.voice(message.chat_id, by or message.from_user)
        text, shown = voice.responder.fitted(reply, brief=is_brief(message))
        share = message.get_bot().supports_inline_queries
        buttons = voice.keyboards.under(shown, message.chat_id, can_share=share)
        chat, answered = message.chat_id, instead_of
        if answered is None or not await edit(message.get_bot(), message.chat_id, answered, text, buttons):
            try:
                sent = await send(message, text, buttons)
                chat, answered = sent.chat_id, sent.message_id
            except UncertainError as error:
                logger.warning("an answer may have arrived or not: %s", error)
                answered = None  # it can be followed up on all the same
        own = frozenset() if user is None else frozenset({user})
        completed = state.answer is not None and state.answer.understood != state.answer.question
        exchange = Exchange(
            chat=chat,
            answered=answered,
            asked=message.message_id if asked else None,
            user=user,
            topic=topic_of(message),
            sources=own | earlier if completed else own,
            earlier=earlier,
            state=state,
            at=dt.datetime.now(dt.UTC),
        )
        await self._desk.memory.remember(exchange)


def _sources(exchange: Exchange | None) -> frozenset[int]:
    """Whose words the question of an exchange holds."""
    return exchange.sources if exchange else frozenset()


def _pointed_at(message: Message) -> str:
    """What somebody else wrote and a message without a question of its own replies to."""
    if message.quote is not None:
        return message.quote.text.strip()
    replied = message.reply_to_message
    if replied is None or replied_to_bot(message) is not None:
        return ""
    return (replied.text or replied.caption or "").strip()


def _number(context: Context) -> int:
    """The number after a command: which passage is meant."""
    argument = next(iter(context.args or ()), "")
    return int(argument) if argument.isdecimal() and len(argument) <= LONGEST_NUMBER else 1
