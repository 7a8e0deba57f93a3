"""Segments joined into one, without the articles that are no longer wanted.

What was counted is taken over, not counted again: terms and articles get new numbers, and each array is put
together from those of the parts. One array is in memory at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Array, ArrayWriter
from retrieval.models import Stream
from retrieval.postings import FREQUENCY_BITS, FULL, Postings, document_frequency
from retrieval.segment import Segment, ranges
from retrieval.writing import ARTICLE_STREAMS, label_arrays, number_type, offsets

AT_ONCE = 1 << 20
"""Postings moved at once."""


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

    def pieces(self, values: str, firsts: str) -> Array:
        """An array in which those of an article lie one after another."""
        array, first = self.segment.array(values), self.segment.array(firsts)
        if self.is_whole:
            return array
        return array[ranges(first[self.numbers], first[self.numbers + 1])]

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
    for name in ("sentences", "quotable", "holds", "mention_count", "numbers_size", "dates_size"):
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
    for name, array in label_arrays(_labels(parts)).items():
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
    writer.add_parts(name, arrays[0].dtype, arrays)


def _joined_offsets(parts: Sequence[Part], firsts: str) -> NDArray[np.int64]:
    return offsets(np.concatenate([part.sizes(firsts) for part in parts]))


def _labels(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    before = 0
    for part in parts:
        segment = part.segment
        articles = segment.array("label_article").astype(np.int64)
        labels = np.repeat(segment.array("labels"), np.diff(segment.array("first_label")))
        places = np.minimum(part.numbers.searchsorted(articles), len(part.numbers) - 1)
        is_kept = part.numbers[places] == articles
        yield from zip(labels[is_kept].tolist(), (before + places[is_kept]).tolist(), strict=True)
        before += len(part.numbers)


def _merge_stream(writer: ArrayWriter, parts: Sequence[Part], stream: Stream) -> dict[str, int]:
    """Join one stream; how many tokens the sentences have, and the articles with their titles."""
    used = [_used_terms(part, stream) for part in parts]
    vocabulary = np.unique(np.concatenate(used)) if used else np.zeros(0, dtype=np.uint64)
    # The new number of each old term; of one that is no longer used, whatever.
    renumbered = [
        vocabulary.searchsorted(part.segment.streams[stream].hashes).astype(np.uint32) for part in parts
    ]
    tokens = [f"{stream}_tokens", f"{stream}_first_token"]
    titles = [f"{stream}_title_tokens", f"{stream}_first_title_token"]
    both = list(zip(parts, renumbered, strict=True))
    writer.add(f"{stream}_vocabulary", vocabulary)
    kind = number_type(len(vocabulary))
    writer.add_parts(f"{stream}_tokens", kind, (new[part.pieces(*tokens)].astype(kind) for part, new in both))
    writer.add(f"{stream}_first_token", _joined_offsets(parts, f"{stream}_first_token"))
    _add(writer, f"{stream}_length", [part.of_sentences(f"{stream}_length") for part in parts])
    writer.add_parts(
        f"{stream}_title_tokens",
        np.dtype(np.uint32),
        (new[part.pieces(*titles)].astype(np.uint32) for part, new in both),
    )
    writer.add(f"{stream}_first_title_token", _joined_offsets(parts, f"{stream}_first_title_token"))
    frequency = np.zeros(len(vocabulary), dtype=np.uint32)
    for part, new in both:
        counted = _sentence_frequency(part, stream)
        held = np.flatnonzero(counted)
        frequency[new[held]] += counted[held]
    writer.add(f"{stream}_sentence_frequency", frequency)
    counts = {"sentences": sum(int(part.sizes(f"{stream}_first_token").sum()) for part in parts)}
    if stream in ARTICLE_STREAMS:
        found = _merge_postings(both, stream, len(vocabulary))
        for name, array in found.arrays().items():
            writer.add(f"{stream}_{name}", array)
        counts["articles"] = int(found.article_length.sum())
    return counts


def _used_terms(part: Part, stream: Stream) -> NDArray[np.uint64]:
    """The terms that the articles hold: nothing is left of what only removed ones held."""
    hashes = part.segment.streams[stream].hashes
    if part.is_whole:
        return hashes
    is_used = np.zeros(len(hashes), dtype=np.bool_)
    is_used[part.pieces(f"{stream}_tokens", f"{stream}_first_token")] = True
    is_used[part.pieces(f"{stream}_title_tokens", f"{stream}_first_title_token")] = True
    return hashes[is_used]


def _sentence_frequency(part: Part, stream: Stream) -> NDArray[np.uint32]:
    """In how many of the articles' sentences each term of their segment stands."""
    held = part.segment.streams[stream]
    if part.is_whole:
        return held.sentence_frequency
    tokens = part.pieces(f"{stream}_tokens", f"{stream}_first_token").astype(np.uint32)
    lengths = part.of_sentences(f"{stream}_length").astype(np.int64)
    return document_frequency(tokens, lengths, len(held.hashes))


def _merge_postings(parts: Sequence[tuple[Part, NDArray[np.uint32]]], stream: Stream, terms: int) -> Postings:
    """The postings of all parts by their new terms: those of a term part by part, and so by article."""
    kept = [_kept_postings(part, stream) for part, _ in parts]
    counts = np.zeros(terms, dtype=np.int64)
    for (_, new), (_, per_term) in zip(parts, kept, strict=True):
        held = np.flatnonzero(per_term)
        counts[new[held]] += per_term[held]
    first = offsets(counts)
    packed = np.empty(int(first[-1]), dtype=np.uint32)
    free = first[:-1].copy()
    full: list[NDArray[np.int64]] = []
    frequencies: list[NDArray[np.uint32]] = []
    before = 0
    for (part, new), (is_kept, per_term) in zip(parts, kept, strict=True):
        old = part.segment.postings[stream]
        article = np.full(part.segment.article_count, 0, dtype=np.uint32)
        article[part.numbers] = np.arange(before, before + len(part.numbers), dtype=np.uint32)
        for low, high in _chunks(old.first) if terms else ():
            here = slice(int(old.first[low]), int(old.first[high]))
            chosen = (
                np.arange(here.start, here.stop)
                if is_kept is None
                else here.start + np.flatnonzero(is_kept[here])
            )
            sizes, start = per_term[low:high], free[np.minimum(new[low:high], terms - 1)]
            places = ranges(start, start + sizes)
            moved = old.packed[chosen]
            packed[places] = article[moved >> FREQUENCY_BITS] << FREQUENCY_BITS | (moved & FULL)
            if len(old.full):
                is_full = np.flatnonzero((moved & FULL) == FULL)
                full.append(places[is_full])
                frequencies.append(old.full_frequency[old.full.searchsorted(chosen[is_full])])
        held = np.flatnonzero(per_term)
        free[new[held]] += per_term[held]
        before += len(part.numbers)
    places = np.concatenate([np.zeros(0, dtype=np.int64), *full])
    order = np.argsort(places)
    lengths = [part.of_articles(f"{stream}_article_length") for part, _ in parts]
    return Postings(
        packed=packed,
        first=first,
        full=places[order],
        full_frequency=np.concatenate([np.zeros(0, dtype=np.uint32), *frequencies])[order],
        article_length=np.concatenate(lengths).astype(np.uint32),
    )


def _kept_postings(part: Part, stream: Stream) -> tuple[NDArray[np.bool_] | None, NDArray[np.int64]]:
    """Which postings of a segment are those of the articles (None: all), and how many each term has."""
    held = part.segment.postings[stream]
    if part.is_whole:
        return None, np.diff(held.first)
    is_wanted = np.zeros(part.segment.article_count, dtype=np.bool_)
    is_wanted[part.numbers] = True
    is_kept = is_wanted[held.packed >> FREQUENCY_BITS]
    return is_kept, np.diff(np.concatenate([[0], np.cumsum(is_kept)])[held.first])


def _chunks(first: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The terms in runs of about `AT_ONCE` postings."""
    low = 0
    while low < len(first) - 1:
        high = max(low + 1, int(first.searchsorted(int(first[low]) + AT_ONCE, side="right")) - 1)
        yield low, high
        low = high
