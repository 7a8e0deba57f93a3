"""Named arrays as one piece of bytes, small and quick to open: what a document of the cluster carries."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from retrieval.index.segment.packing import narrow
from retrieval.ragged import Array

KINDS = tuple(np.dtype(name) for name in ("<u1", "<u2", "<u4", "<u8"))
WIDE = 1 << 16
"""From so many elements on, the lengths of the arrays take four bytes each instead of two."""


class PackedArrays:
    """Arrays that were packed; each is read when it is asked for.

    Args:
        names: the same, in the same order, as they were packed with.
        content: the bytes.
    """

    __slots__ = ("_content", "_kinds", "_lengths", "_names", "_starts")

    def __init__(self, names: Mapping[str, int], content: bytes) -> None:
        count = len(names)
        of_length = KINDS[content[0]]
        begin = 1 + count
        self._content = content
        self._names = names
        self._kinds = content[1:begin]
        self._lengths = np.frombuffer(content, of_length, count, begin).tolist()
        self._starts: list[int] = []
        at = begin + count * of_length.itemsize
        for kind, length in zip(self._kinds, self._lengths, strict=True):
            self._starts.append(at)
            at += length << kind

    def __getitem__(self, name: str) -> Array:
        """The array of a name."""
        at = self._names[name]
        return np.frombuffer(self._content, KINDS[self._kinds[at]], self._lengths[at], self._starts[at])

    def bytes_of(self, name: str) -> bytes:
        """The same of an array of bytes, as bytes."""
        at = self._names[name]
        return self._content[self._starts[at] : self._starts[at] + self._lengths[at]]


def numbered(names: Sequence[str]) -> dict[str, int]:
    """The places of some names."""
    return {name: at for at, name in enumerate(names)}


def pack(names: Mapping[str, int], arrays: Mapping[str, Array]) -> bytes:
    """Pack arrays of whole numbers, none negative, each in the smallest type that holds it."""
    packed: list[np.ndarray[Any, np.dtype[Any]]] = [narrow(np.asarray(arrays[name])) for name in names]
    is_wide = any(len(array) >= WIDE for array in packed)
    kinds = bytes(KINDS.index(array.dtype.newbyteorder("<")) for array in packed)
    lengths = np.array([len(array) for array in packed], dtype=KINDS[1 + is_wide])
    return b"".join(
        [bytes([1 + is_wide]), kinds, lengths.tobytes(), *(np.ascontiguousarray(a).tobytes() for a in packed)]
    )
