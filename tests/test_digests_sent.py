"""Digests, over the fake server: at their hour, once, only where something came, within one message."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bot_at_work import Clock, alert, fixed
from fake_telegram import FakeTelegram
from hypothesis import given
from hypothesis import strategies as st
from sample import passage
from test_watches import QUESTION, Scene, article, scene

from bot.layout.language import Language
from bot.layout.responder import Responder, fits
from bot.telegram.handlers.digests import HOURS, When, typed
from retrieval.insight.roundup import roundup

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def moon(telegram: FakeTelegram, tmp_path: Path, clock: Clock) -> AsyncIterator[Scene]:
    async with scene(tmp_path, telegram, clock=clock) as made:
        yield made


async def due(moon: Scene, clock: Clock) -> None:
    """Let the time come at which the chat's digest is due."""
    digest = moon.working.store.digests.of_chat(moon.chat.id)
    assert digest is not None
    clock.moment = digest.due


async def test_a_digest_tells_of_what_came(moon: Scene, clock: Clock) -> None:
    await moon.say(f"/watch {QUESTION}")
    assert "8:00" in (await moon.say("/digest daily 8")).text
    clock.moment += HOUR * 12  # quiet hours: what is watched waits
    moon.arrive(
        article(12, industries=("航天",), keywords=("月球港口",)),
        article(13, "火星上没有新闻。", keywords=("月球港口",)),
    )
    await moon.looked()
    await due(moon, clock)
    sent = await moon.chat.sent()
    assert fixed("digest_day") in sent.text
    assert "航天 1" in sent.text
    assert "月球港口 × 2" in sent.text
    assert QUESTION in sent.text
    assert sent.text.count("https://moon.example/13") == 2  # of the subject the newest, and in the list
    await moon.nothing_comes()
    clock.moment += HOUR
    await moon.nothing_comes()


async def test_where_nothing_came_no_digest_comes(moon: Scene, clock: Clock) -> None:
    await moon.say("/digest 每周一 9")
    digest = moon.working.store.digests.of_chat(moon.chat.id)
    assert digest is not None
    assert digest.due.weekday() == 0
    clock.moment = digest.due
    await moon.nothing_comes()
    moved = moon.working.store.digests.of_chat(moon.chat.id)
    assert moved is not None
    assert moved.due == digest.due + dt.timedelta(days=7)
    clock.moment += HOUR
    moon.arrive(article(12))
    await moon.looked()
    clock.moment = moved.due
    assert fixed("digest_week") in (await moon.chat.sent()).text


async def test_it_is_set_by_buttons_and_ended(moon: Scene) -> None:
    page = await moon.say("/settings")
    moon.chat.press(moon.reader, page.message, fixed("setting_digest"))
    page = await moon.chat.sent()
    assert fixed("digest_off") == page.text
    moon.chat.press(moon.reader, page.message, fixed("button_weekly"))
    page = await moon.chat.sent()
    moon.chat.press(moon.reader, page.message, f"{HOURS[-1]}:00")
    assert "每周一 21:00（北京）" in (await moon.chat.sent()).text
    assert "每周一 21:00" in (await moon.say("/settings")).text
    assert (await moon.say("/digest off")).text == fixed("digest_ended")
    assert moon.working.store.digests.of_chat(moon.chat.id) is None
    assert (await moon.say("/digest 火星")).text == fixed("digest_how")


async def test_it_comes_by_the_hours_of_the_chats_zone(moon: Scene) -> None:
    await moon.say("/digest 每天 8")
    page = await moon.say("/hours")
    moon.chat.press(moon.reader, page.message, "东京")
    assert "东京" in (await moon.chat.sent()).text
    digest = moon.working.store.digests.of_chat(moon.chat.id)
    assert digest is not None
    assert digest.due.hour == 23
    assert "23:00–7:00" in (await moon.say("/hours 23-7")).text
    assert fixed("hours_none") in (await moon.say("/hours off")).text
    assert "Europe/Paris" in (await moon.say("/hours europe/paris")).text
    assert (await moon.say("/hours 25-3")).text == fixed("hours_how")


async def test_in_a_group_its_admins_set_it(telegram: FakeTelegram, tmp_path: Path, clock: Clock) -> None:
    group = telegram.group("月球")
    async with scene(tmp_path, telegram, group, clock=clock) as moon:
        for command in ("/digest daily", "/hours off"):
            assert (await moon.say(command)).text == fixed("only_group_admins")
        page = await moon.say("/digest")
        query = group.press(moon.reader, page.message, fixed("button_daily"))
        assert await alert(telegram, query) == fixed("only_group_admins")
        group.admins.append(moon.reader)
        admin = telegram.user("组长")
        group.admins.append(admin)
        moon.reader = admin
        assert "8:00" in (await moon.say("/digest daily")).text
        clock.moment += HOUR
        moon.arrive(article(12))
        await moon.looked()
        await due(moon, clock)
        assert fixed("digest_day") in (await group.sent()).text


async def test_a_blocked_chat_gets_its_digest_when_it_is_back(moon: Scene, clock: Clock) -> None:
    await moon.say("/digest daily")
    moon.chat.blocked = True
    clock.moment += HOUR
    moon.arrive(article(12))
    await moon.looked()
    await due(moon, clock)
    await moon.telegram.until(lambda: len(moon.telegram.called("sendMessage")) == 2)
    await asyncio.sleep(0.2)
    assert len(moon.telegram.called("sendMessage")) == 2
    moon.chat.block(moon.reader, blocked=False)
    assert fixed("digest_day") in (await moon.chat.sent()).text


async def test_who_opted_out_gets_none(moon: Scene) -> None:
    await moon.working.desk.memory.opt_out(moon.reader["id"], out=True)
    assert (await moon.say("/digest daily")).text == fixed("digest_opted_out")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("daily 8", When(None, 8)),
        ("每天 8", When(None, 8)),
        ("每天8点", When(None, 8)),
        ("8", When(None, 8)),
        ("daily", When(None, None)),
        ("weekly", When(0, None)),
        ("每周", When(0, None)),
        ("每周一 9", When(0, 9)),
        ("周日", When(6, None)),
        ("星期天 21:00", When(6, 21)),
        ("fri 18", When(4, 18)),
        ("weekly sun at 9", When(6, 9)),
        ("friday 9", When(4, 9)),
        ("daily 24", None),
        ("", None),
        ("火星", None),
    ],
)
def test_when_may_be_typed(text: str, when: When | None) -> None:
    assert typed(text) == when


@given(number=st.integers(1, 60), length=st.integers(1, 900), language=st.sampled_from(list(Language)))
def test_a_digest_fits_into_one_message_however_much_came(
    number: int, length: int, language: Language
) -> None:
    articles = [
        article(
            n, f"{n}、" + "月" * length, title="题" * 300, keywords=("词" * 50,), industries=(f"业{n}" * 20,)
        )
        for n in range(number)
    ]
    watched = [("问" * 250, passage("句" * length, title="题" * 300))] * (number % 9)
    text = Responder(language).digest(roundup(articles), watched, "2031-01-01", weekly=False)
    assert fits(text)
    assert str(number) in text
