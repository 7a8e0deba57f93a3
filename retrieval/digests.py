"""A table of 64-bit digests: what each came with first, in some 18 to 36 bytes where a dict takes 150.

What is known of every article of a corpus while it is read grows with the corpus; this keeps it small.
"""

import hashlib
from array import array

FIRST_SIZE = 1 << 10
"""Slots of an empty table; a power of two, doubled whenever two thirds are taken."""


def digest_of(text: str) -> int:
    """The digest of a text, whatever characters stand in it."""
    return int.from_bytes(hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())


class DigestTable:
    """Digests, each with the number that it came with first: open addressing over two flat arrays."""

    def __init__(self) -> None:
        self._count = 0
        self._digests, self._numbers = _empty(FIRST_SIZE)

    def __len__(self) -> int:
        """How many digests there are."""
        return self._count

    def add(self, digest: int, number: int) -> int | None:
        """Put in a digest that is new; the number that it came with first, None if it is new.

        Args:
            digest: of 64 bits.
            number: of 32 bits.
        """
        digest = digest or 1  # 0 marks a slot that is free
        slot = self._slot(digest)
        if self._digests[slot]:
            return self._numbers[slot]
        self._digests[slot], self._numbers[slot] = digest, number
        self._count += 1
        if 3 * self._count > 2 * len(self._digests):
            self._grow()
        return None

    def _slot(self, digest: int) -> int:
        """Where a digest is, or would be put."""
        digests, mask = self._digests, len(self._digests) - 1
        slot = digest & mask
        while digests[slot] and digests[slot] != digest:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        digests, numbers = self._digests, self._numbers
        self._digests, self._numbers = _empty(2 * len(digests))
        for digest, number in zip(digests, numbers, strict=True):
            if digest:
                slot = self._slot(digest)
                self._digests[slot], self._numbers[slot] = digest, number


def _empty(size: int) -> tuple["array[int]", "array[int]"]:
    return array("Q", bytes(8 * size)), array("I", bytes(4 * size))
