"""How often the sentences and titles of some articles hold the terms of a question.

The articles' stored tokens are read whole, and all of them looked at in one go, whatever segments they lie
in: a segment costs a question the same few steps for one article as for fifty.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Array
from retrieval.models import Stream
from retrieval.packing import Numbers
from retrieval.segment import Segment
from retrieval.terms import Columns
from retrieval.writing import STORED

Codes = NDArray[np.uint16]
"""What a token is to a question: 0 for nothing, else a number from 1."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One stream of a question: its terms, and their tokens' numbers in each segment (-1: not there)."""

    columns: Columns
    numbers: Sequence[NDArray[np.int64]]


def codes_of_pairs(bigrams: Columns, characters: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """A question's bigrams as two characters each.

    Args:
        bigrams: the terms of its stream of bigrams.
        characters: the tokens of its stream of characters, whose places from 1 are their codes.

    Returns:
        A table that has, by the codes of a character and the next, the bigram's place among its stream's
        tokens, from 1; and all characters that have a code: those given, and further ones.
    """
    pairs = [token if len(token) == len("两字") else "" for token in bigrams.tokens]
    code = {token: number for number, token in enumerate(characters, 1)}
    for character in "".join(pairs):
        code.setdefault(character, len(code) + 1)
    table: Codes = np.zeros((len(code) + 1, len(code) + 1), dtype=np.uint16)
    for place, pair in enumerate(pairs, 1):
        if pair:
            table[code[pair[0]], code[pair[1]]] = place
    return table, tuple(code)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Articles of one segment, by their numbers in it, and their sentences; `place` is the segment's own."""

    place: int
    segment: Segment
    numbers: NDArray[np.int64]
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one stream: how often its tokens stand in the sentences, and whether in the titles.

    `frequencies` is tokens x sentences, `titles` tokens x articles, `lengths` the sentences' tokens in all.
    """

    frequencies: NDArray[np.float64]
    titles: NDArray[np.float64]
    lengths: NDArray[np.float64]


class _Tokens:
    """The stored tokens of one stream of a segment, and those of its titles."""

    def __init__(self, segment: Segment, stream: Stream) -> None:
        self.lengths = segment.array(f"{STORED[stream]}_length")
        self.terms = len(segment.lexicons[stream])
        self._first = segment.array(f"{STORED[stream]}_first_token")
        self._stored = segment.numbers(f"{STORED[stream]}_tokens")
        self._first_title = segment.array(f"{stream}_first_title_token")
        self._titles = segment.numbers(f"{stream}_title_tokens")

    def read(self, numbers: NDArray[np.int64]) -> tuple["_Read", "_Read"]:
        """The tokens of some articles, and those of their titles; `numbers` has each, then each plus 1."""
        return _read(self._first, self._stored, numbers), _read(self._first_title, self._titles, numbers)


@dataclass(frozen=True, slots=True)
class _Read:
    """Some articles' tokens, one after another, and where each article's begin and end in the segment."""

    tokens: NDArray[np.uint16] | NDArray[np.uint32]
    bounds: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many tokens each article has."""
        sizes: NDArray[np.int64] = self.bounds[1] - self.bounds[0]
        return sizes


def _read(first: Array, stored: Numbers, numbers: NDArray[np.int64]) -> _Read:
    bounds = first.take(numbers).astype(np.int64)
    spans = list(zip(*bounds.tolist(), strict=True))
    low = np.concatenate([stored.low[start:end] for start, end in spans])
    if not len(stored.high):
        return _Read(low, bounds)
    high = np.concatenate([stored.high[start:end] for start, end in spans])
    return _Read(low | high.astype(np.uint32) << 16, bounds)


@dataclass(frozen=True, slots=True)
class _Held:
    """The tokens that the chosen articles of a segment have of a stream, as codes, those of titles apart."""

    codes: Codes
    titles: Codes
    title_sizes: NDArray[np.int64]
    bounds: NDArray[np.int64]


class Counter:
    """Counts tokens; safe to use from several threads, each with tables of its own.

    Args:
        segments: of the index.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._tokens = [{stream: _Tokens(segment, stream) for stream in Stream} for segment in segments]
        self._tables = threading.local()

    def count(
        self, asked: Mapping[Stream, Asked], pairs: Codes, chosen: Sequence[Chosen]
    ) -> dict[Stream, Counts]:
        """Count the tokens of a question in some articles, segment after segment.

        Args:
            asked: the tokens' numbers; those of characters are followed by others that have a code.
            pairs: the bigram that two codes make (`codes_of_pairs`).
            chosen: the articles.
        """
        wide = {stream: len(asked[stream].columns.tokens) for stream in Stream}
        base = dict(zip(Stream, np.cumsum([0, *wide.values()]).tolist(), strict=False))
        sentences = sum(len(part.rows) for part in chosen)
        articles = sum(len(part.numbers) for part in chosen)
        held = {stream: [self._held(stream, asked[stream], part) for part in chosen] for stream in Stream}
        cells: list[NDArray[np.int64]] = []
        titles: list[NDArray[np.int64]] = []
        for stream in Stream:
            ends = _ends([self._tokens[part.place][stream].lengths[part.rows] for part in chosen])
            codes = _joined([of.codes for of in held[stream]])
            at = np.flatnonzero(codes)
            found, rows = codes[at].astype(np.int64), ends.searchsorted(at, side="right")
            is_own = found <= wide[stream]
            cells.append(((found - 1 + base[stream]) * sentences + rows)[is_own])
            if stream is Stream.CHARACTER:
                column, places = _pairs(at, found, pairs, list(zip(chosen, held[stream], strict=True)))
                cells.append((column - 1 + base[Stream.BIGRAM]) * sentences + rows[places])
            codes = _joined([of.titles for of in held[stream]])
            at = np.flatnonzero(codes)
            found = codes[at].astype(np.int64)
            rows = _ends([of.title_sizes for of in held[stream]]).searchsorted(at, side="right")
            titles.append(((found - 1 + base[stream]) * articles + rows)[found <= wide[stream]])
        frequencies = _table(cells, sum(wide.values()), sentences)
        in_titles = np.minimum(_table(titles, sum(wide.values()), articles), 1.0)
        return {
            stream: Counts(
                frequencies=frequencies[base[stream] : base[stream] + wide[stream]],
                titles=in_titles[base[stream] : base[stream] + wide[stream]],
                lengths=_joined([part.segment.lengths(stream, part.rows) for part in chosen]).astype(float),
            )
            for stream in Stream
        }

    def _held(self, stream: Stream, asked: Asked, part: Chosen) -> _Held:
        stored, terms = self._tokens[part.place][stream], asked.numbers[part.place]
        own, titles = stored.read(np.array([part.numbers, part.numbers + 1]))
        table = self._table(stream, part.place)
        known = np.flatnonzero(terms >= 0)
        numbers = terms[known]
        table[numbers] = known + 1
        try:
            codes = table.take(np.concatenate([own.tokens, titles.tokens]))
        finally:
            table[numbers] = 0
        return _Held(codes[: len(own.tokens)], codes[len(own.tokens) :], titles.sizes, own.bounds)

    def _table(self, stream: Stream, segment: int) -> Codes:
        """A code for each term of a segment, all zero; memory that is not looked at costs nothing."""
        tables: dict[tuple[Stream, int], Codes] = self._tables.__dict__.setdefault("of_segments", {})
        if (stream, segment) not in tables:
            tables[stream, segment] = np.zeros(self._tokens[segment][stream].terms, dtype=np.uint16)
        return tables[stream, segment]


def _pairs(
    at: NDArray[np.int64],
    codes: NDArray[np.int64],
    pairs: Codes,
    parts: Sequence[tuple[Chosen, _Held]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bigrams among characters found `at` some places: their columns, from 1, and which they are."""
    first = np.flatnonzero(at[1:] == at[:-1] + 1)
    column = pairs[codes[first], codes[first + 1]].astype(np.int64)
    first, column = first[column > 0], column[column > 0]
    is_pair = [*_are_pairs(at[first], parts)]
    kept = _joined(is_pair).astype(np.bool_)
    return column[kept], first[kept]


def _are_pairs(at: NDArray[np.int64], parts: Sequence[tuple[Chosen, _Held]]) -> Iterator[NDArray[np.bool_]]:
    """Whether each of some characters, by its place among all that were read, is joined to the next."""
    before = 0
    for part, held in parts:
        here = at[at.searchsorted(before) : at.searchsorted(before + len(held.codes))] - before
        ends = np.cumsum(held.bounds[1] - held.bounds[0])
        article = ends.searchsorted(here, side="right")
        yield part.segment.is_pair(here + (held.bounds[1] - ends)[article])
        before += len(held.codes)


def _ends(sizes: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    ends: NDArray[np.int64] = np.cumsum(_joined(sizes), dtype=np.int64)
    return ends


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def _table(cells: Sequence[NDArray[np.int64]], height: int, width: int) -> NDArray[np.float64]:
    """How often each cell of a table comes."""
    counted = np.bincount(_joined(cells), minlength=height * width)
    return counted.reshape(height, width).astype(np.float64)
