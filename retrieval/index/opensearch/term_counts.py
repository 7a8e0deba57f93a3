"""In how many sentences and articles terms stand: what a batch adds, summed up, cut into buckets.

A bucket is a document: some terms that a digest puts together, so that there are few documents and each is
small. A bucket that changes is written anew, under the revision that changes it; the one before it stays for
those who still read an earlier revision.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.segment.encoding import ARTICLE_STREAMS
from retrieval.index.segment.reader import Segment
from retrieval.language.lexicon import TokenKeys
from retrieval.models import Stream
from retrieval.ragged import is_new

TOGETHER: Final = 16
"""Terms of a bucket, about."""
MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
HIGH: Final = np.uint64(32)
FIELDS: Final = numbered(["keys", "sentences", "articles"])


@dataclass(frozen=True, slots=True)
class TermCounts:
    """Terms of one stream by their keys, ascending, and in how many sentences and articles each stands."""

    keys: TokenKeys
    sentences: NDArray[np.int64]
    articles: NDArray[np.int64]

    @classmethod
    def nothing(cls) -> Self:
        """No terms."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing.astype(np.uint64), nothing, nothing)

    @classmethod
    def of_segment(cls, segment: Segment, stream: Stream) -> Self:
        """The terms of a segment."""
        found = segment.terms[stream].found(np.arange(len(segment.lexicons[stream])))
        keys = segment.lexicons[stream].every()
        order = keys.argsort()
        held = found.ends - found.starts if stream in ARTICLE_STREAMS else np.zeros_like(found.sentences)
        return cls(keys[order], found.sentences[order], held[order])

    @classmethod
    def opened(cls, content: bytes) -> Self:
        """Terms that were packed."""
        arrays = PackedArrays(FIELDS, content)
        return cls(
            arrays["keys"].astype(np.uint64),
            arrays["sentences"].astype(np.int64),
            arrays["articles"].astype(np.int64),
        )

    def packed(self) -> bytes:
        """The terms as they are kept."""
        return pack(FIELDS, {"keys": self.keys, "sentences": self.sentences, "articles": self.articles})

    def negative(self) -> "TermCounts":
        """The same, to be taken away."""
        return TermCounts(self.keys, -self.sentences, -self.articles)

    def at(self, places: NDArray[np.int64] | slice) -> "TermCounts":
        """Some of the terms."""
        return TermCounts(self.keys[places], self.sentences[places], self.articles[places])

    def used(self) -> "TermCounts":
        """Those that stand anywhere."""
        return self.at(np.flatnonzero((self.sentences > 0) | (self.articles > 0)))


def total(parts: Iterable[TermCounts]) -> TermCounts:
    """Counts added up."""
    known = [TermCounts.nothing(), *parts]
    keys = np.concatenate([part.keys for part in known])
    order = keys.argsort(kind="stable")
    keys = keys[order]
    first = np.flatnonzero(is_new(keys)) if len(keys) else np.zeros(0, dtype=np.int64)
    if not len(first):
        return TermCounts.nothing()
    sentences = np.concatenate([part.sentences for part in known])[order]
    articles = np.concatenate([part.articles for part in known])[order]
    return TermCounts(keys[first], np.add.reduceat(sentences, first), np.add.reduceat(articles, first))


def buckets_for(terms: int) -> int:
    """How many buckets so many terms are put into."""
    return max(1, terms // TOGETHER)


def bucket_names(stream: Stream, keys: TokenKeys, buckets: int) -> list[str]:
    """The bucket of each key, where there are so many of its stream."""
    return [f"{stream}-{number}" for number in _numbers(keys, buckets).tolist()]


def in_buckets(stream: Stream, counts: TermCounts, buckets: int) -> Iterator[tuple[str, TermCounts]]:
    """Terms by their buckets."""
    numbers = _numbers(counts.keys, buckets)
    order = numbers.argsort(kind="stable")
    first = np.flatnonzero(is_new(numbers[order])) if len(order) else order
    for start, end in zip(first.tolist(), [*first[1:].tolist(), len(order)], strict=False):
        yield f"{stream}-{numbers[order[start]]}", counts.at(order[start:end])


def _numbers(keys: TokenKeys, buckets: int) -> NDArray[np.int64]:
    # Characters that follow one another, as most keys are made of, are spread by the high half of a product.
    return ((keys * MULTIPLIER) >> HIGH).astype(np.int64) % buckets


def looked_up(keys: TokenKeys, found: Sequence[TermCounts]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """In how many sentences and articles keys stand, by the buckets that could hold them."""
    known = total(found)
    if not len(known.keys):
        return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    places = known.keys.searchsorted(keys)
    is_known = known.keys.take(places, mode="clip") == keys
    return (
        np.where(is_known, known.sentences.take(places, mode="clip"), 0),
        np.where(is_known, known.articles.take(places, mode="clip"), 0),
    )


Counts = Mapping[Stream, TermCounts]
"""The terms of all streams."""
