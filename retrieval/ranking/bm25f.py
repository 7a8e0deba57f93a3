"""BM25F: the scores of sentences over several fields and token streams."""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as Default

from retrieval.bm25 import PositiveBM25, StreamBM25, added
from retrieval.index.evidence import Evidence, StreamEvidence
from retrieval.models import Model, Stream

Field: TypeAlias = Literal["sentence", "previous", "next", "article", "title"]
EVERY = slice(None)


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


class Fields:
    """How often each term stands in each sentence and what surrounds it, weighted: terms x sentences.

    `own` is the sentence's own; `frequencies` adds up all fields; `article` is the place of its article.

    Args:
        own: how often each sentence holds each term.
        titles: the same of the titles: terms x articles.
        first: where the sentences of each article begin; one more for the end.
        weights: of the fields.
    """

    def __init__(
        self,
        own: NDArray[np.float64],
        titles: NDArray[np.float64],
        first: NDArray[np.int64],
        weights: Weights,
    ) -> None:
        self.own = own
        self.article: NDArray[np.int64] = np.arange(len(first) - 1).repeat(first[1:] - first[:-1])
        self._first = first
        self._weights = weights
        in_article = np.add.reduceat(own, first[:-1], axis=1)
        self._in_article = weights.article * np.minimum(in_article, weights.article_cap)
        self._in_title = weights.title * titles
        self.frequencies = self._all()

    def _all(self) -> NDArray[np.float64]:
        """The weighted frequencies of all fields, added up for all sentences."""
        first, total = self._first, self.own.copy()
        # Nothing is before the first of an article, or after the last: so all terms lie in one row.
        previous = self._weights.previous * self.own
        previous[:, first[1:] - 1] = 0
        total.ravel()[1:] += previous.ravel()[:-1]
        following = self._weights.next * self.own
        following[:, first[:-1]] = 0
        total.ravel()[:-1] += following.ravel()[1:]
        total += (self._in_article + self._in_title).take(self.article, axis=1)
        return total

    def of(self, name: Field, rows: NDArray[np.int64], terms: slice = EVERY) -> NDArray[np.float64]:
        """The weighted frequencies of one field in some sentences: terms x rows."""
        own = self.own[terms]
        if name == "sentence":
            return own.take(rows, axis=1)
        article = self.article.take(rows)
        if name == "previous":
            follows = rows > self._first.take(article)
            return own.take(rows - 1, axis=1, mode="clip") * (self._weights.previous * follows)
        if name == "next":
            precedes = rows + 1 < self._first.take(article + 1)
            return own.take(rows + 1, axis=1, mode="clip") * (self._weights.next * precedes)
        return (self._in_article if name == "article" else self._in_title)[terms].take(article, axis=1)


class StreamScores:
    """The gains of one stream's terms in each sentence, and what share of them each field has.

    All are terms x sentences: `own` is how often a sentence holds a term, `frequencies` the same with what
    surrounds it, `gains` what that adds to the score.

    Args:
        found: what the sentences hold.
        scorer: of the stream.
        weight: of the stream.
        fields: of the terms of all streams.
        span: which of all terms are the stream's.
    """

    def __init__(
        self,
        found: StreamEvidence,
        scorer: StreamBM25,
        weight: float,
        fields: Fields,
        span: slice,
    ) -> None:
        self.terms = found.terms
        self.own = fields.own[span]
        self.frequencies = fields.frequencies[span]
        idf = np.array([scorer.idf.get(term, 0.0) for term in found.terms])
        self.weighted_idf = weight * found.weights * idf
        self.gains = scorer.gain(self.weighted_idf[:, None], self.frequencies, scorer.norm(found.lengths))
        self.span = span
        self._fields = fields

    def field(self, name: Field, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """The weighted frequencies of one field in some sentences: terms x rows."""
        return self._fields.of(name, rows, self.span)

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
    `article` is the place of each sentence's article among those of the evidence; `fields` has the terms of
    all streams.
    """

    def __init__(self, evidence: Evidence, weights: Weights) -> None:
        found = {stream: evidence.streams[stream] for stream in weights.streams}
        nothing = np.zeros((0, len(evidence.quotable))), np.zeros((0, len(evidence.articles)))
        self.fields = Fields(
            np.concatenate([nothing[0], *(of.frequencies.T for of in found.values())]),
            np.concatenate([nothing[1], *(of.titles.T for of in found.values())]),
            evidence.first,
            weights,
        )
        self.article = self.fields.article
        self.streams: dict[Stream, StreamScores] = {}
        first = 0
        for stream, of in found.items():
            span = slice(first, first + len(of.terms))
            first = span.stop
            if of.terms:
                scorer = weights.scorer(of.statistics, k1=weights.k1, b=weights.b)
                self.streams[stream] = StreamScores(of, scorer, weights.streams[stream], self.fields, span)
        self.mass = 1e-6 + sum(float(added(scores.weighted_idf)) for scores in self.streams.values())
        self.raw: NDArray[np.float64] = np.zeros(len(evidence.quotable))
        for scores in self.streams.values():
            for gains in scores.gains:
                # One by one, as `added` does, and without a table of all sums on the way.
                self.raw += gains
        self.scores: NDArray[np.float64] = self.raw / self.mass
