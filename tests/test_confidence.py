"""Confidence is a probability; it sinks with what the corpus doubts, which an index learns of itself."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser, calibration
from retrieval.answering.confidence import fitted
from retrieval.index.update import updates
from retrieval.index.update.writer import EmbeddedWriter
from retrieval.language.mentions.extraction import Mention
from retrieval.models import AnswerKind, IndexUnusableError

QUESTION = "上海规模以上AI企业有多少家？"


@given(st.lists(st.floats(-60, 60), min_size=2, max_size=4))
def test_the_more_doubt_the_less_confidence(
    seed_index: EmbeddedIndex, tokeniser: Tokeniser, doubts: list[float]
) -> None:
    found = [
        Retriever(seed_index, tokeniser, doubt=doubt).ask(QUESTION).confidence for doubt in sorted(doubts)
    ]
    assert found == sorted(found, reverse=True)
    assert all(0 <= value <= 1 for value in found)


def test_a_sentence_becomes_a_question_after_what_it_mentions() -> None:
    text = "丹麦政府2019年3月发布《人工智能国家战略》。"
    start = text.index("2019")
    mention = Mention(AnswerKind.DATE, start, start + len("2019年3月"))
    assert calibration.asked(text, [mention]) == "丹麦政府什么时候发布《人工智能国家战略》？"
    assert calibration.asked(text, []) is None


def corpus(count: int) -> list[Article]:
    return [
        Article(
            title=f"第{number}号工厂",
            url=None,
            summary=f"第{number}号工厂在{1900 + number}年建成。工厂有工人{number}00名。",
            file="a.txt",
            record=number,
        )
        for number in range(1, count + 1)
    ]


def test_an_index_learns_how_much_to_doubt_and_keeps_it(tmp_path: Path, tokeniser: Tokeniser) -> None:
    updates.update(tmp_path, corpus(calibration.FEWEST + 5), tokeniser)
    writer = EmbeddedWriter(tmp_path, tokeniser)
    retriever = Retriever(writer.open(), tokeniser)
    assert calibration.doubt(writer) == 0
    calibration.calibrate(writer, retriever)
    assert calibration.doubt(writer) == calibration.shift(retriever) != 0
    assert abs(calibration.doubt(writer)) <= calibration.WIDEST


@pytest.mark.parametrize(("articles", "expected"), [(1, 0.0), (3, fitted().doubt.few)])
def test_a_few_articles_teach_nothing(
    tmp_path: Path, tokeniser: Tokeniser, articles: int, expected: float
) -> None:
    updates.update(tmp_path, corpus(articles), tokeniser)
    assert calibration.shift(Retriever(EmbeddedIndex(tmp_path, tokeniser), tokeniser)) == expected


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"doubt": "much"})])
def test_damaged_calibration_is_told(tmp_path: Path, tokeniser: Tokeniser, content: str) -> None:
    writer = EmbeddedWriter(tmp_path, tokeniser)
    writer.save_note(calibration.NOTE, content.encode())
    with pytest.raises(IndexUnusableError, match="rebuild"):
        calibration.doubt(writer)
