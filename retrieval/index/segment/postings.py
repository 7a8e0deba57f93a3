"""Postings and frequencies per term, in term order.

Most terms are rare. Their postings come first, in the order of the terms, so that where they begin is told by
a small number for each and a large one for every few; frequent terms have a table of their own. A frequency
that does not fit in a byte stands in a list beside the postings.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.packing import narrow
from retrieval.ragged import Array, is_new, offsets, runs

TITLE_REPEATS = 3
"""How often a token of the title counts in its article."""
FULL = 255
"""Stands for a frequency, or a count of sentences, that is kept apart."""
FREQUENT = 32
"""Postings from which on a term counts as frequent."""
AT_ONCE = 1 << 18
"""Postings that are worked on at once."""
TOGETHER = 8
"""Terms that share one large number: what precedes the last of them in their postings fits in a byte."""


class Counted(NamedTuple):
    """What is counted of the terms of one stream, in their order.

    `sizes` says in how many articles each term stands, `sentences` in how many sentences; `articles` has
    those articles, ascending, term after term, the frequent terms last, and `frequencies` how often each
    holds the term.
    """

    sizes: NDArray[np.int64]
    sentences: NDArray[np.int64]
    articles: Array
    frequencies: Array

    @property
    def is_frequent(self) -> NDArray[np.bool_]:
        """Which terms are frequent."""
        return is_frequent(self.sizes, self.sentences)


class Occurrences(NamedTuple):
    """Where terms stand, term after term: the number of the term and the sentence, ascending."""

    terms: NDArray[np.int64]
    rows: NDArray[np.int64]

    @classmethod
    def of(
        cls, tokens: NDArray[np.int64], rows: NDArray[np.int64], order: NDArray[np.int64]
    ) -> "Occurrences":
        """From the term and the sentence of each token, and the order of the tokens by their terms."""
        keys = tokens[order] << 32 | rows[order]
        keys.sort(kind="stable")  # in order already, where the rows ascend
        return cls(keys >> 32, keys & 0xFFFFFFFF)


class Found(NamedTuple):
    """What is found of some terms in a segment, an entry each.

    `terms` are their numbers, -1 for what is not there; `starts` and `ends` where the postings of each begin
    and end, `sentences` in how many sentences it stands.
    """

    terms: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sentences: NDArray[np.int64]

    @classmethod
    def nothing(cls, count: int) -> "Found":
        """What is found of so many terms that are not there."""
        return cls(np.full(count, -1, dtype=np.int64), *np.zeros((3, count), dtype=np.int64))


class Terms(NamedTuple):
    """Where each term's postings lie, and in how many sentences it stands, as stored.

    Those of a rare term `t` begin at `base[t // TOGETHER] + near[t]` and end where the next term's begin;
    those of `frequent[i]` lie from `frequent_first[i]` to `frequent_first[i + 1]`.
    """

    base: Array
    near: NDArray[np.uint8]
    frequent: NDArray[np.uint32]
    frequent_first: Array
    sentences: NDArray[np.uint8]
    frequent_sentences: Array

    def found(self, terms: NDArray[np.int64]) -> Found:
        """Where the postings of some terms (none -1) lie, and in how many sentences each stands."""
        borders = np.array([terms, terms + 1])
        starts, ends = self.base.take(borders // TOGETHER).astype(np.int64) + self.near.take(borders)
        sentences = self.sentences.take(terms).astype(np.int64)
        frequent = (sentences == FULL).nonzero()[0]
        if len(frequent):
            # Numbers of another type would have all the frequent terms converted.
            at = self.frequent.searchsorted(terms.take(frequent).astype(self.frequent.dtype))
            starts[frequent], ends[frequent] = self.frequent_first.take(at), self.frequent_first.take(at + 1)
            sentences[frequent] = self.frequent_sentences.take(at)
        return Found(terms, starts, ends, sentences)


class Postings(NamedTuple):
    """The postings of one stream of a segment, as stored.

    `full` are the places of frequencies kept apart, ascending, `full_frequency` what they are.
    `bound_frequency` and `bound_ratio` are, for each of the frequent terms, the highest frequency and the
    lowest ratio of an article's length to the frequency in it: no posting of the term can score higher than
    one with both.
    """

    article: Array
    frequency: NDArray[np.uint8]
    full: Array
    full_frequency: Array
    bound_frequency: Array
    bound_ratio: NDArray[np.float32]
    article_length: Array

    def frequencies(self, start: int, end: int) -> NDArray[np.uint8] | NDArray[np.uint32]:
        """The frequencies of the postings from one place to another."""
        found = self.frequency[start:end]
        if not len(self.full) or int(found.max(initial=0)) < FULL:
            return found
        return self.frequency_at(np.arange(start, end))

    def frequency_at(self, places: NDArray[np.int64]) -> NDArray[np.uint32]:
        """The frequencies of postings at some places."""
        found = self.frequency[places].astype(np.uint32)
        if len(self.full):
            is_full = found == FULL
            found[is_full] = self.full_frequency[self.full.searchsorted(places[is_full])]
        return found


def is_frequent(sizes: NDArray[np.int64], sentences: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which terms are frequent that stand in so many articles and sentences."""
    return (sizes >= FREQUENT) | (sentences >= FULL)


def starts(sizes: NDArray[np.int64], is_last: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where the postings of each term begin, when some terms come last."""
    rare = offsets(np.where(is_last, 0, sizes))
    found = rare[:-1].copy()
    found[is_last] = rare[-1] + offsets(sizes[is_last])[:-1]
    return found


def of_terms(counted: Counted) -> dict[str, Array]:
    """Where the postings lie, as stored: see `Terms`."""
    is_last = counted.is_frequent
    rare = offsets(np.where(is_last, 0, counted.sizes))
    base = rare[::TOGETHER]
    frequent = np.flatnonzero(is_last)
    return {
        "base": narrow(base),
        "near": (rare - np.repeat(base, TOGETHER)[: len(rare)]).astype(np.uint8),
        "frequent": frequent.astype(np.uint32),
        "frequent_first": narrow(rare[-1] + offsets(counted.sizes[frequent])),
        "sentences": np.where(is_last, FULL, counted.sentences).astype(np.uint8),
        "frequent_sentences": narrow(counted.sentences[frequent]),
    }


def of_articles(counted: Counted, article_length: NDArray[np.int64]) -> dict[str, Array]:
    """The postings as stored: see `Postings`."""
    full = np.flatnonzero(counted.frequencies >= FULL)
    return {
        "article": narrow(counted.articles),
        "frequency": np.minimum(counted.frequencies, FULL).astype(np.uint8, copy=False),
        "full": narrow(full),
        "full_frequency": counted.frequencies[full].astype(np.uint32),
        **_bounds(counted, article_length),
        "article_length": narrow(article_length),
    }


def _bounds(counted: Counted, article_length: NDArray[np.int64]) -> Mapping[str, Array]:
    """The bounds of the frequent terms, each with a posting at least."""
    sizes = counted.sizes[counted.is_frequent]
    first = offsets(sizes) + len(counted.articles) - int(sizes.sum())
    highest, lowest = np.zeros(len(sizes), dtype=np.uint32), np.zeros(len(sizes))
    for low, high in runs(first, AT_ONCE):
        held, places = slice(int(first[low]), int(first[high])), first[low:high] - first[low]
        frequencies = counted.frequencies[held]
        highest[low:high] = np.maximum.reduceat(frequencies, places)
        lowest[low:high] = np.minimum.reduceat(article_length[counted.articles[held]] / frequencies, places)
    return {
        "bound_frequency": narrow(highest),
        "bound_ratio": np.nextafter(lowest.astype(np.float32), np.float32(0)),
    }


def count(
    found: Occurrences,
    articles: NDArray[np.int64],
    titles: tuple[NDArray[np.int64], NDArray[np.int64]],
    terms: int,
) -> Counted:
    """Count the terms of sentences, and for their articles those of the titles several times.

    Args:
        found: where the terms stand.
        articles: the article of each sentence, ascending.
        titles: numbers of the terms of the titles, and the article of each.
        terms: how many terms there are.
    """
    keys = np.concatenate(
        [found.terms << 32 | articles[found.rows], np.repeat(titles[0] << 32 | titles[1], TITLE_REPEATS)]
    )
    keys.sort(kind="stable")  # most are in order
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    distinct = keys[first]
    sizes, sentences = np.bincount(distinct >> 32, minlength=terms), _sentences(found, terms)
    is_last = is_frequent(sizes, sentences)[distinct >> 32]
    listed = (distinct & 0xFFFFFFFF).astype(np.uint32), np.diff(first, append=len(keys)).astype(np.uint32)
    ordered = (np.concatenate([values[~is_last], values[is_last]]) for values in listed)
    return Counted(sizes, sentences, *ordered)


def in_sentences(found: Occurrences, terms: int) -> Counted:
    """Count so many terms in sentences only."""
    nothing = np.zeros(0, dtype=np.uint32)
    return Counted(np.zeros(terms, dtype=np.int64), _sentences(found, terms), nothing, nothing)


def _sentences(found: Occurrences, terms: int) -> NDArray[np.int64]:
    """In how many sentences each term stands."""
    is_first = is_new(found.terms) | is_new(found.rows)
    return np.bincount(found.terms[is_first], minlength=terms)
