"""Many texts as one, so that each step goes through them all at once: by one call, or by arrays."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Span

SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""White space: there is none beyond."""
BORDER = "\n"
"""What follows each text: no token, no word and no name reaches across it."""
LAST = 0xFFFF
"""Stands for all characters beyond the basic plane in a set of characters."""
CODE_BITS = np.uint64(21)
"""Of a code point."""
LONGEST_LITERAL = 3
Marks = NDArray[np.bool_]


class Spans(NamedTuple):
    """Pieces of a text: where each starts, and where it ends (exclusive)."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, spans: Sequence[Span]) -> "Spans":
        """Pieces that are given one by one."""
        columns = np.array(spans, dtype=np.int64).reshape(-1, 2)
        return cls(columns[:, 0], columns[:, 1])

    @classmethod
    def neighbours(cls, sizes: Iterable[int]) -> "Spans":
        """Pieces of some sizes, each beginning where the one before ends."""
        ends = np.cumsum(np.fromiter(sizes, dtype=np.int64))
        return cls(np.append(0, ends)[: len(ends)], ends)

    def at(self, chosen: Marks | NDArray[np.int64]) -> "Spans":
        """Some of the pieces."""
        return Spans(self.starts[chosen], self.ends[chosen])

    def pairs(self) -> Iterator[Span]:
        """The pieces one by one."""
        return zip(self.starts.tolist(), self.ends.tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class Texts:
    """Some texts one after another: `text`, its code points `codes`, and where each text begins, `first`.

    `owners` has for each of the characters the text that it is in.
    """

    text: str
    codes: NDArray[np.uint32]
    first: NDArray[np.int64]
    owners: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Some texts as one."""
        text = "".join([f"{one}{BORDER}" for one in texts])
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + len(BORDER)
        first = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
        return cls(text, codes, first, np.repeat(np.arange(len(texts)), sizes))

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.first) - 1

    def ends(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the text of each place ends."""
        ends: NDArray[np.int64] = self.first[self.owners[places] + 1] - len(BORDER)
        return ends


class Charset:
    """A set of characters, to mark where they stand.

    Args:
        characters: that are in it.
        beyond: whether those beyond the basic plane count as in it.
    """

    def __init__(self, characters: str, *, beyond: bool = False) -> None:
        self._characters = characters
        self._beyond = beyond

    @functools.cached_property
    def _table(self) -> NDArray[np.bool_]:
        table = np.zeros(LAST + 1, dtype=np.bool_)
        table[[ord(character) for character in self._characters]] = True
        table[LAST] = self._beyond
        return table

    def marks(self, codes: NDArray[np.uint32]) -> Marks:
        """Which of some characters are in it."""
        return self._table.take(codes, mode="clip")


class Literals:
    """A set of strings of at most `LONGEST_LITERAL` characters, to mark where they stand."""

    def __init__(self, literals: Iterable[str]) -> None:
        self._by_size = sorted(set(literals), key=len)
        self._first = Charset("".join(literal[0] for literal in self._by_size))

    @functools.cached_property
    def _keys(self) -> dict[int, NDArray[np.uint64]]:
        keys: dict[int, NDArray[np.uint64]] = {}
        for size, alike in itertools.groupby(self._by_size, key=len):
            codes = np.array([[ord(character) for character in literal] for literal in alike])
            keys[size] = np.unique(joined([*codes.T]))
        return keys

    def marks(self, codes: NDArray[np.uint32]) -> Marks:
        """Where a string that is in it begins."""
        found = self._first.marks(codes)
        begun = np.flatnonzero(found)
        found[:] = False
        for size, keys in self._keys.items():
            places = begun[begun <= len(codes) - size]
            wanted = joined([codes[places + at] for at in range(size)])
            at = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
            found[places[keys[at] == wanted]] = True
        return found


def joined(columns: Sequence[NDArray[Any]]) -> NDArray[np.uint64]:
    """Up to `LONGEST_LITERAL` characters side by side, each a column of code points, as one number a row."""
    found = np.zeros(len(columns[0]), dtype=np.uint64)
    for codes in columns:
        found = found << CODE_BITS | codes.astype(np.uint64)
    return found


@functools.cache
def _letters() -> Charset:
    return Charset("_" + "".join(filter(str.isalnum, map(chr, range(LAST)))))


def letters(codes: NDArray[np.uint32]) -> Marks:
    r"""Which of some characters are letters or figures of any script, as `\w` has it."""
    found = _letters().marks(codes)
    beyond = np.flatnonzero(codes > LAST)
    found[beyond] = [chr(code).isalnum() for code in codes[beyond].tolist()]
    return found


def last_marks(marks: Marks) -> NDArray[np.int64]:
    """For each character the place of the last mark up to it; -1 before the first."""
    return np.maximum.accumulate(np.where(marks, np.arange(len(marks)), -1))


def ahead(marks: Marks, by: int) -> Marks:
    """For each character the mark of the one so many places on."""
    return np.concatenate([marks[by:], np.zeros(min(by, len(marks)), dtype=np.bool_)])


def within(marks: Marks, nearest: int, farthest: int) -> Marks:
    """For each character whether there is a mark from `nearest` to `farthest` places on."""
    total = np.concatenate([[0], np.cumsum(marks), np.full(farthest + 1, marks.sum())])
    size = len(marks)
    found: Marks = total[farthest + 1 : farthest + 1 + size] > total[nearest : nearest + size]
    return found
