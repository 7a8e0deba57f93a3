"""Confidence is a probability that the first passage answers; it is low where the text speaks of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.answering.confidence import DECLINED, fitted, probability
from retrieval.ranking import order

QUESTION = "上海规模以上AI企业有多少家？"


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_it_is_a_probability(one: float, other: float) -> None:
    assert 0 <= probability(one) <= 1
    assert (probability(one) <= probability(other)) or one > other


def test_what_is_lacking_or_contradicted_never_helps() -> None:
    for weights in (fitted().weights, order.learned().weights):
        assert weights.get("flags", 0.0) <= 0
        assert weights.get("conflicts", 0.0) <= 0
    assert order.learned().score > 0


@pytest.mark.parametrize("place", ["杭州", "南京", "火星"])
def test_another_place_is_less_sure(seed_index: EmbeddedIndex, tokeniser: Tokeniser, place: str) -> None:
    retriever = Retriever(seed_index, tokeniser)
    sure = retriever.ask(QUESTION)
    other = retriever.ask(QUESTION.replace("上海", place))
    assert sure.answered
    assert not other.answered
    assert other.confidence < sure.confidence


def test_what_is_contradicted_is_no_answer(seed_index: EmbeddedIndex, tokeniser: Tokeniser) -> None:
    answer = Retriever(seed_index, tokeniser).ask("第九届世界人工智能大会有多少家参展企业？")
    assert answer.confidence <= DECLINED


@pytest.mark.parametrize("question", ["人才是什么意思的反义词？", "企业家都爱吃什么？"])
def test_one_word_in_common_is_no_answer(
    seed_index: EmbeddedIndex, tokeniser: Tokeniser, question: str
) -> None:
    answer = Retriever(seed_index, tokeniser).ask(question)
    assert not answer.answered
    assert not answer.likely
