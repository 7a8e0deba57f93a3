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

from bot.store import Digest, Letter, LetterKind, Notice, NoticeState, Watch
from bot.telegram.desk import HandlerContext
from bot.telegram.handlers.digests import PAGE
from bot.telegram.hours import is_quiet, next_due, zone_of
from bot.telegram.messages.keyboards import ASK_WATCHED, DIGEST, END_WATCH
from bot.telegram.posting import Posting
from retrieval import Article
from retrieval.errors import ZhiwenError
from retrieval.insight.roundup import roundup

logger = logging.getLogger(__name__)

EVERY: Final = 1.0
"""Seconds between two looks whether the corpus was read anew."""
TICK: Final = 15.0
"""Seconds between two looks whether some chat may be told of something now."""
ANYWAY: Final = 600.0
"""Seconds after which articles are looked for although nobody said that some came."""


class Watching:
    """Tells chats what they wait for.

    Args:
        desk: what the handlers share.
        posting: sends what is put on its way.
        every: seconds between two looks.
        tick: seconds between two looks whether some chat may be told now.
    """

    def __init__(
        self, desk: HandlerContext, posting: Posting, *, every: float = EVERY, tick: float = TICK
    ) -> None:
        self._desk = desk
        self._posting = posting
        self._every = every
        self._tick = tick
        self._now = desk.now
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
            missed = bool(watches.take_in(arrived, every, found, self._now()))
        news = sum(notice.state is NoticeState.PENDING for notice in every)
        logger.info("%d articles came, %d sentences answer what is watched", len(arrived), news)
        return True

    def _found(self, watch: Watch, arrived: frozenset[str]) -> list[Notice]:
        store = self._desk.store
        known = [notice.passage for notice in store.watches.notices(watch.id)]
        answers = self._desk.retriever.new_answers(
            watch.question, watch.filters, arrived, known, seen=store.arrivals.seen
        )
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
            moment = self._now()
            await self._tell_digests(moment)
            await self._tell_of_watches(moment)
        except ZhiwenError as error:
            logger.warning("not every chat is told what it may be told: %s", error)
        self._posting.wake()

    async def _tell_of_watches(self, moment: dt.datetime) -> None:
        store = self._desk.store
        pending = await asyncio.to_thread(store.watches.pending)
        if not pending:
            return
        unreachable = await asyncio.to_thread(store.letters.unreachable)
        watches = {watch.id: watch for watch in await asyncio.to_thread(store.watches.all)}
        for number, notices in pending.items():
            watch = watches.get(number)
            if watch is not None and watch.chat not in unreachable and await self._may_be_told(watch, moment):
                await asyncio.to_thread(store.watches.post, self._letter(watch, notices), notices)

    async def _tell_digests(self, moment: dt.datetime) -> None:
        """Post the digests that are due; what one tells of a watch is not told once more."""
        store = self._desk.store
        due = await asyncio.to_thread(store.digests.due, moment)
        unreachable = await asyncio.to_thread(store.letters.unreachable) if due else ()
        for digest in due:
            if digest.chat not in unreachable and self._desk.access.admits(digest.user, digest.chat):
                settings = await self._desk.memory.settings(digest.chat)
                next_one = next_due(moment, settings.zone, digest.hour, digest.weekday)
                after = digest.model_copy(update={"since": moment, "due": next_one})
                await asyncio.to_thread(self._post_digest, digest, after, settings.zone)

    def _post_digest(self, digest: Digest, after: Digest, zone: str) -> None:
        store = self._desk.store
        came = store.arrivals.between(digest.since, after.since)
        articles = [article for one in came if (article := self._desk.retriever.article(one)) is not None]
        notices = store.watches.found_since(digest.chat, digest.since)
        letter = self._digest(digest, after, articles, notices, zone) if articles else None
        store.digests.post(digest, after, letter, notices if letter else ())

    def _digest(
        self,
        digest: Digest,
        after: Digest,
        articles: Sequence[Article],
        notices: Sequence[Notice],
        zone: str,
    ) -> Letter:
        voice, chat = self._desk.voices[digest.language], digest.chat
        questions = {watch.id: watch.question for watch in self._desk.store.watches.of_chat(chat)}
        watched = [(questions[one.watch], one.passage) for one in notices if one.watch in questions]
        day = f"{after.since.astimezone(zone_of(zone)):%Y-%m-%d}"
        mark, button = secrets.token_urlsafe(6), voice.keyboards.button
        page = button(chat, voice.phrases["button_digest"], DIGEST, PAGE, mark)
        return Letter(
            chat=chat,
            topic=digest.topic,
            user=digest.user,
            kind=LetterKind.DIGEST,
            at=self._now(),
            text=voice.responder.digest(roundup(articles), watched, day, weekly=digest.weekday is not None),
            buttons=InlineKeyboardMarkup([[page]]).to_json(),
        )

    async def _may_be_told(self, watch: Watch, moment: dt.datetime) -> bool:
        if not self._desk.access.admits(watch.user, watch.chat):
            return False
        return not is_quiet(moment, await self._desk.memory.settings(watch.chat))

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
