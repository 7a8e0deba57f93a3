"""What a question insists on must be spoken of; the refusal says what is not."""

import datetime as dt

import pytest

from retrieval import Retriever, Tokeniser
from retrieval.demands import Demands, demands, unmet
from retrieval.question import understand


def test_years_and_names_are_demanded(tokeniser: Tokeniser) -> None:
    found = demands(understand("2023年杭州有多少家AI企业？", tokeniser), tokeniser)
    assert found == Demands(years=("2023",), names=("杭州",))


@pytest.mark.parametrize(
    ("years", "sentence", "surroundings", "missing"),
    [
        (("2023",), "规模达5080亿元。", "规模达5080亿元。", ()),
        (("2023",), "2022年规模达5080亿元。", "2022年规模达5080亿元。", ("2023",)),
        (("2022",), "规模达5080亿元。", "2022年是元年。规模达5080亿元。", ()),
        (("2021",), "规模达5080亿元。", "规模达5080亿元。", ("2021",)),
    ],
)
def test_a_year_is_that_of_the_text_or_of_the_article(
    years: tuple[str, ...], sentence: str, surroundings: str, missing: tuple[str, ...]
) -> None:
    published = dt.date(2023, 7, 8)
    assert unmet(Demands(years=years), sentence, surroundings, published).years == missing


def test_a_place_may_be_written_shorter() -> None:
    assert not unmet(Demands(names=("北京市",)), "", "北京的法规", None).names
    assert unmet(Demands(names=("北京市",)), "", "上海的法规", None).names == ("北京市",)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("2023年中国人工智能核心产业规模是多少？", "2023年"),
        ("2024世界人工智能大会在哪里举行？", "2024年"),
        ("美国有多少家人工智能代表企业？", "美国"),
        ("北京市有哪些人工智能地方法规？", "北京市"),
    ],
)
def test_a_refusal_says_what_is_missing(retriever: Retriever, question: str, missing: str) -> None:
    answer = retriever.ask(question)
    assert not answer.answered
    assert answer.reason is not None
    assert answer.reason.code == "unmet_demand"
    assert missing in answer.reason.missing
    assert missing in answer.reason.message


def test_the_same_question_with_the_right_year_is_answered(retriever: Retriever) -> None:
    assert retriever.ask("2022年中国人工智能核心产业规模是多少？").answered
