"""64-bit token keys, and a segment's sorted term dictionary.

A token of one or two characters is its own key; of a longer one the key is a digest of 64 bits. So no
dictionary need be loaded to look a token up.
"""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import Spans
from retrieval.ragged import distinct, is_new, order

TokenKeys = NDArray[np.uint64]

CHARACTER_BITS = np.uint64(32)
SHORT_BITS = np.uint64(16)
"""Two characters that fit in so many bits each make a key of half the size."""
SECOND = np.uint64((1 << 32) - 1)
DIGEST = 1 << 63
"""The bit that tells a digest from characters."""
REMEMBERED = 100_000
"""Digests kept: texts repeat most of their words."""


def token_key(token: str) -> int:
    """A token's key: its one or two characters, or a digest with the highest bit set."""
    if len(token) == 1:
        return ord(token)
    if len(token) == 2:  # noqa: PLR2004
        return ord(token[0]) << 32 | ord(token[1])
    return _digest(token)


@functools.lru_cache(REMEMBERED)
def _digest(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest()) | DIGEST


def token_keys(tokens: Iterable[str]) -> TokenKeys:
    """The keys of some tokens."""
    return np.array([token_key(token) for token in tokens], dtype=np.uint64)


def keys_of_many(tokens: Sequence[str]) -> TokenKeys:
    """The same for many tokens, without a look at each that is short."""
    return keys_of_pieces("".join(tokens), Spans.neighbours(map(len, tokens)))


def keys_of_pieces(text: str, pieces: Spans) -> TokenKeys:
    """The keys of some pieces of a text, as tokens."""
    codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
    sizes = pieces.ends - pieces.starts
    found: TokenKeys = codes[pieces.ends - 1].astype(np.uint64)
    is_pair = np.flatnonzero(sizes == 2)  # noqa: PLR2004
    found[is_pair] |= codes[pieces.starts[is_pair]].astype(np.uint64) << CHARACTER_BITS
    is_long = np.flatnonzero(sizes > 2)  # noqa: PLR2004
    found[is_long] = token_keys(text[start:end] for start, end in pieces.at(is_long).pairs())
    return found


@dataclass(frozen=True, slots=True)
class WantedKeys:
    """TokenKeys that are looked up in several lexicons: how many, which of them are short, and both kinds."""

    count: int
    is_short: NDArray[np.bool_]
    short: NDArray[np.uint32]
    long: TokenKeys

    @classmethod
    def of(cls, found: TokenKeys) -> "WantedKeys":
        """The same keys, made ready."""
        is_short, short = _shortened(found)
        return cls(len(found), is_short, short[is_short], found[~is_short])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The keys of a stream's terms, ascending, the short before the long; a term's id is its place.

    `short` holds two characters of the basic plane in four bytes, `long` all other names.
    """

    short: NDArray[np.uint32]
    long: TokenKeys

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self.short) + len(self.long)

    def every(self) -> TokenKeys:
        """All names, in the order of their numbers."""
        return self.names(np.arange(len(self)))

    @classmethod
    def of(cls, found: TokenKeys) -> "Lexicon":
        """The lexicon of all that some tokens are called."""
        is_short, short = _shortened(found)
        return cls(distinct(short[is_short]), distinct(found[~is_short]))

    def numbers(self, names: TokenKeys) -> NDArray[np.int64]:
        """The numbers of names; -1 for one that is not here."""
        return self.look_up(WantedKeys.of(names))

    def look_up(self, wanted: WantedKeys) -> NDArray[np.int64]:
        """The numbers of names; -1 for one that is not here."""
        short = _places(self.short, wanted.short)
        if not len(wanted.long):
            return short
        found = np.empty(wanted.count, dtype=np.int64)
        found[wanted.is_short] = short
        long = _places(self.long, wanted.long)
        found[~wanted.is_short] = np.where(long < 0, -1, long + len(self.short))
        return found

    def names(self, numbers: NDArray[np.int64]) -> TokenKeys:
        """The names of numbers, none of them -1."""
        found = np.empty(len(numbers), dtype=np.uint64)
        is_short = numbers < len(self.short)
        short = self.short[numbers[is_short]].astype(np.uint64)
        found[is_short] = short >> SHORT_BITS << CHARACTER_BITS | short & np.uint64(0xFFFF)
        found[~is_short] = self.long[numbers[~is_short] - len(self.short)]
        return found


class Numbered(NamedTuple):
    """Tokens by their numbers in the lexicon of all of them.

    `numbers` are those of the tokens; `order` the tokens' places, ascending by number, then by place.
    """

    lexicon: Lexicon
    numbers: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, found: TokenKeys) -> "Numbered":
        """The tokens of some names."""
        is_short, short = _shortened(found)
        long_places = np.flatnonzero(~is_short)
        by_short = np.flatnonzero(is_short)[order(short[is_short])]
        ascending = short[by_short]
        is_first = is_new(ascending)
        long = distinct(found[long_places])
        of_long = long.searchsorted(found[long_places])
        lexicon = Lexicon(ascending[is_first], long)
        numbers = np.empty(len(found), dtype=np.int64)
        numbers[by_short] = np.cumsum(is_first) - 1
        numbers[long_places] = of_long + len(lexicon.short)
        return cls(lexicon, numbers, np.append(by_short, long_places[order(of_long)]))


def characters(pairs: TokenKeys) -> tuple[NDArray[np.bool_], TokenKeys, TokenKeys]:
    """Which names are two characters, and the first and the second of each."""
    first, second = pairs >> CHARACTER_BITS, pairs & SECOND
    return (first > 0) & (pairs < DIGEST), first, second


def _shortened(wanted: TokenKeys) -> tuple[NDArray[np.bool_], NDArray[np.uint32]]:
    first, second = wanted >> CHARACTER_BITS, wanted & SECOND
    is_short = (first >> SHORT_BITS == 0) & (second >> SHORT_BITS == 0)
    return is_short, (first << SHORT_BITS | second).astype(np.uint32)


def _places(
    ascending: NDArray[np.uint32] | TokenKeys, wanted: NDArray[np.uint32] | TokenKeys
) -> NDArray[np.int64]:
    if not len(ascending):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = ascending.searchsorted(wanted)
    return np.where(ascending.take(places, mode="clip") == wanted, places, -1)


def pair_keys(characters: TokenKeys, pairs: NDArray[np.bool_]) -> tuple[TokenKeys, NDArray[np.int64]]:
    """The names of the bigrams among characters, and the places of their first ones."""
    places = np.flatnonzero(pairs)
    pairs_of: TokenKeys = characters[places] << CHARACTER_BITS | characters[places + 1]
    return pairs_of, places
