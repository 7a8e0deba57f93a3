"""What the compiled loops are given: tuples of arrays of fixed types, and examples of them to compile for."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit, typeof
from numpy.typing import NDArray

from retrieval.index.segment.postings import Found
from retrieval.ragged import Array

Function = TypeVar("Function", bound=Callable[..., object])
Whole = NDArray[np.int64]
Real = NDArray[np.float64]


class Terms(NamedTuple):
    """The terms of a stream: the names of `lexicon.Lexicon`, what `postings.Terms` has, and the bounds."""

    short: NDArray[np.uint32]
    long: NDArray[np.uint64]
    base: Whole
    near: NDArray[np.uint8]
    frequent: NDArray[np.uint32]
    frequent_first: Whole
    sentences: NDArray[np.uint8]
    frequent_sentences: Whole
    bound_frequency: Real
    bound_ratio: Real


class Tokens(NamedTuple):
    """The stored tokens of a stream, or of its titles.

    `low` and `high` are the halves of their numbers (`packing.Numbers`), `first` has where those of each
    article begin, `sentence` the first sentence of each, `lengths` how many tokens each sentence has; both of
    the latter are empty for titles. `joined` has a bit for each character: whether it makes a bigram with the
    next; it is empty for other tokens.
    """

    low: NDArray[np.uint16]
    high: NDArray[Any]
    first: Whole
    sentence: Whole
    lengths: NDArray[np.uint16]
    joined: NDArray[np.uint8]


class Wanted(NamedTuple):
    """The tokens that are counted.

    `numbers` are those looked for (-1: not there), of which the first `width` are counted; `pairs` has the
    bigram of two of them, from 1, and 0 for none.
    """

    numbers: Whole
    width: int
    pairs: NDArray[np.uint16]


class Postings(NamedTuple):
    """The postings of a stream, and the number of each article's norm among the norms."""

    article: NDArray[Any]
    frequency: NDArray[np.uint8]
    full: Whole
    full_frequency: Whole
    norm: NDArray[np.uint32]
    norms: Real


class Lists(NamedTuple):
    """Lists of postings: the place of the token of each among those looked up, its share of a frequency."""

    token: Whole
    share: Real


class Weighted(NamedTuple):
    """Terms by falling weight: where the lists of each begin, its stream (0 or 1), idf and weight."""

    first: Whole
    stream: Whole
    idf: Real
    weight: Real


class Weights(NamedTuple):
    """BM25's k1 and b, and the mean length of the articles in both streams."""

    k1: float
    b: float
    means: Real


class Room(NamedTuple):
    """Room for a number of every article of a segment, and one more.

    `scores` and `amounts` are 0, and left so. `found` are the articles that have a score, `own` and `often`
    those of a term and how often each holds it; `kept` and `reached` are the best and their scores.
    """

    scores: Real
    amounts: Real
    often: Real
    reached: Real
    own: Whole
    found: Whole
    kept: Whole

    @classmethod
    def of(cls, articles: int) -> "Room":
        """Room for so many."""
        return cls(*np.zeros((4, articles + 1)), *np.zeros((3, articles + 1), dtype=np.int64))


def room_for(tokens: int) -> Found:
    """Room for what is found of so many tokens."""
    return Found(*np.empty((4, tokens), dtype=np.int64))


def fixed(array: Array, kind: type[np.generic]) -> Array:
    """An array as the loops read it: of a type, and not to be written."""
    found = array.astype(kind, copy=array.flags.writeable)
    found.flags.writeable = False
    return found


def _read(kind: type[np.generic]) -> Array:
    return fixed(np.zeros(0), kind)


BYTES, SHORTS, INTS, LONGS = (_read(kind) for kind in (np.uint8, np.uint16, np.uint32, np.uint64))
NUMBERS, SHARES, TRUTHS = (_read(kind) for kind in (np.int64, np.float64, np.bool_))
TERMS = Terms(INTS, LONGS, NUMBERS, BYTES, INTS, NUMBERS, BYTES, NUMBERS, SHARES, SHARES)
TOKENS = [Tokens(SHORTS, high, NUMBERS, NUMBERS, SHORTS, BYTES) for high in (BYTES, SHORTS)]
WANTED = Wanted(NUMBERS, 0, fixed(np.zeros((1, 1)), np.uint16))
POSTINGS = [Postings(articles, BYTES, NUMBERS, NUMBERS, INTS, SHARES) for articles in (SHORTS, INTS)]
LISTS, WEIGHTED, ROOM = (
    Lists(NUMBERS, SHARES),
    Weighted(NUMBERS, NUMBERS, SHARES, SHARES),
    Room.of(0),
)
WEIGHTS = Weights(0.0, 0.0, SHARES)
FOUND = room_for(0)
"""Examples of arguments: their types are what is compiled for."""


def compiled(*examples: Sequence[object]) -> Callable[[Function], Function]:
    """Compile a function for arguments like these."""
    take_type: Callable[[object], object] = typeof
    signatures = [tuple(take_type(argument) for argument in of) for of in examples]
    compile_: Any = njit(signatures, nogil=True, cache=True, error_model="numpy")
    return cast("Callable[[Function], Function]", compile_)
