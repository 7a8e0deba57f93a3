"""What happened when, over a corpus written for it (tests/fictional), with copies and relative dates."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.cli import main
from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
from retrieval.insight.copies import Copies
from retrieval.insight.subjects import Subject
from retrieval.insight.timeline import DatedBy, Event, timeline

FICTIONAL = ROOT / "tests" / "fictional"


@pytest.fixture(scope="module")
def fictional(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("fictional")
    updates.update(folder, reading.read([FICTIONAL]).articles, tokeniser)
    return Retriever(EmbeddedIndex(folder, tokeniser), tokeniser)


def events(retriever: Retriever, subject: str) -> tuple[Event, ...]:
    question, articles = retriever.telling_of(subject, 1000)
    return timeline(Subject.of(question), articles)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("流萤七号", [("2031-06-09", "成功发射", 1), ("2031-06-10", "进入预定轨道", 1)]),
        (
            "流萤八号",
            [("2031-12-01", "计划于今年底", 1), ("2032-01-01", "推迟", 1), ("2032-01-11", "发射场发射", 1)],
        ),
        (
            "北辰芯片",
            [("2031-02-10", "推出训练芯片", 1), ("2031-08-15", "投产", 2)],
        ),
        (
            "松湖机器人大会",
            [("2031-04-20", "开幕", 1), ("2031-04-23", "闭幕", 1), ("2031-04-25", "落下帷幕", 1)],
        ),
        (
            "星河智能融资",
            [("2031-01-08", "8亿元C轮", 2), ("2031-01-09", "6亿元", 1), ("2031-10-18", "D轮", 2)],
        ),
    ],
)
def test_events_stand_on_their_days_and_copies_are_one(
    fictional: Retriever, subject: str, expected: list[tuple[str, str, int]]
) -> None:
    found = events(fictional, subject)
    shown = [(str(event.first), event.text, len(event.sources)) for event in found]
    assert len(shown) == len(expected), shown
    for (day, text, sources), (expected_day, piece, expected_sources) in zip(shown, expected, strict=True):
        assert (day, sources) == (expected_day, expected_sources), text
        assert piece in text


def test_nearly_every_sentence_of_the_corpus_stands_on_its_days(fictional: Retriever) -> None:
    lines = (ROOT / "tests" / "fictional_dates.tsv").read_text(encoding="utf-8").splitlines()
    expected = {text: (first, last) for first, last, text in (line.split("\t") for line in lines)}
    wrong = []
    for article in fictional.sample(100):
        # Of the subject that all its texts share: nothing is left out.
        found = timeline(
            Subject((tuple(article.text(n)[:4] for n in range(len(article.sentences))),)), [article]
        )
        told = {event.text: (str(event.first), str(event.last)) for event in found}
        wrong += [text for text, days in told.items() if expected[text] != days]
    assert len(expected) > 60
    assert len(wrong) <= 0.03 * len(expected), wrong


def test_every_event_is_a_sentence_of_its_sources_and_in_order(fictional: Retriever) -> None:
    found = events(fictional, "青鸾汽车")
    assert [event.first for event in found] == sorted(event.first for event in found)
    for event in found:
        article = fictional.article(event.sources[0].article)
        assert article is not None
        assert event.text in article.summary


def test_a_sentence_without_a_day_has_that_of_its_publication(fictional: Retriever) -> None:
    (event,) = (event for event in events(fictional, "绿电") if "签订协议" in event.text)
    assert (event.dated_by, str(event.first)) == (DatedBy.PUBLICATION, "2031-05-12")


@pytest.mark.parametrize("subject", ["", "。", "火星漫游车"])
def test_of_nothing_there_is_no_timeline(fictional: Retriever, subject: str) -> None:
    assert events(fictional, subject) == ()


def test_the_command_prints_events_or_says_that_there_are_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHIWEN_DATA", str(tmp_path))
    assert main(["timeline", "流萤七号", "--corpus", str(FICTIONAL), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [event["first"] for event in shown["events"]] == ["2031-06-09", "2031-06-10"]
    assert main(["timeline", "火星漫游车", "--corpus", str(FICTIONAL)]) == 1


@given(st.lists(st.text("甲乙丙丁戊己庚辛12。", max_size=12), max_size=8))
def test_the_same_text_is_always_its_own_copy(texts: list[str]) -> None:
    copies = Copies()
    numbers = [copies.number(text) for text in texts]
    assert [copies.number(text) for text in texts if len(text) > 1] == [
        number for text, number in zip(texts, numbers, strict=True) if len(text) > 1
    ]


def test_another_figure_is_no_copy() -> None:
    copies = Copies()
    assert copies.number("海棠算力开工，总投资56亿元。") != copies.number("海棠算力开工，总投资65亿元。")
