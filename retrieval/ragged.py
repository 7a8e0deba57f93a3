"""Rows of unequal length in flat arrays: offsets, ranges, runs of equal values, distinct values."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""An array of a file: its type is the one it was written with, known by its name."""


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
    counted = lengths if isinstance(lengths, np.ndarray) else np.fromiter(lengths, dtype=np.int64)
    found = np.zeros(len(counted) + 1, dtype=np.int64)
    counted.cumsum(dtype=np.int64, out=found[1:])
    return found


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
    before = sizes.cumsum() - sizes
    found: NDArray[np.int64] = (starts.astype(np.int64) - before).repeat(sizes)
    found += np.arange(len(found))
    return found
