"""Whatever an article holds and whatever is asked: every request of the bot is one that Telegram takes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_at_work import Library, Working, bot_at_work
from fake_telegram import Chat, FakeTelegram, Json, Sent
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty import texts

from retrieval.models import Article

labels = st.lists(texts, max_size=5).map(tuple)
articles = st.builds(
    Article,
    title=texts,
    url=st.none() | texts | texts.map(lambda text: f"https://例え.jp/{text}"),
    summary=texts,
    keywords=labels,
    technologies=labels,
    industries=labels,
    published=st.none() | st.dates(),
    file=texts,
    record=st.integers(1, 10**6),
)


class Fixture:
    """The bot at work in an event loop of its own, which a property test takes up again for each example."""

    def __init__(self, runner: asyncio.Runner, working: Working) -> None:
        self.runner = runner
        self.working = working
        self.reader = working.telegram.user("小明")
        self.chat = working.telegram.private(self.reader)

    async def example(self, shelf: list[Article], question: str) -> None:
        telegram, chat, reader = self.working.telegram, self.chat, self.reader
        self.working.library.stock(shelf)
        chat.post(reader, text=question[:4096] or "?")
        await self._press_all(telegram, chat, reader, await chat.sent())
        for command in ("/sources", "/filter"):
            chat.say(reader, command)
            await self._press_all(telegram, chat, reader, await chat.sent())
        await telegram.answer(telegram.inline(reader, question[:256]))
        assert telegram.violations == []

    async def _press_all(self, telegram: FakeTelegram, chat: Chat, reader: Json, sent: Sent) -> None:
        """Press every button that the message has when it comes, but those that Telegram itself acts on."""
        for row in [*sent.message.get("reply_markup", {}).get("inline_keyboard", [])]:
            for data in (button["callback_data"] for button in row if "callback_data" in button):
                await telegram.answer(chat.press_forged(reader, sent.message, data))
        chat.say(reader, "/help")
        while "/forget" not in (await chat.sent()).text:
            pass


@pytest.fixture(scope="module")
def fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fixture]:
    folder: Path = tmp_path_factory.mktemp("any")
    with asyncio.Runner() as runner:
        telegram = FakeTelegram()
        work = bot_at_work(folder, telegram, Library())

        async def begin() -> Fixture:
            await telegram.__aenter__()
            return Fixture(runner, await work.__aenter__())

        async def end() -> None:
            await work.__aexit__(None, None, None)
            await telegram.__aexit__(None, None, None)

        yield runner.run(begin())
        runner.run(end())


@settings(max_examples=40)
@given(shelf=st.lists(articles, max_size=7, unique_by=lambda article: article.id), question=texts)
def test_every_request_is_one_that_telegram_takes(
    fixture: Fixture, shelf: list[Article], question: str
) -> None:
    fixture.runner.run(fixture.example(shelf, question))
