"""What many articles share word for word, as a table that readers keep: the lines that more than one has.

Only what at least one in some hundred articles has can be boilerplate, and there are few such lines in
whatever corpus; of the others, how often they are shared need not be told apart from once.
"""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.search.repetition import Boilerplate, SharedLines, noticed

FIELDS: Final = numbered(["lines", "articles"])
SLACK: Final = 2
"""The table goes on below what counts by so much, so that a corpus may shrink before it is made anew."""


class KeptLines(SharedLines):
    """The same, as they are kept on the cluster."""

    @classmethod
    def opened(cls, content: bytes) -> Self:
        """The table that was packed."""
        arrays = PackedArrays(FIELDS, content)
        return cls(arrays["lines"].astype(np.int64), arrays["articles"].astype(np.int64))

    def packed(self) -> bytes:
        """The table as it is kept."""
        return pack(FIELDS, {"lines": self.lines, "articles": self.articles})

    def knows(self, lines: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some lines are here."""
        return np.isin(lines, self.lines)

    def kept(self, articles: int) -> "KeptLines":
        """What matters of the table in an index of so many articles."""
        is_kept = self.articles >= least(articles)
        return KeptLines(self.lines[is_kept], self.articles[is_kept])

    def boilerplate(self, articles: int) -> Boilerplate:
        """Tells boilerplate in an index of so many articles."""
        return Boilerplate(self.of, articles)


def least(articles: int) -> int:
    """In how many of so many articles a line must stand to be kept in the table."""
    return noticed(articles // SLACK)
