"""Many texts as one, so that each step goes through them all at once: by one call, or by arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BORDER = "\n"
"""What follows each text: no token, no word and no name reaches across it."""
LAST = 0xFFFF
"""Stands for all characters beyond the basic plane in a set of characters."""
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Texts:
    """Some texts one after another: `text`, its code points `codes`, and where each text begins, `first`."""

    text: str
    codes: NDArray[np.uint32]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Some texts as one."""
        text = "".join([f"{one}{BORDER}" for one in texts])
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + len(BORDER)
        return cls(text, codes, np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)]))

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.first) - 1

    def rows(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which text each place is in."""
        return self.first.searchsorted(places, side="right") - 1

    def ends(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the text of each place ends."""
        ends: NDArray[np.int64] = self.first[self.rows(places) + 1] - len(BORDER)
        return ends


class Charset:
    """A set of characters, to mark where they stand.

    Args:
        characters: that are in it.
        beyond: whether those beyond the basic plane count as in it.
    """

    def __init__(self, characters: str, *, beyond: bool = False) -> None:
        self._table = np.zeros(LAST + 1, dtype=np.bool_)
        self._table[[ord(character) for character in characters]] = True
        self._table[LAST] = beyond

    def marks(self, codes: NDArray[np.uint32]) -> Marks:
        """Which of some characters are in it."""
        return self._table[np.minimum(codes, LAST)]


class Pairs:
    """A set of pairs of neighbouring characters, to mark where they stand."""

    def __init__(self, pairs: Sequence[str]) -> None:
        self._first = Charset("".join(pair[0] for pair in pairs))
        self._pairs = np.unique([ord(pair[0]) << 16 | ord(pair[1]) for pair in pairs]).astype(np.uint32)

    def marks(self, codes: NDArray[np.uint32]) -> Marks:
        """Which of some characters begin a pair that is in it."""
        found = self._first.marks(codes)
        places = np.flatnonzero(found[:-1])
        pairs = codes[places] << np.uint32(16) | np.minimum(codes[places + 1], LAST)
        at = np.minimum(self._pairs.searchsorted(pairs), len(self._pairs) - 1)
        found[:] = False
        found[places[self._pairs[at] == pairs]] = True
        return found


def ahead(marks: Marks, by: int) -> Marks:
    """For each character the mark of the one so many places on."""
    return np.concatenate([marks[by:], np.zeros(min(by, len(marks)), dtype=np.bool_)])


def within(marks: Marks, nearest: int, farthest: int) -> Marks:
    """For each character whether there is a mark from `nearest` to `farthest` places on."""
    total = np.concatenate([[0], np.cumsum(marks), np.full(farthest + 1, marks.sum())])
    size = len(marks)
    found: Marks = total[farthest + 1 : farthest + 1 + size] > total[nearest : nearest + size]
    return found
