"""Whole numbers in as few bytes as they need."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.ragged import Array

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


class Numbers(NamedTuple):
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
