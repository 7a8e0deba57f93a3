"""Segments joined into one, without the articles that are no longer wanted.

What was counted is taken over, not counted again: terms and articles get new numbers, and each array is put
together from those of the parts. One array is in memory at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import facets, postings
from retrieval.arrays import Array, ArrayWriter
from retrieval.lexicon import Lexicon
from retrieval.models import Stream
from retrieval.packing import narrow, offsets, ranges
from retrieval.postings import Counted
from retrieval.segment import Segment
from retrieval.writing import ARTICLE_STREAMS, STORED, add_numbers, add_terms

AT_ONCE = 1 << 20
"""Postings moved at once."""
OF_SENTENCES = (
    "sentence_start",
    "sentence_size",
    "paragraph",
    "flags",
    "mention_count",
    "numbers_size",
    "dates_size",
)
"""The arrays with a value a sentence, but for those of a stream."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of a segment, by their numbers, ascending."""

    segment: Segment
    numbers: NDArray[np.int64]

    @property
    def is_whole(self) -> bool:
        """Whether none is left out."""
        return len(self.numbers) == self.segment.article_count

    def rows(self) -> NDArray[np.int64] | slice:
        """Their sentences."""
        return slice(None) if self.is_whole else self.segment.rows(self.numbers)

    def of_articles(self, name: str) -> Array:
        """An array with a value an article."""
        array = self.segment.array(name)
        return array if self.is_whole else array[self.numbers]

    def of_sentences(self, name: str) -> Array:
        """An array with a value a sentence."""
        return self.segment.array(name)[self.rows()]

    def row_numbers(self) -> NDArray[np.int64]:
        """The numbers of their sentences."""
        return self.segment.rows(self.numbers)

    def places(self, firsts: str) -> NDArray[np.int64] | slice:
        """Where that lies of which each article has some, one after another."""
        if self.is_whole:
            return slice(None)
        first = self.segment.array(firsts)
        return ranges(first[self.numbers], first[self.numbers + 1])

    def character_places(self) -> NDArray[np.int64]:
        """Where their characters lie."""
        return self.segment.token_places(Stream.CHARACTER, self.numbers)

    def pieces(self, values: str, firsts: str) -> Array:
        """An array in which those of an article lie one after another."""
        return self.segment.array(values)[self.places(firsts)]

    def sizes(self, firsts: str) -> NDArray[np.int64]:
        """How many of such pieces each article has."""
        first = self.segment.array(firsts)
        return (first[self.numbers + 1] - first[self.numbers]).astype(np.int64)


def merge(path: Path, parts: Sequence[Part]) -> str:
    """Write the articles of some segments as one segment; its digest."""
    writer = ArrayWriter(path)
    for name in ("id", "order", "place", "published"):
        _add(writer, name, [part.of_articles(name) for part in parts])
    writer.add(
        "by_id", np.argsort(np.concatenate([part.of_articles("id") for part in parts])).astype(np.uint32)
    )
    for name in OF_SENTENCES:
        _add(writer, name, [part.of_sentences(name) for part in parts])
    for values, firsts in (
        ("records", "first_record"),
        ("mentions", "first_mention"),
        ("numbers", "first_numbers"),
        ("dates", "first_dates"),
    ):
        _add(writer, values, [part.pieces(values, firsts) for part in parts])
        writer.add(firsts, _joined_offsets(parts, firsts))
    writer.add("first", _joined_offsets(parts, "first"))
    labels = facets.joined([(part.segment.facets, part.numbers) for part in parts])
    for name, array in labels.arrays().items():
        writer.add(name, array)
    tokens = {stream: _merge_stream(writer, parts, stream) for stream in Stream}
    return writer.close(
        {
            "articles": sum(len(part.numbers) for part in parts),
            "sentences": sum(int(part.sizes("first").sum()) for part in parts),
            "tokens": tokens,
        }
    )


def _add(writer: ArrayWriter, name: str, arrays: Sequence[Array]) -> None:
    writer.add_parts(name, np.result_type(*arrays), arrays)


def _joined_offsets(parts: Sequence[Part], firsts: str) -> Array:
    return narrow(offsets(np.concatenate([part.sizes(firsts) for part in parts])))


def _merge_stream(writer: ArrayWriter, parts: Sequence[Part], stream: Stream) -> dict[str, int]:
    """Join one stream; how many tokens the sentences have, and the articles with their titles."""
    counted = [_counted(part, stream) for part in parts]
    titles = [_titles(part, stream) for part in parts]
    names = [
        part.segment.lexicons[stream].names(_used(found, held))
        for part, found, held in zip(parts, counted, titles, strict=True)
    ]
    lexicon = Lexicon.of(np.concatenate(names))
    # The new number of each old term; -1 for one that is no longer used. Their order stays the same.
    renumbered = [lexicon.numbers(part.segment.lexicons[stream].every()) for part in parts]
    stored = STORED[stream]
    tokens = [part.segment.stored[stream].at(part.places(f"{stored}_first_token")) for part in parts]
    add_numbers(
        writer,
        f"{stored}_tokens",
        [new[held] for new, held in zip(renumbered, tokens, strict=True)],
        len(lexicon),
    )
    writer.add(f"{stored}_first_token", _joined_offsets(parts, f"{stored}_first_token"))
    for name in dict.fromkeys((f"{stored}_length", f"{stream}_length")):
        _add(writer, name, [part.of_sentences(name) for part in parts])
    if stream is Stream.BIGRAM:
        pairs = [part.segment.is_pair(part.character_places()) for part in parts]
        writer.add("pairs", np.packbits(np.concatenate(pairs), bitorder="little"))
    add_numbers(
        writer,
        f"{stream}_title_tokens",
        [new[held] for new, held in zip(renumbered, titles, strict=True)],
        len(lexicon),
    )
    writer.add(f"{stream}_first_title_token", _joined_offsets(parts, f"{stream}_first_title_token"))
    joined = _joined(parts, list(zip(renumbered, counted, strict=True)), len(lexicon))
    lengths = None
    if stream in ARTICLE_STREAMS:
        of_parts = [part.of_articles(f"{stream}_article_length") for part in parts]
        lengths = np.concatenate(of_parts).astype(np.int64)
    sentences = sum(int(part.of_sentences(f"{stream}_length").sum()) for part in parts)
    return add_terms(writer, stream, lexicon, joined, lengths) | {"sentences": sentences}


def _titles(part: Part, stream: Stream) -> NDArray[np.int64]:
    """The terms of the articles' titles."""
    numbers = part.segment.numbers(f"{stream}_title_tokens")
    return numbers.at(part.places(f"{stream}_first_title_token")).astype(np.int64)


def _used(counted: Counted, titles: NDArray[np.int64]) -> NDArray[np.int64]:
    """The terms that the articles hold: nothing is left of what only removed ones held."""
    is_used = counted.sentences > 0
    is_used[titles] = True
    return np.flatnonzero(is_used)


def _counted(part: Part, stream: Stream) -> Counted:
    """What is counted of the terms of a segment, in the articles that stay."""
    segment = part.segment
    terms = len(segment.lexicons[stream])
    found = postings.read(segment.term_places[stream], terms, segment.postings.get(stream))
    if part.is_whole:
        return found
    sentences = postings.in_sentences(*segment.tokens(stream, part.numbers, part.row_numbers()), terms)
    is_wanted = np.zeros(segment.article_count, dtype=np.bool_)
    is_wanted[part.numbers] = True
    is_kept = is_wanted[found.articles]
    held = np.repeat(np.arange(terms), found.sizes)
    return Counted(
        sizes=np.bincount(held[is_kept], minlength=terms),
        sentences=sentences.sentences,
        articles=part.numbers.searchsorted(found.articles[is_kept]).astype(np.uint32),
        frequencies=found.frequencies[is_kept],
    )


def _joined(
    parts: Sequence[Part], counted: Sequence[tuple[NDArray[np.int64], Counted]], terms: int
) -> Counted:
    """What is counted of all parts by their new terms: of each term part by part, and so by article."""
    sizes = np.zeros(terms, dtype=np.int64)
    sentences = np.zeros(terms, dtype=np.int64)
    for new, found in counted:
        held = np.flatnonzero(new >= 0)
        sizes[new[held]] += found.sizes[held]
        sentences[new[held]] += found.sentences[held]
    first = offsets(sizes)
    articles = np.empty(int(first[-1]), dtype=np.uint32)
    frequencies = np.empty(int(first[-1]), dtype=np.uint32)
    free = first[:-1].copy()
    before = 0
    for part, (new, found) in zip(parts, counted, strict=True):
        held = np.flatnonzero(found.sizes)
        old = offsets(found.sizes[held])
        for low, high in _chunks(old):
            here = slice(int(old[low]), int(old[high]))
            start = free[new[held[low:high]]]
            places = ranges(start, start + found.sizes[held[low:high]])
            articles[places] = found.articles[here] + np.uint32(before)
            frequencies[places] = found.frequencies[here]
        free[new[held]] += found.sizes[held]
        before += len(part.numbers)
    return Counted(sizes, sentences, articles, frequencies)


def _chunks(first: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The terms in runs of about `AT_ONCE` postings."""
    low = 0
    while low < len(first) - 1:
        high = max(low + 1, int(first.searchsorted(int(first[low]) + AT_ONCE, side="right")) - 1)
        yield low, high
        low = high
