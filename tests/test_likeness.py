"""Which questions are alike: over questions written for it, in the corpus that does not answer them."""

import itertools
import random

import pytest
from gap_questions import GROUPS, UNSEEN, Groups
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Retriever
from retrieval.insight.likeness import are_alike, groups
from retrieval.ranking.asked import Asked

PURE, JOINED = 0.9, 0.7


def numbered(groups: Groups) -> list[tuple[str, int]]:
    """Each question with the number of its group."""
    return [(question, number) for number, group in enumerate(groups) for question in group]


QUESTIONS = numbered(GROUPS)


@pytest.fixture(scope="module")
def asked(retriever: Retriever) -> dict[str, Asked]:
    return {question: retriever.asked(question) for question, _ in numbered((*GROUPS, *UNSEEN))}


@pytest.mark.parametrize("written", [GROUPS, UNSEEN], ids=["seen", "unseen"])
@pytest.mark.parametrize("seed", range(3))
def test_groups_are_pure_and_most_of_what_is_alike_is_joined(
    asked: dict[str, Asked], written: Groups, seed: int
) -> None:
    questions = random.Random(seed).sample(numbered(written), len(numbered(written)))
    found = groups([asked[question] for question, _ in questions])
    of = [[questions[place][1] for place in group] for group in found]
    pure = sum(max(group.count(one) for one in set(group)) for group in of) / len(questions)
    together = {frozenset(pair) for group in found for pair in itertools.combinations(group, 2)}
    wanted = {
        frozenset(pair)
        for pair in itertools.combinations(range(len(questions)), 2)
        if len({questions[place][1] for place in pair}) == 1
    }
    assert pure >= PURE, [[questions[place][0] for place in group] for group in found]
    assert len(together & wanted) / len(wanted) >= JOINED, sorted(
        [questions[place][0] for place in pair] for pair in wanted - together
    )


@given(places=st.lists(st.integers(0, len(QUESTIONS) - 1), max_size=12))
def test_each_question_is_in_one_group(asked: dict[str, Asked], places: list[int]) -> None:
    found = groups([asked[QUESTIONS[place][0]] for place in places])
    assert sorted(itertools.chain.from_iterable(found)) == list(range(len(places)))


@given(pair=st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(QUESTIONS)))
def test_to_be_alike_is_mutual_and_every_question_is_like_itself(
    asked: dict[str, Asked], pair: tuple[tuple[str, int], tuple[str, int]]
) -> None:
    one, other = (asked[question] for question, _ in pair)
    assert are_alike(one, one)
    assert are_alike(one, other) == are_alike(other, one)
