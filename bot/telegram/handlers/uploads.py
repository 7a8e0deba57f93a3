"""Record files that admins send: the report, the confirmation, the withdrawal."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from telegram.ext import Application

from bot.corpus.comparing import Comparison, compared
from bot.corpus.uploads import FILE_BYTES, Shelves, UploadError
from bot.layout.words import counted, name, problem
from bot.store import Store, StoreError, Upload, UploadState
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers import drafts
from bot.telegram.handlers.drafts import Draft
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.handlers.progress import SOON, Progress, shown
from bot.telegram.messages.sending import send
from bot.telegram.order import Context
from retrieval.corpus.reading import Corpus
from retrieval.errors import ZhiwenError
from retrieval.index.protocol import Update as Changes
from retrieval.models import Level

logger = logging.getLogger(__name__)

CONFIRM, REPLACE, CANCEL, WITHDRAW = "uy", "ur", "un", "uw"
"""What a button does with an upload."""
ALBUM_SECONDS: Final = 1.0
"""After the last file of several sent together, how long the next one is waited for."""
PROBLEMS: Final = 8
"""Problems told in the message; the file has all."""
LISTED: Final = 10
FILES: Final = 3
"""Files named of a listed upload."""


class Uploads:
    """Takes record files into the corpus.

    Args:
        desk: what the handlers share; with a store and a folder for uploads.
    """

    def __init__(self, desk: HandlerContext) -> None:
        self._desk = desk
        self._drafts: dict[str, Draft] = {}

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {
            CONFIRM: self._confirm,
            REPLACE: self._replace,
            CANCEL: self._cancel,
            WITHDRAW: self._withdraw,
        }

    async def received(self, update: Update, context: Context) -> None:
        """Take a file; those that are sent together are reported on together."""
        message = message_of(update)
        album, document = message.media_group_id, message.document
        if document is None:
            return
        draft = self._drafts.get(album or "")
        if draft is None:
            line = (await self._desk.voice_for(message)).phrases["upload_reading"]
            folder = await asyncio.to_thread(self._shelves.begin)
            progress = Progress(message, line, SOON + (ALBUM_SECONDS if album else 0.0))
            draft = Draft(message, progress, folder)
            if album is not None:
                self._drafts[album] = draft
                self._later(context.application, album, draft)
        await drafts.take(draft, document, self._shelves)
        if album is None:
            await self._report(draft)

    async def listed(self, update: Update, _context: Context) -> None:
        """List the uploads that are in the corpus, each to be withdrawn."""
        message = message_of(update)
        voice = await self._desk.voice_for(message)
        uploads = await asyncio.to_thread(self._store.uploads.list, UploadState.CONFIRMED, LISTED)
        if not uploads:
            await send(message, voice.phrases["uploads_none"])
            return
        label = voice.phrases["button_withdraw"]
        rows = [
            [voice.keyboards.button(message.chat_id, f"{label} {upload.id}", WITHDRAW, upload.id)]
            for upload in uploads
        ]
        lines = [voice.phrases["uploads"], *(_line(voice, upload) for upload in uploads)]
        await send(message, "\n".join(lines), InlineKeyboardMarkup(rows))

    def _later(
        self, application: Application[Any, Any, Any, Any, Any, Any], album: str, draft: Draft
    ) -> None:
        async def report() -> None:
            seen = -1
            while seen != draft.came or not draft.is_free.is_set():
                await draft.is_free.wait()
                seen = draft.came
                await asyncio.sleep(ALBUM_SECONDS)
            del self._drafts[album]
            await self._report(draft)

        application.create_task(report())

    async def _report(self, draft: Draft) -> None:
        try:
            await self._reported(draft)
        finally:
            draft.progress.end()

    async def _reported(self, draft: Draft) -> None:
        """Say what is in the files, as a message with the decision to make and as a file."""
        message = draft.message
        voice = await self._desk.voice_for(message)
        refused = [_refusal(voice, error) for error in draft.refused]
        if not draft.names:
            self._shelves.discard(draft.folder)
            await draft.progress.answer("\n".join(refused))
            return
        names = [path.split("-", 1)[1] for path in draft.names]
        admin = message.from_user.id if message.from_user else 0
        try:
            upload = await asyncio.to_thread(self._store.uploads.add, admin, names)
            corpus = await asyncio.to_thread(self._shelves.keep, upload.id, draft.folder)
        except (StoreError, OSError) as error:
            logger.error("an upload could not be kept: %s", error)  # noqa: TRY400 - one line's worth
            await draft.progress.answer(voice.phrases["not_now"])
            return
        found = await asyncio.to_thread(compared, corpus.articles, self._desk.retriever)
        told = [*refused, *_summary(voice, corpus), *_compared(voice, corpus, found)]
        buttons = self._decision(voice, message.chat_id, upload, found) if found.new else None
        if buttons is None:
            await self._discard(upload.id)
        await draft.progress.answer("\n".join(told), buttons)
        if not corpus.problems:
            return
        report = InputFile(_report(corpus).encode(), f"report-{upload.id}.txt")
        await message.get_bot().send_document(message.chat_id, report)

    def _decision(self, voice: Voice, chat: int, upload: Upload, found: Comparison) -> InlineKeyboardMarkup:
        def button(phrase: str, action: str) -> InlineKeyboardButton:
            return voice.keyboards.button(chat, voice.phrases[phrase], action, upload.id)

        cancel = button("button_cancel", CANCEL)
        if not found.replaceable:
            return InlineKeyboardMarkup([[button("button_confirm", CONFIRM), cancel]])
        both = button("button_keep_both", CONFIRM)
        return InlineKeyboardMarkup([[button("button_replace", REPLACE), both], [cancel]])

    async def _confirm(self, press: Press) -> None:
        """Take an upload into the answers."""
        await self._take(press, replace=False)

    async def _replace(self, press: Press) -> None:
        """Take an upload into the answers, in the place of what has the same links."""
        await self._take(press, replace=True)

    async def _take(self, press: Press, *, replace: bool) -> None:
        if not await self._moves(press, UploadState.PENDING, UploadState.CONFIRMED):
            return
        number = press.number(0)
        try:
            async with shown(lambda: press.show(press.voice.phrases["upload_taking"])):
                changes = await asyncio.to_thread(self._taken, number, replace=replace)
        except (ZhiwenError, OSError) as error:
            logger.error("upload %d is not taken in: %s", number, error)  # noqa: TRY400 - one line's worth
            await self._back(number)
            await press.show(press.voice.phrases["upload_failed"])
            return
        text = _said(press.voice, "upload_confirmed", added=changes.added, removed=changes.removed)
        withdraw = press.voice.keyboards.button(
            press.chat, press.voice.phrases["button_withdraw"], WITHDRAW, number
        )
        await press.show(text, InlineKeyboardMarkup([[withdraw]]))

    def _taken(self, number: int, *, replace: bool) -> Changes:
        """Make an upload part of the corpus; what came of it."""
        replaced: set[str] = set()
        if replace:
            came = self._shelves.pending(number).articles
            replaced = {article.id for article in compared(came, self._desk.retriever).replaceable}
        self._shelves.confirm(number, replaced)
        changes, _ = self._desk.retriever.index_changed([self._shelves.place(number)])
        return changes

    async def _back(self, number: int) -> None:
        """Undo a confirmation that came to nothing."""
        self._shelves.drop(number)
        await asyncio.to_thread(
            self._store.uploads.move, number, before=UploadState.CONFIRMED, after=UploadState.WITHDRAWN
        )

    async def _cancel(self, press: Press) -> None:
        """Forget an upload that is not in the answers."""
        if await self._moves(press, UploadState.PENDING, UploadState.WITHDRAWN):
            self._shelves.drop(press.number(0))
            await press.show(press.voice.phrases["upload_cancelled"])

    async def _withdraw(self, press: Press) -> None:
        """Take an upload out of the answers."""
        if not await self._moves(press, UploadState.CONFIRMED, UploadState.WITHDRAWN):
            return
        self._shelves.drop(press.number(0))
        try:
            place = self._shelves.place(press.number(0))
            changes, _ = await asyncio.to_thread(self._desk.retriever.index_changed, [place])
        except ZhiwenError as error:
            logger.error("the corpus is not reloaded: %s", error)  # noqa: TRY400 - one line's worth
            await press.show(press.voice.phrases["reload_failed"])
            return
        await press.show(_said(press.voice, "upload_withdrawn", removed=changes.removed, added=changes.added))

    async def _moves(self, press: Press, before: UploadState, after: UploadState) -> bool:
        """Bring an upload from one state to another, for an admin, once; tells who pressed."""
        if not self._desk.access.is_admin(press.user.id):
            await press.say("only_admins", alert=True)
            return False
        try:
            moved = await asyncio.to_thread(
                self._store.uploads.move, press.number(0), before=before, after=after
            )
        except StoreError as error:
            logger.warning("%s", error)
            await press.say("not_now", alert=True)
            return False
        await press.say(None if moved else "upload_settled", alert=not moved)
        return moved

    async def _discard(self, number: int) -> None:
        self._shelves.drop(number)
        await asyncio.to_thread(
            self._store.uploads.move, number, before=UploadState.PENDING, after=UploadState.WITHDRAWN
        )

    @property
    def _store(self) -> Store:
        return self._desk.store

    @property
    def _shelves(self) -> Shelves:
        return Shelves(self._desk.uploads)


def _refusal(voice: Voice, error: UploadError) -> str:
    text = voice.phrases[f"upload_{error.code}"].format(megabytes=FILE_BYTES // 1_000_000)
    return voice.responder.safe(f"{error.name}: {text}")


def _summary(voice: Voice, corpus: Corpus) -> list[str]:
    """The counts, and the worst problems."""
    levels = Counter(problem.level for problem in corpus.problems)
    counts = [counted("upload_read", len(corpus.articles), voice.phrases)]
    counts += [counted(f"upload_{level}s", levels[level], voice.phrases) for level in Level if levels[level]]
    order = list(Level)
    worst = sorted(corpus.problems, key=lambda problem: order.index(problem.level))[:PROBLEMS]
    lines = [voice.responder.safe(f"• {problem(one, voice.phrases)}") for one in worst]
    more = len(corpus.problems) - len(worst)
    rest = [voice.phrases["upload_more_problems"].format(count=more)] if more else []
    titles = [voice.responder.safe(f"· {name(article.title, 60)}") for article in corpus.articles[:PROBLEMS]]
    return [" · ".join(counts), *titles, *lines, *rest]


def _compared(voice: Voice, corpus: Corpus, found: Comparison) -> list[str]:
    """How many are there already, and which have the links of some that came."""
    lines = []
    if known := len(corpus.articles) - found.new:
        lines.append(counted("upload_known", known, voice.phrases))
    if found.replaceable:
        lines.append(counted("upload_same_link", len(found.replaceable), voice.phrases))
        lines += [
            voice.responder.safe(f"↻ {name(article.title, 60)}") for article in found.replaceable[:PROBLEMS]
        ]
    return lines


def _said(voice: Voice, outcome: str, **counts: int) -> str:
    """What came of a decision: counts in their order, those of nothing left out but for the first."""
    (first, number), *others = counts.items()
    parts = [counted(f"{outcome}_{first}", number, voice.phrases)]
    parts += [counted(f"{outcome}_{one}", count, voice.phrases) for one, count in others if count]
    return voice.phrases[outcome].format(counts=voice.phrases["comma"].join(parts))


def _report(corpus: Corpus) -> str:
    """Everything that is to be said about the files, a line each, for a file."""
    articles = [f"record\t{one.file}\t{one.record}\t{name(one.title)}" for one in corpus.articles]
    problems = [
        f"{one.level}\t{one.file}\t{one.record or ''}\t{one.line or ''}\t{one.code}\t"
        f"{name(one.message, 1000)}"
        for one in corpus.problems
    ]
    return "\n".join([*articles, *problems, ""])


def _line(voice: Voice, upload: Upload) -> str:
    files = ", ".join(name(file, 40) for file in upload.files[:FILES])
    more = "…" if len(upload.files) > FILES else ""
    return voice.responder.safe(f"{upload.id} · {upload.at:%Y-%m-%d %H:%M} · {files}{more}")
