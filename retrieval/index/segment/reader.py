"""A segment: some articles of an index as flat arrays in a file, written once and memory-mapped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import schema
from retrieval.index.segment.array_file import ArrayFile
from retrieval.index.segment.encoding import (
    ARTICLE_STREAMS,
    HELD,
    QUOTABLE,
    read_record,
)
from retrieval.index.segment.facets import Facets
from retrieval.index.segment.packing import Numbers
from retrieval.index.segment.postings import Found, Postings, Terms
from retrieval.index.segment.schema import Field
from retrieval.language.lexicon import Lexicon, WantedKeys, pair_keys
from retrieval.models import Article, Stream
from retrieval.ragged import Array, distinct, ranges

NOTHING = np.zeros(0, dtype=np.int64)


class Totals(NamedTuple):
    """What a segment adds to the statistics of its index: token counts a stream."""

    articles: int
    sentences: int
    article_tokens: Mapping[Stream, int]
    sentence_tokens: Mapping[Stream, int]


class Segment:
    """A segment, memory-mapped: nothing is read before it is asked for.

    Args:
        path: of the file.
        removed: numbers of articles, ascending, that count no longer, though they are in the file.

    Raises:
        IndexUnusableError: the file is missing or damaged.
    """

    def __init__(self, path: Path, removed: Sequence[int] = ()) -> None:
        self.name = path.name
        self.removed = np.array(removed, dtype=np.int64)
        self._arrays = ArrayFile(path)
        self.first = self.array(schema.FIRST)
        self.order = self.array(schema.ORDER)
        self.facets = Facets(**{field.name: self.array(field) for field in schema.FACETS})
        self.article_count: int = self._arrays.facts["articles"]
        self.lexicons = {
            stream: Lexicon(self.array(of.short), self.array(of.long))
            for stream, of in schema.STREAMS.items()
        }
        self.stored = {stream: self.numbers(of.tokens) for stream, of in schema.STREAMS.items()}
        self.terms = {stream: Terms(**self._named(of.terms)) for stream, of in schema.STREAMS.items()}
        self.postings = {
            stream: Postings(**self._named(schema.STREAMS[stream].postings)) for stream in ARTICLE_STREAMS
        }
        removed_rows = self.rows(self.removed)
        self._removed_frequency = {
            stream: self.sentence_counts(stream, self.removed, removed_rows)
            for stream in Stream
            if len(removed)
        }
        self.totals = self._totals(removed_rows)

    def array(self, field: Field) -> Array:
        """One of the arrays that were written."""
        return self._arrays[field]

    def numbers(self, fields: schema.Numbered) -> Numbers:
        """One of the arrays of numbers of terms."""
        return Numbers(self.array(fields.low), self.array(fields.high))

    def _named(self, fields: Mapping[str, Field]) -> dict[str, Array]:
        """Arrays that belong together."""
        return {name: self.array(field) for name, field in fields.items()}

    def lengths(self, stream: Stream, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many tokens some sentences have."""
        return self.array(schema.STREAMS[stream].lengths)[rows].astype(np.int64)

    def _totals(self, removed_rows: NDArray[np.int64]) -> Totals:
        tokens = self._arrays.facts["tokens"]
        gone = {s: int(self.lengths(s, removed_rows).sum()) for s in Stream}
        gone_articles = {s: int(self.postings[s].article_length[self.removed].sum()) for s in ARTICLE_STREAMS}
        return Totals(
            articles=self.article_count - len(self.removed),
            sentences=self._arrays.facts["sentences"] - len(removed_rows),
            article_tokens={s: tokens[s]["articles"] - gone_articles[s] for s in ARTICLE_STREAMS},
            sentence_tokens={s: tokens[s]["sentences"] - gone[s] for s in Stream},
        )

    def sentence_counts(
        self, stream: Stream, numbers: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The terms in some articles' sentences, ascending, and in how many sentences each stands."""
        tokens, sentences = self.tokens(stream, numbers, rows)
        held = distinct(tokens * max(len(rows), 1) + sentences) // max(len(rows), 1)
        first = np.flatnonzero(np.diff(held, prepend=-1))
        return held[first], np.diff(first, append=len(held))

    def token_places(self, stream: Stream, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the stored tokens of some articles lie."""
        first = self.array(schema.STREAMS[stream].tokens.first)
        return ranges(first[numbers], first[numbers + 1])

    def tokens(
        self, stream: Stream, numbers: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The terms in the sentences (`rows`) of some articles, and in which of these each stands."""
        lengths = self.array(schema.STREAMS[stream].sizes)[rows]
        tokens = self.stored[stream].at(self.token_places(stream, numbers)).astype(np.int64)
        sentences = np.repeat(np.arange(len(rows)), lengths)
        if stream is not Stream.BIGRAM:
            return tokens, sentences
        held, of_sentence = self.tokens(Stream.CHARACTER, numbers, rows)
        is_pair = self.is_pair(self.token_places(Stream.CHARACTER, numbers))
        names, places = pair_keys(self.lexicons[Stream.CHARACTER].names(held), is_pair)
        pairs = self.lexicons[stream].numbers(names)
        return np.concatenate([pairs, tokens]), np.concatenate([of_sentence[places], sentences])

    def is_pair(self, places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of some stored characters makes a bigram with the next."""
        found: NDArray[np.bool_] = self.array(schema.PAIRS)[places >> 3] & (1 << (places & 7)) > 0
        return found

    def look_up(self, stream: Stream, wanted: WantedKeys) -> Found:
        """What is found of the terms of some names."""
        if not len(self.lexicons[stream]):
            return Found.nothing(wanted.count)
        terms = self.lexicons[stream].look_up(wanted)
        is_known = terms >= 0
        _, starts, ends, sentences = self.terms[stream].found(np.maximum(terms, 0))
        found = Found(terms, starts, np.where(is_known, ends, starts), sentences * is_known)
        self.strike_out(stream, found)
        return found

    def bounds(
        self, stream: Stream, terms: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The highest frequency of each of some terms, and the lowest ratio of an article's length to it.

        Infinity and 0, which bound nothing, for a term that is too rare to have them stored.
        """
        frequent, held = self.terms[stream].frequent, self.postings[stream]
        highest, lowest = np.full(len(terms), np.inf), np.zeros(len(terms))
        if len(frequent):
            places = frequent.searchsorted(terms.astype(frequent.dtype))
            is_frequent = frequent.take(places, mode="clip") == terms
            highest[is_frequent] = held.bound_frequency.take(places[is_frequent])
            lowest[is_frequent] = held.bound_ratio.take(places[is_frequent])
        return highest, lowest

    def strike_out(self, stream: Stream, found: Found) -> None:
        """Take removed articles out of what is counted of sentences."""
        gone, counts = self._removed_frequency.get(stream, (NOTHING, NOTHING))
        if len(gone):
            places = gone.searchsorted(found.terms)
            is_gone = gone.take(places, mode="clip") == found.terms
            found.sentences[is_gone] -= counts.take(places[is_gone], mode="clip")

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sentences of some articles, as rows of the segment."""
        return ranges(self.first[numbers], self.first[numbers + 1])

    def is_kept(self) -> NDArray[np.bool_]:
        """Which articles were not removed."""
        kept = np.ones(self.article_count, dtype=np.bool_)
        kept[self.removed] = False
        return kept

    def find(self, article: str) -> int | None:
        """The number of the article with an id; None when it is not here, or was removed."""
        name = int(article, 16)
        order, ids = self.array(schema.BY_ID), self.array(schema.ID)
        place = int(np.searchsorted(ids, np.uint64(name), sorter=order))
        while place < len(order) and int(ids[order[place]]) == name:
            if order[place] not in self.removed:
                return int(order[place])
            place += 1
        return None

    def id(self, number: int) -> str:
        """The id of the article of a number."""
        return article_id(int(self.array(schema.ID)[number]))

    def article(self, number: int) -> Article:
        """The article of a number."""
        offsets = self.array(schema.FIRST_RECORD)
        record = self.array(schema.RECORDS)[int(offsets[number]) : int(offsets[number + 1])]
        return read_record(record.tobytes())

    def holds(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The kinds of answer that some sentences hold, a bit each (see `retrieval.mentions`)."""
        return self.array(schema.FLAGS)[rows] & np.uint8(HELD)

    def is_quotable(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some sentences can be an answer."""
        return self.array(schema.FLAGS)[rows] >= QUOTABLE


def article_id(number: int) -> str:
    """The id of an article, which is stored as a number."""
    return f"{number:016x}"
