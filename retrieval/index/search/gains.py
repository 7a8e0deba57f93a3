"""What the terms of a question give to the BM25 scores of articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.array_file import Array
from retrieval.index.segment.packing import distinct


class Held(Protocol):
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

    held: Mapping[int, Held]
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
