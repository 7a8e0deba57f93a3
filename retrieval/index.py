"""The embedded index: segments in a folder, opened memory-mapped, searched for the best articles."""

import collections
import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import manifest
from retrieval.arrays import Array
from retrieval.bm25 import ArticleWeights, PositiveBM25
from retrieval.compaction import SEGMENTS
from retrieval.counting import Asked, Chosen, Codes, Counter, Counts, codes_of_pairs
from retrieval.evidence import Evidence, Key, Statistics, StreamEvidence
from retrieval.lexicon import Wanted, names
from retrieval.mentions import Mention
from retrieval.models import (
    EVERYTHING,
    AnswerKind,
    Article,
    Facet,
    FacetLabel,
    Filters,
    IndexUnusableError,
    Question,
    Sentence,
    Stream,
    Term,
)
from retrieval.postings import Found
from retrieval.search import WORTH_ASKING, Combined, Held, Listed, Search, WeightedTerm
from retrieval.segment import Segment, article_id
from retrieval.terms import Columns, columns
from retrieval.text import Tokeniser
from retrieval.writing import ARTICLE_STREAMS

CACHED_ARTICLES = 256


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Tokens of one stream: their numbers in each segment (-1: not there), what is found there of them.

    `sentences` has in how many sentences of all segments each stands.
    """

    numbers: Sequence[NDArray[np.int64]]
    found: Sequence[Found]
    sentences: NDArray[np.int64]


class EmbeddedIndex:
    """An index in a folder, as it was when it was opened; safe to use from several threads.

    Raises:
        IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
    """

    def __init__(self, folder: Path, tokeniser: Tokeniser, weights: ArticleWeights | None = None) -> None:
        self._weights = weights or ArticleWeights()
        self._segments, self.digest = _opened(folder, tokeniser)
        self._by_name = {segment.name: segment for segment in self._segments}
        counts = [segment.article_count for segment in self._segments]
        self._first = np.cumsum([0, *counts])
        totals = [segment.totals for segment in self._segments]
        self._article_count = sum(total.articles for total in totals)
        self._sentence_count = sum(total.sentences for total in totals)
        self._article_tokens = {s: sum(total.article_tokens[s] for total in totals) for s in ARTICLE_STREAMS}
        self._sentence_tokens = {s: sum(total.sentence_tokens[s] for total in totals) for s in Stream}
        self._eligible = _joined([_eligible(segment) for segment in self._segments], np.bool_)
        self._all_eligible = bool(self._eligible.all())
        self._newest = _newest(self._segments)
        self._search = Search(self._first, self._norms(), self._weights.k1)
        self._counter = Counter(self._segments)
        self._cached_article = lru_cache(CACHED_ARTICLES)(partial(_read_article, self._by_name))

    def _norms(self) -> NDArray[np.float64]:
        """Article streams x articles: what each article's length adds to the denominator of its score."""
        norms = np.ones((len(ARTICLE_STREAMS), int(self._first[-1])))
        for number, stream in enumerate(ARTICLE_STREAMS):
            if self._article_tokens[stream]:
                lengths = [segment.postings[stream].article_length for segment in self._segments]
                norms[number] = self._scorer(stream, {}).norm(np.concatenate(lengths))
        return norms

    def _scorer(self, stream: Stream, document_frequency: Mapping[str, float]) -> PositiveBM25:
        """BM25 of whole articles by one of their streams."""
        statistics = Statistics(
            documents=self._article_count,
            mean_length=self._article_tokens[stream] / self._article_count,
            document_frequency=document_frequency,
        )
        return PositiveBM25(statistics, k1=self._weights.k1, b=self._weights.b)

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return self._article_count

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
        looked_up = self._looked_up(stream, tokens)
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
        kept = [np.flatnonzero(_listed(segment, label)) for segment in self._segments]
        of_all = list(zip(self._segments, kept, strict=True))
        published = _joined([s.array("published")[numbers] for s, numbers in of_all], np.uint32)
        ids = _joined([s.array("id")[numbers] for s, numbers in of_all], np.uint64)
        place = np.repeat(np.arange(len(of_all)), [len(numbers) for numbers in kept])
        numbers = _joined(kept, np.int64)
        newest = np.lexsort((ids, published))[::-1][start:][:limit]
        return [self._segments[place[at]].article(int(numbers[at])) for at in newest.tolist()]

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
        looked_up = {stream: self._looked_up(stream, tokens[stream]) for stream in Stream}
        articles = self._best_articles(terms, looked_up, limit, self._allowed(excluded, filters))
        return self._evidence(terms, looked_up, pairs, articles)

    def _looked_up(self, stream: Stream, tokens: Sequence[str]) -> LookedUp:
        """Some tokens in every segment."""
        wanted = Wanted.of(names(tokens))
        numbers = [segment.lexicons[stream].look_up(wanted) for segment in self._segments]
        found = [segment.found(stream, terms) for segment, terms in zip(self._segments, numbers, strict=True)]
        sentences = np.zeros(len(tokens), dtype=np.int64)
        for of_segment in found:
            sentences += of_segment.sentences
        return LookedUp(numbers, found, sentences)

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
            allowed[self._first[self._segments.index(self._by_name[name])] + number] = False
        return allowed

    def _best_articles(
        self,
        asked: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> NDArray[np.int64]:
        """The best articles, by their numbers among all, ascending."""
        terms = [
            term
            for stream in self._weights.streams
            for term in self._weighted(stream, asked[stream], looked_up[stream])
        ]
        if not limit or not terms:
            return np.zeros(0, dtype=np.int64)
        # Sorting is stable: between equal weights the order of the question decides.
        terms.sort(key=lambda term: -term.idf * term.weight)
        articles, scores = self._search.best(terms, limit, allowed)
        if len(articles) > limit:
            articles = articles[np.lexsort((self._order_of(articles), -scores))[:limit]]
        return np.sort(articles)

    def _order_of(self, articles: NDArray[np.int64]) -> NDArray[np.uint64]:
        places = self._first.searchsorted(articles, side="right") - 1
        pairs = zip(places.tolist(), articles.tolist(), strict=True)
        return np.array(
            [self._segments[place].order[article - self._first[place]] for place, article in pairs],
            dtype=np.uint64,
        )

    def _weighted(self, stream: Stream, asked: Columns, looked_up: LookedUp) -> Iterator[WeightedTerm]:
        """One stream's terms that any article holds."""
        if not self._article_tokens[stream]:
            return
        listed = dict(zip(asked.tokens, self._listed(stream, looked_up), strict=True))
        counts = [sum([held.documents for held in listed[token].values()]) for token in asked.tokens]
        scorer = self._scorer(stream, asked.by_name(np.array(counts, dtype=np.float64)))
        for term, repeats in zip(asked.terms, asked.weights.tolist(), strict=True):
            held = _of_term(term, listed)
            weight = self._weights.streams[stream] * repeats
            if held and weight > 0:
                size = sum(part.size for part in held.values())
                most = self._weights.k1 + 1
                if size >= WORTH_ASKING and len(term.alternatives) == 1:
                    most *= self._most(stream, looked_up, asked.tokens.index(term.alternatives[0][0]))
                yield WeightedTerm(
                    held=held,
                    size=size,
                    idf=scorer.idf[term.token],
                    weight=weight,
                    bound=weight * scorer.idf[term.token] * most,
                    stream=ARTICLE_STREAMS.index(stream),
                )

    def _listed(self, stream: Stream, looked_up: LookedUp) -> list[dict[int, Listed]]:
        """For each token its postings in each segment that has any."""
        listed: list[dict[int, Listed]] = [{} for _ in looked_up.sentences]
        for place, (segment, found) in enumerate(zip(self._segments, looked_up.found, strict=True)):
            held, removed = segment.postings[stream], segment.removed
            spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
            for of_token, (start, end) in zip(listed, spans, strict=True):
                if end > start:
                    of_token[place] = Listed(held, start, end, removed)
        return listed

    def _most(self, stream: Stream, looked_up: LookedUp, at: int) -> float:
        """What tf / (tf + norm) can be for a token at most."""
        weights = self._weights
        per_token = weights.k1 * weights.b * self._article_count / self._article_tokens[stream]
        return max(
            1 / (1 + weights.k1 * (1 - weights.b) / highest + per_token * lowest)
            for segment, numbers in zip(self._segments, looked_up.numbers, strict=True)
            if numbers[at] >= 0
            for highest, lowest in [segment.bounds(stream, int(numbers[at]))]
        )

    def _evidence(
        self,
        terms: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        pairs: Codes,
        articles: NDArray[np.int64],
    ) -> Evidence:
        borders = articles.searchsorted(self._first)
        chosen: list[Chosen] = []
        for place, segment in enumerate(self._segments):
            numbers = articles[borders[place] : borders[place + 1]] - self._first[place]
            if len(numbers):
                chosen.append(Chosen(place, segment, numbers, segment.rows(numbers)))
        sizes = [part.segment.first[part.numbers + 1] - part.segment.first[part.numbers] for part in chosen]
        asked = {stream: Asked(terms[stream], looked_up[stream].numbers) for stream in Stream}
        counts = self._counter.count(asked, pairs, chosen)
        return Evidence(
            articles=tuple((part.segment.name, n) for part in chosen for n in part.numbers.tolist()),
            first=np.cumsum(_joined([np.zeros(1), *sizes], np.int64)),
            order=_joined([part.segment.order[part.numbers] for part in chosen], np.uint64),
            quotable=_joined([part.segment.is_quotable(part.rows) for part in chosen], np.bool_),
            holds=_joined([part.segment.holds(part.rows) for part in chosen], np.uint8),
            streams={
                stream: self._stream_evidence(stream, terms[stream], looked_up[stream], counts[stream])
                for stream in Stream
            },
        )

    def _stream_evidence(
        self, stream: Stream, terms: Columns, looked_up: LookedUp, counts: Counts
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
            titles=terms.combined(counts.titles.T),
        )


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


def _listed(segment: Segment, label: FacetLabel | None) -> NDArray[np.bool_]:
    """Which articles of a segment were not removed and bear a label, where one is given."""
    return segment.is_kept() if label is None else segment.is_kept() & segment.facets.bearing(label)


def _newest(segments: Sequence[Segment]) -> dt.date | None:
    """The latest date of publication of what was not removed; its number is 0 where there is none."""
    published = [np.delete(segment.array("published"), segment.removed) for segment in segments]
    latest = max((int(days.max(initial=0)) for days in published), default=0)
    return dt.date.fromordinal(latest) if latest else None


def _of_term(term: Term, listed: Mapping[str, Mapping[int, Listed]]) -> dict[int, Held]:
    """The postings of a term in each segment that has any."""
    if len(term.alternatives) == 1 and term.alternatives[0][1] == 1:
        return dict(listed[term.alternatives[0][0]])
    parts: dict[int, list[tuple[float, Listed]]] = {}
    for token, share in term.alternatives:
        for place, held in listed[token].items():
            parts.setdefault(place, []).append((share, held))
    return {place: Combined(found) for place, found in parts.items()}


def _joined(arrays: Sequence[Array], kind: type) -> Array:
    return np.concatenate([np.zeros(0, dtype=kind), *arrays]).astype(kind)
