"""What many articles share word for word, as a table that readers keep: the lines that more than one has.

Only what at least one in some hundred articles has can be boilerplate, and there are few such lines in
whatever corpus; of the others, how often they are shared need not be told apart from once.
"""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.search.repetition import FEWEST, SENTENCE_SHARE, Boilerplate
from retrieval.ragged import Array

FIELDS: Final = numbered(["lines", "articles"])
SLACK: Final = 2
"""The table goes on below what counts by so much, so that a corpus may shrink before it is made anew."""


class SharedLines:
    """Digests of lines, ascending, and in how many articles each stands."""

    def __init__(self, lines: NDArray[np.int64], articles: NDArray[np.int64]) -> None:
        self.lines = lines
        self.articles = articles

    @classmethod
    def opened(cls, content: bytes) -> Self:
        """The table that was packed."""
        arrays = PackedArrays(FIELDS, content)
        return cls(arrays["lines"].astype(np.int64), arrays["articles"].astype(np.int64))

    def packed(self) -> bytes:
        """The table as it is kept."""
        return pack(FIELDS, {"lines": self.lines, "articles": self.articles})

    def of(self, lines: Array) -> NDArray[np.int64]:
        """In how many articles each of some lines stands; 1 of those that are not here."""
        if not len(self.lines):
            return np.ones(len(lines), dtype=np.int64)
        places = np.minimum(self.lines.searchsorted(lines), len(self.lines) - 1)
        return np.where(self.lines[places] == lines, self.articles[places], 1)

    def knows(self, lines: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some lines are here."""
        return np.isin(lines, self.lines)

    def kept(self, articles: int) -> "SharedLines":
        """What matters of the table in an index of so many articles."""
        is_kept = self.articles >= least(articles)
        return SharedLines(self.lines[is_kept], self.articles[is_kept])

    def boilerplate(self, articles: int) -> Boilerplate:
        """Tells boilerplate in an index of so many articles."""
        return Boilerplate(self.of, articles)


def least(articles: int) -> int:
    """In how many of so many articles a line must stand to be kept in the table."""
    return max(2, int(articles * SENTENCE_SHARE / FEWEST / SLACK))
