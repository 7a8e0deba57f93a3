"""How much of a question the best sentence and its article hold, and how far they lead."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import added
from retrieval.index.evidence import Evidence
from retrieval.models import Stream
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.second_stage import Hit

Fact: TypeAlias = Callable[[], float]
"""How a fact is worked out."""
BEST_SENTENCES = 3
"""Sentences that an article's mean score is taken of."""
DECIMALS = 6
"""Digits of a fact: further ones could differ between machines."""


def facts(
    evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit], wanted: Collection[str]
) -> dict[str, float]:
    """What confidence is judged by: of the first hit, of its article, and how far that leads.

    A lead is over the best of the other articles, 0 being the least that these can have. Only facts that are
    wanted, by their names, are worked out.
    """
    ways: dict[str, Fact] = {
        "matched": lambda: hits[0].matched + hits[0].bonus,
        "matched lead": lambda: hits[0].matched + hits[0].bonus - _rival(hits),
        **_with_lead("best sentence", lambda: _best(evidence, scores.scores), hits[0].article),
        **_with_lead("best sentences", lambda: _mean_of_best(evidence, scores.scores), hits[0].article),
    }
    for stream in Stream:
        ways |= _Held(evidence, scores, stream, hits[0]).ways()
    return {name: round(way(), DECIMALS) for name, way in ways.items() if name in wanted}


def _rival(hits: Sequence[Hit]) -> float:
    """The best of another article, 0 where there is none."""
    others = (hit.matched + hit.bonus for hit in hits if hit.article != hits[0].article)
    return max(others, default=0.0)


class _Held:
    """How much of the question's terms the sentence and its article hold, and what the corpus lacks."""

    def __init__(self, evidence: Evidence, scores: SentenceScores, stream: Stream, best: Hit) -> None:
        self._stream = stream
        self._best = best
        self._first = evidence.first
        self._stored = evidence.streams[stream]
        self._scores = scores.streams.get(stream)

    def ways(self) -> dict[str, Fact]:
        """How each fact is worked out, by its name."""
        ways: dict[str, Fact] = {
            "sentence coverage": lambda: float(_dot(self._in_sentence, self._weight)[0]),
            **_with_lead("coverage", lambda: _dot(self._in_article, self._weight), self._best.article),
            **_with_lead("rare coverage", lambda: _dot(self._in_article, self._rare), self._best.article),
            "unknown": lambda: float(_dot((self._frequency == 0)[None, :], self._weight)[0]),
            "idf": lambda: float(added(self._idf)) / len(self._idf),
            "terms": lambda: float(added(self._stored.weights)),
        }
        nothing: Fact = float
        return {f"{self._stream} {name}": way if self._scores else nothing for name, way in ways.items()}

    @cached_property
    def _weight(self) -> NDArray[np.float64]:
        return _shares(self._scores.weighted_idf if self._scores else np.zeros(1))

    @cached_property
    def _in_sentence(self) -> NDArray[np.bool_]:
        return self._stored.frequencies[[self._best.row]] > 0

    @cached_property
    def _in_article(self) -> NDArray[np.bool_]:
        """Articles x terms."""
        most = np.maximum.reduceat(self._stored.frequencies, self._first[:-1], axis=0)
        held: NDArray[np.bool_] = most + self._stored.titles > 0
        return held

    @cached_property
    def _frequency(self) -> NDArray[np.float64]:
        frequency = self._stored.statistics.document_frequency
        return np.array([frequency.get(term, 0.0) for term in self._stored.terms])

    @cached_property
    def _idf(self) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.log((self._stored.statistics.documents + 1) / (self._frequency + 0.5))
        return found

    @cached_property
    def _rare(self) -> NDArray[np.float64]:
        return _shares(self._idf**3)


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(added(values))
    return values / max(total, 10.0**-DECIMALS)


def _dot(holds: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights held, row by row."""
    return added((holds * weights).T)


def _with_lead(name: str, values: Callable[[], NDArray[np.float64]], article: int) -> dict[str, Fact]:
    """A value of the best article, and how far it is above those of the others."""
    return {
        name: lambda: float(values()[article]),
        f"{name} lead": lambda: _lead(values(), article),
    }


def _lead(values: NDArray[np.float64], article: int) -> float:
    others = np.delete(values, article)
    return float(values[article]) - float(np.max(others, initial=0.0))


def _best(evidence: Evidence, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score of each article's best sentence."""
    best: NDArray[np.float64] = np.maximum.reduceat(scores, evidence.first[:-1])
    return best


def _mean_of_best(evidence: Evidence, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each article's best sentences."""
    starts, sizes = evidence.first[:-1], np.diff(evidence.first)
    article = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    order = scores.argsort()
    # Few bits are sorted digit by digit, many by comparing.
    ascending = scores[order[article[order].argsort(kind="stable")]]
    total, count = np.zeros(len(sizes)), np.minimum(sizes, BEST_SENTENCES)
    for place in range(BEST_SENTENCES):
        # From the least of them to the best, one by one: the same on every machine.
        is_there = place < count
        at = np.minimum(starts + sizes - count + place, len(scores) - 1)
        total += np.where(is_there, ascending[at], 0.0)
    mean: NDArray[np.float64] = total / count
    return mean
