"""English follow-ups are completed as Chinese ones are; a question of its own is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Retriever
from retrieval.questions.english.followup import complete

PLACES = ("shanghai", "jiangsu", "denmark", "singapore", "china")
COMPANIES = "How many AI companies are there in Shanghai?"
CONFERENCE = "Where was the 2023 World AI Conference held?"
STRATEGY = "When did Denmark publish its national AI strategy?"
SCALE = "What was the scale of China's core AI industry in 2022?"


def kind_of(word: str) -> str | None:
    return "place" if word in PLACES else None


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        (COMPANIES, "what about Jiangsu?", "How many AI companies are there in Jiangsu?"),
        (COMPANIES, "And in jiangsu", "How many AI companies are there in jiangsu?"),
        (STRATEGY, "How about Singapore?", "When did Singapore publish its national AI strategy?"),
        (SCALE, "and in 2021?", "What was the scale of China's core AI industry in 2021?"),
        ("Who made ChatGPT?", "and AlphaGo?", "Who made AlphaGo?"),
    ],
)
def test_a_name_or_year_takes_the_place_of_its_like(previous: str, question: str, understood: str) -> None:
    assert complete(question, previous, kind_of) == understood


@pytest.mark.parametrize(
    ("previous", "question"),
    [
        (CONFERENCE, "when was it held?"),
        (CONFERENCE, "Why?"),
        (CONFERENCE, "What is its theme?"),
        (COMPANIES, "What is the output value?"),
        (COMPANIES, "what about the output value?"),
        (CONFERENCE, "what about Jiangsu?"),
    ],
)
def test_other_follow_ups_are_put_after(previous: str, question: str) -> None:
    understood = complete(question, previous, kind_of)
    assert understood == f"{previous[:-1]}; {question}"
    assert complete("who came?", understood, kind_of) == f"{previous[:-1]}; who came?"


@pytest.mark.parametrize(
    "question", [COMPANIES, CONFERENCE, STRATEGY, SCALE, "Who won the World Cup?", "", "?", "x" * 100]
)
def test_other_questions_stand_alone(question: str) -> None:
    assert complete(question, COMPANIES, kind_of) == question


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_completed_or_left_alone(text: str, previous: str) -> None:
    assert complete(text, previous, kind_of)[-len(text.strip()) - 1 :].strip() or not text.strip()


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        ("上海规模以上AI企业有多少家？", "what about Jiangsu?", "江苏规模以上AI企业有多少家？"),
        (COMPANIES, "江苏呢？", "人工智能 江苏 多少公司"),
        (COMPANIES, "what about Jiangsu?", "How many AI companies are there in Jiangsu?"),
        ("上海规模以上AI企业有多少家？", "Who won the World Cup?", "Who won the World Cup?"),
    ],
)
def test_the_language_may_change_between(
    retriever: Retriever, previous: str, question: str, understood: str
) -> None:
    assert retriever.ask(question, previous).understood == understood


def test_what_is_put_after_is_what_is_asked(retriever: Retriever) -> None:
    answer = retriever.ask("when was it held?", CONFERENCE)
    assert answer.passages[0].text == "2023世界人工智能大会7月6日至8日在上海举行。"
    highlighted = (answer.passages[0].text[start:end] for start, end in answer.passages[0].highlights)
    assert any("7月6日至8日" in text for text in highlighted)
