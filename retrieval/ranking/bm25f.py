"""BM25F: the scores of sentences over several fields and token streams."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as Default

from retrieval.bm25 import PositiveBM25, StreamBM25, added
from retrieval.index.evidence import Evidence
from retrieval.models import Model, Stream

Field: TypeAlias = Literal["sentence", "previous", "next", "article", "title"]


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


class StreamScores:
    """The gains of one stream's terms in each sentence, and what share of them each field has.

    All are terms x sentences: `own` is how often a sentence holds a term, `frequencies` the same with what
    surrounds it, `gains` what that adds to the score.
    """

    def __init__(
        self, evidence: Evidence, stream: Stream, weights: Weights, article: NDArray[np.int64]
    ) -> None:
        found = evidence.streams[stream]
        scorer = weights.scorer(found.statistics, k1=weights.k1, b=weights.b)
        self.terms = found.terms
        self.own = np.ascontiguousarray(found.frequencies.T)
        self.weighted_idf = (
            weights.streams[stream]
            * found.weights
            * np.array([scorer.idf.get(term, 0.0) for term in found.terms])
        )
        self._first = evidence.first
        self._article = article
        self._weights = weights
        in_article = np.add.reduceat(self.own, evidence.first[:-1], axis=1)
        self._in_article = weights.article * np.minimum(in_article, weights.article_cap)
        self._in_title = weights.title * found.titles.T
        self.frequencies = self._all_fields()
        self.gains = scorer.gain(self.weighted_idf[:, None], self.frequencies, scorer.norm(found.lengths))

    def _all_fields(self) -> NDArray[np.float64]:
        """The weighted frequencies of all fields, added up for all sentences."""
        first, total = self._first, self.own.copy()
        previous = self._weights.previous * self.own
        previous[:, first[1:] - 1] = 0
        total[:, 1:] += previous[:, :-1]
        following = self._weights.next * self.own
        following[:, first[:-1]] = 0
        total[:, :-1] += following[:, 1:]
        total += (self._in_article + self._in_title).take(self._article, axis=1)
        return total

    def field(self, name: Field, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The weighted frequencies of one field in some sentences: terms x rows."""
        if name == "sentence":
            return self.own.take(rows, axis=1)
        article = self._article.take(rows)
        if name == "previous":
            follows = rows > self._first.take(article)
            return self.own.take(rows - 1, axis=1, mode="clip") * (self._weights.previous * follows)
        if name == "next":
            precedes = rows + 1 < self._first.take(article + 1)
            return self.own.take(rows + 1, axis=1, mode="clip") * (self._weights.next * precedes)
        return (self._in_article if name == "article" else self._in_title).take(article, axis=1)

    def shares(self, sentence: int) -> Iterator[tuple[str, Field, float]]:
        """What each term adds to one sentence's score through each field, the zeros left out."""
        row = np.array([sentence])
        fields = {name: self.field(name, row)[:, 0].tolist() for name in get_args(Field)}
        totals, gains = self.frequencies[:, sentence].tolist(), self.gains[:, sentence].tolist()
        for number, term in enumerate(self.terms):
            for name, frequencies in fields.items():
                if frequencies[number]:
                    yield term, name, gains[number] * (frequencies[number] / totals[number])


class SentenceScores:
    """The scores of all sentences of the evidence, with what they are made of.

    `raw` sums the gains; `scores` is its share of `mass`, the most that the question's terms could give;
    `article` is the place of each sentence's article among those of the evidence.
    """

    def __init__(self, evidence: Evidence, weights: Weights) -> None:
        sizes = np.diff(evidence.first)
        self.article: NDArray[np.int64] = np.repeat(np.arange(len(sizes)), sizes)
        self.streams = {
            stream: StreamScores(evidence, stream, weights, self.article)
            for stream in weights.streams
            if evidence.streams[stream].terms
        }
        self.mass = 1e-6 + sum(float(added(scores.weighted_idf)) for scores in self.streams.values())
        self.raw: NDArray[np.float64] = np.zeros(len(evidence.quotable))
        for scores in self.streams.values():
            for gains in scores.gains:
                # One by one, as `added` does, and without a table of all sums on the way.
                self.raw += gains
        self.scores: NDArray[np.float64] = self.raw / self.mass
