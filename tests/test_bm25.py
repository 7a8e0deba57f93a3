"""The scoring agrees with rank_bm25 where both say the same, and adds up."""

import functools
import operator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from retrieval import Article, EmbeddedIndex, Tokeniser
from retrieval.bm25 import Statistics, StreamBM25, added
from retrieval.index.evidence import Evidence, StreamEvidence, gather
from retrieval.index.segment.article import EmbeddedArticle
from retrieval.index.update import updates
from retrieval.language.normalise import normalise
from retrieval.models import Stream
from retrieval.questions.chinese import understand
from retrieval.ranking.bm25f import SentenceScores, Weights

PLAIN = Weights(
    streams={Stream.WORD: 1.0},
    k1=1.5,
    b=0.75,
    title=0,
    previous=0,
    next=0,
    article=0,
    scorer=StreamBM25,
)
"""What is left of the weights is BM25Okapi with rank_bm25's defaults."""
WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def evidence(documents: list[list[str]], query: list[str], sizes: list[int]) -> Evidence:
    tokens = tuple(dict.fromkeys(query))
    lengths = np.array([len(document) for document in documents], dtype=float)
    vocabulary = {token for document in documents for token in document}
    return Evidence(
        articles=[mock.create_autospec(EmbeddedArticle, instance=True) for _ in sizes],
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        order=np.arange(len(sizes), dtype=np.uint64),
        quotable=np.ones(len(documents), dtype=np.bool_),
        holds=np.zeros(len(documents), dtype=np.uint8),
        streams={
            Stream.WORD: StreamEvidence(
                terms=tokens,
                weights=np.array([query.count(token) for token in tokens], dtype=float),
                statistics=Statistics(
                    documents=len(documents),
                    mean_length=float(lengths.mean()),
                    document_frequency={
                        token: sum(token in document for document in documents) for token in vocabulary
                    },
                ),
                frequencies=np.array(
                    [[document.count(token) for token in tokens] for document in documents], dtype=float
                ).reshape(len(documents), len(tokens)),
                lengths=lengths,
                titles=np.zeros((len(sizes), len(tokens))),
            ),
        },
    )


@given(
    st.lists(WORDS, min_size=1, max_size=12).filter(any), st.lists(st.sampled_from("abcdefghz"), max_size=6)
)
def test_without_context_scores_are_those_of_rank_bm25(documents: list[list[str]], query: list[str]) -> None:
    expected = BM25Okapi(documents).get_scores(query)
    found = SentenceScores(evidence(documents, query, [len(documents)]), PLAIN).raw
    assert found == pytest.approx(expected, abs=1e-9)


@given(
    st.lists(WORDS, min_size=2, max_size=12).filter(any), st.lists(st.sampled_from("abcdefgh"), min_size=1)
)
def test_shares_add_up_to_the_score(documents: list[list[str]], query: list[str]) -> None:
    half = len(documents) // 2
    weights = Weights(streams={Stream.WORD: 1.0})
    scores = SentenceScores(evidence(documents, query, [half, len(documents) - half]), weights)
    for row, raw in enumerate(scores.raw):
        shares = [amount for _, _, amount in scores.streams[Stream.WORD].shares(row)]
        assert sum(shares) == pytest.approx(raw, abs=1e-9)
        assert all(amount > 0 for amount in shares)


@given(
    st.lists(WORDS, min_size=1, max_size=12).filter(any), st.lists(st.sampled_from("abcdefgh"), min_size=1)
)
def test_a_score_is_a_share_of_the_most_there_could_be(documents: list[list[str]], query: list[str]) -> None:
    scores = SentenceScores(
        evidence(documents, query, [len(documents)]), Weights(streams={Stream.WORD: 1.0})
    ).scores
    # (k1 + 1) · tf / (tf + norm) is below k1 + 1, and the mass counts each token once.
    assert np.all((scores >= 0) & (scores < 1 + Weights().k1))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.integers(1, 40))
def test_what_is_added_up_is_added_one_by_one(values: list[float], columns: int) -> None:
    expected = functools.reduce(operator.add, values)
    assert float(added(np.array(values))) == expected
    by_column = np.array([values] * columns).T
    assert added(by_column).tolist() == [expected] * columns
    assert added(np.ascontiguousarray(by_column)).tolist() == [expected] * columns


@given(st.lists(WORDS, min_size=1, max_size=12).filter(any), st.permutations("abcdefgh"))
def test_the_most_there_could_be_is_added_as_the_scores_are(
    documents: list[list[str]], query: list[str]
) -> None:
    weights = Weights(streams={Stream.WORD: 1.0})
    scores = SentenceScores(evidence(documents, query, [len(documents)]), weights)
    stream = scores.streams[Stream.WORD]
    assert scores.mass == 1e-6 + functools.reduce(operator.add, stream.weighted_idf.tolist())
    assert scores.raw.tolist() == [
        functools.reduce(operator.add, gains, 0.0) for gains in stream.gains.T.tolist()
    ]


def test_neighbours_count_only_within_their_article() -> None:
    found = evidence([["a"], ["b"], ["b"], ["a"]], ["a"], [2, 2])
    neighbours = Weights(streams={Stream.WORD: 1.0}, article=0)
    scores = SentenceScores(found, neighbours).raw
    assert scores[1] > scores[2] > 0
    apart = SentenceScores(evidence([["a"], ["b"], ["b"], ["c"]], ["a"], [2, 2]), neighbours).raw
    assert apart[1] > 0
    assert apart[2] == 0


def test_an_index_on_disk_gives_the_scores_of_rank_bm25(tokeniser: Tokeniser) -> None:
    texts = ["上海发布算力新政。补贴最高达三成。", "北京的企业增长很快。上海的企业也增长。", "天气晴朗。"]
    articles = [
        Article(title="", url=None, summary=text, file="a.txt", record=number)
        for number, text in enumerate(texts, 1)
    ]
    sentences = [part + "。" for text in texts for part in text.split("。") if part]
    expected = BM25Okapi([tokeniser.words(normalise(sentence)) for sentence in sentences])
    with TemporaryDirectory() as folder:
        updates.update(Path(folder) / "index", articles, tokeniser)
        index = EmbeddedIndex(Path(folder) / "index", tokeniser)
        question = understand("上海的企业增长", tokeniser)
        found = gather(index, question, limit=10)
        stream = found.streams[Stream.WORD]
        everything = Statistics(
            documents=stream.statistics.documents,
            mean_length=stream.statistics.mean_length,
            document_frequency={
                word: sum(word in tokeniser.words(normalise(sentence)) for sentence in sentences)
                for sentence in sentences
                for word in tokeniser.words(normalise(sentence))
            },
        )
        rows = SentenceScores(
            Evidence(
                articles=found.articles,
                first=found.first,
                order=found.order,
                quotable=found.quotable,
                holds=found.holds,
                streams={
                    Stream.WORD: StreamEvidence(
                        terms=stream.terms,
                        weights=stream.weights,
                        statistics=everything,
                        frequencies=stream.frequencies,
                        lengths=stream.lengths,
                        titles=stream.titles,
                    )
                },
            ),
            PLAIN,
        ).raw
    shown = [
        sentence
        for article in found.articles
        for sentence in (article.text(number) for number in range(len(article.sentences)))
    ]
    scores = expected.get_scores([term.token for term in question.terms[Stream.WORD]])
    for sentence, row in zip(shown, rows, strict=True):
        assert row == pytest.approx(scores[sentences.index(sentence)], abs=1e-9)
