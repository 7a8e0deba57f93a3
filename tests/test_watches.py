"""Watches, over the fake server: what arrives is told once, to whom it may concern, at a time that suits."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import fake_telegram as fake
import pytest
import sample
from bot_at_work import NOON, Library, Working, alert, bot_at_work, fixed
from fake_telegram import Chat, FakeTelegram, Fault, Json, Sent

from bot.layout.language import Language
from bot.telegram.handlers import Access, Limits
from retrieval.models import Article

QUESTION = "月球港口耗资多少亿元？"
MIDNIGHT = dt.datetime(2026, 11, 24, 16, 0, tzinfo=dt.UTC)


def article(number: int, text: str = "", **fields: object) -> Article:
    return Article.model_validate(
        {
            "title": f"月球新闻{number}",
            "url": f"https://moon.example/{number}",
            "summary": text or f"据介绍，月球港口耗资达{number}亿元。",
            "published": dt.date(2031, 1, 1) + dt.timedelta(days=number),
            "file": f"{number}.txt",
            "record": 1,
        }
        | fields
    )


class Scene:
    """A reader in a chat, the bot, and a library that grows."""

    def __init__(self, working: Working, chat: Chat, reader: Json) -> None:
        self.working = working
        self.telegram, self.chat, self.reader = working.telegram, chat, reader
        self.articles = [sample.SHANGHAI]

    async def say(self, text: str, **extra: object) -> Sent:
        self.chat.say(self.reader, text, **extra)  # type: ignore[arg-type]  # fields of a message
        return await self.chat.sent()

    def arrive(self, *articles: Article) -> None:
        self.articles += articles
        self.working.library.stock(self.articles)

    async def looked(self) -> None:
        """Wait until all that arrived was looked at, and all that may be sent was."""
        store, ids = self.working.store, [article.id for article in self.articles]
        async with asyncio.timeout(fake.DEADLINE):
            while store.arrivals.unseen(ids):  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.01)

    async def nothing_comes(self) -> None:
        """What comes next is the answer to the next thing said, not what arrived before it."""
        await self.looked()
        await asyncio.sleep(0.3)
        assert (await self.say("/help")).text == fixed("help")


@asynccontextmanager
async def scene(
    folder: Path, telegram: FakeTelegram, chat: Chat | None = None, **settings: object
) -> AsyncIterator[Scene]:
    reader = telegram.user("小明")
    async with bot_at_work(folder, telegram, Library(sample.SHANGHAI), **settings) as working:  # type: ignore[arg-type]
        made = Scene(working, chat or telegram.private(reader), reader)
        await made.looked()
        yield made


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def moon(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene(tmp_path, telegram) as made:
        yield made


async def test_what_arrives_is_told_once_with_sentence_and_source(moon: Scene) -> None:
    begun = await moon.say(f"/watch {QUESTION}")
    assert QUESTION in begun.text
    moon.arrive(article(12))
    sent = await moon.chat.sent()
    assert "据介绍，月球港口耗资达12亿元。" in sent.message["text"]
    assert 'href="https://moon.example/12"' in sent.text
    assert QUESTION in sent.text
    assert sent.call["link_preview_options"] == {"is_disabled": True}
    await moon.nothing_comes()


async def test_copies_and_what_was_there_before_are_not_told(moon: Scene) -> None:
    moon.arrive(article(5))
    await moon.looked()
    begun = await moon.say(f"/watch {QUESTION}")
    assert "月球港口耗资达5亿元" in begun.message["text"]
    copy = article(6, "据介绍，月球港口耗资达5亿元。", title="转载", url="https://copy.example/5")
    moon.arrive(copy)
    await moon.nothing_comes()
    moon.arrive(article(7), article(8, "据介绍，月球港口耗资达7亿元。"))
    assert "7亿元" in (await moon.chat.sent()).text
    await moon.nothing_comes()


async def test_what_is_in_the_index_before_it_is_known_to_have_come_is_told_when_it_is(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    late = article(20)
    moon.working.library.unregistered = {late.id}
    moon.arrive(article(12), late)
    sent = await moon.chat.sent()
    assert "12亿元" in sent.text
    assert "20亿元" not in sent.text
    moon.working.library.unregistered = set()
    moon.arrive()
    assert "20亿元" in (await moon.chat.sent()).text
    await moon.nothing_comes()


async def test_a_copy_of_what_is_yet_to_arrive_is_told(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    late = article(20)
    moon.working.library.unregistered = {late.id}
    moon.arrive(late, article(21, late.summary, title="转载"))
    assert "20亿元" in (await moon.chat.sent()).text
    moon.working.library.unregistered = set()
    moon.arrive()
    await moon.nothing_comes()


async def test_several_at_once_come_in_one_message(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    moon.arrive(*(article(10 * number) for number in range(1, 9)))
    sent = await moon.chat.sent()
    assert sent.text.count("<blockquote") == 5
    assert fixed("watch_more").format(count=3) in sent.text
    await moon.nothing_comes()


async def test_the_button_under_a_declined_question_watches_it(moon: Scene) -> None:
    declined = await moon.say("月球港口二期耗资多少亿元？")
    query = moon.chat.press(moon.reader, declined.message, fixed("button_watch"))
    assert await alert(moon.telegram, query) == fixed("watch_noted")
    moon.arrive(article(33, "月球港口二期耗资达33亿元。"))
    assert "33亿元" in (await moon.chat.sent()).text


async def test_without_a_question_the_last_one_is_watched(moon: Scene) -> None:
    assert (await moon.say("/watch")).text == fixed("watch_how")
    await moon.say(QUESTION)
    assert QUESTION in (await moon.say("/watch")).text
    assert [watch.question for watch in moon.working.store.watches.of_chat(moon.chat.id)] == [QUESTION]


async def test_a_watch_is_listed_and_ended_by_its_button(moon: Scene) -> None:
    assert (await moon.say("/watches")).text == fixed("watches_none")
    await moon.say(f"/watch {QUESTION}")
    await moon.say(f"/watch {QUESTION}")
    await moon.say("/watch 上海有多少家公司？")
    listed = await moon.say("/watches")
    assert f"1. {QUESTION}" in listed.text
    assert listed.buttons == [["✕ 1", "✕ 2"]]
    moon.chat.press(moon.reader, listed.message, "✕ 1")
    assert QUESTION not in (await moon.chat.sent()).text
    moon.arrive(article(12))
    await moon.nothing_comes()


async def test_what_was_found_can_be_asked_anew_and_ended(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    moon.arrive(article(12))
    found = await moon.chat.sent()
    moon.chat.press(moon.reader, found.message, fixed("button_ask_watched"))
    assert "12亿元" in (await moon.chat.sent()).text
    moon.chat.press(moon.reader, found.message, fixed("button_end_watch"))
    assert (await moon.chat.sent()).buttons == [[fixed("button_watches")]]
    moon.arrive(article(13))
    await moon.nothing_comes()


async def test_in_quiet_hours_it_waits(telegram: FakeTelegram, tmp_path: Path) -> None:
    moment = MIDNIGHT
    async with scene(tmp_path, telegram, clock=lambda: moment) as moon:
        await moon.say(f"/watch {QUESTION}")
        moon.arrive(article(12))
        await moon.nothing_comes()
        moon.arrive(article(13))
        await moon.nothing_comes()
        moment = NOON
        sent = await moon.chat.sent()
        assert "12亿元" in sent.text
        assert "13亿元" in sent.text


async def test_a_chat_has_so_many_watches(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with scene(tmp_path, telegram, limits=Limits(user=0, group=0, watches=2)) as moon:
        for number in range(2):
            await moon.say(f"/watch 火星{number}号耗资多少？")
        assert (await moon.say(f"/watch {QUESTION}")).text == fixed("watch_full").format(count=2)


async def test_in_a_group_its_admins_watch(telegram: FakeTelegram, tmp_path: Path) -> None:
    group = telegram.group("月球", forum=True)
    topic = group.topic("港口")
    async with scene(tmp_path, telegram, group) as moon:
        assert (await moon.say(f"/watch {QUESTION}")).text == fixed("only_group_admins")
        group.admins.append(moon.reader)
        admin = telegram.user("组长")
        group.admins.append(admin)
        moon.reader = admin
        assert QUESTION in (await moon.say(f"/watch {QUESTION}", topic=topic)).text
        moon.arrive(article(12))
        sent = await group.sent()
        assert "12亿元" in sent.text
        assert sent.call["message_thread_id"] == topic
        stranger = telegram.user("路人")
        query = group.press(stranger, sent.message, fixed("button_end_watch"))
        assert await alert(telegram, query) == fixed("only_group_admins")


async def test_a_group_that_becomes_a_supergroup_takes_its_watches_along(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    group = telegram.group("月球")
    async with scene(tmp_path, telegram, group) as moon:
        group.admins.append(moon.reader)
        await moon.say(f"/watch {QUESTION}")
        new = telegram.migrate(group)
        moon.arrive(article(12))
        assert "12亿元" in (await new.sent()).text


async def test_a_blocked_chat_is_tried_once_and_told_when_it_is_back(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    moon.chat.blocked = True
    moon.arrive(article(12))
    await moon.telegram.until(lambda: len(moon.telegram.called("sendMessage")) == 2)
    moon.arrive(article(13))
    await moon.looked()
    await asyncio.sleep(0.3)
    assert len(moon.telegram.called("sendMessage")) == 2
    moon.chat.block(moon.reader, blocked=False)
    told = (await moon.chat.sent()).text + (await moon.chat.sent()).text
    assert all(told.count(f">月球新闻{number}</a>") == 1 for number in (12, 13))


@pytest.mark.parametrize("fault", [fake.BAD_GATEWAY, fake.CUT, fake.DROPPED, fake.too_many(1)])
async def test_trouble_on_the_way_loses_and_doubles_nothing(moon: Scene, fault: Fault) -> None:
    await moon.say(f"/watch {QUESTION}")
    moon.telegram.fail("sendMessage", fault)
    moon.arrive(article(12))
    assert "12亿元" in (await moon.chat.sent()).text
    await moon.nothing_comes()


async def test_what_was_on_its_way_when_the_process_ended_arrives_once(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with scene(tmp_path, telegram) as moon:
        await moon.say(f"/watch {QUESTION}")
        telegram.fail("sendMessage", Fault(delay=60, taken=True))
        moon.arrive(article(12))
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 2)
        articles, chat, reader = moon.articles, moon.chat, moon.reader
        await asyncio.sleep(0.05)
    async with bot_at_work(tmp_path, telegram, Library(*articles)):
        assert "12亿元" in (await chat.sent()).text
        chat.say(reader, "/help")
        assert (await chat.sent()).text == fixed("help")
        await telegram.until(lambda: bool(telegram.called("editMessageReplyMarkup")))
        assert chat.quiet


async def test_who_opted_out_has_nothing_watched_and_forgetting_ends_it(moon: Scene) -> None:
    await moon.say(f"/watch {QUESTION}")
    forget = await moon.say("/forget")
    moon.chat.press(moon.reader, forget.message, fixed("button_forget"))
    await moon.chat.sent()
    moon.arrive(article(12))
    await moon.nothing_comes()
    await moon.working.desk.memory.opt_out(moon.reader["id"], out=True)
    assert (await moon.say(f"/watch {QUESTION}")).text == fixed("watch_opted_out")


async def test_who_is_not_let_in_any_more_is_told_nothing(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with scene(tmp_path, telegram) as moon:
        await moon.say(f"/watch {QUESTION}")
        articles, chat = [*moon.articles, article(12)], moon.chat
    strangers = Access(allowed=frozenset({1}))
    async with bot_at_work(tmp_path, telegram, Library(*articles), access=strangers) as working:
        later = Scene(working, chat, {})
        later.articles = articles
        await later.looked()
        await asyncio.sleep(0.2)
        assert chat.quiet


async def test_it_speaks_the_language_it_was_asked_in(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with scene(tmp_path, telegram) as moon:
        reader = telegram.user("Ann", language="en")
        chat = telegram.private(reader)
        chat.say(reader, f"/watch {QUESTION}")
        assert fixed("watch_begun", Language.EN) in (await chat.sent()).text
        moon.arrive(article(12))
        assert fixed("watch_found", Language.EN) in (await chat.sent()).text
