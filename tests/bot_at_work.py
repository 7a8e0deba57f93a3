"""The bot with the fake server, as tests of its handlers need it."""

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import sample
import warm
from fake_telegram import Chat, FakeTelegram, Json, Sent

from bot.layout.language import Language, phrases
from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.operations.supervision import Supervisor
from bot.service import STOP_SECONDS, Chore, run
from bot.store import Store
from bot.telegram.application import application, message_ids_of
from bot.telegram.delivery import MESSAGE_RATE
from bot.telegram.handlers import ALLOWED_UPDATES, Access, Corpus, HandlerContext, Limits
from bot.telegram.insisting import App
from bot.telegram.polling import Poller
from bot.telegram.posting import Posting
from bot.telegram.watching import Watching
from retrieval.models import Article

NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)
"""In Shanghai."""
PROGRESS = ("upload_reading", "upload_taking")
"""The texts that say so."""


class Clock:
    """Tells the moment that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> dt.datetime:
        return self.moment


FIGURE = "上海规模以上AI企业数量已经达到350家"


class Library(sample.Library):
    """A retriever that a test can hold up (慢) and break (崩)."""

    def __init__(self, *articles: Article) -> None:
        super().__init__(*(articles or (sample.SHANGHAI, sample.OFFLINE)))
        self.held = threading.Event()

    def hear(self, text: str) -> None:
        if "慢" in text:
            assert self.held.wait(20)
        if "崩" in text:
            raise RuntimeError(text)


@dataclass
class Working:
    """The server, what the bot asks, and its store."""

    telegram: FakeTelegram
    library: Library
    store: Store
    desk: HandlerContext


def handler_context(
    retriever: Corpus, token: str, *, store: Store | None = None, limits: Limits | None = None
) -> HandlerContext:
    """What the handlers share, with a store and uploads of their own."""
    folder = warm.folder()
    opened = store or Store(f"sqlite:///{folder / 'store.sqlite3'}")
    list(
        opened.export()
    )  # makes its tables: Alembic is for one thread at a time, and a test may have two bots
    return HandlerContext(retriever, token, store=opened, uploads=folder / "uploads", limits=limits)


async def polling(
    app: App,
    stop: asyncio.Event,
    health: Health | None = None,
    grace: float = STOP_SECONDS,
    chores: Sequence[Chore] = (),
) -> None:
    """The service with long polling and nobody who supervises it, until told to stop."""
    health = health or Health()
    source = Poller(app, ALLOWED_UPDATES, health)
    await run(app, stop, source=source, health=health, supervisor=Supervisor({}), chores=chores, grace=grace)


@asynccontextmanager
async def bot_at_work(
    folder: Path,
    telegram: FakeTelegram,
    retriever: Corpus | None = None,
    access: Access | None = None,
    limits: Limits | None = None,
    *,
    rate: int = MESSAGE_RATE,
    clock: Callable[[], dt.datetime] = lambda: NOON,
) -> AsyncIterator[Working]:
    """The bot answering, until the block ends; what it stores lies in the folder."""
    library = retriever if isinstance(retriever, Library) else Library()
    store = Store(f"sqlite:///{folder / 'store.sqlite3'}")
    desk = HandlerContext(
        retriever or library,
        telegram.token,
        store=store,
        access=access,
        limits=limits or Limits(user=0, group=0),
        uploads=folder / "uploads",
        clock=clock,
    )
    stop = asyncio.Event()
    app = application(telegram.token, telegram.url, desk, rate=rate, folder=folder / "updates")
    posting = Posting(app.bot, desk, message_ids_of(app), Metrics())
    watching = Watching(desk, posting, every=0.01, tick=0.05)
    running = asyncio.create_task(polling(app, stop, chores=[posting.run, watching.run]))
    try:
        yield Working(telegram, library, store, desk)
    finally:
        library.held.set()
        stop.set()
        await running
        store.close()


def fixed(name: str, language: Language = Language.HANS) -> str:
    """A text of the interface."""
    return phrases(language)[name]


async def settled(chat: Chat, user: Json) -> None:
    """Wait until the bot has done with everything in a chat: what comes next is dealt with after it."""
    chat.say(user, "/help")
    helps = {fixed("help", language) for language in Language}
    while (await chat.sent()).text not in helps:
        pass


async def pressed(telegram: FakeTelegram, chat: Chat, user: Json, under: Sent, label: str) -> Sent:
    """Press a button and wait for what becomes of its message."""
    query = chat.press(user, under.message, label)
    await telegram.answer(query)
    return await outcome(chat)


async def outcome(chat: Chat) -> Sent:
    """The next message that says what came of something, not only that it takes a while."""
    while True:
        sent = await chat.sent()
        if not is_progress(sent):
            return sent


def is_progress(sent: Sent) -> bool:
    """Whether a message only says that something takes a while, as it does on a busy machine."""
    lines = {fixed(name, language) for name in PROGRESS for language in Language}
    return sent.text in lines


async def alert(telegram: FakeTelegram, query: str) -> str:
    """What a pressed button says in a window."""
    call = await telegram.answer(query)
    assert call.parameters.get("show_alert") == "true"
    return call.parameters["text"]
