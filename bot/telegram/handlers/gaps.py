"""The questions that the corpus does not answer, for admins; and word to who asked once it does."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardMarkup, Update

from bot.layout.language import Language
from bot.layout.responder import fits
from bot.layout.words import counted, name
from bot.store import Asker, Gap, Letter, LetterKind
from bot.store.gaps import ALSO, OpenGaps, open_gaps
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.pressing import Action, Press, answer
from bot.telegram.hours import is_quiet
from bot.telegram.messages.keyboards import TELL_ASKERS, UNFILTERED
from bot.telegram.messages.sending import send
from bot.telegram.order import Context
from retrieval.errors import ZhiwenError

logger = logging.getLogger(__name__)

GAPS: Final = 15
LONGEST: Final = 100


class Gaps:
    """Lists them, and tells askers.

    Args:
        desk: what the handlers share.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._summaries = desk.store.summaries

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {TELL_ASKERS: self._tell}

    async def gaps(self, update: Update, _context: Context) -> None:
        """List the questions that were not answered, or not well; those that are by now leave the list."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        try:
            found = await asyncio.to_thread(open_gaps, self._summaries, self._desk.retriever, GAPS)
            if found.mended:
                await asyncio.to_thread(self._summaries.mend, found.mended)
            waiting = await asyncio.to_thread(self._summaries.askers)
        except ZhiwenError as error:
            logger.warning("%s", error)
            await send(message, voice.phrases["not_now"])
            return
        button = voice.keyboards.button(message.chat_id, voice.phrases["button_tell_askers"], TELL_ASKERS)
        buttons = InlineKeyboardMarkup([[button]]) if waiting else None
        await send(message, _listed(voice, found), buttons)

    async def _tell(self, press: Press) -> None:
        """Tell those whose question is answered now, each once; not in their quiet hours."""
        if not self._desk.access.is_admin(press.user.id):
            await press.say("only_admins", alert=True)
            return
        try:
            askers = await asyncio.to_thread(self._summaries.askers)
            told = [asker for asker in askers if await self._told(asker)]
        except ZhiwenError as error:
            logger.warning("%s", error)
            await press.say("not_now", alert=True)
            return
        phrases = press.voice.phrases
        said = counted("gaps_told", len(told), phrases) if told else phrases["gaps_told_none"]
        await answer(press.query, said, alert=True)

    async def _told(self, asker: Asker) -> bool:
        """Whether somebody is told."""
        desk = self._desk
        settings = await desk.memory.settings(asker.chat)
        if is_quiet(desk.now(), settings) or not desk.access.admits(asker.chat, asker.chat):
            return False
        found = await asyncio.to_thread(desk.retriever.look_up, asker.question)
        if not found.answered:
            return False
        voice = desk.voices[settings.language or Language.HANS]
        # By what is drawn, this letter's button is no other's: by it the letter is found again.
        mark, label = secrets.token_urlsafe(6), voice.phrases["button_ask_watched"]
        button = voice.keyboards.button(asker.chat, label, UNFILTERED, asker.answered, mark)
        letter = Letter(
            chat=asker.chat,
            user=asker.chat,
            kind=LetterKind.ANSWERED,
            at=desk.now(),
            text=voice.responder.notice(asker.question, found.passages[:1], asked_before=True),
            buttons=InlineKeyboardMarkup([[button]]).to_json(),
        )
        return await asyncio.to_thread(self._summaries.tell, asker, letter)


def _listed(voice: Voice, found: OpenGaps) -> str:
    """As many of the gaps as fit into a message, and how many left the list."""
    last = [counted("gaps_mended", len(found.mended), voice.phrases)] if found.mended else []
    for shown in range(len(found.gaps), 0, -1):
        gaps = [_gap(voice, gap) for gap in found.gaps[:shown]]
        text = "\n\n".join([voice.phrases["gaps"], *gaps, *last])
        if fits(text):
            return text
    return "\n\n".join([voice.phrases["gaps_none"], *last])


def _gap(voice: Voice, gap: Gap) -> str:
    """A gap: how often, what, why; other words for it; what lacks; what is near."""
    phrases = voice.phrases
    why = phrases[f"gap_{gap.why}"]
    lines = [f"{gap.count} × {name(gap.question, LONGEST)} ({why}, {gap.last:%Y-%m-%d})"]
    if gap.alike:
        also = " · ".join(name(text, LONGEST) for text in gap.alike[:ALSO])
        lines.append(phrases["gap_also"] + name(also, 2 * LONGEST))
    if gap.missing:
        lines.append(phrases["gap_missing"] + name(phrases["and"].join(gap.missing), LONGEST))
    if gap.faults:
        faults = (f"{phrases[f'fault_{fault}']} {count}" for fault, count in gap.faults.items())
        lines.append(f"👎 {', '.join(faults)}")
    if gap.passage:
        lines.append(f"≈ {name(gap.passage, LONGEST)}")
    return voice.responder.safe("\n".join(lines))
