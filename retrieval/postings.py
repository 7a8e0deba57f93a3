"""For each term the articles that hold it, packed: 24 bits of the article's number, 8 of the frequency.

A frequency that does not fit (255 or more) stands in a list of its own beside the postings.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Array

TITLE_REPEATS = 3
"""How often a token of the title counts in its article."""
FREQUENCY_BITS = 8
FULL = (1 << FREQUENCY_BITS) - 1
"""Stands for a frequency that is kept apart."""
FREQUENT = 64
"""Postings from which on a term's bounds are stored; those of a rarer one are soon looked through."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one stream of a segment.

    Those of term `t` are `packed[first[t] : first[t + 1]]`, by ascending article. `full` are the places of
    frequencies kept apart, `full_frequency` what they are. `bounded` are the frequent terms, ascending, with
    the highest frequency and the lowest ratio of an article's length to the frequency in it: no posting of
    the term can score higher than one with both.
    """

    packed: NDArray[np.uint32]
    first: NDArray[np.int64]
    full: NDArray[np.int64]
    full_frequency: NDArray[np.uint32]
    article_length: NDArray[np.uint32]

    def arrays(self) -> dict[str, Array]:
        """As they are stored, with the bounds of the frequent terms."""
        return {
            "postings": self.packed,
            "first_posting": self.first.astype(np.uint32 if len(self.packed) < 1 << 32 else np.int64),
            "full": self.full,
            "full_frequency": self.full_frequency,
            "article_length": self.article_length,
            **self._bounds(),
        }

    def _bounds(self) -> dict[str, Array]:
        frequent = np.flatnonzero(np.diff(self.first) >= FREQUENT)
        highest = np.zeros(len(frequent), dtype=np.uint32)
        lowest = np.zeros(len(frequent), dtype=np.float32)
        for place, term in enumerate(frequent.tolist()):
            here = slice(int(self.first[term]), int(self.first[term + 1]))
            frequencies = self.frequencies(here)
            lengths = self.article_length[self.packed[here] >> FREQUENCY_BITS]
            highest[place] = frequencies.max()
            lowest[place] = np.nextafter(np.float32((lengths / frequencies).min()), np.float32(0))
        return {"bounded": frequent.astype(np.uint32), "bound_frequency": highest, "bound_ratio": lowest}

    def frequencies(self, here: slice) -> NDArray[np.uint32]:
        """The frequencies of the postings in a slice."""
        return frequencies(self.packed[here], here.start, self.full, self.full_frequency)


def frequencies(
    packed: NDArray[np.uint32], start: int, full: NDArray[np.int64], full_frequency: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The frequencies of some postings, of which the first has the place `start`."""
    found = (packed & FULL).astype(np.uint32)
    if len(full):
        low, high = np.searchsorted(full, [start, start + len(packed)])
        found[full[low:high] - start] = full_frequency[low:high]
    return found


def count(
    tokens: NDArray[np.uint32],
    sizes: NDArray[np.int64],
    titles: NDArray[np.uint32],
    title_sizes: NDArray[np.int64],
    terms: int,
) -> Postings:
    """The postings of articles whose tokens lie one after another, the title's counted several times."""
    numbers = np.arange(len(sizes), dtype=np.uint64)
    pairs = np.concatenate(
        [
            tokens.astype(np.uint64) << np.uint64(32) | np.repeat(numbers, sizes),
            *[titles.astype(np.uint64) << np.uint64(32) | np.repeat(numbers, title_sizes)] * TITLE_REPEATS,
        ]
    )
    pairs.sort()
    starts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else pairs
    counted = np.diff(starts, append=len(pairs)).astype(np.uint32)
    distinct = pairs[starts.astype(np.int64)]
    full = np.flatnonzero(counted >= FULL)
    return Postings(
        packed=((distinct << np.uint64(FREQUENCY_BITS)).astype(np.uint32) | np.minimum(counted, FULL)),
        first=np.searchsorted(distinct >> np.uint64(32), np.arange(terms + 1, dtype=np.uint64)),
        full=full,
        full_frequency=counted[full],
        article_length=(sizes + TITLE_REPEATS * title_sizes).astype(np.uint32),
    )


def document_frequency(
    tokens: NDArray[np.uint32], lengths: NDArray[np.int64], terms: int
) -> NDArray[np.uint32]:
    """In how many documents each term stands, documents lying one after another in `tokens`."""
    documents = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
    pairs = tokens.astype(np.uint64) << np.uint64(32) | documents
    pairs.sort()
    is_new = np.concatenate([[True], pairs[1:] != pairs[:-1]]) if len(pairs) else np.zeros(0, dtype=np.bool_)
    found = (pairs[is_new] >> np.uint64(32)).astype(np.int64)
    return np.bincount(found, minlength=terms).astype(np.uint32)
