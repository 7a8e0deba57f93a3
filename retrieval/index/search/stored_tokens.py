"""The stored tokens of the articles found, as codes of a query.

They are read whole, a slice an article, and looked up in a table that is as long as the segment's dictionary:
a segment costs a question the same few steps for one article as for fifty.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.protocol import StoredTokens
from retrieval.index.query import Codes
from retrieval.index.segment import schema
from retrieval.index.segment.packing import LOW_BITS, Numbers
from retrieval.index.segment.reader import Segment
from retrieval.models import Stream
from retrieval.ragged import Array, ranges


@dataclass(frozen=True, slots=True)
class Chosen:
    """Articles of one segment, by their numbers in it, and their sentences; `place` is the segment's own.

    `terms` are the numbers that the tokens of the query have in the segment, by stream (-1: not there).
    """

    place: int
    segment: Segment
    numbers: NDArray[np.int64]
    rows: NDArray[np.int64]
    terms: Mapping[Stream, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class _Arrays:
    """The stored tokens of one stream of a segment, and those of its titles.

    `terms` is how many terms there are; `first` and `first_title` have where those of each article begin,
    `sizes` how many each sentence has.
    """

    terms: int
    stored: Numbers
    first: Array
    sizes: Array
    titles: Numbers
    first_title: Array

    @classmethod
    def of(cls, segment: Segment, stream: Stream) -> "_Arrays":
        fields = schema.STREAMS[stream]
        return cls(
            terms=len(segment.lexicons[stream]),
            stored=segment.numbers(fields.tokens),
            first=segment.array(fields.tokens.first),
            sizes=segment.array(fields.sizes),
            titles=segment.numbers(fields.titles),
            first_title=segment.array(fields.titles.first),
        )


class TokenReader:
    """Reads stored tokens; safe to use from several threads, each with tables of its own.

    Args:
        segments: of the index.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._own = threading.local()
        self._arrays = [{stream: _Arrays.of(segment, stream) for stream in Stream} for segment in segments]

    def read(self, stream: Stream, chosen: Sequence[Chosen], has_title: NDArray[np.bool_]) -> StoredTokens:
        """The tokens of one stream in some articles, segment after segment.

        Of articles that `has_title` is false for, the titles count for nothing.
        """
        of_parts = [self._of_part(stream, part) for part in chosen]
        title_sizes = joined([of.title_sizes for of in of_parts], np.int64)
        title_codes = joined([of.title_codes for of in of_parts], np.uint16)
        return StoredTokens(
            codes=joined([of.codes for of in of_parts], np.uint16),
            sizes=joined([of.sizes for of in of_parts], np.int64),
            lengths=joined([of.lengths for of in of_parts], np.int64),
            title_codes=np.where(np.repeat(has_title, title_sizes), title_codes, np.uint16(0)),
            title_sizes=title_sizes,
        )

    def is_pair(self, chosen: Sequence[Chosen]) -> NDArray[np.bool_]:
        """Whether each of the characters read makes a bigram with the next."""
        found: list[Array] = []
        for part in chosen:
            first, bits = self._arrays[part.place][Stream.CHARACTER].first, part.segment.array(schema.PAIRS)
            for start, end in _spans(first, part.numbers):
                unpacked = np.unpackbits(bits[start >> 3 : (end + 7) >> 3], bitorder="little")
                found.append(unpacked[start & 7 :][: end - start])
        return joined(found, np.bool_)

    def _of_part(self, stream: Stream, part: Chosen) -> StoredTokens:
        of, terms = self._arrays[part.place][stream], part.terms[stream]
        own = _read(of.stored, _spans(of.first, part.numbers))
        title_starts, title_ends = of.first_title[part.numbers], of.first_title[part.numbers + 1]
        titles = of.titles.at(ranges(title_starts, title_ends))
        codes = self._codes(stream, part.place, terms, np.concatenate([own, titles]))
        return StoredTokens(
            codes=codes[: len(own)],
            sizes=of.sizes[part.rows],
            lengths=part.segment.lengths(stream, part.rows),
            title_codes=codes[len(own) :],
            title_sizes=(title_ends - title_starts).astype(np.int64),
        )

    def _codes(self, stream: Stream, segment: int, terms: NDArray[np.int64], tokens: Array) -> Codes:
        """The codes of tokens of a segment for a query that has these terms (-1: not there)."""
        tables: dict[tuple[Stream, int], Codes] = self._own.__dict__.setdefault("codes", {})
        if (stream, segment) not in tables:
            # All zero between two questions; memory that is not looked at costs nothing.
            tables[stream, segment] = np.zeros(self._arrays[segment][stream].terms, dtype=np.uint16)
        table = tables[stream, segment]
        known = np.flatnonzero(terms >= 0)
        numbers = terms[known]
        table[numbers] = known + 1
        try:
            return table.take(tokens)
        finally:
            table[numbers] = 0


def _spans(first: Array, numbers: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Where that begins and ends of which each article has some."""
    return list(zip(first.take(numbers).tolist(), first.take(numbers + 1).tolist(), strict=True))


def _read(stored: Numbers, spans: Sequence[tuple[int, int]]) -> Array:
    """The tokens of some articles one after another."""
    low = np.concatenate([stored.low[start:end] for start, end in spans])
    if not len(stored.high):
        return low
    high = np.concatenate([stored.high[start:end] for start, end in spans])
    tokens: Array = low | high.astype(np.uint32) << LOW_BITS
    return tokens


def joined(arrays: Sequence[Array], kind: type) -> Array:
    """Some arrays one after another, as one of a kind."""
    return np.concatenate([np.zeros(0, dtype=kind), *arrays]).astype(kind, copy=False)
