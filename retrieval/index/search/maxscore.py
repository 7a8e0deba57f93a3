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
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.postings import Postings
from retrieval.ragged import Array, distinct, is_new


class TermPostings(Protocol):
    """The articles of one segment that hold a term, numbered from the segment's first on."""

    def all(self) -> tuple[Array, Array]:
        """Their numbers, ascending, and how often each holds the term, in whatever types they are stored."""

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the term."""


class WeightedTerm(NamedTuple):
    """A term of a question: where it stands, what it weighs, and what it can give at most.

    `held` has its postings in each segment that has any, by the number of the segment, `size` how many its
    tokens have. `idf` and `weight` are BM25's idf and what multiplies the gain; `stream` is the number of its
    norms.
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
        self._k1 = k1
        self._norms = norms.ravel()
        self._count = int(first[-1])

    def add(
        self, terms: Sequence[WeightedTerm], allowed: NDArray[np.bool_] | None, scores: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], slice]:
        """Add what some terms give, in their order, to the scores of the articles allowed (None: all).

        Returns the articles of all postings, and where among them is the longest run with none twice.
        """
        parts = [(term, place, *held.all()) for term in terms for place, held in term.held.items()]
        of_terms, places, listed, often = zip(*parts, strict=True)
        sizes = np.array([len(articles) for articles in listed])
        articles = np.concatenate(listed, dtype=np.int64)
        articles += self.first.take(places).repeat(sizes)
        frequencies = np.concatenate(often, dtype=np.float64)
        of_norms = np.array([term.stream * self._count for term in of_terms]).repeat(sizes)
        of_norms += articles
        gains = np.array([term.idf for term in of_terms]).repeat(sizes)
        self._saturate(gains, frequencies, self._norms.take(of_norms))
        gains *= np.array([term.weight for term in of_terms]).repeat(sizes)
        if allowed is not None:
            gains *= allowed.take(articles)
        # One by one in the order of the terms, whichever are taken together.
        np.add.at(scores, articles, gains)
        longest = int(sizes.argmax())
        start = int(sizes[:longest].sum())
        return articles, slice(start, start + int(sizes[longest]))

    def of(self, terms: Sequence[WeightedTerm], articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """What each of some terms gives to each of some articles, ascending: terms x articles."""
        frequencies = np.zeros((len(terms), len(articles)))
        borders = articles.searchsorted(self.first).tolist()
        spans = [slice(*border) for border in pairwise(borders)]
        numbers = [articles[span] - first for span, first in zip(spans, self.first.tolist(), strict=False)]
        for of_term, term in zip(frequencies, terms, strict=True):
            for place, held in term.held.items():
                if len(numbers[place]):
                    of_term[spans[place]] = held.of(numbers[place])
        of_norms = np.array([term.stream * self._count for term in terms])[:, None] + articles
        gains = np.array([[term.idf] for term in terms]).repeat(len(articles), axis=1)
        self._saturate(gains, frequencies, self._norms.take(of_norms))
        gains *= np.array([[term.weight] for term in terms])
        return gains

    def _saturate(
        self, idf: NDArray[np.float64], frequencies: NDArray[np.float64], norms: NDArray[np.float64]
    ) -> None:
        """Turn, in place, idf into idf · tf(k1+1) / (tf + norm)."""
        idf *= frequencies
        idf *= self._k1 + 1
        norms += frequencies
        idf /= norms


AT_ONCE = 1 << 15
"""Postings gone through together: what is decided between two runs costs as much."""
FEW = 256
"""Articles for which all terms left are looked up together."""
SLACK = 1 - 1e-9
"""Rounding tolerance of score bounds."""


class TokenPostings(NamedTuple):
    """The postings of one token: those from `start` to `end`."""

    of_stream: Postings
    start: int
    end: int

    def all(self) -> tuple[Array, Array]:
        """The numbers of the articles, ascending, and how often each holds the token."""
        return self.of_stream.article[self.start : self.end], self.of_stream.frequencies(self.start, self.end)

    def of(self, articles: NDArray[np.int64]) -> NDArray[np.float64]:
        """How often each of some articles holds the token."""
        listed = self.of_stream.article[self.start : self.end]
        # In their own narrow type they are found faster; a number that does not fit is compared as it is.
        places = listed.searchsorted(articles.astype(listed.dtype))
        at = (listed.take(places, mode="clip") == articles).nonzero()[0]
        frequencies = np.zeros(len(articles))
        frequencies[at] = self.of_stream.frequency_at(places.take(at) + self.start)
        return frequencies


class CombinedPostings:
    """The postings of several tokens that stand for one term, each with its share."""

    def __init__(self, parts: Sequence[tuple[float, TokenPostings]]) -> None:
        listed, often = zip(*[held.all() for _, held in parts], strict=True)
        shares = np.array([share for share, _ in parts]).repeat([len(articles) for articles in listed])
        shares *= np.concatenate(often)
        articles = np.concatenate(listed)
        order = articles.argsort(kind="stable")
        ascending = articles.take(order)
        first = is_new(ascending)
        self._articles = ascending[first].astype(np.int64)
        # bincount adds one by one in the order of the alternatives, the same on every machine.
        self._frequencies = np.bincount(first.cumsum() - 1, shares.take(order))

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
        """The `limit` best articles plus all tied with the last, ascending; their scores.

        Args:
            terms: by falling weight, in an order that does not depend on the segments.
            limit: articles wanted, at least 1.
            allowed: which articles to look at; None for all.
        """
        left = np.append(np.cumsum([term.bound for term in terms][::-1])[::-1], 0.0).tolist()
        articles, reached, taken = self._go_through(terms, left, limit, allowed)
        while taken < len(terms):
            together = terms[taken : taken + 1] if len(articles) > FEW else terms[taken:]
            for gains in self._gains.of(together, articles):
                reached += gains
            taken += len(together)
            if len(articles) > limit:
                kept = _reaching(reached, _least(_border(reached, limit), left[taken]))
                articles, reached = articles.take(kept), reached.take(kept)
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
        Terms are gone through further while that takes less than to look them up for so many articles.
        """
        scores = self._zeros()
        found: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
        articles = found[0]
        sizes = [*(term.size for term in terms), math.inf]
        taken, border = 0, -math.inf
        try:
            while taken < len(terms):
                together = _together(terms[taken:])
                taken += len(together)
                of_terms, longest = self._gains.add(together, allowed, scores)
                border = max(border, _near_border(scores.take(of_terms[longest]), limit))
                found.append(of_terms)
                every = np.concatenate(found)
                reached = scores.take(every)
                best = distinct(every.take(_reaching(reached, border)))
                if len(best) >= limit:
                    border = _border(scores.take(best), limit)
                if border * SLACK > left[taken] or taken == len(terms):
                    articles = distinct(every.take(_reaching(reached, _least(border, left[taken]))))
                    if len(articles) <= sizes[taken]:
                        break
            if allowed is not None:
                articles = articles[allowed.take(articles)]
            return articles, scores.take(articles), taken
        finally:
            for of_terms in found:
                scores[of_terms] = 0.0

    def _zeros(self) -> NDArray[np.float64]:
        """A score for every article: asked of the system once a thread, and left at zero after each use."""
        scores: NDArray[np.float64] | None = getattr(self._scratch, "scores", None)
        if scores is None:
            scores = self._scratch.scores = np.zeros(int(self._gains.first[-1]))
        return scores


def _together(terms: Sequence[WeightedTerm]) -> Sequence[WeightedTerm]:
    """The first of some terms: as many as have `AT_ONCE` postings, at least one."""
    sizes = itertools.accumulate(term.size for term in terms)
    return terms[: max(1, sum(size <= AT_ONCE for size in sizes))]


def _border(scores: NDArray[np.float64], limit: int) -> float:
    """The lowest of the `limit` best scores."""
    # A sort is quick where many are equal, which a partition is slow at.
    return float(np.sort(scores)[-limit])


def _near_border(scores: NDArray[np.float64], limit: int) -> float:
    """What the lowest of the `limit` best scores is not below, found with one look at each.

    So many scores at least reach it as there are groups whose best does.
    """
    groups = 2 * limit
    size = len(scores) // groups
    return _border(scores[: groups * size].reshape(size, groups).max(axis=0), limit) if size else -math.inf


def _reaching(scores: NDArray[np.float64], least: float) -> NDArray[np.int64]:
    """The places of the scores that are so high."""
    return (scores >= least).nonzero()[0]


def _least(border: float, left: float) -> float:
    """What an article must have reached to be among the best, when the terms left give `left` at most."""
    return border * (SLACK if left else 1) - left
