"""Whole numbers in as few bytes as they need."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.array_file import Array

TYPES = {8 * np.dtype(kind).itemsize: np.dtype(kind) for kind in (np.uint8, np.uint16, np.uint32, np.uint64)}
LOW_BITS = 16
LOW = (1 << LOW_BITS) - 1
Places: TypeAlias = NDArray[np.int64] | slice
Packed: TypeAlias = tuple[np.dtype[Any], Iterable[Array]]


def number_type(most: int) -> np.dtype[Any]:
    """The smallest type that holds every number up to one."""
    return next(kind for bits, kind in TYPES.items() if most < 1 << bits)


def narrow(values: Array) -> Array:
    """The same numbers, none negative, in the smallest type that holds them all."""
    return values.astype(number_type(int(values.max(initial=0))), copy=False)


def distinct(values: Array) -> Array:
    """Each number once, ascending; np.unique, which hashes, takes twice as long for many different ones."""
    ascending = np.sort(values)
    return ascending[is_new(ascending)]


def is_new(ascending: Array) -> NDArray[np.bool_]:
    """Which numbers differ from the one before."""
    found = np.ones(len(ascending), dtype=np.bool_)
    found[1:] = ascending[1:] != ascending[:-1]
    return found


def order(values: Array) -> NDArray[np.int64]:
    """The places of numbers below 2**32: ascending by the numbers, those of the same number as they come.

    Numbers are sorted together with their places, which takes a third of what sorting the places takes.
    """
    both = values.astype(np.uint64) << np.uint64(32) | np.arange(len(values), dtype=np.uint64)
    both.sort()
    return (both & np.uint64(0xFFFF_FFFF)).astype(np.int64)


def offsets(lengths: Iterable[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of some pieces begins that lie one after another, and where the last ends."""
    counted = np.fromiter(lengths, dtype=np.int64)
    return np.concatenate([[0], np.cumsum(counted)]).astype(np.int64)


def runs(first: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Pieces that lie one after another, in runs of about `most` values: from which to which (exclusive)."""
    low = 0
    while low < len(first) - 1:
        high = max(low + 1, int(first.searchsorted(int(first[low]) + most, side="right")) - 1)
        yield low, high
        low = high


def ranges(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The whole numbers from each start to its end (exclusive), one range after another."""
    sizes = (ends - starts).astype(np.int64)
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts.astype(np.int64) - before, sizes) + np.arange(int(sizes.sum()))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of terms: two bytes each, and what exceeds them apart, where anything does.

    `high` is empty as long as all numbers fit in `low`.
    """

    low: NDArray[np.uint16]
    high: Array

    def at(self, places: Places) -> Array:
        """The numbers at some places."""
        low = self.low[places]
        if not len(self.high):
            return low
        return low | self.high[places].astype(np.uint32) << np.uint32(LOW_BITS)


def packed(parts: Iterable[Array], most: int) -> tuple[Packed, Packed]:
    """Numbers of terms up to `most`, that come in parts, as they are stored: `low` and `high` of `Numbers`.

    Each is a type and the parts of it, of which one is in memory at a time.
    """
    low, high = number_type(LOW), number_type(most >> LOW_BITS)
    return (
        (low, ((part & LOW).astype(low) for part in parts)),
        (high, ((part >> LOW_BITS).astype(high) for part in parts if most > LOW)),
    )
