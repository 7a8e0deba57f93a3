"""Watches: a chat is told when an article answers a question; what it waits for, and the end of that."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.layout.words import name
from bot.store import Watch
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.pressing import Action, Press, pressed_message
from bot.telegram.handlers.questions import Questions
from bot.telegram.messages.addressing import asker_of, is_private, question_of, replied_to_bot, topic_of
from bot.telegram.messages.keyboards import ASK_WATCHED, END_WATCH, WATCH, WATCHES, Row, in_rows
from bot.telegram.messages.sending import edit_buttons, send
from bot.telegram.order import Context
from retrieval.models import EVERYTHING, Filters

LIST: Final = "list"
"""In the place of a letter's mark: the button stands under the list of watches."""
LONGEST: Final = 300
"""Code points of a question that is watched."""
LONGEST_SHOWN: Final = 100
"""The same where many are listed."""
ENDINGS_IN_A_ROW: Final = 5


class Watches:
    """Begins and ends them.

    Args:
        desk: what the handlers share.
        questions: answers a watched question anew.
    """

    def __init__(self, desk: HandlerContext, questions: Questions) -> None:
        self._desk = desk
        self._questions = questions
        self._watches = desk.store.watches

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {WATCH: self._begin, ASK_WATCHED: self._ask, END_WATCH: self._end, WATCHES: self._list}

    async def watch(self, update: Update, _context: Context) -> None:
        """Watch the question after the command; without one, the question that was asked last."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        if not await self._desk.rights.may_set(message.get_bot(), message.chat_id, asker_of(message)):
            await send(message, voice.phrases["only_group_admins"])
            return
        filters = (await self._desk.memory.settings(message.chat_id)).filters
        question = question_of(message)[:LONGEST]
        if not question:
            question, filters = await self._asked_before(message)
        if not question:
            await send(message, voice.phrases["watch_how"])
            return
        begun = await self._begun(
            message.chat_id,
            question,
            voice,
            user=asker_of(message),
            topic=topic_of(message),
            filters=filters,
        )
        if isinstance(begun, str):
            await send(message, voice.phrases[begun].format(count=self._desk.limits.watches))
            return
        answer = await asyncio.to_thread(
            self._desk.retriever.ask, question, limit=1, filters=filters, suggest=False
        )
        there = answer.passages[:1] if answer.answered else ()
        settings = await self._desk.memory.settings(message.chat_id)
        text = voice.responder.watch_begun(question, there, settings.quiet_from, settings.quiet_until)
        await send(message, text, InlineKeyboardMarkup([self._under(voice, begun)]))

    async def watches(self, update: Update, _context: Context) -> None:
        """List what is watched."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        await send(message, *await self._page(voice, message.chat_id))

    async def _asked_before(self, message: Message) -> tuple[str, Filters]:
        """The question of the answer that a message replies to, or of the latest one, with its filters."""
        memory, replied = self._desk.memory, replied_to_bot(message)
        exchange = await memory.of_answer(message.chat_id, replied.message_id) if replied else None
        user = None if is_private(message) else asker_of(message)
        exchange = exchange or await memory.latest(message.chat_id, topic_of(message), user)
        if exchange is None or exchange.state.answer is None:
            return "", EVERYTHING
        return exchange.state.answer.understood, exchange.state.filters

    async def _begun(
        self,
        chat: int,
        question: str,
        voice: Voice,
        *,
        user: int | None,
        topic: int | None,
        filters: Filters,
    ) -> Watch | str:
        """The watch, or the name of the phrase that says why there is none."""

        def begin() -> Watch | str:
            return (
                self._watches.begin(
                    chat,
                    question,
                    self._desk.limits.watches,
                    user=user,
                    topic=topic,
                    filters=filters,
                    language=voice.responder.language,
                )
                or "watch_full"
            )

        not_now: Watch | str = "not_now"
        begun = await self._desk.memory.done(not_now, begin)
        return "watch_opted_out" if isinstance(begun, Watch) and not begun.id else begun

    async def _begin(self, press: Press) -> None:
        """Watch the question that was declined above the button."""
        if not await self._let(press):
            return
        exchange = await self._desk.memory.of_answer(press.chat, press.number(0) or press.message)
        if exchange is None or exchange.state.answer is None:
            await press.say("answer_forgotten", alert=True)
            return
        begun = await self._begun(
            press.chat,
            exchange.state.answer.understood,
            press.voice,
            user=press.user.id,
            topic=exchange.topic,
            filters=exchange.state.filters,
        )
        await press.say(begun if isinstance(begun, str) else "watch_noted", alert=True)

    async def _ask(self, press: Press) -> None:
        """Answer a watched question as if it was asked now."""
        mine = await self._desk.memory.done((), self._watches.of_chat, press.chat)
        watch = next((one for one in mine if one.id == press.number(0)), None)
        message = pressed_message(press)
        if watch is None or message is None:
            await press.say("watch_over", alert=True)
            return
        await press.say()
        await self._questions.asked_by_button(message, watch.question, press.user)

    async def _end(self, press: Press) -> None:
        """End a watch."""
        if not await self._let(press):
            return
        ended = await self._desk.memory.done(None, self._watches.end, press.chat, press.number(0))
        await press.say("watch_ended" if ended else "watch_over")
        if press.arguments[1] == LIST:
            await press.show(*await self._page(press.voice, press.chat))
        else:
            row = [self._all(press.voice, press.chat)]
            await edit_buttons(press.query.get_bot(), press.chat, press.message, InlineKeyboardMarkup([row]))

    async def _list(self, press: Press) -> None:
        """Show what is watched in the place of the message."""
        await press.say()
        await press.show(*await self._page(press.voice, press.chat))

    async def _let(self, press: Press) -> bool:
        """Whether who presses may choose for the chat; tells who may not."""
        if await self._desk.rights.may_set(press.query.get_bot(), press.chat, press.user.id):
            return True
        await press.say("only_group_admins", alert=True)
        return False

    async def _page(self, voice: Voice, chat: int) -> tuple[str, InlineKeyboardMarkup | None]:
        """What is watched, and the buttons that end it."""
        mine = await self._desk.memory.done((), self._watches.of_chat, chat)
        if not mine:
            return voice.phrases["watches_none"], None
        lines = [f"{number}. {_said(watch)}" for number, watch in enumerate(mine, 1)]
        text = "\n".join([voice.phrases["watches"], "", *lines, "", voice.phrases["watches_end"]])
        return voice.responder.safe(text), InlineKeyboardMarkup(_endings(voice, chat, mine))

    def _under(self, voice: Voice, watch: Watch) -> Row:
        end = voice.phrases["button_end_watch"]
        return [
            voice.keyboards.button(watch.chat, end, END_WATCH, watch.id, "begun"),
            self._all(voice, watch.chat),
        ]

    def _all(self, voice: Voice, chat: int) -> InlineKeyboardButton:
        return voice.keyboards.button(chat, voice.phrases["button_watches"], WATCHES)


def _said(watch: Watch) -> str:
    """A watch in a line."""
    return f"{name(watch.question, LONGEST_SHOWN)} ({watch.at:%Y-%m-%d})"


def _endings(voice: Voice, chat: int, watches: Sequence[Watch]) -> list[Row]:
    buttons = [
        voice.keyboards.button(chat, f"✕ {number}", END_WATCH, watch.id, LIST)
        for number, watch in enumerate(watches, 1)
    ]
    return in_rows(buttons, ENDINGS_IN_A_ROW)
