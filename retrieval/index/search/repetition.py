"""Sentences and titles that many articles share: no single text tells that they are boilerplate."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import schema
from retrieval.index.segment.lines import line_arrays
from retrieval.index.segment.reader import Segment
from retrieval.ragged import Array, distinct

FEWEST = 5
"""Articles that share what is taken for boilerplate."""
SENTENCE_SHARE = 1 / 500
"""The share of all articles that have a sentence which is boilerplate: background is repeated, too."""
TITLE_SHARE = 1 / 100
"""The share of all articles that bear a title which says nothing of any of them."""
OWN = 4
"""One sentence in so many tells how many articles share what an article says itself: those that copy it."""
BEGINNING = 16
"""Bits of a digest by which most lines are told from those that are shared."""


Shared = Callable[[Array], NDArray[np.int64]]
"""In how many articles of an index each of some lines, by their digests, stands."""


class Boilerplate:
    """Tells what says nothing of an article, by how many share it.

    Args:
        shared: counts the articles that share lines.
        articles: how many there are.
    """

    def __init__(self, shared: Shared, articles: int) -> None:
        self._shared = shared
        self._articles = articles

    def is_boilerplate(
        self, lines: Array, counts: NDArray[np.bool_], first: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which sentences many more articles share than share the rest of their article.

        Args:
            lines: digests of the sentences of some articles.
            counts: which of them are text.
            first: where those of each article begin; one more for the end.
        """
        shared = self._shared(lines)
        often: NDArray[np.bool_] = counts & (shared >= self._fewest(SENTENCE_SHARE))
        if not often.any():
            return often
        return often & (shared >= FEWEST * self._own(shared, counts, first))

    def is_empty_title(self, titles: Array) -> NDArray[np.bool_]:
        """Which titles, by their digests, many articles bear."""
        found: NDArray[np.bool_] = self._shared(titles) >= self._fewest(TITLE_SHARE)
        return found

    def _fewest(self, share: float) -> float:
        return max(FEWEST, share * self._articles)

    def _own(
        self, shared: NDArray[np.int64], counts: NDArray[np.bool_], first: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """For each sentence the lower quartile of its article's text."""
        owners = np.arange(len(first) - 1).repeat(first[1:] - first[:-1])
        # An article's texts before what else it has, each ascending: numbers are sorted faster than rows.
        ascending = np.sort((owners << 1 | ~counts) << 32 | shared)
        texts = np.bincount(owners[counts], minlength=len(first) - 1)
        quartile = np.minimum(first[:-1] + texts // OWN, np.maximum(first[1:] - 1, 0))
        own: NDArray[np.int64] = ascending.take(quartile) & 0xFFFFFFFF
        return own.take(owners)


class SharedLines:
    """Digests of lines that several articles have, ascending, and in how many articles each stands."""

    def __init__(self, lines: Array, articles: NDArray[np.int64]) -> None:
        self.lines = lines
        self.articles = articles
        self._begins = np.zeros(1 << BEGINNING, dtype=np.bool_)
        self._begins[lines >> (32 - BEGINNING)] = True

    def of(self, lines: Array) -> NDArray[np.int64]:
        """In how many articles each of some lines stands; 1 of those that are not here."""
        found = np.ones(len(lines), dtype=np.int64)
        # Most begin as none of these does, which is seen without a search.
        at = self._begins.take(lines >> (32 - BEGINNING)).nonzero()[0]
        if len(at):
            some = lines.take(at)
            places = self.lines.searchsorted(some)
            is_shared = self.lines.take(places, mode="clip") == some
            found[at[is_shared]] = self.articles.take(places[is_shared])
        return found


def noticed(articles: int) -> int:
    """In how many of so many articles a line must stand for how many they are to decide anything."""
    return max(2, int(articles * SENTENCE_SHARE / FEWEST))


class Repetition:
    """Counts in how many articles of some segments sentences and titles stand, word for word."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._removed = [_of_removed(segment) for segment in segments if len(segment.removed)]

    def often(self, least: int) -> SharedLines:
        """The lines that stand in so many articles (two at least): few, of however many."""
        held = [(of.array(schema.LINES), of.array(schema.LINE_ARTICLES)) for of in self._segments]
        part = -(-least // max(len(held), 1))  # what no segment has this much of cannot come to so many
        pool = [(lines[few], articles[few]) for lines, articles in held for few in [articles >= part]]
        every = np.sort(np.concatenate([np.zeros(0, dtype=np.uint32), *(lines for lines, _ in pool)]))
        in_one = [lines[articles > 1] for lines, articles in pool]
        found = distinct(np.concatenate([every[1:][every[1:] == every[:-1]], *in_one]))
        articles = self._counted(found)
        return SharedLines(found[articles >= least], articles[articles >= least])

    def _counted(self, lines: Array) -> NDArray[np.int64]:
        """In how many articles each of some lines stands."""
        found = np.zeros(len(lines), dtype=np.int64)
        held = [
            (segment.array(schema.LINES), segment.array(schema.LINE_ARTICLES)) for segment in self._segments
        ]
        for sign, (known, articles) in [*((1, of) for of in held), *((-1, of) for of in self._removed)]:
            if len(known):
                places = np.minimum(known.searchsorted(lines), len(known) - 1)
                found += sign * np.where(known[places] == lines, articles[places].astype(np.int64), 0)
        return found


def _of_removed(segment: Segment) -> tuple[Array, Array]:
    """What the removed articles of a segment add to its counts."""
    rows = segment.rows(segment.removed)
    sizes = segment.first[segment.removed + 1].astype(np.int64) - segment.first[segment.removed]
    first = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    counted = line_arrays(
        segment.array(schema.LINE)[rows], segment.array(schema.TITLE_LINE)[segment.removed], first
    )
    return counted[schema.LINES], counted[schema.LINE_ARTICLES]
