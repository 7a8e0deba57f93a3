"""What articles share word for word: their sentences and titles by digest, and how many articles hold each.

Counts of articles add up over segments, as a term's do.
"""

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import schema
from retrieval.index.segment.packing import narrow
from retrieval.index.segment.schema import Field
from retrieval.ragged import Array
from retrieval.regex import regex

NO_LETTERS = regex(r"[\W_]+")
TITLE = "\0"
"""Stands before a title, which is another thing than a sentence of the same words."""


def line_digests(normalised: Iterable[str], prefix: str = "") -> NDArray[np.uint32]:
    """A number for the letters of each text; 0 where there are none."""
    letters = (NO_LETTERS.sub("", text) for text in normalised)
    return np.fromiter(
        (zlib.crc32(f"{prefix}{text}".encode()) if text else 0 for text in letters), dtype=np.uint32
    )


def title_digests(normalised: Iterable[str]) -> NDArray[np.uint32]:
    """A number for each title."""
    return line_digests(normalised, TITLE)


def line_arrays(lines: Array, titles: Array, first: Array) -> dict[Field, Array]:
    """The distinct digests of a segment, ascending, and in how many of its articles each stands.

    Args:
        lines: of the sentences.
        titles: of the articles' titles.
        first: of each article the first sentence; one more for the end.
    """
    sizes: NDArray[np.int64] = first.astype(np.int64)[1:] - first.astype(np.int64)[:-1]
    owners = np.repeat(np.arange(len(titles)), sizes)
    every = np.concatenate([lines, titles]).astype(np.int64)
    held = np.unique(every * max(len(titles), 1) + np.concatenate([owners, np.arange(len(titles))]))
    distinct, counts = np.unique(held // max(len(titles), 1), return_counts=True)
    return {schema.LINES: distinct.astype(np.uint32), schema.LINE_ARTICLES: narrow(counts)}
