"""A store that fails or keeps everybody waiting costs what it would have remembered, and nothing else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sample
from bot_at_work import FIGURE, Working, alert, bot_at_work, fixed, pressed
from fake_telegram import Chat, FakeTelegram, Json

from bot.layout.language import Language
from bot.store import ChatSettings
from bot.store.database import BUSY_SECONDS
from retrieval.models import Filters


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as at_work:
        yield at_work


@pytest.fixture
def reader(working: Working) -> Json:
    return working.telegram.user("小明")


@pytest.fixture
def chat(working: Working, reader: Json) -> Chat:
    return working.telegram.private(reader)


@pytest.fixture
def other(working: Working, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program that has the database open."""
    working.store.check()
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as connection:
        yield connection


@contextmanager
def locked(other: sqlite3.Connection) -> Iterator[None]:
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")


async def test_a_locked_store_slows_no_answer(chat: Chat, reader: Json, other: sqlite3.Connection) -> None:
    with locked(other):
        async with asyncio.timeout(BUSY_SECONDS):  # one call of the store alone takes as long
            for _ in range(4):
                chat.say(reader, sample.QUESTION)
                assert FIGURE in (await chat.sent()).message["text"]


async def test_settings_that_could_not_be_read_are_not_written_over(
    working: Working, chat: Chat, reader: Json, other: sqlite3.Connection
) -> None:
    working.store.chats.save(chat.id, ChatSettings(language=Language.EN))
    other.execute("ALTER TABLE chats RENAME TO elsewhere")
    chat.say(reader, "/filter")
    panel = await chat.sent()
    shelf = await pressed(working.telegram, chat, reader, panel, fixed("button_industries"))
    query = chat.press(reader, shelf.message, "金融")
    assert await alert(working.telegram, query) == fixed("not_now")
    other.execute("ALTER TABLE elsewhere RENAME TO chats")
    await pressed(working.telegram, chat, reader, shelf, "金融")
    kept = working.store.chats.settings(chat.id)
    assert kept == ChatSettings(language=Language.EN, filters=Filters(industries=("金融",)))


async def test_what_a_locked_store_could_not_remember_at_once_it_remembers_after(
    working: Working, chat: Chat, reader: Json, other: sqlite3.Connection
) -> None:
    with locked(other):
        chat.say(reader, sample.QUESTION)
        await chat.sent()
        await working.telegram.until(lambda: working.telegram.pending == 0)
    async with asyncio.timeout(2 * BUSY_SECONDS):
        while working.store.exchanges.latest(chat.id) is None:  # noqa: ASYNC110 - no request tells
            await asyncio.sleep(0.05)
