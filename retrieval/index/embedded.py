"""The embedded index: segments in a folder, opened memory-mapped, searched for the best articles."""

import collections
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights, Statistics
from retrieval.index import manifest
from retrieval.index.compiled.acceleration import CompiledCounter, CompiledFinder, Kernels
from retrieval.index.manifest import SEGMENTS
from retrieval.index.protocol import Evidence, Key, StreamEvidence
from retrieval.index.search import selecting
from retrieval.index.search.columns import Columns, columns
from retrieval.index.search.counting import Asked, Chosen, Codes, Counter, Counts, codes_of_pairs
from retrieval.index.search.first_stage import Finder, LookedUp
from retrieval.index.search.repetition import Repetition
from retrieval.index.segment.reader import Segment, article_id
from retrieval.language.mentions.extraction import Mention
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import (
    EVERYTHING,
    AnswerKind,
    Article,
    Facet,
    FacetLabel,
    Filters,
    IndexUnusableError,
    Listing,
    Question,
    Selection,
    Sentence,
    Stream,
)
from retrieval.ragged import Array

CACHED_ARTICLES = 256


class EmbeddedIndex:
    """An index in a folder, as it was when it was opened; safe to use from several threads.

    Args:
        folder: of the index.
        tokeniser: that it was made with.
        weights: of an article's score; None for those that were measured to be good.
        kernels: compiled loops, where there are any (`retrieval.acceleration`).

    Raises:
        IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
    """

    def __init__(
        self,
        folder: Path,
        tokeniser: Tokeniser,
        weights: ArticleWeights | None = None,
        kernels: Kernels | None = None,
    ) -> None:
        self._segments, self.digest = _opened(folder, tokeniser)
        self._by_name = {segment.name: segment for segment in self._segments}
        self._finder, self._counter = _stages(self._segments, weights or ArticleWeights(), kernels)
        totals = [segment.totals for segment in self._segments]
        self._sentence_count = sum(total.sentences for total in totals)
        self._sentence_tokens = {s: sum(total.sentence_tokens[s] for total in totals) for s in Stream}
        self._repetition = Repetition(self._segments, self._finder.article_count)
        self._eligible = _joined([_eligible(segment) for segment in self._segments], np.bool_)
        self._all_eligible = bool(self._eligible.all())
        self._newest = _newest(self._segments)
        self._cached_article = lru_cache(CACHED_ARTICLES)(partial(_read_article, self._by_name))

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

    def find(self, article: str) -> Key | None:
        """Where the article with an id lies; None when it is gone."""
        for segment in self._segments:
            if (number := segment.find(article)) is not None:
                return segment.name, number
        return None

    def frequencies(self, stream: Stream, tokens: Sequence[str]) -> list[float]:
        """In how many sentences each token stands."""
        looked_up = self._finder.look_up(stream, tokens)
        sentences: list[float] = looked_up.sentences.astype(np.float64).tolist()
        return sentences

    def id(self, key: Key) -> str:
        """The id of the article at a key."""
        segment, number = key
        return self._by_name[segment].id(number)

    def text(self, key: Key, sentence: int) -> str:
        """The stored text of one of the sentences of an article."""
        segment, number = key
        start, end = self._by_name[segment].span(number, sentence)
        return self.article(key).summary[start:end]

    def article(self, key: Key) -> Article:
        """The article at a key of this index."""
        return self._cached_article(key)

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""
        counts = (segment.facets.counts(facet, segment.is_kept()) for segment in self._segments)
        return sum(counts, collections.Counter())

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> list[Article]:
        """All articles, or as many from `start`: the last published first, the undated at the end.

        With a label, of those that bear it.
        """
        return list(self.select(Selection(label=label), limit, start).articles)

    def select(self, selection: Selection, limit: int | None = None, start: int = 0) -> Listing:
        """The articles of a selection, or as many from `start`: newest first, the undated at the end."""
        return selecting.select(self._segments, selection, limit, start)

    def ids(self) -> list[str]:
        """The ids of all articles, ascending."""
        found = [np.delete(segment.array("id"), segment.removed) for segment in self._segments]
        return [article_id(number) for number in np.sort(_joined(found, np.uint64)).tolist()]

    def sentences(self, key: Key) -> list[Sentence]:
        """The sentences of an article, in the order of the text."""
        segment, number = key
        return self._by_name[segment].sentences(number)

    def mentions(self, key: Key, sentence: int) -> tuple[Mention, ...]:
        """What a sentence of an article mentions."""
        segment, number = key
        return self._by_name[segment].mentions(number, sentence)

    def figures(self, key: Key, sentence: int, kind: AnswerKind) -> list[str]:
        """The numbers, or the dates, that a sentence of an article holds, normalised."""
        segment, number = key
        name = "dates" if kind is AnswerKind.DATE else "numbers"
        return self._by_name[segment].figures(name, number, sentence)

    def search(
        self,
        question: Question,
        limit: int,
        excluded: Collection[str] = (),
        filters: Filters = EVERYTHING,
    ) -> Evidence:
        """The evidence of the `limit` best articles that the filters let through, some ids left aside.

        Of none, when no article shares a token with the question.
        """
        terms = {stream: columns(question.terms[stream]) for stream in Stream}
        pairs, characters = codes_of_pairs(terms[Stream.BIGRAM], terms[Stream.CHARACTER].tokens)
        tokens = {stream: found.tokens for stream, found in terms.items()} | {Stream.CHARACTER: characters}
        looked_up = {stream: self._finder.look_up(stream, tokens[stream]) for stream in Stream}
        articles = self._best_articles(terms, looked_up, limit, self._allowed(excluded, filters))
        return self._evidence(terms, looked_up, pairs, articles)

    def _allowed(self, excluded: Collection[str], filters: Filters) -> NDArray[np.bool_] | None:
        """Which articles to look at, by their numbers among all; None for all of them."""
        left_aside = [key for name in excluded if (key := self.find(name))]
        if filters == EVERYTHING and not left_aside and self._all_eligible:
            return None
        allowed = self._eligible.copy()
        if filters != EVERYTHING:
            passing = [segment.facets.allowed(filters) for segment in self._segments]
            allowed &= np.concatenate([np.zeros(0, dtype=np.bool_), *passing])
        for name, number in left_aside:
            allowed[self._finder.first[self._segments.index(self._by_name[name])] + number] = False
        return allowed

    def _best_articles(
        self,
        asked: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.int64]:
        """The best articles, by their numbers among all, ascending."""
        if not limit:
            return np.zeros(0, dtype=np.int64)
        articles, scores = self._finder.best(asked, looked_up, limit, allowed)
        if len(articles) > limit:
            articles = articles[np.lexsort((self._order_of(articles), -scores))[:limit]]
        return np.sort(articles)

    def _order_of(self, articles: NDArray[np.int64]) -> NDArray[np.uint64]:
        places = self._finder.first.searchsorted(articles, side="right") - 1
        pairs = zip(places.tolist(), articles.tolist(), strict=True)
        return np.array(
            [self._segments[place].order[article - self._finder.first[place]] for place, article in pairs],
            dtype=np.uint64,
        )

    def _evidence(
        self,
        terms: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        pairs: Codes,
        articles: NDArray[np.int64],
    ) -> Evidence:
        borders = articles.searchsorted(self._finder.first)
        chosen: list[Chosen] = []
        for place, segment in enumerate(self._segments):
            numbers = articles[borders[place] : borders[place + 1]] - self._finder.first[place]
            if len(numbers):
                chosen.append(Chosen(place, segment, numbers, segment.rows(numbers)))
        sizes = [part.segment.first[part.numbers + 1] - part.segment.first[part.numbers] for part in chosen]
        asked = {
            stream: Asked(terms[stream], [found.terms for found in looked_up[stream].found])
            for stream in Stream
        }
        counts = self._counter.count(asked, pairs, chosen)
        first = np.cumsum(_joined([np.zeros(1), *sizes], np.int64))
        titles = _joined([part.segment.array("title_line")[part.numbers] for part in chosen], np.uint32)
        has_title = ~self._repetition.is_empty_title(titles)
        return Evidence(
            articles=tuple((part.segment.name, n) for part in chosen for n in part.numbers.tolist()),
            first=first,
            order=_joined([part.segment.order[part.numbers] for part in chosen], np.uint64),
            quotable=self._quotable(chosen, first),
            holds=_joined([part.segment.holds(part.rows) for part in chosen], np.uint8),
            streams={
                stream: self._stream_evidence(
                    stream, terms[stream], looked_up[stream], counts[stream], has_title
                )
                for stream in Stream
            },
        )

    def _quotable(self, chosen: Sequence[Chosen], first: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which sentences of some articles can answer: what many articles share word for word cannot."""
        quotable: NDArray[np.bool_] = _joined(
            [part.segment.is_quotable(part.rows) for part in chosen], np.bool_
        )
        lines = _joined([part.segment.array("line")[part.rows] for part in chosen], np.uint32)
        return quotable & ~self._repetition.is_boilerplate(lines, quotable, first)

    def _stream_evidence(
        self,
        stream: Stream,
        terms: Columns,
        looked_up: LookedUp,
        counts: Counts,
        has_title: NDArray[np.bool_],
    ) -> StreamEvidence:
        sentences = looked_up.sentences[: len(terms.tokens)].astype(np.float64)
        return StreamEvidence(
            terms=terms.names,
            weights=terms.weights,
            statistics=Statistics(
                documents=self._sentence_count,
                mean_length=self._sentence_tokens[stream] / max(self._sentence_count, 1),
                document_frequency=terms.by_name(sentences),
            ),
            frequencies=terms.combined(counts.frequencies.T),
            lengths=counts.lengths,
            titles=terms.combined(counts.titles.T) * has_title[:, np.newaxis],
        )


def _stages(
    segments: Sequence[Segment], weights: ArticleWeights, kernels: Kernels | None
) -> tuple[Finder, Counter]:
    """What finds articles, and what counts in them."""
    if kernels is None:
        return Finder(segments, weights), Counter(segments)
    return CompiledFinder(kernels, segments, weights), CompiledCounter(kernels, segments)


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


def _read_article(segments: Mapping[str, Segment], key: Key) -> Article:
    """The article at a key; not a method, whose cache would keep the index and its files for good."""
    segment, number = key
    return segments[segment].article(number)


def _eligible(segment: Segment) -> NDArray[np.bool_]:
    """Which articles of a segment can be found: those that were not removed and have a sentence."""
    found: NDArray[np.bool_] = segment.is_kept() & (np.diff(segment.first) > 0)
    return found


def _newest(segments: Sequence[Segment]) -> dt.date | None:
    """The latest date of publication of what was not removed; its number is 0 where there is none."""
    published = [np.delete(segment.array("published"), segment.removed) for segment in segments]
    latest = max((int(days.max(initial=0)) for days in published), default=0)
    return dt.date.fromordinal(latest) if latest else None


def _joined(arrays: Sequence[Array], kind: type) -> Array:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays]).astype(kind)
