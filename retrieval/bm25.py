"""The scoring: rank_bm25's classes over term frequencies instead of a scan of every document.

Two uses of one formula (Robertson et al., Okapi at TREC-3): articles are scored by their own tokens, and
sentences by a BM25F (Robertson, Zaragoza, Taylor 2004) in which a sentence's neighbours, article and title
count a little inside the saturated term frequency.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as Default
from rank_bm25 import BM25Okapi

from retrieval.evidence import Evidence, Statistics, StreamEvidence
from retrieval.models import Model, Stream

Field: TypeAlias = Literal["sentence", "previous", "next", "article", "title"]


class StreamBM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """BM25Okapi of one stream of tokens; its scores are rank_bm25's, from frequencies that were looked up."""

    idf: dict[str, float]
    corpus_size: int
    avgdl: float

    def __init__(self, statistics: Statistics, *, k1: float, b: float) -> None:
        super().__init__(statistics, k1=k1, b=b)

    def _initialize(self, corpus: Statistics) -> dict[str, float]:
        self.corpus_size = corpus.documents
        self.avgdl = corpus.mean_length
        return dict(corpus.document_frequency)

    def norm(self, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a document's length adds to the denominator, a number a document."""
        norm: NDArray[np.float64] = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return norm

    def gain(
        self,
        idf: float | NDArray[np.float64],
        frequencies: NDArray[np.float64],
        norm: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """What term frequencies add to the scores: idf · tf(k1+1) / (tf + norm)."""
        gain: NDArray[np.float64] = idf * frequencies * (self.k1 + 1) / (frequencies + norm)
        return gain


class PositiveBM25(StreamBM25):
    """With Lucene's idf, log(1 + (N-n+.5)/(n+.5)): above 0 however common a token is."""

    def _calc_idf(self, nd: Mapping[str, float]) -> None:
        for token, count in nd.items():
            self.idf[token] = math.log(1 + (self.corpus_size - count + 0.5) / (count + 0.5))


class Weights(Model):
    """The weights of a sentence's score, as measured (README, "How it ranks").

    `title`, `previous`, `next` and `article` multiply the term frequency in what surrounds the sentence;
    that of the article is capped at `article_cap` first.
    """

    streams: Mapping[Stream, float] = Default(
        default={Stream.WORD: 1.0, Stream.CHARACTER: 1.0, Stream.BIGRAM: 0.5},
    )
    k1: float = 0.3
    b: float = 0.2
    title: float = 2.0
    previous: float = 0.2
    next: float = 0.1
    article: float = 0.05
    article_cap: int = 3
    scorer: type[StreamBM25] = PositiveBM25


class ArticleWeights(Model):
    """The weights of an article's score; a token of its title counts `title` times."""

    streams: Mapping[Stream, float] = Default(default={Stream.WORD: 1.0, Stream.BIGRAM: 0.5})
    k1: float = 0.9
    b: float = 0.4
    title: int = 3


class StreamScores:
    """The gains of one stream's terms in each sentence, and what share of them each field has."""

    def __init__(self, evidence: Evidence, stream: Stream, weights: Weights) -> None:
        found = evidence.streams[stream]
        self.terms = found.terms
        self.fields = dict(_fields(evidence.first, found, weights))
        self.frequencies = sum(self.fields.values(), np.zeros_like(found.frequencies))
        scorer = weights.scorer(found.statistics, k1=weights.k1, b=weights.b)
        norm = scorer.norm(found.lengths)[:, None]
        self.weighted_idf = (
            weights.streams[stream]
            * found.weights
            * np.array([scorer.idf.get(term, 0.0) for term in found.terms])
        )
        self.gains = scorer.gain(self.weighted_idf, self.frequencies, norm)

    def shares(self, sentence: int) -> Iterator[tuple[str, Field, float]]:
        """What each term adds to one sentence's score through each field, the zeros left out."""
        for column, term in enumerate(self.terms):
            total = self.frequencies[sentence, column]
            for field, frequencies in self.fields.items():
                if frequencies[sentence, column]:
                    share = frequencies[sentence, column] / total
                    yield term, field, float(self.gains[sentence, column] * share)


def _fields(
    first: NDArray[np.int64],
    found: StreamEvidence,
    weights: Weights,
) -> Iterator[tuple[Field, NDArray[np.float64]]]:
    """The weighted term frequencies of each field, each sentences x terms."""
    frequencies = found.frequencies
    sizes = np.diff(first)
    previous = np.zeros_like(frequencies)
    previous[1:] = frequencies[:-1]
    previous[first[:-1]] = 0
    following = np.zeros_like(frequencies)
    following[:-1] = frequencies[1:]
    following[first[1:] - 1] = 0
    in_article = np.minimum(np.add.reduceat(frequencies, first[:-1], axis=0), weights.article_cap)
    yield "sentence", frequencies
    yield "previous", weights.previous * previous
    yield "next", weights.next * following
    yield "article", weights.article * np.repeat(in_article, sizes, axis=0)
    yield "title", weights.title * np.repeat(found.titles, sizes, axis=0)


class SentenceScores:
    """The scores of all sentences of the evidence, with what they are made of.

    `raw` sums the gains; `scores` is its share of `mass`, the most that the question's terms could give.
    """

    def __init__(self, evidence: Evidence, weights: Weights) -> None:
        self.streams = {
            stream: StreamScores(evidence, stream, weights)
            for stream in weights.streams
            if evidence.streams[stream].terms
        }
        self.mass = 1e-6 + sum(float(scores.weighted_idf.sum()) for scores in self.streams.values())
        self.raw: NDArray[np.float64] = np.zeros(len(evidence.quotable))
        for scores in self.streams.values():
            for column in scores.gains.T:
                # One by one: NumPy's own sum adds in an order that differs between machines.
                self.raw += column
        self.scores: NDArray[np.float64] = self.raw / self.mass
