"""Who is answered, how often, and what happens to chats."""

import asyncio
from pathlib import Path

import pytest
import sample
from bot_at_work import FIGURE, bot_at_work, fixed, settled
from fake_telegram import BOT, DEADLINE, FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st

from bot.layout.language import Language
from bot.store import ChatSettings, Verdict
from bot.telegram.handlers import Access, Limits
from bot.telegram.rates import Limiter, Seldom
from retrieval.models import Filters


async def test_a_stranger_gets_one_polite_line_a_minute(tmp_path: Path) -> None:
    access = Access(admins=frozenset({1001}), allowed=frozenset({1002}))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, access=access):
        admin, guest, stranger = (telegram.user(name) for name in ("管理", "客人", "陌生人"))
        for user in (admin, guest):
            chat = telegram.private(user)
            chat.say(user, sample.QUESTION)
            assert FIGURE in (await chat.sent()).message["text"]
        chat = telegram.private(stranger)
        for _ in range(3):
            chat.say(stranger, sample.QUESTION)
        assert (await chat.sent()).text == fixed("stranger")
        button = (await telegram.answer(telegram.inline(stranger, sample.QUESTION)))["button"]
        assert button["text"] == fixed("inline_stranger")
        group = telegram.group("新闻")
        group.say(stranger, sample.QUESTION)
        group.say(stranger, f"/ask {sample.QUESTION}")
        assert (await group.sent()).text == fixed("stranger")
        assert chat.quiet
        assert group.quiet


async def test_a_chat_can_be_allowed(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        group, reader = telegram.group("新闻"), telegram.user("小明")
        access = Access(allowed=frozenset({group.id}))
        async with bot_at_work(tmp_path, telegram, access=access):
            group.say(reader, f"/ask {sample.QUESTION}")
            assert FIGURE in (await group.sent()).message["text"]


async def test_who_asks_too_fast_is_told_to_wait(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, limits=Limits(user=3)):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        for _ in range(6):
            chat.say(reader, sample.QUESTION)
        texts = [(await chat.sent()).text for _ in range(4)]
        assert "350家" in texts[2]
        assert texts[3].startswith(fixed("slow_down")[:5])
        query = telegram.inline(reader, sample.QUESTION)
        assert (await telegram.answer(query))["results"]
        other = telegram.user("小红")
        undisturbed = telegram.private(other)
        undisturbed.say(other, sample.QUESTION)
        assert FIGURE in (await undisturbed.sent()).message["text"]
        assert chat.quiet


async def test_buttons_and_inline_queries_have_limits_of_their_own(tmp_path: Path) -> None:
    limits = Limits(user=1)
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, limits=limits):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        answer = await chat.sent()
        for _ in range(limits.buttons):
            await telegram.answer(chat.press(reader, answer.message, "👍"))
            await chat.sent()
        refused = await telegram.answer(chat.press(reader, answer.message, "👎"))
        assert refused["text"].startswith(fixed("slow_down")[:5])
        for _ in range(limits.inline):
            assert "results" in (await telegram.answer(telegram.inline(reader, sample.QUESTION))).parameters
        button = (await telegram.answer(telegram.inline(reader, "上海")))["button"]
        assert button["text"] == fixed("inline_slow_down")


async def test_a_group_that_becomes_a_supergroup_keeps_its_settings(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as working:
        reader = telegram.user("小明")
        group = telegram.group("新闻")
        group.admins.append(reader)
        group.say(reader, "/filter 金融")
        await group.sent()
        await settled(group, reader)
        supergroup = telegram.migrate(group)
        supergroup.say(reader, "/ask 人才有多少？")
        await supergroup.sent()
        assert working.library.filters[-1] == Filters(industries=("金融",))
        assert working.store.chats.settings(supergroup.id).filters == Filters(industries=("金融",))
        assert working.store.chats.settings(group.id) == ChatSettings()


async def test_an_answer_on_its_way_when_the_group_migrates_arrives(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as working:
        reader = telegram.user("小明")
        group = telegram.group("新闻")
        group.say(reader, f"/ask 慢！{sample.QUESTION}")
        await telegram.until(lambda: bool(telegram.called("sendChatAction")))
        supergroup = telegram.migrate(group)
        working.library.held.set()
        assert FIGURE in (await supergroup.sent()).message["text"]


async def test_reactions_to_an_answer_are_ratings(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as working:
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        asked = chat.say(reader, sample.QUESTION)
        answer = (await chat.sent()).message
        for emoji, verdict in [
            (["👍"], Verdict.UP),
            (["🤔"], Verdict.UP),
            (["👎"], Verdict.DOWN),
            ([], None),
        ]:
            chat.react(reader, answer, *emoji)
            chat.react(reader, asked, "👍")
            await settled(chat, reader)
            found = working.store.feedback.verdict(reader["id"], chat.id, answer["message_id"])
            assert found is verdict


async def test_a_reader_who_blocked_the_bot_can_come_back(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        chat.block(reader)
        chat.say(reader, sample.QUESTION)
        await telegram.until(lambda: bool(telegram.called("sendMessage")))
        chat.block(reader, blocked=False)
        chat.say(reader, sample.QUESTION)
        assert FIGURE in (await chat.sent()).message["text"]


async def test_a_group_is_greeted_and_forgotten(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as working:
        reader = telegram.user("小明")
        group = telegram.group("新闻")
        group.admins.append(reader)
        group.join(reader)
        assert f"@{BOT['username']}" in (await group.sent()).text
        group.say(reader, "/filter 金融")
        await group.sent()
        await settled(group, reader)
        assert working.store.chats.settings(group.id).filters == Filters(industries=("金融",))
        group.join(reader, there=False)
        async with asyncio.timeout(DEADLINE):
            while working.store.chats.settings(group.id) != ChatSettings():  # noqa: ASYNC110 - no request tells
                await asyncio.sleep(0.01)


async def test_what_is_no_text_gets_one_line_in_private_and_none_in_groups(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram):
        reader = telegram.user("小明")
        chat, group = telegram.private(reader), telegram.group("新闻")
        file = {"file_id": "f", "file_unique_id": "u"}
        voice: Json = {"voice": file | {"duration": 1}}
        photo: Json = {"photo": [file | {"width": 1, "height": 1}]}
        for content in (voice, photo):
            group.post(reader, **content)
            chat.post(reader, **content)
            assert (await chat.sent()).text == fixed("only_text")
        for _ in range(3):
            chat.post(reader, **photo, media_group_id="album")
        assert (await chat.sent()).text == fixed("only_text")
        chat.post(reader, **photo, caption=sample.QUESTION)
        assert FIGURE in (await chat.sent()).message["text"]
        chat.send_file(reader, "a.txt", b"x")
        assert (await chat.sent()).text == fixed("only_text")
        await settled(group, reader)
        assert chat.quiet
        assert group.quiet


async def test_a_group_in_privacy_mode(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram):
        reader = telegram.user("小明")
        group = telegram.group("新闻", privacy=True)
        group.say(reader, sample.QUESTION)
        group.say(reader, f"/ask@another_bot {sample.QUESTION}")
        group.say(reader, f"/ask@{BOT['username']} {sample.QUESTION}")
        first = await group.sent()
        assert FIGURE in first.message["text"]
        group.say(reader, "那广东呢？", reply_to=first.message)
        assert "广东" in (await group.sent()).message["text"]
        assert group.quiet


async def test_the_language_is_the_readers_or_the_chosen_one(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as working:
        reader = telegram.user("小明", "zh-hans")
        chat = telegram.private(reader)
        chat.say(reader, "/language")
        offer = await chat.sent()
        await telegram.answer(chat.press(reader, offer.message, "繁體"))
        assert (await chat.sent()).text == fixed("language_chosen", Language.HANT)
        chat.say(reader, "/help")
        assert (await chat.sent()).text == fixed("help", Language.HANT)
        assert working.store.chats.settings(chat.id).language is Language.HANT
        assert telegram.called("setMyCommands")[-1]["commands"][0]["description"] == "問一個問題"


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5))
def test_a_limiter_never_lets_more_through_than_it_says(steps: list[float], burst: int) -> None:
    now = 0.0
    limiter = Limiter(burst, 10.0, clock=lambda: now)
    let_through: list[float] = []
    for step in steps:
        now += step
        wait = limiter.take("key")
        assert wait >= 0
        if wait == 0:
            let_through.append(now)
    for n, start in enumerate(let_through):
        within = sum(start <= moment < start + 10 for moment in let_through[n:])
        assert within <= 2 * burst


def test_who_waits_as_long_as_told_is_let_through() -> None:
    now = 0.0
    limiter = Limiter(2, 10.0, clock=lambda: now)
    assert [limiter.take(1), limiter.take(1)] == [0, 0]
    wait = limiter.take(1)
    assert limiter.take(2) == 0
    now = wait
    assert limiter.take(1) == 0
    seldom = Seldom(60.0, clock=lambda: now)
    assert [seldom.now("a"), seldom.now("a"), seldom.now("b")] == [True, False, True]


@pytest.mark.parametrize(
    ("user", "chat", "admitted"),
    [(1, 5, True), (2, 5, False), (2, -7, True), (9, 5, True), (None, None, False)],
)
def test_access(user: int | None, chat: int | None, admitted: bool) -> None:  # noqa: FBT001 - a parameter of the test
    access = Access(admins=frozenset({9}), allowed=frozenset({1, -7}))
    assert access.admits(user, chat) is admitted
    assert Access().admits(user, chat)
