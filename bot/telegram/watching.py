"""Looks, when articles came, for what answers the watches, and puts on its way what chats are to be told.

It goes by states alone, so that a process that is killed anywhere is followed by one that goes on where it
was: articles that were not seen, notices that are pending, digests that are due. Nothing is done twice, for
each step is one transaction.
"""

import asyncio
import datetime as dt
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from telegram import InlineKeyboardMarkup

from bot.store import Letter, LetterKind, Notice, NoticeState, StoreError, Watch, now
from bot.telegram.desk import HandlerContext
from bot.telegram.hours import is_quiet
from bot.telegram.messages.keyboards import ASK_WATCHED, END_WATCH
from bot.telegram.posting import Posting
from retrieval import ZhiwenError

logger = logging.getLogger(__name__)

EVERY: Final = 1.0
"""Seconds between two looks whether the corpus was read anew."""
TICK: Final = 15.0
"""Seconds between two looks whether some chat may be told of something now."""
ANYWAY: Final = 60.0
"""Seconds after which articles are looked for although nobody said that some came."""


class Watching:
    """Tells chats what they wait for.

    Args:
        desk: what the handlers share.
        posting: sends what is put on its way.
        every: seconds between two looks.
        tick: seconds between two looks whether some chat may be told now.
        clock: tells this moment.
    """

    def __init__(
        self,
        desk: HandlerContext,
        posting: Posting,
        *,
        every: float = EVERY,
        tick: float = TICK,
        clock: Callable[[], dt.datetime] = now,
    ) -> None:
        self._desk = desk
        self._posting = posting
        self._every = every
        self._tick = tick
        self._now = clock
        self._ending = threading.Event()

    async def run(self) -> None:
        """Look, for ever."""
        seen, looked, told = -1, 0.0, 0.0
        try:
            while True:
                editions = self._desk.retriever.editions
                came = False
                if editions != seen or time.monotonic() > looked + ANYWAY:
                    came = await self._try(self.look)
                    seen, looked = editions, time.monotonic()
                if came or time.monotonic() > told + self._tick:
                    await self.tell()
                    told = time.monotonic()
                await asyncio.sleep(self._every)
        finally:
            self._ending.set()

    async def _try(self, work: Callable[[], bool]) -> bool:
        try:
            return await asyncio.to_thread(work)
        except ZhiwenError as error:
            logger.warning("what is watched could not be looked for: %s", error)
            return False

    def look(self) -> bool:
        """Look through the articles that came; whether there were any.

        Raises:
            ZhiwenError: the corpus or the store cannot be read; nothing is noted.
        """
        watches = self._desk.store.watches
        arrived = frozenset(self._desk.retriever.arrived(self._desk.store.arrivals.unseen))
        if not arrived:
            return False
        found: dict[int, Sequence[Notice]] = {}
        missed = True
        while missed:
            for watch in watches.all():
                if self._ending.is_set():
                    return False
                if watch.id not in found:
                    found[watch.id] = self._found(watch, arrived)
            every = [notice for notices in found.values() for notice in notices]
            missed = bool(watches.take_in(arrived, every, found))
        news = sum(notice.state is NoticeState.PENDING for notice in every)
        logger.info("%d articles came, %d sentences answer what is watched", len(arrived), news)
        return True

    def _found(self, watch: Watch, arrived: frozenset[str]) -> list[Notice]:
        known = [notice.passage for notice in self._desk.store.watches.notices(watch.id)]
        answers = self._desk.retriever.new_answers(watch.question, watch.filters, arrived, known)
        states = {
            NoticeState.KNOWN: answers.known,
            NoticeState.PENDING: answers.new,
            NoticeState.COPY: answers.copies,
        }
        moment = self._now()
        return [
            Notice(watch=watch.id, at=moment, state=state, passage=passage)
            for state, passages in states.items()
            for passage in passages
        ]

    async def tell(self) -> None:
        """Put on its way what chats may be told now."""
        try:
            await self._tell_of_watches()
        except StoreError as error:
            logger.warning("%s", error)
        self._posting.wake()

    async def _tell_of_watches(self) -> None:
        store = self._desk.store
        pending = await asyncio.to_thread(store.watches.pending)
        if not pending:
            return
        unreachable = await asyncio.to_thread(store.letters.unreachable)
        watches = {watch.id: watch for watch in await asyncio.to_thread(store.watches.all)}
        for number, notices in pending.items():
            watch = watches.get(number)
            if watch is not None and watch.chat not in unreachable and await self._may_be_told(watch):
                await asyncio.to_thread(store.watches.post, self._letter(watch, notices), notices)

    async def _may_be_told(self, watch: Watch) -> bool:
        if not self._desk.access.admits(watch.user, watch.chat):
            return False
        return not is_quiet(self._now(), await self._desk.memory.settings(watch.chat))

    def _letter(self, watch: Watch, notices: Sequence[Notice]) -> Letter:
        voice = self._desk.voices[watch.language]
        passages = [notice.passage for notice in notices]
        # By what is drawn, this letter's buttons are no other's: by them it is found again.
        mark, button, chat = secrets.token_urlsafe(6), voice.keyboards.button, watch.chat
        ask = button(chat, voice.phrases["button_ask_watched"], ASK_WATCHED, watch.id, mark)
        end = button(chat, voice.phrases["button_end_watch"], END_WATCH, watch.id, mark)
        return Letter(
            chat=chat,
            topic=watch.topic,
            user=watch.user,
            kind=LetterKind.WATCH,
            at=self._now(),
            text=voice.responder.notice(watch.question, passages),
            buttons=InlineKeyboardMarkup([[ask, end]]).to_json(),
        )
