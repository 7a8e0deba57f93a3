"""The first stage: the articles with the highest BM25 score, without scoring those that cannot be among them.

Terms are taken by falling weight. Once no article that holds only the terms left could reach the best ones so
far, the terms left are looked up for the articles found, not gone through (MaxScore: Turtle and Flood,
Information Processing & Management 1995). Whatever is skipped, an article's score adds up in the same order,
so that it is the same to the last digit as if all were scored.
"""

import itertools
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.postings import Postings
from retrieval.ragged import Array, distinct, is_new


class TermPostings(Protocol):
    """The articles of one segment that hold a term, numbered from the segment's first on."""

    @property
    def size(self) -> int:
        """How many they are."""

    def all(self) -> tuple[Array, Array]:
        """Their numbers, ascending, and how often each holds the term, in whatever types they are stored."""

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the term."""


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a question: where it stands, what it weighs, and what it can give at most.

    `held` has its postings in each segment that has any, by the number of the segment, `size` how many they
    are. `idf` and `weight` are BM25's idf and what multiplies the gain; `stream` is the number of its norms.
    """

    held: Mapping[int, TermPostings]
    size: int
    idf: float
    weight: float
    bound: float
    stream: int


class Gains:
    """Adds up weight · idf · tf(k1+1) / (tf + norm).

    Args:
        first: the number of each segment's first article among those of all, and the number of all.
        norms: streams x articles, what each article's length adds to the denominator.
        k1: BM25's.
    """

    def __init__(self, first: NDArray[np.int64], norms: NDArray[np.float64], k1: float) -> None:
        self.first = first
        self.k1 = k1
        self._norms = norms.ravel()
        self._count = int(first[-1])

    def add(
        self, terms: Sequence[WeightedTerm], allowed: NDArray[np.bool_] | None, scores: NDArray[np.float64]
    ) -> list[NDArray[np.int64]]:
        """Add what some terms give, in their order, to the scores of the articles allowed (None: all).

        Returns those whose score was 0 before, each once.
        """
        parts = [(term, place, *held.all()) for term in terms for place, held in term.held.items()]
        sizes = [len(articles) for _, _, articles, _ in parts]
        first = self.first[[place for _, place, _, _ in parts]]
        articles = np.concatenate([articles for _, _, articles, _ in parts]) + np.repeat(first, sizes)
        frequencies = np.concatenate([frequencies for _, _, _, frequencies in parts]).astype(np.float64)
        columns = zip(*((term.idf, term.weight, term.stream) for term, _, _, _ in parts), strict=True)
        idf, weight, stream = (
            np.repeat(column, sizes) if len(terms) > 1 else column[0] for column in columns
        )
        gains = self._gains(idf, weight, articles + stream * self._count, frequencies)
        if allowed is not None:
            is_allowed = allowed[articles]
            articles, gains = articles[is_allowed], gains[is_allowed]
        new = articles[scores[articles] == 0.0]
        # One by one in the order of the terms, whichever are taken together.
        np.add.at(scores, articles, gains)
        return [distinct(new)] if len(terms) > 1 else [new]

    def of(self, term: WeightedTerm, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """What a term gives to each of some articles, ascending."""
        frequencies = np.zeros(len(articles))
        borders = articles.searchsorted(self.first).tolist()
        for place, held in term.held.items():
            here = slice(borders[place], borders[place + 1])
            if here.start < here.stop:
                frequencies[here] = held.of(articles[here] - self.first[place])
        return self._gains(term.idf, term.weight, articles + term.stream * self._count, frequencies)

    def _gains(
        self, idf: Array | float, weight: Array | float, places: Array, frequencies: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The gains of articles, by the places of their norms, that hold one term or several so often."""
        gain = idf * frequencies * (self.k1 + 1) / (frequencies + self._norms.take(places))
        gains: NDArray[np.float64] = weight * gain
        return gains


WORTH_CHECKING = 512
"""Check the bound before scanning a term with this many postings."""
SLACK = 1 - 1e-9
"""Rounding tolerance of score bounds."""


class TokenPostings:
    """The postings of one token."""

    def __init__(self, of: Postings, start: int, end: int) -> None:
        self._postings = of
        self._start = start
        self._articles = of.article[start:end]
        self.size = end - start

    def all(self) -> tuple[Array, Array]:
        """The numbers of the articles, ascending, and how often each holds the token."""
        return self._articles, self._postings.frequencies(self._start, self._start + self.size)

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the token."""
        # In their own narrow type they are found faster; a number that does not fit is compared as it is.
        places = np.minimum(self._articles.searchsorted(articles.astype(self._articles.dtype)), self.size - 1)
        frequencies = self._postings.frequency_at(self._start + places)
        return np.where(self._articles[places] == articles, frequencies, 0).astype(np.float64)


class CombinedPostings:
    """The postings of several tokens that stand for one term, each with its share."""

    def __init__(self, parts: Sequence[tuple[float, TokenPostings]]) -> None:
        found = [(share, *listed.all()) for share, listed in parts]
        numbers = np.concatenate([articles for _, articles, _ in found])
        amounts = np.concatenate([share * frequencies for share, _, frequencies in found])
        if len(found) > 1:
            order = numbers.argsort(kind="stable")
            ascending = numbers[order]
            first = is_new(ascending)
            # bincount adds one by one in the order of the alternatives, the same on every machine.
            numbers, amounts = ascending[first], np.bincount(np.cumsum(first) - 1, amounts[order])
        self._articles, self._frequencies = numbers, amounts.astype(np.float64)
        self.size = len(self._articles)

    def all(self) -> tuple[Array, Array]:
        """The numbers of the articles, ascending, and how often each holds the term."""
        return self._articles, self._frequencies

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the term."""
        places = self._articles.searchsorted(articles)
        is_held = self._articles.take(places, mode="clip") == articles
        return np.where(is_held, self._frequencies.take(places, mode="clip"), 0.0)


class Search:
    """Finds the best articles of some segments; safe to use from several threads.

    Args:
        gains: adds up what terms give.
    """

    def __init__(self, gains: Gains) -> None:
        self._gains = gains
        self._scratch = threading.local()

    def best(
        self, terms: Sequence[WeightedTerm], limit: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `limit` best articles plus all tied with the last; their scores.

        Args:
            terms: by falling weight, in an order that does not depend on the segments.
            limit: articles wanted, at least 1.
            allowed: which articles to look at; None for all.
        """
        left = np.append(np.cumsum([term.bound for term in terms][::-1])[::-1], 0.0).tolist()
        articles, reached, taken = self._go_through(terms, left, limit, allowed)
        for number, term in enumerate(terms[taken:], taken + 1):
            reached = reached + self._gains.of(term, articles)
            articles, reached = _still_possible(articles, reached, left[number], limit)
        return articles, reached

    def _go_through(
        self,
        terms: Sequence[WeightedTerm],
        left: Sequence[float],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
        """Add up what the first terms give, until no other article could be among the best.

        Returns the articles that still can be, ascending, their scores so far, and how many terms that took.
        """
        scores = self._zeros()
        found = [np.zeros(0, dtype=np.int64)]
        border = -math.inf
        taken = 0
        try:
            while taken < len(terms):
                batch = list(itertools.takewhile(lambda term: term.size < WORTH_CHECKING, terms[taken:]))
                if not batch:
                    border = _border(scores[np.concatenate(found)], limit, border)
                    if border * SLACK > left[taken]:
                        break
                    batch = [terms[taken]]
                found += self._gains.add(batch, allowed, scores)
                taken += len(batch)
            articles = np.concatenate(found)
            articles, reached = _still_possible(articles, scores[articles], left[taken], limit)
            order = articles.argsort()
            return articles[order], reached[order], taken
        finally:
            for articles in found:
                scores[articles] = 0.0

    def _zeros(self) -> NDArray[np.float64]:
        """A score for every article: asked of the system once a thread, and left at zero after each use."""
        scores: NDArray[np.float64] | None = getattr(self._scratch, "scores", None)
        if scores is None:
            scores = self._scratch.scores = np.zeros(int(self._gains.first[-1]))
        return scores


def _border(scores: NDArray[np.float64], limit: int, least: float = -math.inf) -> float:
    """The lowest of the `limit` best scores, known to be at least `least`; that where there are fewer."""
    scores = scores[scores >= least]
    # A sort is quick where many are equal, which a partition is slow at.
    return float(np.sort(scores)[-limit]) if len(scores) >= limit else least


def _still_possible(
    articles: NDArray[np.int64], scores: NDArray[np.float64], left: float, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The articles that could still be among the best, when the terms left give `left` at most."""
    if len(articles) <= limit:
        return articles, scores
    kept = np.flatnonzero(scores + left >= _border(scores, limit) * (SLACK if left else 1))
    return articles[kept], scores[kept]
