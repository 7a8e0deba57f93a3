"""The articles of the corpus: listed by date, industry or technology, page by page, and each by itself."""

import asyncio
from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.conversation.replies import Kind
from bot.telegram.desk import HandlerContext, Voice, message_of
from bot.telegram.handlers.news import News
from bot.telegram.handlers.pressing import Action, Press
from bot.telegram.messages.addressing import question_of
from bot.telegram.messages.keyboards import OPEN, OVERVIEW, in_rows, label_text
from bot.telegram.messages.sending import send
from bot.telegram.messages.shelves import FACETS, SHELVES, Shelf, long, offered, short
from bot.telegram.order import Context
from retrieval.models import FacetLabel

PAGE: Final = 5
LONGEST_NUMBER: Final = 7
"""Digits of the number of an article."""

LIST, SHELF = "l", "h"
"""What a button does: a page of a list, the labels of a shelf."""
NO_LABEL: Final = "-"

Place = tuple[Shelf, str | None, int]
"""Where a reader is: a shelf, the label on it, the page from 0."""


class Browsing:
    """Shows what is in the corpus.

    Args:
        desk: what the handlers share.
        news: lists the articles about something.
    """

    def __init__(self, desk: HandlerContext, news: News) -> None:
        self._desk = desk
        self._news = news

    def actions(self) -> Mapping[str, Action]:
        """What the buttons do."""
        return {LIST: self._list, SHELF: self._shelf, OPEN: self._open}

    async def sources(self, update: Update, _context: Context) -> None:
        """List the articles, newest first; from a number on, or those that a word or a month is about."""
        message = message_of(update)
        wanted = question_of(message)
        if wanted and not wanted.isdecimal():
            await self._news.latest(update, _context)
            return
        voice = await self._desk.voice_for(message)
        page = (int(wanted[:LONGEST_NUMBER]) - 1) // PAGE if wanted else 0
        await send(message, *await self._page(voice, message.chat_id, (Shelf.ALL, None, max(page, 0))))

    async def open(self, message: Message, voice: Voice, article: str) -> None:
        """Show an article."""
        found = await asyncio.to_thread(self._desk.retriever.article, article)
        if found is None:
            await send(message, voice.phrases[Kind.GONE])
        else:
            await send(message, voice.responder.article(found), self._list_button(voice, message.chat_id))

    def to_article(self, voice: Voice, chat: int, article: str) -> InlineKeyboardMarkup:
        """A button that opens an article."""
        return InlineKeyboardMarkup(
            [[voice.keyboards.button(chat, voice.phrases["button_article"], OPEN, article)]]
        )

    async def _list(self, press: Press) -> None:
        """Show a page of the articles on a shelf."""
        shelf, digest, page = Shelf(press.arguments[0]), press.arguments[1], press.number(2)
        label = None if digest == NO_LABEL else long(await self._desk.labels(shelf), digest)
        if digest != NO_LABEL and label is None:
            await press.say("no_such_label", alert=True)
            return
        await press.say()
        await press.show(*await self._page(press.voice, press.chat, (shelf, label, page)))

    async def _shelf(self, press: Press) -> None:
        """Offer the labels of a shelf."""
        shelf = Shelf(press.arguments[0])
        found = offered(await self._desk.labels(shelf), shelf)
        if not found:
            await press.say("no_labels", alert=True)
            return
        await press.say()
        voice, chat = press.voice, press.chat
        choices = [
            voice.keyboards.button(chat, label_text(label, voice.phrases), LIST, shelf, short(label), 0)
            for label in found
        ]
        back = voice.keyboards.button(chat, voice.phrases["button_list"], LIST, Shelf.ALL, NO_LABEL, 0)
        await press.show(
            voice.phrases[f"by_{SHELVES[shelf]}"], InlineKeyboardMarkup([*in_rows(choices), [back]])
        )

    async def _open(self, press: Press) -> None:
        """Show an article in the place of the list."""
        article = await asyncio.to_thread(self._desk.retriever.article, press.arguments[0])
        if article is None:
            await press.say(Kind.GONE, alert=True)
            return
        await press.say()
        await press.show(press.voice.responder.article(article), self._list_button(press.voice, press.chat))

    async def _page(self, voice: Voice, chat: int, place: Place) -> tuple[str, InlineKeyboardMarkup | None]:
        """A page of the articles with a label, and the buttons under it."""
        shelf, label, page = place
        retriever = self._desk.retriever
        total = retriever.article_count if label is None else (await self._desk.labels(shelf)).get(label, 0)
        page = min(page, max(total - 1, 0) // PAGE)
        wanted = None if label is None else FacetLabel(FACETS[shelf], label)
        shown = await asyncio.to_thread(retriever.articles, PAGE, start=page * PAGE, label=wanted)
        if not shown:
            return voice.phrases[Kind.NO_SOURCES], None
        text = voice.responder.listing(shown, page * PAGE + 1, total, label)
        opened = [
            voice.keyboards.button(chat, str(page * PAGE + n), OPEN, article.id)
            for n, article in enumerate(shown, 1)
        ]
        digest = NO_LABEL if label is None else short(label)
        turns = self._turns(voice, chat, (shelf, digest), page, total)
        shelves = [
            voice.keyboards.button(chat, voice.phrases[f"button_{key}"], SHELF, shelf)
            for shelf, key in SHELVES.items()
        ]
        about = [voice.keyboards.button(chat, voice.phrases["button_explore"], OVERVIEW)]
        return text, InlineKeyboardMarkup([row for row in (opened, turns, shelves, about) if row])

    def _turns(
        self, voice: Voice, chat: int, where: tuple[Shelf, str], page: int, total: int
    ) -> list[InlineKeyboardButton]:
        turns = [("‹", page - 1)] if page else []
        turns += [("›", page + 1)] if (page + 1) * PAGE < total else []
        return [voice.keyboards.button(chat, sign, LIST, *where, to) for sign, to in turns]

    def _list_button(self, voice: Voice, chat: int) -> InlineKeyboardMarkup:
        label = voice.phrases["button_list"]
        return InlineKeyboardMarkup([[voice.keyboards.button(chat, label, LIST, Shelf.ALL, NO_LABEL, 0)]])
