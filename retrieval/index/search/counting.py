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

from retrieval.index.search.columns import Columns
from retrieval.index.segment.packing import LOW_BITS, Numbers
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import STORED
from retrieval.models import Stream
from retrieval.ragged import Array, offsets

Codes = NDArray[np.uint16]
"""Places in a question from 1, and 0 for nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One stream of a question: its terms, and their tokens' numbers in each segment (-1: not there)."""

    columns: Columns
    numbers: Sequence[NDArray[np.int64]]


def codes_of_pairs(bigrams: Columns, characters: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """A question's bigrams as two characters each.

    Args:
        bigrams: the terms of its stream of bigrams.
        characters: the tokens of its stream of characters.

    Returns:
        A table that has, by the places of a character and the next, the bigram's place among its stream's
        tokens, from 1, and 0 for none; and the characters in these places: those given, and further ones.
    """
    pairs = [token if len(token) == len("两字") else "" for token in bigrams.tokens]
    place = {token: number for number, token in enumerate(characters)}
    for character in "".join(pairs):
        place.setdefault(character, len(place))
    table: Codes = np.zeros((len(place), len(place)), dtype=np.uint16)
    for number, pair in enumerate(pairs, 1):
        if pair:
            table[place[pair[0]], place[pair[1]]] = number
    return table, tuple(place)


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
class StoredTokens:
    """The stored tokens of one stream of a segment, and those of its titles.

    `terms` is how many terms there are; `first` and `first_title` have where those of each article begin,
    `lengths` how many each sentence has.
    """

    terms: int
    stored: Numbers
    first: Array
    lengths: Array
    titles: Numbers
    first_title: Array

    @classmethod
    def of(cls, segment: Segment, stream: Stream) -> "StoredTokens":
        """Those of a segment."""
        name = STORED[stream]
        return cls(
            terms=len(segment.lexicons[stream]),
            stored=segment.numbers(f"{name}_tokens"),
            first=segment.array(f"{name}_first_token"),
            lengths=segment.array(f"{name}_length"),
            titles=segment.numbers(f"{stream}_title_tokens"),
            first_title=segment.array(f"{stream}_first_title_token"),
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """The tokens of a stream in the chosen articles of a segment: their places in the question from 1, or 0.

    Those in titles are apart; `sizes` and `title_sizes` say how many each article has, `ends` where they end
    in the segment.
    """

    found: Codes
    sizes: NDArray[np.int64]
    ends: NDArray[np.int64]
    in_titles: Codes
    title_sizes: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tables:
    """How often each token of a question stands in each sentence and title, its streams one after another.

    `first` has the row where each stream begins in both; `frequencies` is tokens x sentences, `titles` tokens
    x articles.
    """

    first: Mapping[Stream, int]
    frequencies: NDArray[np.float64]
    titles: NDArray[np.float64]


class Counter:
    """Counts tokens; safe to use from several threads, each with tables of its own.

    Args:
        segments: of the index.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._own = threading.local()
        self.tokens = [
            {stream: StoredTokens.of(segment, stream) for stream in Stream} for segment in segments
        ]

    def count(
        self, asked: Mapping[Stream, Asked], pairs: Codes, chosen: Sequence[Chosen]
    ) -> dict[Stream, Counts]:
        """Count the tokens of a question in some articles, segment after segment.

        Args:
            asked: the tokens' numbers; those of characters are followed by those of `pairs`.
            pairs: the bigrams by their characters (`codes_of_pairs`).
            chosen: the articles.
        """
        wide = {stream: len(asked[stream].columns.tokens) for stream in Stream}
        first = dict(zip(Stream, offsets(wide.values()).tolist(), strict=False))
        height = sum(wide.values())
        sentences, articles = (
            sum(len(part.rows) for part in chosen),
            sum(len(part.numbers) for part in chosen),
        )
        tables = Tables(first, np.zeros((height, sentences)), np.zeros((height, articles)))
        self.fill_in(tables, asked, pairs, chosen)
        titles = np.minimum(tables.titles, 1.0)
        return {
            stream: Counts(
                frequencies=tables.frequencies[first[stream] : first[stream] + wide[stream]],
                titles=titles[first[stream] : first[stream] + wide[stream]],
                lengths=_joined([part.segment.lengths(stream, part.rows) for part in chosen]).astype(float),
            )
            for stream in Stream
        }

    def fill_in(
        self, tables: Tables, asked: Mapping[Stream, Asked], pairs: Codes, chosen: Sequence[Chosen]
    ) -> None:
        """Count into tables of zeros."""
        cells: list[NDArray[np.int64]] = []
        titles: list[NDArray[np.int64]] = []
        sentences, articles = tables.frequencies.shape[1], tables.titles.shape[1]
        for stream in Stream:
            top, width = tables.first[stream], len(asked[stream].columns.tokens)
            held = [self._held(stream, asked[stream], part) for part in chosen]
            ends = _ends([self.tokens[part.place][stream].lengths[part.rows] for part in chosen])
            at, found = _found([of.found for of in held])
            rows = ends.searchsorted(at, side="right")
            cells.append(((found + top) * sentences + rows)[found < width])
            if stream is Stream.CHARACTER:
                bigram, places = _pairs(at, found, pairs, list(zip(chosen, held, strict=True)))
                cells.append((bigram + tables.first[Stream.BIGRAM]) * sentences + rows[places])
            at, found = _found([of.in_titles for of in held])
            rows = _ends([of.title_sizes for of in held]).searchsorted(at, side="right")
            titles.append(((found + top) * articles + rows)[found < width])
        for table, counted in ((tables.frequencies, cells), (tables.titles, titles)):
            table[:] = np.bincount(_joined(counted), minlength=table.size).reshape(table.shape)

    def _held(self, stream: Stream, asked: Asked, part: Chosen) -> _Held:
        of, terms = self.tokens[part.place][stream], asked.numbers[part.place]
        numbers = np.array([part.numbers, part.numbers + 1])
        bounds, title_bounds = (first.take(numbers).astype(np.int64) for first in (of.first, of.first_title))
        own, titles = _read(of.stored, bounds), _read(of.titles, title_bounds)
        codes = self._codes(stream, part.place, terms, np.concatenate([own, titles]))
        return _Held(
            *(codes[: len(own)], bounds[1] - bounds[0], bounds[1]),
            *(codes[len(own) :], title_bounds[1] - title_bounds[0]),
        )

    def _codes(self, stream: Stream, segment: int, terms: NDArray[np.int64], tokens: Array) -> Codes:
        """What tokens of a segment are to a question that has these terms (-1: not there)."""
        tables: dict[tuple[Stream, int], Codes] = self._own.__dict__.setdefault("codes", {})
        if (stream, segment) not in tables:
            # All zero between two questions; memory that is not looked at costs nothing.
            tables[stream, segment] = np.zeros(self.tokens[segment][stream].terms, dtype=np.uint16)
        table = tables[stream, segment]
        known = np.flatnonzero(terms >= 0)
        numbers = terms[known]
        table[numbers] = known + 1
        try:
            return table.take(tokens)
        finally:
            table[numbers] = 0


def _read(stored: Numbers, bounds: NDArray[np.int64]) -> Array:
    """The tokens of some articles one after another; `bounds` has where those of each begin and end."""
    spans = list(zip(*bounds.tolist(), strict=True))
    low = np.concatenate([stored.low[start:end] for start, end in spans])
    if not len(stored.high):
        return low
    high = np.concatenate([stored.high[start:end] for start, end in spans])
    tokens: Array = low | high.astype(np.uint32) << LOW_BITS
    return tokens


def _found(codes: Sequence[Codes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where tokens of the question stand among those of several segments, and their places in it."""
    joined = _joined(codes)
    at = np.flatnonzero(joined)
    return at, joined[at].astype(np.int64) - 1


def _pairs(
    at: NDArray[np.int64],
    codes: NDArray[np.int64],
    pairs: Codes,
    parts: Sequence[tuple[Chosen, _Held]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bigrams among characters found `at` some places: which they are, and where among the characters."""
    first = np.flatnonzero(at[1:] == at[:-1] + 1)
    bigram = pairs[codes[first], codes[first + 1]].astype(np.int64) - 1
    first, bigram = first[bigram >= 0], bigram[bigram >= 0]
    is_pair = [*_are_pairs(at[first], parts)]
    kept = _joined(is_pair).astype(np.bool_)
    return bigram[kept], first[kept]


def _are_pairs(at: NDArray[np.int64], parts: Sequence[tuple[Chosen, _Held]]) -> Iterator[NDArray[np.bool_]]:
    """Whether each of some characters, by its place among all that were read, is joined to the next."""
    before = 0
    for part, held in parts:
        here = at[at.searchsorted(before) : at.searchsorted(before + len(held.found))] - before
        ends = np.cumsum(held.sizes)
        article = ends.searchsorted(here, side="right")
        yield part.segment.is_pair(here + (held.ends - ends)[article])
        before += len(held.found)


def _ends(sizes: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    ends: NDArray[np.int64] = np.cumsum(_joined(sizes), dtype=np.int64)
    return ends


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
