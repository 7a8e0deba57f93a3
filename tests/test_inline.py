"""Inline mode: pages of passages with their sources, and nothing personal."""

from collections.abc import AsyncIterator
from pathlib import Path

import fake_telegram as fake
import pytest
import sample
from bot_at_work import FIGURE, Library, Working, bot_at_work, fixed
from fake_telegram import BOT, FakeTelegram

from bot.telegram.handlers import Access


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    sentences = "".join(f"上海第{n}号企业有{n}家。" for n in range(1, 80))
    library = Library(sample.SHANGHAI, sample.OFFLINE.model_copy(update={"summary": sentences}))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, library) as at_work:
        yield at_work


async def test_a_query_gives_passages_with_their_source(working: Working) -> None:
    telegram = working.telegram
    call = await telegram.answer(telegram.inline(telegram.user("Ann", "en"), sample.QUESTION))
    best = call["results"][0]
    content = best["input_message_content"]
    assert FIGURE[:10] in best["title"]
    assert "<b>350家</b>" in content["message_text"]
    assert "news.cctv.com" in content["message_text"]
    assert best["reply_markup"]["inline_keyboard"][0][0]["url"].startswith(
        "https://t.me/zhiwen_test_bot?start=s"
    )
    assert call["cache_time"] == 300
    assert "is_personal" not in call.parameters or call["is_personal"] is False


async def test_pages_follow_by_offset_without_a_gap(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    ids: list[str] = []
    offset = ""
    while True:
        call = await telegram.answer(telegram.inline(reader, "上海企业有多少家", offset))
        ids += [result["id"] for result in call["results"]]
        offset = call.parameters.get("next_offset", "")
        if not offset:
            break
    assert len(ids) == len(set(ids)) == 50
    call = await telegram.answer(telegram.inline(reader, "上海企业有多少家", "nonsense"))
    assert [result["id"] for result in call["results"]] == ids[:10]


@pytest.mark.parametrize(
    ("query", "said"), [("", "inline_empty"), ("  ", "inline_empty"), ("hey", "inline_nothing")]
)
async def test_where_there_is_nothing_that_is_said(working: Working, query: str, said: str) -> None:
    telegram = working.telegram
    call = await telegram.answer(telegram.inline(telegram.user("小明"), query))
    assert call["results"] == []
    assert call["button"]["text"] == fixed(said)


async def test_answers_of_a_bot_for_invited_people_are_for_them(tmp_path: Path) -> None:
    access = Access(allowed=frozenset({1001}))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, access=access):
        call = await telegram.answer(telegram.inline(telegram.user("小明"), sample.QUESTION))
        assert call["results"]
        assert call["is_personal"] is True


async def test_a_query_answered_too_late_is_no_trouble(
    working: Working, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    telegram.fail("answerInlineQuery", fake.refusal(400, "Bad Request: query is too old"))
    telegram.inline(reader, sample.QUESTION)
    await telegram.until(lambda: bool(telegram.called("answerInlineQuery")))
    await telegram.answer(telegram.inline(reader, sample.QUESTION))
    assert not any(record.exc_info for record in caplog.records)


async def test_a_guest_is_answered_where_the_bot_is_called(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    query = telegram.guest(reader, f"@{BOT['username']} {sample.QUESTION}")
    result = (await telegram.answer(query))["result"]
    assert "<b>350家</b>" in result["input_message_content"]["message_text"]
    nothing = telegram.guest(reader, f"@{BOT['username']} zzqx")
    result = (await telegram.answer(nothing))["result"]
    assert result["input_message_content"] == {"message_text": fixed("inline_nothing")}
