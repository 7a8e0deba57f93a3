"""Skipping changes nothing: the best articles and their scores are those of scoring every article in full."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.search import maxscore
from retrieval.index.search.maxscore import CombinedPostings, Gains, Search, TokenPostings, WeightedTerm
from retrieval.index.segment import postings
from retrieval.index.segment.postings import FULL, Occurrences, Postings, Terms
from retrieval.index.segment.reader import Segment
from retrieval.index.update import updates, verification
from retrieval.language.lexicon import token_key
from retrieval.ragged import order

ARTICLES = 400


@dataclass(frozen=True)
class Stored:
    """Postings, and where those of each term lie."""

    terms: Terms
    postings: Postings


def stored(tokens: NDArray[np.int64]) -> Stored:
    """Of articles given by how often each (row) holds each token (column)."""
    sizes = tokens.sum(axis=1)
    flat = np.concatenate([np.repeat(np.arange(tokens.shape[1]), row) for row in tokens])
    rows = np.repeat(np.arange(len(sizes)), sizes)
    nothing = np.zeros(0, dtype=np.int64)
    found = Occurrences.of(flat, rows, order(flat))
    counted = postings.count(found, np.arange(len(sizes)), (nothing, nothing), tokens.shape[1])
    return Stored(Terms(**postings.of_terms(counted)), Postings(**postings.of_articles(counted, sizes)))


def listed(of: Stored, token: int) -> TokenPostings:
    _, start, end, _ = of.terms.found(np.array([token]))
    return TokenPostings(of.postings, int(start[0]), int(end[0]))


def size(of: Stored, token: int) -> int:
    return len(listed(of, token).all()[0])


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.integers(1, 60),
    st.integers(1, 3),
    st.sampled_from([None, 0.5]),
    st.sampled_from([(1, 0), (1, 20), (300, 20), (10**9, 0), (1, 10**9)]),
)
def test_the_best_are_those_of_scoring_everything(
    seed: int, limit: int, segments: int, share: float | None, skipping: tuple[int, int]
) -> None:
    chance = np.random.default_rng(seed)
    shares = chance.choice([0.02, 0.2, 0.9], 8)
    tokens = chance.binomial(chance.choice([1, 3, 400]), shares, (ARTICLES, 8))
    tokens[chance.random(tokens.shape) > shares] = 0
    first = np.linspace(0, ARTICLES, segments + 1).astype(np.int64)
    parts = [stored(tokens[start:end]) for start, end in pairwise(first)]
    norm = 0.5 + chance.random(ARTICLES)
    allowed = None if share is None else chance.random(ARTICLES) < share
    terms = sorted(
        (
            WeightedTerm(
                held={at: listed(part, token) for at, part in enumerate(parts) if size(part, token)},
                size=sum(size(part, token) for part in parts),
                idf=float(idf),
                weight=1.0,
                bound=float(idf) * 1.9,
                stream=0,
            )
            for token, idf in enumerate(chance.random(8) * 5)
            if tokens[:, token].any()
        ),
        key=lambda term: -term.idf,
    )
    expected = np.zeros(ARTICLES)
    for term in terms:
        for at, held in term.held.items():
            numbers, frequencies = held.all()
            often = frequencies.astype(np.float64)
            expected[numbers + first[at]] += term.idf * often * 1.9 / (often + norm[numbers + first[at]])
    if allowed is not None:
        expected[~allowed] = 0
    finder = Search(Gains(first, norm[None], 0.9))
    at_once, few = skipping
    with mock.patch.object(maxscore, "AT_ONCE", at_once), mock.patch.object(maxscore, "FEW", few):
        for _ in range(2):  # the second time finds the working memory as the first left it
            articles, scores = finder.best(terms, limit, allowed)
            matching = np.flatnonzero(expected)
            border = np.sort(expected[matching])[-limit] if len(matching) > limit else 0.0
            assert articles.tolist() == matching[expected[matching] >= border].tolist()
            assert scores.tolist() == expected[articles].tolist()


def test_a_frequency_of_any_size_is_exact() -> None:
    of = stored(np.array([[FULL - 1], [FULL], [FULL + 1], [0], [70_000]]))
    found = listed(of, 0)
    numbers, frequencies = found.all()
    assert numbers.tolist() == [0, 1, 2, 4]
    assert frequencies.tolist() == [FULL - 1, FULL, FULL + 1, 70_000]
    assert found.of(np.arange(5)).tolist() == [FULL - 1, FULL, FULL + 1, 0, 70_000]


def test_several_tokens_count_as_one_term_by_their_shares() -> None:
    of = stored(np.array([[1, 0], [2, 3], [0, 1], [0, 0]]))
    found = CombinedPostings([(0.75, listed(of, 0)), (0.25, listed(of, 1))])
    assert found.all()[0].tolist() == [0, 1, 2]
    assert found.of(np.arange(4)).tolist() == [0.75, 2.25, 0.25, 0.0]


WORDS = "上海 北京 深圳 企业 产值 增长 补贴 芯片 机器人 大模型 GPT-4 2023年 30%".split()
SUMMARIES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map("".join), min_size=1, max_size=4
)

SESSION_TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    # hypothesis asks for fixtures once an example; the tokeniser is the same for all.
    SESSION_TOKENISER[:] = [tokeniser]


@settings(max_examples=15)
@given(st.lists(SUMMARIES, min_size=1, max_size=8), st.data())
def test_changes_struck_out_or_joined_leave_what_indexing_anew_gives(
    summaries: list[list[str]], data: st.DataObject
) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles = [
        Article(
            title=lines[0],
            url=None,
            summary="。".join(lines) + "。",
            industries=(lines[0],),
            file=f"{n}",
            record=1,
        )
        for n, lines in enumerate(summaries)
    ]
    articles = list({article.id: article for article in articles}.values())
    gone = data.draw(st.sets(st.sampled_from(articles).map(lambda article: article.id)))
    left = [article for article in articles if article.id not in gone]
    question = data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join))
    cut = data.draw(st.integers(0, len(articles)))
    with TemporaryDirectory() as place:
        changed, anew = Path(place) / "changed", Path(place) / "anew"
        updates.update(anew, left, tokeniser)
        expected = Retriever(EmbeddedIndex(anew, tokeniser), tokeniser).ask(question).passages
        with mock.patch.object(updates, "SMALL", 0):
            updates.update(changed, articles[:cut], tokeniser)
            updates.change(changed, articles[cut:], (), tokeniser)
            updates.change(changed, (), gone, tokeniser)
        for _ in range(2):
            index = EmbeddedIndex(changed, tokeniser)
            assert sorted(article.id for article in index.sample(len(left) + 1)) == sorted(a.id for a in left)
            assert Retriever(index, tokeniser).ask(question).passages == expected
            assert all(index.find(article) is None for article in gone)
            updates.compact(changed, tokeniser)
            verification.verify(changed, tokeniser)


def test_after_joining_nothing_of_a_removed_article_is_on_disk(tokeniser: Tokeniser, tmp_path: Path) -> None:
    kept = Article(title="上海", url=None, summary="上海的企业。", file="1", record=1)
    secret = Article(title="密", url=None, summary="鑫诺卫星zebra42。", file="2", record=1)
    with mock.patch.object(updates, "SMALL", 0):
        updates.update(tmp_path, [kept, secret], tokeniser)
        updates.change(tmp_path, (), {secret.id}, tokeniser)
    assert {"上海", "密"} == set(stored_titles(tmp_path))
    updates.compact(tmp_path, tokeniser)
    assert stored_titles(tmp_path) == ["上海"]
    name = token_key("zebra42").to_bytes(8, "little")
    assert not any(name in path.read_bytes() for path in (tmp_path / "segments").iterdir())


def stored_titles(folder: Path) -> list[str]:
    """The titles of all articles in the files, removed ones too."""
    segments = [Segment(path) for path in (folder / "segments").iterdir()]
    return [segment.article(n).title for segment in segments for n in range(segment.article_count)]
