"""What can be done with an answer: copied, sent on, read in its article, asked on; and news, page by page."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sample
from bot_at_work import Library, Working, alert, bot_at_work, fixed, pressed
from fake_telegram import BOT, FakeTelegram, Json, Sent
from fake_telegram.chats import keyboard
from hypothesis import given
from hypothesis import strategies as st

from bot.store import Fault, Verdict
from bot.telegram.messages.keyboards import COPIED, copied_text
from bot.telegram.messages.packing import packed, unpacked
from retrieval.models import Article, NewsRequest, Period


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as at_work:
        yield at_work


@pytest.fixture
def reader(working: Working) -> Json:
    return working.telegram.user("小明")


def button(sent: Sent, label: str) -> Json:
    return next(one for row in keyboard(sent.message) for one in row if one["text"] == label)


async def test_an_answer_is_copied_with_its_source_and_sent_on_by_its_question(
    working: Working, reader: Json
) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    copied = button(answer, "复制")["copy_text"]["text"]
    assert copied.splitlines()[1:] == [f"——{sample.SHANGHAI.title}", sample.SHANGHAI.url]
    assert copied.splitlines()[0] in sample.SHANGHAI.summary
    assert button(answer, "分享")["switch_inline_query"] == sample.QUESTION


@given(st.text(), st.text(), st.none() | st.text())
def test_what_is_copied_fits_and_holds_the_whole_sentence(text: str, title: str, url: str | None) -> None:
    copied = copied_text(sample.passage(text, title=title, url=url))
    assert len(copied.encode("utf-16-le", "surrogatepass")) <= 2 * COPIED
    assert not copied or text.strip() in copied


async def test_the_article_opens_in_the_answers_place_and_leads_back(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    first = answer.text
    article = await pressed(telegram, chat, reader, answer, "文章")
    assert article.message["text"].startswith(sample.SHANGHAI.title)
    assert article.buttons == [["‹ 返回答案"]]
    assert (await pressed(telegram, chat, reader, answer, "返回答案")).text == first


async def test_related_questions_are_offered_and_answered(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    related = await pressed(telegram, chat, reader, answer, "相关问题")
    assert related.buttons == [["早在2017年上海发布了什么？"], ["‹ 返回答案"]]
    assert "意见" in (await pressed(telegram, chat, reader, answer, "2017")).message["text"]


async def test_with_a_filter_on_a_question_can_be_asked_without_it(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, "/filter 金融")
    await chat.sent()
    chat.say(reader, "杭州今年新增了多少芯片工厂项目？")
    declined = await chat.sent()
    assert declined.message["text"].startswith(fixed("declined_filtered"))
    again = await pressed(telegram, chat, reader, declined, fixed("button_unfiltered"))
    assert again.message["text"].startswith(fixed("declined"))
    assert [bool(filters.industries) for filters in working.library.filters] == [True, False]


async def test_a_thumb_down_may_say_what_is_wrong(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    faults = await pressed(telegram, chat, reader, answer, "👎")
    assert faults.buttons == [["说的是别处", "时间不对"], ["跑题了", "没有回答"], ["👍", "👎 ✓"]]
    kept = await pressed(telegram, chat, reader, answer, "时间不对")
    assert kept.buttons[-1] == ["👍", "👎 ✓"]
    number = answer.message["message_id"]
    assert working.store.feedback.verdict(reader["id"], chat.id, number) is Verdict.DOWN
    assert working.store.summaries.gaps()[0].faults == {Fault.TIME: 1}


async def test_the_score_in_figures_is_one_level_deeper(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    why = await pressed(telegram, chat, reader, answer, "为什么")
    assert fixed("score") not in why.message["text"].splitlines()[1]
    figures = await pressed(telegram, chat, reader, answer, fixed("button_figures"))
    assert figures.message["text"].startswith(fixed("figures"))
    assert "0." in figures.message["text"]


def many(count: int) -> list[Article]:
    day = dt.date(2023, 1, 1)
    return [
        sample.SHANGHAI.model_copy(update={"title": f"第{n}篇", "published": day + dt.timedelta(days=n)})
        for n in range(1, count + 1)
    ]


async def test_news_are_listed_in_words_and_turned_page_by_page(tmp_path: Path) -> None:
    library = Library(*many(12))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, library):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        chat.say(reader, "上海最近有什么新闻？")
        news = await chat.sent()
        assert news.message["text"].splitlines()[:2] == ["最新的文章 · 上海", "1. 第12篇"]
        assert news.buttons == [["1", "2", "3", "4", "5"], ["›"]]
        second = await pressed(telegram, chat, reader, news, "›")
        assert second.buttons == [["6", "7", "8", "9", "10"], ["‹", "›"]]
        article = await pressed(telegram, chat, reader, second, "6")
        assert article.message["text"].startswith("第7篇")
        assert library.asked == []


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("/latest", "最新的文章"),
        ("/latest 上海", "最新的文章 · 上海"),
        ("/latest 2023年7月", "最新的文章 · 2023年7月"),
        ("/latest 火星", fixed("news_none").format(subject="火星")),
        ("2019年3月有什么新闻", fixed("news_missed")),
        (f"/latest@{BOT['username']} 上海", "最新的文章 · 上海"),
    ],
)
async def test_news_of_a_subject_or_a_time(working: Working, reader: Json, said: str, first: str) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, said)
    assert (await chat.sent()).message["text"].splitlines()[0] == first


async def test_a_selected_quotation_is_what_a_question_is_about(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    quote = {"text": "五年来几乎翻了一番", "position": 30, "is_manual": True}
    chat.say(reader, "那是多少？", reply_to=answer.message, quote=quote)
    await chat.sent()
    assert working.library.asked[-1] == ("那是多少？", "五年来几乎翻了一番")


days = st.none() | st.dates()


@given(st.text("上海 AI华为", max_size=24), days, days)
def test_what_a_button_packs_is_unpacked(subject: str, since: dt.date | None, until: dt.date | None) -> None:
    wanted = NewsRequest(subject=subject, period=Period(since=since, until=until))
    assert unpacked(packed(wanted)) == wanted


async def test_somebody_elses_buttons_stay_theirs(working: Working, reader: Json) -> None:
    group = working.telegram.group("AI 新闻")
    other = working.telegram.user("小红")
    group.say(reader, f"@{BOT['username']} {sample.QUESTION}")
    answer = await group.sent()
    assert await alert(working.telegram, group.press(other, answer.message, "文章")) == fixed("not_yours")


async def test_who_presses_somebody_elses_button_sees_it_alone(working: Working, reader: Json) -> None:
    telegram, group = working.telegram, working.telegram.group("AI 新闻")
    other = telegram.user("小红")
    group.say(reader, f"@{BOT['username']} {sample.QUESTION}")
    answer = await group.sent()
    query = group.press(other, answer.message, "上下文")
    alone = await group.sent()
    assert "text" not in (await telegram.answer(query)).parameters
    assert alone.call["ephemeral_message_parameters"]["receiver_user_id"] == other["id"]
    assert not alone.edited
    assert group.messages[answer.message["message_id"]]["text"] == answer.message["text"]


async def test_a_server_without_messages_for_one_shows_an_alert(working: Working, reader: Json) -> None:
    telegram, group = working.telegram, working.telegram.group("AI 新闻")
    telegram.knows_ephemeral = False
    other = telegram.user("小红")
    group.say(reader, f"@{BOT['username']} {sample.QUESTION}")
    answer = await group.sent()
    for _ in range(2):
        assert await alert(telegram, group.press(other, answer.message, "上下文")) == fixed("not_yours")
    assert len(telegram.called("deleteMessage")) == 1
    assert len(telegram.called("sendMessage")) == 2


async def test_more_goes_on_with_the_news_that_were_listed(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, Library(*many(7))):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        for said, first in [("/latest 上海", "1. 第7篇"), ("更多", "6. 第2篇"), (sample.QUESTION, None)]:
            chat.say(reader, said)
            sent = await chat.sent()
            assert first is None or sent.message["text"].splitlines()[1] == first
        chat.say(reader, "更多")
        assert not (await chat.sent()).message["text"].startswith(fixed("news"))
