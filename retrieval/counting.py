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

from retrieval.lexicon import names
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


class AskedPairs:
    """The bigrams of a question as two characters each.

    `characters` are those of its stream of characters and, after them, further ones that its bigrams have;
    `numbers` what they are in each segment. `column` has, by the code of one character and that of the next,
    the bigram's place among its stream's tokens, from 1.
    """

    def __init__(self, characters: Columns, bigrams: Columns, segments: Sequence[Segment]) -> None:
        pairs = [token if len(token) == len("两字") else "" for token in bigrams.tokens]
        code = {token: number for number, token in enumerate(characters.tokens, 1)}
        for character in "".join(pairs):
            code.setdefault(character, len(code) + 1)
        self.column: Codes = np.zeros((len(code) + 1, len(code) + 1), dtype=np.uint16)
        for place, pair in enumerate(pairs, 1):
            if pair:
                self.column[code[pair[0]], code[pair[1]]] = place
        wanted = names(code)
        self.numbers = [segment.terms(Stream.CHARACTER, wanted) for segment in segments]


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


@dataclass(frozen=True, slots=True)
class _Held:
    """The tokens that the articles of a segment have of a stream, as codes, those of the titles apart."""

    codes: Codes
    titles: Codes
    title_sizes: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Counter:
    """Counts tokens; safe to use from several threads, each with tables of its own."""

    def __init__(self) -> None:
        self._tables = threading.local()

    def count(
        self, asked: Mapping[Stream, Asked], pairs: AskedPairs, chosen: Sequence[Chosen]
    ) -> dict[Stream, Counts]:
        """Count the tokens of a question in some articles, segment after segment."""
        wide = {stream: len(asked[stream].columns.tokens) for stream in Stream}
        base = dict(zip(Stream, np.cumsum([0, *wide.values()]).tolist(), strict=False))
        sentences = sum(len(part.rows) for part in chosen)
        articles = sum(len(part.numbers) for part in chosen)
        held = {stream: [self._held(stream, asked, pairs, part) for part in chosen] for stream in Stream}
        cells: list[NDArray[np.int64]] = []
        titles: list[NDArray[np.int64]] = []
        for stream in Stream:
            ends = _ends([part.segment.array(f"{STORED[stream]}_length")[part.rows] for part in chosen])
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

    def _held(self, stream: Stream, asked: Mapping[Stream, Asked], pairs: AskedPairs, part: Chosen) -> _Held:
        numbers = pairs.numbers if stream is Stream.CHARACTER else asked[stream].numbers
        segment, terms = part.segment, numbers[part.place]
        starts, sizes, tokens = _read(segment, STORED[stream], "tokens", part.numbers)
        _, title_sizes, title_tokens = _read(segment, stream, "title_tokens", part.numbers)
        table = self._table(stream, segment)
        known = np.flatnonzero(terms >= 0)
        table[terms[known]] = known + 1
        try:
            codes = table.take(np.concatenate([tokens, title_tokens]))
        finally:
            table[terms[known]] = 0
        return _Held(codes[: len(tokens)], codes[len(tokens) :], title_sizes, starts, sizes)

    def _table(self, stream: Stream, segment: Segment) -> Codes:
        """A code for each term of a segment, all zero; memory that is not looked at costs nothing."""
        tables: dict[tuple[Stream, str], Codes] = self._tables.__dict__.setdefault("of_segment", {})
        if (stream, segment.name) not in tables:
            tables[stream, segment.name] = np.zeros(len(segment.lexicons[stream]), dtype=np.uint16)
        return tables[stream, segment.name]


def _read(
    segment: Segment, name: str, kind: str, articles: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16] | NDArray[np.uint32]]:
    """Where the tokens of some articles begin, how many there are of each, and the tokens."""
    first = segment.array(f"{name}_first_{kind.removesuffix('s')}")
    starts, ends = first.take(articles).astype(np.int64), first.take(articles + 1).astype(np.int64)
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    tokens: Numbers = segment.numbers(f"{name}_{kind}")
    low = np.concatenate([tokens.low[start:end] for start, end in spans])
    if not len(tokens.high):
        return starts, ends - starts, low
    high = np.concatenate([tokens.high[start:end] for start, end in spans])
    return starts, ends - starts, low | high.astype(np.uint32) << 16


def _pairs(
    at: NDArray[np.int64],
    codes: NDArray[np.int64],
    pairs: AskedPairs,
    parts: Sequence[tuple[Chosen, _Held]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bigrams among characters found `at` some places: their columns, from 1, and which they are."""
    first = np.flatnonzero(at[1:] == at[:-1] + 1)
    column = pairs.column[codes[first], codes[first + 1]].astype(np.int64)
    first, column = first[column > 0], column[column > 0]
    is_pair = [*_are_pairs(at[first], parts)]
    kept = _joined(is_pair).astype(np.bool_)
    return column[kept], first[kept]


def _are_pairs(at: NDArray[np.int64], parts: Sequence[tuple[Chosen, _Held]]) -> Iterator[NDArray[np.bool_]]:
    """Whether each of some characters, by its place among all that were read, is joined to the next."""
    before = 0
    for part, held in parts:
        here = at[at.searchsorted(before) : at.searchsorted(before + len(held.codes))] - before
        ends = np.cumsum(held.sizes)
        article = ends.searchsorted(here, side="right")
        yield part.segment.is_pair(here + (held.starts - ends + held.sizes)[article])
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
