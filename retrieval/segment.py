"""A segment: some articles of an index as flat arrays in a file, written once and memory-mapped."""

import datetime as dt
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import postings
from retrieval.arrays import Array, ArrayFile
from retrieval.mentions import Mention
from retrieval.models import Article, Filters, Sentence, Span, Stream
from retrieval.writing import ARTICLE_STREAMS, KINDS, MENTION_KINDS, label


@dataclass(frozen=True, slots=True)
class Counts:
    """Frequencies (sentences x terms), token counts of the sentences, and which titles hold which terms."""

    frequencies: NDArray[np.float64]
    lengths: NDArray[np.float64]
    titles: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a segment adds to the statistics of its index: token counts a stream."""

    articles: int
    sentences: int
    article_tokens: Mapping[Stream, int]
    sentence_tokens: Mapping[Stream, int]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One stream of a segment: its terms, and where each stands."""

    hashes: NDArray[np.uint64]
    sentence_frequency: NDArray[np.uint32]
    tokens: NDArray[np.uint16] | NDArray[np.uint32]
    first_token: NDArray[np.int64]
    length: NDArray[np.uint16]
    title_tokens: NDArray[np.uint32]
    first_title_token: NDArray[np.int64]


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
        self.first = self.array("first")
        self.order = self.array("order")
        self.article_count: int = self._arrays.facts["articles"]
        self.streams = {stream: self._vocabulary(stream) for stream in Stream}
        self.postings = {stream: self._postings(stream) for stream in ARTICLE_STREAMS}
        removed_rows = self.rows(self.removed)
        self._removed_frequency = {
            stream: self._frequency_of(stream, self.removed, removed_rows)
            for stream in Stream
            if len(removed)
        }
        self.totals = self._totals(removed_rows)

    def array(self, name: str) -> Array:
        """One of the arrays that were written."""
        return self._arrays[name]

    def _totals(self, removed_rows: NDArray[np.int64]) -> Totals:
        tokens = self._arrays.facts["tokens"]
        gone = {s: int(self.streams[s].length[removed_rows].sum()) for s in Stream}
        gone_articles = {s: int(self.postings[s].article_length[self.removed].sum()) for s in ARTICLE_STREAMS}
        return Totals(
            articles=self.article_count - len(self.removed),
            sentences=self._arrays.facts["sentences"] - len(removed_rows),
            article_tokens={s: tokens[s]["articles"] - gone_articles[s] for s in ARTICLE_STREAMS},
            sentence_tokens={s: tokens[s]["sentences"] - gone[s] for s in Stream},
        )

    def _frequency_of(
        self, stream: Stream, numbers: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The terms in some articles' sentences, ascending, and in how many sentences each stands."""
        held = self.streams[stream]
        tokens = held.tokens[ranges(held.first_token[numbers], held.first_token[numbers + 1])]
        sentences = np.repeat(np.arange(len(rows)), held.length[rows])
        pairs = np.unique(tokens.astype(np.int64) * max(len(rows), 1) + sentences)
        return np.unique(pairs // max(len(rows), 1), return_counts=True)

    def _vocabulary(self, stream: Stream) -> Vocabulary:
        return Vocabulary(
            hashes=self.array(f"{stream}_vocabulary"),
            sentence_frequency=self.array(f"{stream}_sentence_frequency"),
            tokens=self.array(f"{stream}_tokens"),
            first_token=self.array(f"{stream}_first_token"),
            length=self.array(f"{stream}_length"),
            title_tokens=self.array(f"{stream}_title_tokens"),
            first_title_token=self.array(f"{stream}_first_title_token"),
        )

    def _postings(self, stream: Stream) -> postings.Postings:
        return postings.Postings(
            packed=self.array(f"{stream}_postings"),
            first=self.array(f"{stream}_first_posting"),
            full=self.array(f"{stream}_full"),
            full_frequency=self.array(f"{stream}_full_frequency"),
            article_length=self.array(f"{stream}_article_length"),
        )

    def terms(self, stream: Stream, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The numbers of terms in this segment's vocabulary; -1 for one that it does not hold."""
        vocabulary = self.streams[stream].hashes
        if not len(vocabulary):
            return np.full(len(hashes), -1)
        places = vocabulary.searchsorted(hashes)
        is_known = vocabulary.take(places, mode="clip") == hashes
        return np.where(is_known, places, -1)

    def sentence_frequency(self, stream: Stream, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """In how many sentences each of some terms (-1: nowhere) stands."""
        frequency = self.streams[stream].sentence_frequency
        if not len(frequency):
            return np.zeros(len(terms), dtype=np.int64)
        found = np.where(terms >= 0, frequency.take(terms, mode="clip"), 0).astype(np.int64)
        if stream in self._removed_frequency:
            gone, counts = self._removed_frequency[stream]
            if len(gone):
                places = gone.searchsorted(terms)
                found -= np.where(
                    gone.take(places, mode="clip") == terms, counts.take(places, mode="clip"), 0
                )
        return found

    def bounds(self, stream: Stream, term: int) -> tuple[float, float]:
        """The highest frequency of a term, and the lowest ratio of an article's length to it.

        Infinity and 0, which bound nothing, for a term that is too rare to have them stored.
        """
        bounded = self.array(f"{stream}_bounded")
        place = int(bounded.searchsorted(np.uint32(term)))
        if place == len(bounded) or int(bounded[place]) != term:
            return math.inf, 0.0
        highest, lowest = self.array(f"{stream}_bound_frequency"), self.array(f"{stream}_bound_ratio")
        return float(highest[place]), float(lowest[place])

    def count(
        self,
        stream: Stream,
        numbers: NDArray[np.int64],
        rows: NDArray[np.int64],
        terms: NDArray[np.int64],
    ) -> Counts:
        """How often the sentences (`rows`) and titles of some articles hold each of some terms (-1: none)."""
        held = self.streams[stream]
        lengths = held.length[rows].astype(np.int64)
        tokens = held.tokens[ranges(held.first_token[numbers], held.first_token[numbers + 1])]
        first, last = held.first_title_token[numbers], held.first_title_token[numbers + 1]
        titles = _tally(held.title_tokens[ranges(first, last)], last - first, terms, len(held.hashes))
        return Counts(
            frequencies=_tally(tokens, lengths, terms, len(held.hashes)),
            lengths=lengths.astype(np.float64),
            titles=np.minimum(titles, 1.0),
        )

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The sentences of some articles, as rows of the segment."""
        return ranges(self.first[numbers], self.first[numbers + 1])

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Which articles the filters let through, one truth value an article."""
        allowed = np.ones(self.article_count, dtype=np.bool_)
        if filters.since:
            allowed &= self.array("published") >= dt.date.toordinal(filters.since)
        if filters.industries:
            allowed &= self._labelled([label("industry", name) for name in filters.industries])
        if filters.technologies:
            allowed &= self._labelled([label("technology", name) for name in filters.technologies])
        return allowed

    def _labelled(self, labels: Sequence[int]) -> NDArray[np.bool_]:
        """Which articles bear any of some labels."""
        offsets = self.array("first_label")
        found = np.zeros(self.article_count, dtype=np.bool_)
        for place in np.flatnonzero(np.isin(self.array("labels"), np.array(labels, dtype=np.uint64))):
            found[self.array("label_article")[int(offsets[place]) : int(offsets[place + 1])]] = True
        return found

    def find(self, article: str) -> int | None:
        """The number of the article with an id; None when it is not here, or was removed."""
        name = int(article, 16)
        order, ids = self.array("by_id"), self.array("id")
        place = int(np.searchsorted(ids, np.uint64(name), sorter=order))
        while place < len(order) and int(ids[order[place]]) == name:
            if order[place] not in self.removed:
                return int(order[place])
            place += 1
        return None

    def id(self, number: int) -> str:
        """The id of the article of a number."""
        return f"{int(self.array('id')[number]):012x}"

    def span(self, number: int, sentence: int) -> Span:
        """Where a sentence of an article stands in its summary."""
        start, size, _, _ = self.array("sentences")[int(self.first[number]) + sentence].item()
        return start, start + size

    def article(self, number: int) -> Article:
        """The article of a number."""
        offsets = self.array("first_record")
        record = self.array("records")[int(offsets[number]) : int(offsets[number + 1])]
        return Article.model_validate_json(zlib.decompress(record.tobytes()))

    def sentences(self, number: int) -> list[Sentence]:
        """The sentences of an article."""
        rows = self.array("sentences")[int(self.first[number]) : int(self.first[number + 1])]
        return [
            Sentence(start=start, end=start + size, paragraph=paragraph, kind=KINDS[kind])
            for start, size, paragraph, kind in rows.tolist()
        ]

    def mentions(self, number: int, sentence: int) -> tuple[Mention, ...]:
        """What a sentence of an article mentions."""
        rows = self._of_sentence("mention_count", "mentions", "first_mention", number, sentence)
        return tuple([Mention(MENTION_KINDS[kind], start, end) for start, end, kind in rows.tolist()])

    def figures(self, kind: str, number: int, sentence: int) -> list[str]:
        """The "numbers" or "dates" of a sentence of an article, normalised."""
        held = self._of_sentence(f"{kind}_size", kind, f"first_{kind}", number, sentence)
        return held.tobytes().decode().split("\n") if len(held) else []

    def _of_sentence(self, sizes: str, values: str, firsts: str, number: int, sentence: int) -> Array:
        """What one sentence has of an array in which those of an article lie one after another."""
        first = int(self.first[number])
        size = self.array(sizes)[first : first + sentence + 1]
        end = int(self.array(firsts)[number]) + int(size.sum())
        return self.array(values)[end - int(size[-1]) : end]


def ranges(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """The whole numbers from each start to its end (exclusive), one range after another."""
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))


def _tally(
    tokens: NDArray[np.uint16] | NDArray[np.uint32],
    lengths: NDArray[np.int64],
    terms: NDArray[np.int64],
    vocabulary: int,
) -> NDArray[np.float64]:
    """Rows of token counts, a row for each of the documents that lie one after another in `tokens`."""
    # The column of each term of the vocabulary, from 1; memory that is not looked at costs nothing.
    column = np.zeros(vocabulary, dtype=np.uint16)
    known = np.flatnonzero(terms >= 0)
    column[terms[known]] = known + 1
    columns = column[tokens]
    matches = np.flatnonzero(columns)
    rows = np.repeat(np.arange(len(lengths)), lengths)[matches]
    cells = rows * len(terms) + columns[matches] - 1
    return np.bincount(cells, minlength=len(lengths) * len(terms)).reshape(-1, len(terms)).astype(np.float64)
