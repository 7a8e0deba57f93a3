"""Segments joined into one, without the articles that are no longer wanted.

What was counted is taken over, not counted again: terms and articles get new numbers, and each array is put
together from those of the parts, some articles or postings at a time. In memory are what is counted of the
terms of one stream, and its new postings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import facets, postings, schema
from retrieval.index.segment.array_file import ArrayWriter
from retrieval.index.segment.encoding import ARTICLE_STREAMS
from retrieval.index.segment.lines import line_arrays
from retrieval.index.segment.packing import Places, narrow, number_type
from retrieval.index.segment.postings import AT_ONCE, Counted
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import Field
from retrieval.index.segment.writer import add_numbers, add_terms
from retrieval.language.lexicon import Lexicon
from retrieval.models import Stream
from retrieval.ragged import Array, offsets, ranges, runs

ARTICLES = 1 << 11
"""Articles moved at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles of a segment, by their numbers, ascending."""

    segment: Segment
    numbers: NDArray[np.int64]

    @property
    def is_whole(self) -> bool:
        """Whether none is left out."""
        return len(self.numbers) == self.segment.article_count

    def pieces(self) -> "Iterator[Part]":
        """The same articles, some at a time."""
        for start in range(0, len(self.numbers), ARTICLES):
            yield Part(self.segment, self.numbers[start : start + ARTICLES])

    def of_articles(self, field: Field) -> Array:
        """An array with a value an article."""
        return self.segment.array(field)[self.numbers]

    def of_sentences(self, field: Field) -> Array:
        """An array with a value a sentence."""
        return self.segment.array(field)[self.places(schema.FIRST)]

    def places(self, firsts: Field) -> Places:
        """Where that lies of which each article has some, one after another."""
        first = self.segment.array(firsts)
        if int(self.numbers[-1]) - int(self.numbers[0]) + 1 == len(self.numbers):
            return slice(int(first[self.numbers[0]]), int(first[self.numbers[-1] + 1]))
        return ranges(first[self.numbers], first[self.numbers + 1])

    def is_pair(self) -> NDArray[np.bool_]:
        """Whether each of their characters makes a bigram with the next."""
        return self.segment.is_pair(self.segment.token_places(Stream.CHARACTER, self.numbers))

    def sizes(self, firsts: Field) -> NDArray[np.int64]:
        """How many of what lies one after another each article has."""
        first = self.segment.array(firsts)
        return (first[self.numbers + 1] - first[self.numbers]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Re-iterable batches of token ids, renumbered.

    `fields` are the arrays; `renumbered` has the new numbers for each part's terms.
    """

    parts: Sequence[Part]
    renumbered: Sequence[NDArray[np.int64]]
    fields: schema.Numbered

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        """Each time those of some articles."""
        for part, new in zip(self.parts, self.renumbered, strict=True):
            numbers = part.segment.numbers(self.fields)
            yield from (new[numbers.at(piece.places(self.fields.first))] for piece in part.pieces())


def merge(path: Path, parts: Sequence[Part]) -> str:
    """Write the articles of some segments as one segment; its digest."""
    writer = ArrayWriter(path)
    for field in schema.OF_ARTICLES:
        arrays = [part.of_articles(field) for part in parts]
        writer.add_parts(field, np.result_type(*arrays), arrays)
    ids = np.concatenate([part.of_articles(schema.ID) for part in parts])
    writer.add(schema.BY_ID, np.argsort(ids).astype(np.uint32))
    for field in schema.OF_SENTENCES:
        _add_pieces(writer, parts, field, schema.FIRST)
    for field in schema.VALUES:
        _add_pieces(writer, parts, field, field.begins)
        writer.add(field.begins, _joined_offsets(parts, field.begins))
    first = _joined_offsets(parts, schema.FIRST)
    writer.add(schema.FIRST, first)
    lines, titles = (
        np.concatenate(columns)
        for columns in zip(
            *((part.of_sentences(schema.LINE), part.of_articles(schema.TITLE_LINE)) for part in parts),
            strict=True,
        )
    )
    for name, array in line_arrays(lines, titles, first).items():
        writer.add(name, array)
    labels = facets.joined([(part.segment.facets, part.numbers) for part in parts])
    for name, array in labels.arrays().items():
        writer.add(name, array)
    tokens = {stream: _merge_stream(writer, parts, stream) for stream in Stream}
    return writer.close(
        {
            "articles": sum(len(part.numbers) for part in parts),
            "sentences": sum(int(part.sizes(schema.FIRST).sum()) for part in parts),
            "tokens": tokens,
        }
    )


def _add_pieces(writer: ArrayWriter, parts: Sequence[Part], field: Field, firsts: Field) -> None:
    """Write an array in which what an article has of something lies together."""
    kind = np.result_type(*(part.segment.array(field) for part in parts))
    pieces = (piece for part in parts for piece in part.pieces())
    writer.add_parts(field, kind, (piece.segment.array(field)[piece.places(firsts)] for piece in pieces))


def _joined_offsets(parts: Sequence[Part], firsts: Field) -> Array:
    return narrow(offsets(np.concatenate([part.sizes(firsts) for part in parts])))


def _merge_stream(writer: ArrayWriter, parts: Sequence[Part], stream: Stream) -> dict[str, int]:
    """Join one stream; how many tokens the sentences have, and the articles with their titles."""
    counted = [(_sizes(part, stream), _sentences(part, stream)) for part in parts]
    lexicon = Lexicon.of(
        np.concatenate(
            [
                part.segment.lexicons[stream].names(_used(part, stream, sentences))
                for part, (_, sentences) in zip(parts, counted, strict=True)
            ]
        )
    )
    # The new number of each old term; -1 for one that is no longer used. Their order stays the same.
    renumbered = [lexicon.numbers(part.segment.lexicons[stream].every()) for part in parts]
    fields = schema.STREAMS[stream]
    for numbered in (fields.tokens, fields.titles):
        add_numbers(writer, numbered, Tokens(parts, renumbered, numbered), len(lexicon))
        writer.add(numbered.first, _joined_offsets(parts, numbered.first))
    for field in dict.fromkeys((fields.sizes, fields.lengths)):
        _add_pieces(writer, parts, field, schema.FIRST)
    if stream is Stream.BIGRAM:
        pairs = [piece.is_pair() for part in parts for piece in part.pieces()]
        writer.add(schema.PAIRS, np.packbits(np.concatenate(pairs), bitorder="little"))
    lengths = None
    if stream in ARTICLE_STREAMS:
        of_parts = [part.of_articles(fields.postings["article_length"]) for part in parts]
        lengths = np.concatenate(of_parts).astype(np.int64)
    joined = _joined(parts, stream, renumbered, counted, len(lexicon))
    sentences = sum(
        int(piece.of_sentences(fields.lengths).sum()) for part in parts for piece in part.pieces()
    )
    return add_terms(writer, stream, lexicon, joined, lengths) | {"sentences": sentences}


def _used(part: Part, stream: Stream, sentences: NDArray[np.int64]) -> NDArray[np.int64]:
    """The terms that the articles hold: nothing is left of what only removed ones held."""
    fields = schema.STREAMS[stream].titles
    titles = part.segment.numbers(fields)
    is_used = sentences > 0
    is_used[titles.at(part.places(fields.first))] = True
    return np.flatnonzero(is_used)


def _sentences(part: Part, stream: Stream) -> NDArray[np.int64]:
    """In how many sentences of the articles that stay each term stands."""
    segment = part.segment
    sentences = segment.terms[stream].found(np.arange(len(segment.lexicons[stream]))).sentences
    gone = np.setdiff1d(np.arange(segment.article_count), part.numbers)
    for start in range(0, len(gone), ARTICLES):
        numbers = gone[start : start + ARTICLES]
        terms, counts = segment.sentence_counts(stream, numbers, segment.rows(numbers))
        sentences[terms] -= counts
    return sentences


def _sizes(part: Part, stream: Stream) -> NDArray[np.int64]:
    """In how many of the articles that stay each term stands."""
    if stream not in ARTICLE_STREAMS:
        return np.zeros(len(part.segment.lexicons[stream]), dtype=np.int64)
    return np.concatenate([np.zeros(0, dtype=np.int64), *(some.sizes for some in _postings_of(part, stream))])


class PartPostings(NamedTuple):
    """The postings of consecutive terms in the articles of a part, numbered anew from 0.

    `first` is the first of the terms; `sizes` says how many each has.
    """

    first: int
    sizes: NDArray[np.int64]
    articles: NDArray[np.int64]
    frequencies: NDArray[np.uint32]


def _postings_of(part: Part, stream: Stream) -> Iterator[PartPostings]:
    """All postings of a part, some at a time."""
    segment, held = part.segment, part.segment.postings[stream]
    _, starts, ends, _ = segment.terms[stream].found(np.arange(len(segment.lexicons[stream])))
    is_kept = np.zeros(segment.article_count, dtype=np.bool_)
    is_kept[part.numbers] = True
    number = np.cumsum(is_kept) - 1
    for low, high in runs(offsets(ends - starts), AT_ONCE):
        places = ranges(starts[low:high], ends[low:high])
        articles, frequencies = held.article[places], held.frequency_at(places)
        sizes = ends[low:high] - starts[low:high]
        if not part.is_whole:
            stays = is_kept[articles]
            sizes = np.bincount(np.repeat(np.arange(high - low), sizes)[stays], minlength=high - low)
            articles, frequencies = articles[stays], frequencies[stays]
        yield PartPostings(low, sizes, number[articles], frequencies)


def _joined(
    parts: Sequence[Part],
    stream: Stream,
    renumbered: Sequence[NDArray[np.int64]],
    counted: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
    terms: int,
) -> Counted:
    """What is counted of all parts by their new terms: of each term part by part, and so by article.

    Args:
        parts: to be joined.
        stream: of the terms.
        renumbered: the new number of each part's terms, -1 for one that is no longer used.
        counted: for each part in how many articles, and in how many sentences, each term stands.
        terms: how many there are in all.
    """
    sizes, sentences = np.zeros((2, terms), dtype=np.int64)
    for new, (of_articles, of_sentences) in zip(renumbered, counted, strict=True):
        used = np.flatnonzero(new >= 0)
        sizes[new[used]] += of_articles[used]
        sentences[new[used]] += of_sentences[used]
    total = int(sizes.sum())
    articles = np.empty(total, dtype=number_type(sum(len(part.numbers) for part in parts)))
    frequencies = np.empty(total, dtype=number_type(_highest(parts, stream)))
    if not total:
        return Counted(sizes, sentences, articles, frequencies)
    free = postings.starts(sizes, postings.is_frequent(sizes, sentences))
    before = 0
    for part, new in zip(parts, renumbered, strict=True):
        for some in _postings_of(part, stream):
            used = np.flatnonzero(some.sizes)
            held, counts = new[some.first + used], some.sizes[used]
            places = ranges(free[held], free[held] + counts)
            articles[places], frequencies[places] = some.articles + before, some.frequencies
            free[held] += counts
        before += len(part.numbers)
    return Counted(sizes, sentences, articles, frequencies)


def _highest(parts: Sequence[Part], stream: Stream) -> int:
    """How often an article of any part holds a term at most, or more."""
    if stream not in ARTICLE_STREAMS:
        return 0
    held = [part.segment.postings[stream].full_frequency for part in parts]
    return max(int(frequencies.max(initial=postings.FULL)) for frequencies in held)
