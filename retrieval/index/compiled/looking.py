"""Names looked up in a segment."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index.compiled.forms import FOUND, INTS, LONGS, NUMBERS, SHORTS, TERMS, Terms, compiled
from retrieval.index.segment.postings import TOGETHER, Found
from retrieval.ragged import Array

PLANE = np.uint64(1 << 16)
"""Characters below it make short names."""


@compiled(*((ascending, ascending.dtype.type(0), 0, 0) for ascending in (SHORTS, INTS, LONGS, NUMBERS)))
def place_of(ascending: Array, wanted: Any, start: int, end: int) -> int:  # noqa: ANN401  a number of its type
    """The place of a number among those that ascend from one place to another; -1 if it is not there."""
    last = end
    while start < end:
        middle = (start + end) // 2
        if ascending[middle] < wanted:
            start = middle + 1
        else:
            end = middle
    return start if start < last and ascending[start] == wanted else -1


@compiled((TERMS, np.uint64(0)))
def term_of(terms: Terms, name: np.uint64) -> int:
    """The number of the term of a name; -1 if it is not there: `Lexicon.look_up`."""
    first, second = name >> np.uint64(32), name & np.uint64(0xFFFFFFFF)
    if first < PLANE and second < PLANE:
        return place_of(terms.short, np.uint32(first << np.uint64(16) | second), 0, len(terms.short))
    place = place_of(terms.long, name, 0, len(terms.long))
    return -1 if place < 0 else len(terms.short) + place


@compiled((TERMS, LONGS, FOUND))
def look_up(terms: Terms, names: NDArray[np.uint64], found: Found) -> None:
    """Fill in what is found of names in a segment: `Segment.look_up`."""
    for at in range(len(names)):
        term = term_of(terms, names[at])
        found.terms[at] = term
        found.starts[at] = found.ends[at] = found.sentences[at] = 0
        if term < 0:
            continue
        place = place_of(terms.frequent, np.uint32(term), 0, len(terms.frequent))
        if place < 0:
            following = term + 1
            found.starts[at] = terms.base[term // TOGETHER] + terms.near[term]
            found.ends[at] = terms.base[following // TOGETHER] + terms.near[following]
            found.sentences[at] = terms.sentences[term]
        else:
            found.starts[at], found.ends[at] = terms.frequent_first[place], terms.frequent_first[place + 1]
            found.sentences[at] = terms.frequent_sentences[place]
