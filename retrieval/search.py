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

from retrieval.arrays import Array
from retrieval.postings import Postings

WORTH_ASKING = 512
"""Postings of the next term from which on it is asked whether it need be gone through."""
SLACK = 1 - 1e-9
"""What a bound is allowed for rounding."""


class Held(Protocol):
    """The articles of one segment that hold a term, numbered from the segment's first on."""

    @property
    def size(self) -> int:
        """How many they are."""

    def all(self) -> tuple[Array, Array]:
        """Their numbers, ascending, and how often each holds the term, in whatever types they are stored."""

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the term."""


class Listed:
    """The postings of one token; `documents` are those of articles that were not removed."""

    def __init__(self, of: Postings, start: int, end: int, removed: NDArray[np.int64]) -> None:
        self._postings = of
        self._start = start
        self._articles = of.article[start:end]
        self.size = end - start
        self.documents = self.size
        if len(removed):
            self.documents -= int((self.of(removed) > 0).sum())

    def all(self) -> tuple[Array, Array]:
        """The numbers of the articles, ascending, and how often each holds the token."""
        return self._articles, self._postings.frequencies(self._start, self._start + self.size)

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the token."""
        wanted = articles.astype(self._articles.dtype)
        places = np.minimum(self._articles.searchsorted(wanted), self.size - 1)
        frequencies = self._postings.frequency_at(self._start + places)
        return np.where(self._articles[places] == wanted, frequencies, 0).astype(np.float64)


class Combined:
    """The postings of several tokens that stand for one term, each with its share."""

    def __init__(self, parts: Sequence[tuple[float, Listed]]) -> None:
        found = [(share, *listed.all()) for share, listed in parts]
        numbers = np.concatenate([articles for _, articles, _ in found])
        amounts = np.concatenate([share * frequencies for share, _, frequencies in found])
        self._articles, places = np.unique(numbers, return_inverse=True)
        # bincount adds one by one in the order of the alternatives, the same on every machine.
        self._frequencies = np.bincount(places, amounts).astype(np.float64)
        self.size = len(self._articles)

    def all(self) -> tuple[Array, Array]:
        """The numbers of the articles, ascending, and how often each holds the term."""
        return self._articles, self._frequencies

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the term."""
        places = self._articles.searchsorted(articles)
        is_held = self._articles.take(places, mode="clip") == articles
        return np.where(is_held, self._frequencies.take(places, mode="clip"), 0.0)


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a question: where it stands, what it weighs, and what it can give at most.

    `held` has its postings in each segment that has any, by the number of the segment, `size` how many they
    are. `idf` and `weight` are BM25's idf and what multiplies the gain; `stream` is the number of its norms.
    """

    held: Mapping[int, Held]
    size: int
    idf: float
    weight: float
    bound: float
    stream: int


class Search:
    """Finds the best articles of some segments; safe to use from several threads.

    Args:
        first: the number of each segment's first article among those of all, and the number of all.
        norms: streams x articles, what each article's length adds to the denominator of BM25.
        k1: BM25's.
    """

    def __init__(self, first: NDArray[np.int64], norms: NDArray[np.float64], k1: float) -> None:
        self._first = first
        self._norms = norms.ravel()
        self._k1 = k1
        self._scratch = threading.local()

    def best(
        self, terms: Sequence[WeightedTerm], limit: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `limit` articles of highest score, and whoever equals the last of them; their scores.

        Args:
            terms: by falling weight, in an order that does not depend on the segments.
            limit: articles wanted, at least 1.
            allowed: which articles to look at; None for all.
        """
        left = np.append(np.cumsum([term.bound for term in terms][::-1])[::-1], 0.0).tolist()
        articles, reached, taken = self._go_through(terms, left, limit, allowed)
        articles, reached = _still_possible(articles, reached, left[taken], limit)
        for number, term in enumerate(terms[taken:], taken + 1):
            reached = reached + self._gains([term], articles, self._frequencies(term, articles))
            if len(articles) > limit:
                articles, reached = _still_possible(articles, reached, left[number], limit)
        return articles, reached

    def _zeros(self) -> NDArray[np.float64]:
        """A score for every article: asked of the system once a thread, and left at zero after each use."""
        scores: NDArray[np.float64] | None = getattr(self._scratch, "scores", None)
        if scores is None:
            scores = self._scratch.scores = np.zeros(int(self._first[-1]))
        return scores

    def _go_through(
        self,
        terms: Sequence[WeightedTerm],
        left: Sequence[float],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
        """Add up what the first terms give, until no other article could be among the best.

        Returns the articles with any of them, ascending, their scores so far, and how many terms that took.
        """
        scores = self._zeros()
        found: list[NDArray[np.int64]] = []
        taken = 0
        try:
            while taken < len(terms):
                batch = list(itertools.takewhile(lambda term: term.size < WORTH_ASKING, terms[taken:]))
                if not batch:
                    border = _border(scores[_distinct(found)], limit)
                    if border * SLACK > left[taken]:
                        break
                    batch = [terms[taken]]
                articles, gains = self._all(batch)
                if allowed is not None:
                    is_allowed = allowed[articles]
                    articles, gains = articles[is_allowed], gains[is_allowed]
                found.append(articles)
                # One by one in the order of the terms, whichever are taken together.
                np.add.at(scores, articles, gains)
                taken += len(batch)
            everything = _distinct(found)
            return everything, scores[everything], taken
        finally:
            for articles in found:
                scores[articles] = 0.0

    def _all(self, terms: Sequence[WeightedTerm]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The articles that hold some terms, term after term, by their numbers among all; what each gains."""
        parts = [(term, place, *held.all()) for term in terms for place, held in term.held.items()]
        sizes = [len(articles) for _, _, articles, _ in parts]
        first = self._first[[place for _, place, _, _ in parts]]
        articles = np.concatenate([articles for _, _, articles, _ in parts]) + np.repeat(first, sizes)
        frequencies = np.concatenate([frequencies for _, _, _, frequencies in parts]).astype(np.float64)
        return articles, self._gains([term for term, _, _, _ in parts], articles, frequencies, sizes)

    def _gains(
        self,
        terms: Sequence[WeightedTerm],
        articles: NDArray[np.int64],
        frequencies: NDArray[np.float64],
        sizes: Sequence[int] | None = None,
    ) -> NDArray[np.float64]:
        """What one term adds to the scores of articles that hold it so often, or several terms in turn."""
        idf: Array | float = terms[0].idf
        weight: Array | float = terms[0].weight
        at = articles + terms[0].stream * int(self._first[-1])
        if sizes is not None and len(terms) > 1:
            columns = [[term.idf, term.weight, term.stream] for term in terms]
            idf, weight, stream = np.repeat(np.array(columns).T, sizes, axis=1)
            at = articles + stream.astype(np.int64) * int(self._first[-1])
        gain = idf * frequencies * (self._k1 + 1) / (frequencies + self._norms[at])
        gains: NDArray[np.float64] = weight * gain
        return gains

    def _frequencies(self, term: WeightedTerm, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles, ascending, holds a term."""
        frequencies = np.zeros(len(articles))
        borders = articles.searchsorted(self._first).tolist()
        for place, held in term.held.items():
            here = slice(borders[place], borders[place + 1])
            if here.start < here.stop:
                frequencies[here] = held.of(articles[here] - self._first[place])
        return frequencies


def _distinct(found: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The numbers of articles that were found once or more, ascending."""
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *found])
    numbers.sort()
    is_first = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return numbers[is_first]


def _border(scores: NDArray[np.float64], limit: int) -> float:
    """The lowest of the `limit` best scores; minus infinity where there are fewer."""
    return float(np.partition(scores, -limit)[-limit]) if len(scores) >= limit else -math.inf


def _still_possible(
    articles: NDArray[np.int64], scores: NDArray[np.float64], left: float, limit: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The articles that could still be among the best, when the terms left give `left` at most."""
    if len(articles) <= limit:
        return articles, scores
    kept = np.flatnonzero(scores + left >= _border(scores, limit) * (SLACK if left else 1))
    return articles[kept], scores[kept]
