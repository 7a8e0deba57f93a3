"""How often the sentences and titles of some articles hold the terms of a question.

The articles' stored tokens are looked through for those of the question; what is found is counted in one go,
whatever segments it lies in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Array
from retrieval.models import Stream
from retrieval.packing import LOW, LOW_BITS, Numbers, offsets
from retrieval.segment import Segment
from retrieval.terms import Columns
from retrieval.writing import STORED

Codes = NDArray[np.uint16]
"""The bigrams of a question by their characters: see `codes_of_pairs`."""


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


Found: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Where tokens of a question stand among those that were looked through, ascending, and which they are."""


def find_tokens(
    stored: Numbers, starts: NDArray[np.int64], ends: NDArray[np.int64], wanted: NDArray[np.int64]
) -> Found:
    """Find tokens among stored ones.

    Args:
        stored: numbers of tokens.
        starts: where the ranges begin that are looked through, one at least.
        ends: where they end.
        wanted: the numbers looked for, each once; -1 for what is not there.

    Returns:
        Where one was found, counted through all ranges, ascending; and its place in `wanted`.
    """
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    low = np.concatenate([stored.low[start:end] for start, end in spans])
    # What the lower halves rule out need not be read whole.
    is_likely = np.zeros(LOW + 1, dtype=np.bool_)
    is_likely[wanted[wanted >= 0] & LOW] = True
    places = np.flatnonzero(is_likely.take(low))
    found = low[places].astype(np.int64)
    if len(stored.high):
        before = offsets(ends - starts)
        number = before.searchsorted(places, side="right") - 1
        found |= stored.high[places - before[number] + starts[number]].astype(np.int64) << LOW_BITS
    order = wanted.argsort()
    at = wanted.searchsorted(found, sorter=order)
    which = order.take(at, mode="clip")
    is_found = wanted[which] == found
    return places[is_found], which[is_found]


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """The stored tokens of one stream of a segment, and those of its titles.

    `first` and `first_title` have where those of each article begin, `lengths` how many each sentence has.
    """

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
            stored=segment.numbers(f"{name}_tokens"),
            first=segment.array(f"{name}_first_token"),
            lengths=segment.array(f"{name}_length"),
            titles=segment.numbers(f"{stream}_title_tokens"),
            first_title=segment.array(f"{stream}_first_title_token"),
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """What the chosen articles of a segment hold of a stream of the question.

    `starts` and `ends` have where each one's tokens lie in the segment; `title_sizes` how many its title has.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    found: Found
    title_sizes: NDArray[np.int64]
    in_titles: Found


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
    """Counts tokens; safe to use from several threads.

    Args:
        segments: of the index.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
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
            held = [self._held(stream, asked[stream], part) for part in chosen]
            ends = _ends([self.tokens[part.place][stream].lengths[part.rows] for part in chosen])
            at, found = _all([of.found for of in held], [of.ends - of.starts for of in held])
            rows = ends.searchsorted(at, side="right")
            is_own = found < len(asked[stream].columns.tokens)
            cells.append(((found + tables.first[stream]) * sentences + rows)[is_own])
            if stream is Stream.CHARACTER:
                bigram, places = _pairs(at, found, pairs, list(zip(chosen, held, strict=True)))
                cells.append((bigram + tables.first[Stream.BIGRAM]) * sentences + rows[places])
            at, found = _all([of.in_titles for of in held], [of.title_sizes for of in held])
            rows = _ends([of.title_sizes for of in held]).searchsorted(at, side="right")
            is_own = found < len(asked[stream].columns.tokens)
            titles.append(((found + tables.first[stream]) * articles + rows)[is_own])
        for table, counted in ((tables.frequencies, cells), (tables.titles, titles)):
            table[:] = np.bincount(_joined(counted), minlength=table.size).reshape(table.shape)

    def _held(self, stream: Stream, asked: Asked, part: Chosen) -> _Held:
        of, wanted = self.tokens[part.place][stream], asked.numbers[part.place]
        numbers = np.array([part.numbers, part.numbers + 1])
        starts, ends = of.first.take(numbers).astype(np.int64)
        title_starts, title_ends = of.first_title.take(numbers).astype(np.int64)
        return _Held(
            *(starts, ends, find_tokens(of.stored, starts, ends, wanted)),
            *(title_ends - title_starts, find_tokens(of.titles, title_starts, title_ends, wanted)),
        )


def _all(found: Sequence[Found], sizes: Sequence[NDArray[np.int64]]) -> Found:
    """What was found in several segments, by its places among the tokens of all."""
    before = offsets(of_segment.sum() for of_segment in sizes).tolist()
    places = [at + start for (at, _), start in zip(found, before, strict=False)]
    return _joined(places), _joined([which for _, which in found])


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
    """Whether each of some characters, by its place among all looked through, is joined to the next."""
    before = 0
    for part, held in parts:
        ends = np.cumsum(held.ends - held.starts)
        size = int(ends[-1])
        here = at[at.searchsorted(before) : at.searchsorted(before + size)] - before
        article = ends.searchsorted(here, side="right")
        yield part.segment.is_pair(here + (held.ends - ends)[article])
        before += size


def _ends(sizes: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    ends: NDArray[np.int64] = np.cumsum(_joined(sizes), dtype=np.int64)
    return ends


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)
