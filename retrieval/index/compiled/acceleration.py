"""The first stage and the counting by compiled loops: the extra `zhiwen[numba]`.

What they come to is the same to the last digit; without Numba everything works, only slower. Numba takes
seconds to import, so that a process which asks once is better off without it.
"""

import importlib
import importlib.util
import mmap
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights
from retrieval.index.search.columns import Columns
from retrieval.index.search.counting import Asked, Chosen, Codes, Counter, StoredTokens, Tables
from retrieval.index.search.first_stage import Finder, LookedUp
from retrieval.index.segment.packing import Numbers
from retrieval.index.segment.postings import Found
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import ARTICLE_STREAMS
from retrieval.language.lexicon import names
from retrieval.models import Stream
from retrieval.ragged import Array, offsets

Kernels: TypeAlias = ModuleType
"""`compiled.loops`, which only exists where Numba does."""
Form: TypeAlias = Any
"""A tuple of `compiled.loops`."""
ALL = np.zeros(0, dtype=np.bool_)
"""Stands for all articles."""
NONE = np.zeros(0, dtype=np.uint8)
"""Stands for no bits."""


def obstacle() -> str | None:
    """What keeps this process from compiling, and the remedy; None where nothing does."""
    if importlib.util.find_spec("numba") is None:
        return "Numba is not installed: pip install 'zhiwen[numba]'"
    try:
        mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
    except OSError:
        return "code made in memory may not run: set MemoryDenyWriteExecute=no with 'systemctl edit zhiwen'"
    return None


def load(cache: Path) -> Kernels:
    """Compile the loops, or take them from where they were kept.

    Args:
        cache: a folder of our own that keeps them.

    Raises:
        ImportError: Numba is not installed.
    """
    importlib.import_module("numba").config.CACHE_DIR = str(cache)
    return importlib.import_module("retrieval.index.compiled.loops")


class CompiledFinder(Finder):
    """The first stage by compiled loops.

    Args:
        kernels: what was loaded.
        segments: of the index.
        weights: of an article's score.
    """

    def __init__(self, kernels: Kernels, segments: Sequence[Segment], weights: ArticleWeights) -> None:
        super().__init__(segments, weights)
        self._kernels = kernels
        self._terms = {
            stream: [self._of_stream(segment, stream) for segment in segments] for stream in Stream
        }
        self._postings = [
            tuple(self._of_articles(segment, stream) for stream in ARTICLE_STREAMS) for segment in segments
        ]
        self._article_terms = [
            tuple(self._terms[stream][place] for stream in ARTICLE_STREAMS) for place in range(len(segments))
        ]
        means = np.array([self.mean_length(stream) for stream in ARTICLE_STREAMS])
        self._of_bm25 = kernels.Weights(weights.k1, weights.b, kernels.fixed(means, np.float64))
        places = sorted(range(len(segments)), key=lambda place: -segments[place].article_count)
        # The largest first: its best spare much of the others.
        self._by_size = [(place, int(self.first[place]), int(self.first[place + 1])) for place in places]
        self._own = threading.local()

    def found(self, stream: Stream, tokens: Sequence[str]) -> Sequence[Found]:
        """What is found of some tokens in each segment."""
        wanted = self._kernels.fixed(names(tokens), np.uint64)
        found = [self._kernels.room_for(len(wanted)) for _ in self.segments]
        for segment, terms, of_segment in zip(self.segments, self._terms[stream], found, strict=True):
            self._kernels.look_up(terms, wanted, of_segment)
            segment.strike_out(stream, of_segment)
        return found

    def best(
        self,
        asked: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `limit` articles of highest score, those that equal the last, and perhaps some more."""
        fixed = self._kernels.fixed
        terms = self.weighed(asked, looked_up)
        stream = [ARTICLE_STREAMS.index(term.stream) for term in terms]
        weighted = self._kernels.Weighted(
            first=fixed(offsets([len(term.tokens) for term in terms]), np.int64),
            stream=fixed(np.array(stream), np.int64),
            idf=fixed(np.array([term.idf for term in terms]), np.float64),
            weight=fixed(np.array([term.weight for term in terms]), np.float64),
        )
        lists = self._kernels.Lists(
            token=fixed(np.array([token for term in terms for token in term.tokens]), np.int64),
            share=fixed(np.array([share for term in terms for share in term.shares]), np.float64),
        )
        room = self._room()
        articles, scores = np.zeros(0, dtype=np.int64), np.zeros(0)
        for place, start, end in self._by_size:
            size = self._kernels.best(
                *(self._article_terms[place], self._postings[place]),
                tuple(looked_up[stream].found[place] for stream in ARTICLE_STREAMS),
                *(lists, weighted, self._of_bm25, limit, fixed(scores, np.float64)),
                *(fixed(ALL if allowed is None else allowed[start:end], np.bool_), room),
            )
            articles = np.concatenate([articles, room.kept[:size] + start])
            scores = np.concatenate([scores, room.reached[:size]])
        return articles, scores

    def _of_stream(self, segment: Segment, stream: Stream) -> Form:
        """The terms of a stream of a segment, as they are looked up."""
        fixed, lexicon, terms = self._kernels.fixed, segment.lexicons[stream], segment.terms[stream]
        bounds = segment.postings.get(stream)
        return self._kernels.Terms(
            short=fixed(lexicon.short, np.uint32),
            long=fixed(lexicon.long, np.uint64),
            base=fixed(terms.base, np.int64),
            near=fixed(terms.near, np.uint8),
            frequent=fixed(terms.frequent, np.uint32),
            frequent_first=fixed(terms.frequent_first, np.int64),
            sentences=fixed(terms.sentences, np.uint8),
            frequent_sentences=fixed(terms.frequent_sentences, np.int64),
            bound_frequency=fixed(bounds.bound_frequency if bounds else ALL, np.float64),
            bound_ratio=fixed(bounds.bound_ratio if bounds else ALL, np.float64),
        )

    def _of_articles(self, segment: Segment, stream: Stream) -> Form:
        """The postings of a stream of a segment, as they are gone through."""
        fixed, held = self._kernels.fixed, segment.postings[stream]
        lengths = np.arange(1.0 + held.article_length.max(initial=0))
        return self._kernels.Postings(
            article=fixed(held.article, np.uint32 if held.article.dtype == np.uint32 else np.uint16),
            frequency=fixed(held.frequency, np.uint8),
            full=fixed(held.full, np.int64),
            full_frequency=fixed(held.full_frequency, np.int64),
            norm=fixed(held.article_length, np.uint32),
            norms=fixed(self.scorer(stream, {}).norm(lengths), np.float64),
        )

    def _room(self) -> Form:
        """Room for what the loops note of each article of a segment, a thread's own."""
        room: Form | None = getattr(self._own, "room", None)
        if room is None:
            most = max((segment.article_count for segment in self.segments), default=0)
            room = self._own.room = self._kernels.Room.of(most)
        return room


class CompiledCounter(Counter):
    """Counts by a compiled loop.

    Args:
        kernels: what was loaded.
        segments: of the index.
    """

    def __init__(self, kernels: Kernels, segments: Sequence[Segment]) -> None:
        super().__init__(segments)
        self._kernels = kernels
        self._stored = [
            {stream: _in_sentences(kernels, segment, stream, of) for stream, of in tokens.items()}
            for segment, tokens in zip(segments, self.tokens, strict=True)
        ]
        self._titles = [
            {stream: _in_titles(kernels, of) for stream, of in tokens.items()} for tokens in self.tokens
        ]

    def fill_in(
        self, tables: Tables, asked: Mapping[Stream, Asked], pairs: Codes, chosen: Sequence[Chosen]
    ) -> None:
        """Count into tables of zeros."""
        fixed, count = self._kernels.fixed, self._kernels.count
        pairs, first = fixed(pairs, np.uint16), tables.first
        of_sentence = of_title = 0
        for part in chosen:
            articles = fixed(part.numbers, np.int64)
            for stream in Stream:
                numbers = fixed(asked[stream].numbers[part.place], np.int64)
                wanted = self._kernels.Wanted(numbers, len(asked[stream].columns.tokens), pairs)
                stored, titles = self._stored[part.place][stream], self._titles[part.place][stream]
                top, top_of_pairs = first[stream], first[Stream.BIGRAM]
                behind = count(stored, articles, wanted, tables.frequencies, top, top_of_pairs, of_sentence)
                behind_titles = count(titles, articles, wanted, tables.titles, top, top_of_pairs, of_title)
            of_sentence, of_title = behind, behind_titles


def _in_sentences(kernels: Kernels, segment: Segment, stream: Stream, of: StoredTokens) -> Form:
    """The tokens of sentences, as they are counted."""
    return kernels.Tokens(
        *_halves(kernels, of.stored),
        first=kernels.fixed(of.first, np.int64),
        sentence=kernels.fixed(segment.first, np.int64),
        lengths=kernels.fixed(of.lengths, np.uint16),
        joined=kernels.fixed(segment.array("pairs") if stream is Stream.CHARACTER else NONE, np.uint8),
    )


def _in_titles(kernels: Kernels, of: StoredTokens) -> Form:
    """The tokens of titles, as they are counted."""
    return kernels.Tokens(
        *_halves(kernels, of.titles),
        first=kernels.fixed(of.first_title, np.int64),
        sentence=kernels.fixed(NONE, np.int64),
        lengths=kernels.fixed(NONE, np.uint16),
        joined=kernels.fixed(NONE, np.uint8),
    )


def _halves(kernels: Kernels, stored: Numbers) -> tuple[Array, Array]:
    kind = np.uint16 if stored.high.dtype == np.uint16 else np.uint8
    return kernels.fixed(stored.low, np.uint16), kernels.fixed(stored.high, kind)
