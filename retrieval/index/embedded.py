"""The embedded index: segments in a folder, opened memory-mapped, searched for the best articles."""

import collections
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights
from retrieval.errors import IndexUnusableError
from retrieval.index import manifest
from retrieval.index.manifest import SEGMENTS
from retrieval.index.protocol import Candidates, Cursor, Page, StreamStatistics, Tokens
from retrieval.index.query import Query
from retrieval.index.search import selecting
from retrieval.index.search.first_stage import Finder, LookedUp
from retrieval.index.search.repetition import Boilerplate, Repetition, noticed
from retrieval.index.search.stored_tokens import Chosen, TokenReader, joined
from retrieval.index.segment import schema
from retrieval.index.segment.article import EmbeddedArticle
from retrieval.index.segment.encoding import HELD, QUOTABLE
from retrieval.index.segment.reader import Segment
from retrieval.language.tokeniser import Tokeniser
from retrieval.lazy import LazySequence
from retrieval.models import EVERYTHING, Facet, Filters, Selection, Stream
from retrieval.ragged import offsets, ranges

CACHED_ARTICLES = 256
"""Articles that are kept with what was read of them."""


class _Articles(LazySequence[EmbeddedArticle]):
    """Articles by their places and numbers, each made when it is looked at: most of those found are not."""

    def __init__(
        self, read: Callable[[int, int], EmbeddedArticle], places: Sequence[tuple[int, int]]
    ) -> None:
        self._read = read
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    def made(self, at: int) -> EmbeddedArticle:
        """The article there."""
        return self._read(*self._places[at])


class EmbeddedIndex:
    """An index in a folder, as it was when it was opened; safe to use from several threads.

    Args:
        folder: of the index.
        tokeniser: that it was made with.
        weights: of an article's score; None for those that were measured to be good.

    Raises:
        IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
    """

    def __init__(self, folder: Path, tokeniser: Tokeniser, weights: ArticleWeights | None = None) -> None:
        self._segments, self.digest = _opened(folder, tokeniser)
        self._finder = Finder(self._segments, weights or ArticleWeights())
        self._tokens = TokenReader(self._segments)
        totals = [segment.totals for segment in self._segments]
        self._sentence_count = sum(total.sentences for total in totals)
        self._sentence_tokens = {s: sum(total.sentence_tokens[s] for total in totals) for s in Stream}
        self._eligible = joined([_eligible(segment) for segment in self._segments], np.bool_)
        self._all_eligible = bool(self._eligible.all())
        self._newest = _newest(self._segments)
        self._read = lru_cache(CACHED_ARTICLES)(EmbeddedArticle)

    @cached_property
    def _boilerplate(self) -> Boilerplate:
        shared = Repetition(self._segments).often(noticed(self.article_count))
        return Boilerplate(shared.of, self.article_count)

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return self._finder.article_count

    @property
    def sentence_count(self) -> int:
        """How many sentences they have."""
        return self._sentence_count

    @property
    def newest(self) -> dt.date | None:
        """When the article published last was; None where none has a date."""
        return self._newest

    @property
    def is_far(self) -> bool:
        """Whether each method is a trip to another machine: none is."""
        return False

    def find(self, article: str) -> EmbeddedArticle | None:
        """The article with an id; None when it is gone."""
        found = self._find(article)
        return None if found is None else self._article(*found)

    def _find(self, article: str) -> tuple[int, int] | None:
        """Where an article lies: the place of its segment, and its number there."""
        for place, segment in enumerate(self._segments):
            if (number := segment.find(article)) is not None:
                return place, number
        return None

    def _article(self, place: int, number: int) -> EmbeddedArticle:
        return self._read(self._segments[place], number)

    def frequencies(self, tokens: Tokens) -> dict[Stream, list[float]]:
        """In how many sentences each token stands."""
        return {stream: self._finder.frequencies(stream, of_stream) for stream, of_stream in tokens.items()}

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""
        counts = (segment.facets.counts(facet, segment.is_kept()) for segment in self._segments)
        return sum(counts, collections.Counter())

    def select(self, selection: Selection, limit: int, after: Cursor | None = None) -> Page:
        """The next `limit` articles of a selection: the last published first, the undated at the end."""
        found = selecting.select(self._segments, selection, limit, after)
        articles = [self._article(place, number) for place, number in found.places]
        return Page(articles, found.total, found.following)

    def sample(self, most: int) -> list[EmbeddedArticle]:
        """At most so many articles, spread evenly over the ids; the same for the same collection."""
        kept = [np.flatnonzero(segment.is_kept()) for segment in self._segments]
        place = np.repeat(np.arange(len(kept)), [len(numbers) for numbers in kept])
        numbers = joined(kept, np.int64)
        ids = joined([s.array(schema.ID)[n] for s, n in zip(self._segments, kept, strict=True)], np.uint64)
        step = max(1, -(-len(ids) // most))
        return [self._article(int(place[at]), int(numbers[at])) for at in ids.argsort()[::step]]

    def search(
        self, query: Query, limit: int, excluded: Collection[str] = (), filters: Filters = EVERYTHING
    ) -> Candidates:
        """The best articles by BM25 that the filters let through, some ids left aside."""
        looked_up = {stream: self._finder.look_up(stream, query.tokens[stream]) for stream in Stream}
        articles = self._best_articles(query, looked_up, limit, self._allowed(excluded, filters))
        chosen = list(self._chosen(articles, looked_up))
        titles = joined([part.segment.array(schema.TITLE_LINE)[part.numbers] for part in chosen], np.uint32)
        has_title = ~self._boilerplate.is_empty_title(titles)
        tokens = {stream: self._tokens.read(stream, chosen, has_title) for stream in Stream}
        borders = [part.segment.first.take(part.borders) for part in chosen]
        first = offsets(joined([ends - starts for starts, ends in borders], np.int64))
        flags = joined([part.segment.array(schema.FLAGS)[part.rows] for part in chosen], np.uint8)
        lines = joined([part.segment.array(schema.LINE)[part.rows] for part in chosen], np.uint32)
        quotable = flags >= QUOTABLE
        return Candidates(
            articles=_Articles(
                self._article, [(part.place, n) for part in chosen for n in part.numbers.tolist()]
            ),
            first=first,
            order=joined([part.segment.order[part.numbers] for part in chosen], np.uint64),
            # What many articles share word for word cannot answer.
            quotable=quotable & ~self._boilerplate.is_boilerplate(lines, quotable, first),
            holds=flags & np.uint8(HELD),
            tokens=tokens,
            is_pair=self._tokens.pairs(chosen, tokens[Stream.CHARACTER].codes),
            sentences=self._sentence_count,
            statistics={stream: self._statistics(stream, looked_up[stream]) for stream in Stream},
        )

    def _statistics(self, stream: Stream, looked_up: LookedUp) -> StreamStatistics:
        return StreamStatistics(
            mean_length=self._sentence_tokens[stream] / max(self._sentence_count, 1),
            frequencies=looked_up.sentences.astype(np.float64),
        )

    def _allowed(self, excluded: Collection[str], filters: Filters) -> NDArray[np.bool_] | None:
        """Which articles to look at, by their numbers among all; None for all of them."""
        left_aside = [found for name in excluded if (found := self._find(name))]
        if filters == EVERYTHING and not left_aside and self._all_eligible:
            return None
        allowed = self._eligible.copy()
        if filters != EVERYTHING:
            passing = [segment.facets.allowed(filters) for segment in self._segments]
            allowed &= np.concatenate([np.zeros(0, dtype=np.bool_), *passing])
        for place, number in left_aside:
            allowed[self._finder.first[place] + number] = False
        return allowed

    def _best_articles(
        self,
        query: Query,
        looked_up: Mapping[Stream, LookedUp],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.int64]:
        """The best articles, by their numbers among all, ascending."""
        if not limit:
            return np.zeros(0, dtype=np.int64)
        articles, scores = self._finder.best(query.columns, looked_up, limit, allowed)
        if len(articles) > limit:
            border = np.sort(scores)[-limit]
            better, equal = articles[scores > border], articles[scores == border]
            missing = limit - len(better)
            first = np.argpartition(self._order_of(equal), missing - 1)[:missing]
            articles = np.append(better, equal[first])
        return np.sort(articles)

    def _order_of(self, articles: NDArray[np.int64]) -> NDArray[np.uint64]:
        """What breaks ties between some articles, ascending."""
        borders = articles.searchsorted(self._finder.first).tolist()
        parts = zip(self._segments, self._finder.first.tolist(), pairwise(borders), strict=False)
        return joined(
            [segment.order[articles[start:end] - first] for segment, first, (start, end) in parts], np.uint64
        )

    def _chosen(self, articles: NDArray[np.int64], looked_up: Mapping[Stream, LookedUp]) -> Iterator[Chosen]:
        """The articles by their segments."""
        borders = articles.searchsorted(self._finder.first).tolist()
        firsts = self._finder.first.tolist()
        for place, (segment, first, (start, end)) in enumerate(
            zip(self._segments, firsts, pairwise(borders), strict=False)
        ):
            if start < end:
                numbers = articles[start:end] - first
                spans = np.array([numbers, numbers + 1])
                rows = ranges(*segment.first.take(spans))
                terms = {stream: found.terms[place] for stream, found in looked_up.items()}
                yield Chosen(place, segment, numbers, start, spans, rows, terms)


def _opened(folder: Path, tokeniser: Tokeniser) -> tuple[list[Segment], str]:
    """The segments of an index and its digest; of its next state, when a writer takes the files away."""
    while True:
        loaded = manifest.load(folder, tokeniser.fingerprint)
        entries = loaded.segments
        try:
            segments = [Segment(folder / SEGMENTS / entry.name, entry.removed) for entry in entries]
            return segments, manifest.digest(loaded)
        except IndexUnusableError:
            if manifest.load(folder, tokeniser.fingerprint).segments == entries:
                raise


def _eligible(segment: Segment) -> NDArray[np.bool_]:
    """Which articles of a segment can be found: those that were not removed and have a sentence."""
    found: NDArray[np.bool_] = segment.is_kept() & (np.diff(segment.first) > 0)
    return found


def _newest(segments: Sequence[Segment]) -> dt.date | None:
    """The latest date of publication of what was not removed; its number is 0 where there is none."""
    published = [np.delete(segment.array(schema.PUBLISHED), segment.removed) for segment in segments]
    latest = max((int(days.max(initial=0)) for days in published), default=0)
    return dt.date.fromordinal(latest) if latest else None
