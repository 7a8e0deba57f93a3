"""A term by several tokens: its counts are the weighted sums, and one of a single token is that token."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.index.evidence import gather
from retrieval.index.query import columns
from retrieval.index.update import updates
from retrieval.models import AnswerKind, Question, Stream, Term
from retrieval.questions.chinese import plain

TOKENS = ("ai", "gpu", "tpu", "npu", "cpu")
TEXTS = st.lists(
    st.lists(st.sampled_from(TOKENS), min_size=1, max_size=6).map(lambda words: " ".join(words) + "。"),
    min_size=1,
    max_size=4,
).map("".join)
CORPORA = st.lists(TEXTS, min_size=1, max_size=5, unique=True)


@st.composite
def groups(draw: st.DrawFn) -> Term:
    """A term whose shares add up to 1."""
    tokens = draw(st.lists(st.sampled_from((*TOKENS, "unknown")), min_size=1, max_size=4, unique=True))
    parts = draw(st.lists(st.integers(1, 9), min_size=len(tokens), max_size=len(tokens)))
    shares = [part / sum(parts) for part in parts]
    alternatives = tuple(zip(tokens, shares, strict=True))
    return Term(str(alternatives), alternatives, draw(st.sampled_from((0.2, 1.0))))


def question(terms: tuple[Term, ...]) -> Question:
    """A question of these terms in every stream."""
    return Question(
        text="", understood="", normalised="", kind=AnswerKind.OTHER, terms=dict.fromkeys(Stream, terms)
    )


def index(folder: str, texts: list[str], tokeniser: Tokeniser) -> EmbeddedIndex:
    articles = [Article(title="", url=None, summary=text, file="a", record=n) for n, text in enumerate(texts)]
    updates.update(Path(folder), articles, tokeniser)
    return EmbeddedIndex(Path(folder), tokeniser)


@settings(max_examples=40)
@given(CORPORA, st.lists(groups(), min_size=1, max_size=3))
def test_counts_are_weighted_sums_over_the_alternatives(
    tokeniser: Tokeniser, texts: list[str], terms: list[Term]
) -> None:
    with TemporaryDirectory() as folder:
        found = index(folder, texts, tokeniser)
        everything = (*plain(TOKENS), *terms)
        streams = gather(found, question(everything), len(texts)).streams
    for stream in streams.values():
        counted = {name: stream.frequencies[:, number] for number, name in enumerate(stream.terms)}
        held = stream.statistics.document_frequency
        nothing = np.zeros(len(stream.lengths))
        for term in terms:
            sums = [share * counted.get(token, nothing) for token, share in term.alternatives]
            assert counted[term.token] == pytest.approx(np.sum(sums, axis=0))
            expected = sum(share * held.get(token, 0.0) for token, share in term.alternatives)
            assert held[term.token] == pytest.approx(expected)


@settings(max_examples=40)
@given(CORPORA, st.sampled_from(TOKENS), st.sampled_from(TOKENS))
def test_a_group_of_one_is_that_token(tokeniser: Tokeniser, texts: list[str], one: str, other: str) -> None:
    alone = question(plain([one, other]))
    named = question((Term("named", ((one, 1.0),)), Term.plain(other)))
    with TemporaryDirectory() as folder:
        found = index(folder, texts, tokeniser)
        expected, actual = gather(found, alone, 3), gather(found, named, 3)
    assert [one.id for one in actual.articles] == [one.id for one in expected.articles]
    if one != other:
        for stream in Stream:
            assert np.array_equal(actual.streams[stream].frequencies, expected.streams[stream].frequencies)


def test_what_holds_either_is_found_before_what_holds_neither(tokeniser: Tokeniser, tmp_path: Path) -> None:
    found = index(str(tmp_path), ["tpu。", "cpu。", "ai。", "gpu tpu。"], tokeniser)
    either = Term("chip", (("gpu", 0.5), ("tpu", 0.5)))
    best = gather(found, question((either,)), 4).articles
    assert [article.record.summary for article in best] == ["tpu。", "gpu tpu。"]


def test_a_repeated_term_counts_each_time() -> None:
    counted = columns([*plain(["a", "b", "a"]), Term("b", (("b", 1.0),), weight=0.5)])
    assert counted.names == ("a", "b")
    assert counted.weights.tolist() == [2.0, 1.5]


@given(st.lists(groups(), max_size=4))
def test_every_token_of_the_terms_is_counted(terms: list[Term]) -> None:
    counted = columns(terms)
    assert set(counted.tokens) == {token for term in counted.terms for token, _ in term.alternatives}
    ones = np.ones(len(counted.tokens))
    assert counted.combined(ones) == pytest.approx(np.ones(len(counted.terms)))
