"""The stored tokens of the articles found, as codes of a query.

They are read whole, a slice an article, and looked up in a table that is as long as the segment's dictionary:
a segment costs a question the same few steps for one article as for fifty.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.protocol import StoredTokens
from retrieval.index.query import Codes
from retrieval.index.segment import schema
from retrieval.index.segment.packing import LOW_BITS
from retrieval.index.segment.reader import Segment
from retrieval.models import Stream
from retrieval.ragged import Array

Spans: TypeAlias = Sequence[tuple[int, int]]


class Chosen(NamedTuple):
    """Articles of one segment, and their sentences, by their numbers in it; `place` is the segment's own.

    `before` says how many articles of other segments precede them; `borders` has the articles, and below each
    the next of the segment. `terms` are the numbers that the tokens of the query have in the segment, by
    stream (-1: not there).
    """

    place: int
    segment: Segment
    numbers: NDArray[np.int64]
    before: int
    borders: NDArray[np.int64]
    rows: NDArray[np.int64]
    terms: Mapping[Stream, NDArray[np.int64]]


class _Tables(threading.local):
    """For each stream of each segment a number for every term, all zero between two questions."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, Stream], Codes] = {}


class _Tokens:
    """The numbers of the tokens of each article of a segment, as bytes that are joined fast."""

    def __init__(self, segment: Segment, fields: schema.Numbered) -> None:
        stored = segment.numbers(fields)
        self.first = segment.array(fields.first)
        self.low, self.high = stored.low.data, stored.high.data
        self.high_type = stored.high.dtype


class _Arrays:
    """What is stored of one stream of a segment.

    `terms` is how many terms there are; `own` the tokens of the sentences, `titles` those of the titles;
    `sizes` how many are stored of each sentence, `lengths` how many it has.
    """

    def __init__(self, segment: Segment, stream: Stream) -> None:
        fields = schema.STREAMS[stream]
        self.terms = len(segment.lexicons[stream])
        self.own = _Tokens(segment, fields.tokens)
        self.titles = _Tokens(segment, fields.titles)
        self.sizes = segment.array(fields.sizes)
        self.lengths = segment.array(fields.lengths)


class TokenReader:
    """Reads stored tokens; safe to use from several threads, each with tables of its own.

    Args:
        segments: of the index.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._tables = _Tables()
        self._arrays = [{stream: _Arrays(segment, stream) for stream in Stream} for segment in segments]

    def read(self, stream: Stream, chosen: Sequence[Chosen], has_title: NDArray[np.bool_]) -> StoredTokens:
        """The tokens of one stream in some articles, segment after segment.

        A title that `has_title` is false for has none.
        """
        of_parts = [self._of_part(stream, part, has_title) for part in chosen]
        kinds = (np.uint16, np.int64, np.int64, np.uint16, np.int64)
        return StoredTokens(*[joined([of[at] for of in of_parts], kind) for at, kind in enumerate(kinds)])

    def pairs(self, chosen: Sequence[Chosen], codes: Codes) -> NDArray[np.bool_]:
        """Which of the characters read are of the query as the next is, and make a bigram with it."""
        found = np.zeros(len(codes), dtype=np.bool_)
        at = (codes != 0).nonzero()[0]
        first = at[:-1][at[1:] - at[:-1] == 1]
        begin = 0
        for part in chosen:
            stored = self._arrays[part.place][Stream.CHARACTER].own.first.take(part.borders).astype(np.int64)
            ends = (stored[1] - stored[0]).cumsum() + begin
            here = first[first.searchsorted(begin) : first.searchsorted(ends[-1])]
            places = here + (stored[1] - ends).take(ends.searchsorted(here, side="right"))
            found[here] = part.segment.is_pair(places)
            begin = int(ends[-1])
        return found

    def _of_part(self, stream: Stream, part: Chosen, has_title: NDArray[np.bool_]) -> StoredTokens:
        of = self._arrays[part.place][stream]
        starts, ends = of.own.first.take(part.borders).tolist()
        title_starts, title_ends = of.titles.first.take(part.borders)
        title_sizes = title_ends - title_starts
        title_sizes *= has_title[part.before : part.before + len(part.numbers)]
        titles = title_starts.tolist(), (title_starts + title_sizes).tolist()
        tokens = _read((of.own, starts, ends), (of.titles, *titles))
        codes = self._codes(part.place, stream, part.terms[stream], tokens)
        sizes = of.sizes.take(part.rows)
        lengths = sizes if of.lengths is of.sizes else of.lengths.take(part.rows)
        count = sum(ends) - sum(starts)
        return StoredTokens(codes[:count], sizes, lengths, codes[count:], title_sizes)

    def _codes(self, place: int, stream: Stream, terms: NDArray[np.int64], tokens: Array) -> Codes:
        """The codes of tokens of a segment for a query that has these terms (-1: not there)."""
        table = self._tables.of.get((place, stream))
        if table is None:
            # Memory that is not looked at costs nothing. The last is of no term.
            size = self._arrays[place][stream].terms + 1
            table = self._tables.of[place, stream] = np.zeros(size, dtype=np.uint16)
        table[terms] = np.arange(1, len(terms) + 1, dtype=np.uint16)
        table[-1] = 0
        try:
            return table.take(tokens)
        finally:
            table[terms] = 0


def _read(*parts: tuple[_Tokens, list[int], list[int]]) -> Array:
    """The numbers of some tokens one after another: of each of some arrays those from which to which."""
    low = b"".join([of.low[start:end] for of, *spans in parts for start, end in zip(*spans, strict=True)])
    tokens: Array = np.frombuffer(low, dtype=np.uint16)
    if parts[0][0].high:
        high = [of.high[start:end] for of, *spans in parts for start, end in zip(*spans, strict=True)]
        of_high = np.frombuffer(b"".join(high), dtype=parts[0][0].high_type)
        tokens = tokens | of_high.astype(np.int64) << LOW_BITS
    return tokens


def joined(arrays: Sequence[Array], kind: type) -> Array:
    """Some arrays one after another, as one of a kind."""
    if len(arrays) == 1:
        return arrays[0].astype(kind, copy=False)
    return np.concatenate([np.zeros(0, dtype=kind), *arrays], dtype=kind, casting="unsafe")
