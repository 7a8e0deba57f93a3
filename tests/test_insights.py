"""Timelines, trends, comparisons and the overview as readers meet them: in chats and as pictures."""

import datetime as dt
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import warm
from bot_at_work import Working, bot_at_work, fixed, pressed
from conftest import ROOT
from fake_telegram import FakeTelegram
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.cli import main
from bot.conversation.conversation import Conversation
from bot.conversation.insights import EVENTS
from bot.conversation.replies import Kind
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.layout.charts import ChartsUnavailableError, draw
from bot.layout.insights import BLOCKS, sparkline
from bot.layout.language import Language, phrases
from bot.layout.responder import CAPTION_UNITS, Responder, fits
from bot.settings import Settings
from retrieval.insight.figures import Figure
from retrieval.insight.sources import Source
from retrieval.insight.trend import Month, Point, Trend, points, trend_asked

FICTIONAL = ROOT / "tests" / "fictional"
PNG = b"\x89PNG\r\n"
INVESTED = "澜江数据中心总投资多少？"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveRetriever:
    data = warm.warm(tmp_path_factory.mktemp("data"))
    return LiveRetriever(CorpusInUse(Settings(corpus=FICTIONAL, data=data)))


@pytest.fixture
async def working(tmp_path: Path, live: LiveRetriever) -> AsyncIterator[Working]:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, live) as at_work:
        yield at_work


def figure(value: float, first: str, last: str, *, stretch: bool = True) -> Figure:
    begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    source = Source(article="a", sentence=0, title="", url=None, published=end, file="")
    return Figure(
        figure=f"{value:g}",
        value=value,
        unit="辆",
        first=begin,
        last=end,
        is_of_a_stretch=stretch,
        text=f"{value:g}",
        span=(0, 1),
        sources=(source,),
    )


TREND = Trend(
    subject="纸鸢产量",
    unit="只",
    points=tuple(
        Point(
            day=dt.date(2031, month, 28),
            value=value,
            figure=f"{value:g}只",
            source=figure(1, "2031-01-01", "2031-01-01").sources[0],
        )
        for month, value in enumerate((52_000, 61_000, 48_000, 90_000), 1)
    ),
)


# in a chat


def test_an_answer_tells_whether_others_agree_and_shows_them(live: LiveRetriever) -> None:
    conversation = Conversation(live)
    reply = conversation.ask(INVESTED)
    assert "1 处一致，1 处不同" in Responder().terminal(reply, colour=False)
    compared = conversation.compare()
    assert compared.kind is Kind.COMPARISON
    shown = Responder().terminal(compared, colour=False)
    for one in compared.figures:
        assert one.figure in shown
        assert all(source.title in shown for source in one.sources)


def test_what_has_nothing_beside_it_says_so(live: LiveRetriever) -> None:
    conversation = Conversation(live)
    assert conversation.compare().kind is Kind.NOTHING_ASKED
    conversation.ask("流萤七号什么时候发射？")
    assert conversation.compare().kind is Kind.NO_COMPARISON


@pytest.mark.parametrize("said", ["星河智能的时间线", "星河智能什么时候发生过什么？", "timeline of 星河智能"])
def test_a_timeline_is_asked_for_in_words_and_begins_with_its_last_page(
    live: LiveRetriever, said: str
) -> None:
    conversation = Conversation(live)
    last = conversation.ask(said)
    assert last.kind is Kind.TIMELINE
    assert len(last.events) == EVENTS
    assert last.first + EVENTS - 1 == last.total
    first = conversation.timeline("星河智能", 1)
    assert first.first == 1
    every = {event.text: event for event in (*first.events, *last.events)}
    assert len(every) == last.total
    assert sorted(event.first for event in every.values()) == [
        event.first for event in live.timeline("星河智能")
    ]


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("新能源汽车产量走势", "新能源汽车产量"),
        ("云州企业数量的变化趋势图", "云州企业数量的变化"),
        ("画一下青鸾汽车销量曲线", "青鸾汽车销量"),
        ("trend of OpenAI", "OpenAI"),
    ],
)
def test_a_trend_is_asked_for_in_words(said: str, subject: str) -> None:
    asked = trend_asked(said)
    assert asked is not None
    assert asked in subject


@pytest.mark.parametrize("said", ["云州有多少家企业？", "趋势科技是什么公司？", "走势", "谁赢了"])
def test_a_question_asks_for_no_trend(said: str) -> None:
    assert trend_asked(said) is None


def test_a_trend_is_of_the_figure_with_a_source_for_each_point(live: LiveRetriever) -> None:
    reply = Conversation(live).ask("云州规模以上人工智能企业走势")
    assert reply.kind is Kind.TREND
    assert reply.trend is not None
    assert [(str(point.day), point.value) for point in reply.trend.points] == [
        ("2030-12-31", 420.0),
        ("2031-06-30", 455.0),
        ("2031-12-31", 480.0),
    ]
    shown = Responder().terminal(reply, colour=False)
    assert all(point.source.title in shown for point in reply.trend.points)
    assert sparkline([420, 455, 480]) in shown


def test_where_no_figure_is_told_articles_are_counted_by_month(live: LiveRetriever) -> None:
    reply = Conversation(live).trend("星河智能")
    assert reply.trend is not None
    assert not reply.trend.points
    counted = {str(one.month): one.articles for one in reply.trend.months}
    assert counted["2031-01-01"] == 3
    assert counted["2031-02-01"] == 0
    assert list(counted) == sorted(counted)


def test_the_overview_counts_what_the_corpus_has(live: LiveRetriever) -> None:
    reply = Conversation(live).ask("收录了哪些内容？")
    assert reply.kind is Kind.OVERVIEW
    assert reply.overview is not None
    assert reply.overview.articles == 62
    assert ("星河智能", 11) in [(one.name, one.articles) for one in reply.overview.subjects]
    assert sum(one.articles for one in reply.overview.months) == reply.overview.looked_at == 62


def test_figures_of_one_length_alone_are_points() -> None:
    sold = [
        figure(1, "2031-01-01", "2031-01-31"),
        figure(2, "2031-02-01", "2031-02-28"),
        figure(3, "2031-03-01", "2031-03-31"),
        figure(6, "2031-01-01", "2031-03-31"),
    ]
    assert [point.value for point in points(sold)] == [1, 2, 3]
    assert points(sold[1:]) == ()


@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=60))
def test_a_sparkline_has_a_letter_a_value_and_is_highest_where_they_are(values: list[float]) -> None:
    drawn = sparkline(values)
    assert len(drawn) == len(values)
    assert set(drawn) <= set(BLOCKS)
    assert drawn[values.index(max(values))] == max(drawn)


# as pictures


@pytest.mark.parametrize("language", list(Language))
def test_a_trend_is_drawn_on_both_grounds(language: Language) -> None:
    light, dark = (draw(TREND, phrases(language), dark=ground) for ground in (False, True))
    assert light.startswith(PNG)
    assert dark.startswith(PNG)
    assert light != dark


def test_months_are_drawn_too() -> None:
    months = tuple(Month(month=dt.date(2031, month, 1), articles=month % 5) for month in range(1, 13))
    assert draw(Trend(subject="纸鸢", months=months), phrases(Language.HANS)).startswith(PNG)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "bot.layout.drawing", raising=False)
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    with pytest.raises(ChartsUnavailableError, match=r"zhiwen\[charts\]"):
        draw(TREND, phrases(Language.HANS))


def test_a_caption_fits_below_a_picture(live: LiveRetriever) -> None:
    reply = Conversation(live).trend("云州规模以上人工智能企业")
    long = TREND.model_copy(update={"points": TREND.points * 40})
    for trend in (reply.trend, long):
        caption = Responder().caption(reply.model_copy(update={"trend": trend}))
        assert fits(caption, CAPTION_UNITS)


# in Telegram


async def test_a_button_shows_what_others_say_and_leads_back(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    chat.say(reader, INVESTED)
    answer = await chat.sent()
    assert "别的报道：1 处一致，1 处不同" in answer.text
    compared = await pressed(telegram, chat, reader, answer, fixed("button_compare"))
    assert "65亿元" in compared.text
    assert "澜江数据中心开建" in compared.text
    back = await pressed(telegram, chat, reader, compared, "返回")
    assert back.text == answer.text


async def test_a_timeline_is_turned_page_by_page(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    chat.say(reader, "/timeline 星河智能")
    last = await chat.sent()
    assert "第 3–8 件，共 8 件" in last.text
    first = await pressed(telegram, chat, reader, last, "‹")
    assert "2031-01-08" in first.text
    assert (await pressed(telegram, chat, reader, first, "›")).text != first.text
    chat.say(reader, "/timeline")
    assert (await chat.sent()).text == fixed("no_subject")


async def test_a_trend_is_a_picture_with_its_sources_that_turns_dark(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    chat.say(reader, "/trend 云州规模以上人工智能企业")
    sent = await chat.sent()
    assert sent.call.method == "sendPhoto"
    light = sent.call.files["photo"][1]
    assert light.startswith(PNG)
    assert "480家" in sent.message["caption"]
    dark = await pressed(telegram, chat, reader, sent, fixed("button_dark"))
    assert dark.call.method == "editMessageMedia"
    (picture,) = (content for _, content in dark.call.files.values())
    assert picture.startswith(PNG)
    assert picture != light
    assert dark.buttons == [[fixed("button_light")]]


async def test_where_nothing_can_be_drawn_a_trend_is_a_text(
    working: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.layout.drawing", raising=False)
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    reader = working.telegram.user("小明")
    chat = working.telegram.private(reader)
    chat.say(reader, "/trend 云州规模以上人工智能企业")
    assert sparkline([420, 455, 480]) in (await chat.sent()).text


async def test_the_list_of_sources_leads_to_the_overview(working: Working) -> None:
    telegram = working.telegram
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    chat.say(reader, "/sources")
    listed = await chat.sent()
    shown = await pressed(telegram, chat, reader, listed, fixed("button_explore"))
    chat.say(reader, "/explore")
    assert (await chat.sent()).text == shown.text
    assert "星河智能 11" in shown.text


# on the command line


def test_the_commands_print_draw_and_give_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHIWEN_DATA", str(tmp_path / "data"))
    picture = tmp_path / "trend.png"
    corpus = ["--corpus", str(FICTIONAL)]
    subject = ["trend", "云州规模以上人工智能企业"]
    assert main([*subject, *corpus, "--picture", str(picture), "--json"]) == 0
    assert [point["value"] for point in json.loads(capsys.readouterr().out)["points"]] == [420, 455, 480]
    assert picture.read_bytes().startswith(PNG)
    assert main(["trend", "火星漫游车", *corpus]) == 1
    capsys.readouterr()
    assert main(["explore", *corpus, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 62
