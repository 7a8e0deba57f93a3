"""The embedded index: segments in a folder, opened memory-mapped, searched for the best articles."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval import manifest
from retrieval.analysis import token_hash
from retrieval.bm25 import ArticleWeights, PositiveBM25
from retrieval.evidence import Evidence, Key, Statistics, StreamEvidence
from retrieval.mentions import Mention
from retrieval.models import EVERYTHING, Article, Filters, Question, Sentence, Stream, Term
from retrieval.segment import ARTICLE_STREAMS, Segment
from retrieval.terms import Columns, columns
from retrieval.text import Tokeniser

SEGMENTS = "segments"
"""The folder of the segments within that of the index."""
CACHED_ARTICLES = 256

Postings: TypeAlias = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""Articles that hold a token, ascending, and how often each does."""
Chosen: TypeAlias = Sequence[tuple[Segment, Sequence[int]]]
"""Articles by segment and number, those of a segment together."""


class EmbeddedIndex:
    """An index in a folder, as it was when it was opened; safe to use from several threads.

    Raises:
        IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
    """

    def __init__(self, folder: Path, tokeniser: Tokeniser, weights: ArticleWeights | None = None) -> None:
        self._weights = weights or ArticleWeights()
        entries = manifest.load(folder, tokeniser.fingerprint).segments
        self._segments = [Segment(folder / SEGMENTS / entry.name) for entry in entries]
        self._by_name = {segment.name: segment for segment in self._segments}
        totals = [segment.totals() for segment in self._segments]
        self._article_count = sum(total.articles for total in totals)
        self._sentence_count = sum(total.sentences for total in totals)
        self._article_tokens = {s: sum(total.article_tokens[s] for total in totals) for s in ARTICLE_STREAMS}
        self._sentence_tokens = {s: sum(total.sentence_tokens[s] for total in totals) for s in Stream}
        self._cached_article = lru_cache(CACHED_ARTICLES)(self._read_article)

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return self._article_count

    @property
    def sentence_count(self) -> int:
        """How many sentences they have."""
        return self._sentence_count

    def find(self, article: str) -> Key | None:
        """Where the article with an id lies; None when it is gone."""
        for segment in self._segments:
            numbers = np.flatnonzero(segment.array("ids") == article.encode())
            if len(numbers):
                return segment.name, int(numbers[0])
        return None

    def frequencies(self, stream: Stream, tokens: Sequence[str]) -> list[float]:
        """In how many sentences each token stands."""
        found: list[float] = self._sentence_frequency(stream, _hashes(tokens)).tolist()
        return found

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

    def _read_article(self, key: Key) -> Article:
        segment, number = key
        return self._by_name[segment].article(number)

    def articles(self) -> list[Article]:
        """All articles, the last published first, the undated at the end."""
        found = [segment.article(n) for segment in self._segments for n in range(len(segment.order))]
        return sorted(found, key=lambda article: (article.published or dt.date.min, article.id), reverse=True)

    def sentences(self, key: Key) -> list[Sentence]:
        """The sentences of an article, in the order of the text."""
        segment, number = key
        return self._by_name[segment].sentences(number)

    def mentions(self, key: Key, sentence: int) -> tuple[Mention, ...]:
        """What a sentence of an article mentions."""
        segment, number = key
        return self._by_name[segment].mentions(number, sentence)

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
        left_aside = [key for name in excluded if (key := self.find(name))]
        best = self._best_articles(question, limit, left_aside, filters)
        chosen = [
            (segment, sorted(number for place, number in best if place == i))
            for i, segment in enumerate(self._segments)
        ]
        return self._evidence(question, [(segment, numbers) for segment, numbers in chosen if numbers])

    def _best_articles(
        self, question: Question, limit: int, left_aside: Sequence[Key], filters: Filters
    ) -> list[tuple[int, int]]:
        scores = [np.zeros(len(segment.order)) for segment in self._segments]
        for stream, weight in self._weights.streams.items():
            self._score_articles(stream, columns(question.terms[stream]), weight, scores)
        if filters != EVERYTHING:
            for segment, score in zip(self._segments, scores, strict=True):
                score[~segment.allowed(filters)] = 0
        for name, number in left_aside:
            scores[self._segments.index(self._by_name[name])][number] = 0
        ranked = [
            (-score[number], int(segment.order[number]), place, int(number))
            for place, (segment, score) in enumerate(zip(self._segments, scores, strict=True))
            for number in _largest(score, limit, segment)
        ]
        return [(place, number) for _, _, place, number in sorted(ranked)[:limit]]

    def _score_articles(
        self,
        stream: Stream,
        asked: Columns,
        weight: float,
        scores: Sequence[NDArray[np.float64]],
    ) -> None:
        """Add to the articles' scores (an array a segment) what one stream's terms give them."""
        if not asked.terms or not self._article_count:
            return
        postings = [_postings(segment, stream, asked) for segment in self._segments]
        statistics = Statistics(
            documents=self._article_count,
            mean_length=self._article_tokens[stream] / self._article_count,
            document_frequency=asked.by_name(_article_frequency(asked, postings)),
        )
        scorer = PositiveBM25(statistics, k1=self._weights.k1, b=self._weights.b)
        for segment, held, score in zip(self._segments, postings, scores, strict=True):
            lengths = segment.array(f"{stream}_article_length")
            for term, repeats in zip(asked.terms, asked.weights.tolist(), strict=True):
                numbers, frequencies = _of_term(term, held)
                gain = scorer.gain(scorer.idf[term.token], frequencies, scorer.norm(lengths[numbers]))
                score[numbers] += weight * repeats * gain

    def _evidence(self, question: Question, chosen: Chosen) -> Evidence:
        sizes = [segment.first[np.add(numbers, 1)] - segment.first[numbers] for segment, numbers in chosen]
        rows = [_rows(segment, numbers) for segment, numbers in chosen]
        empty = np.zeros(0)
        quotable = [segment.array("quotable")[row] for (segment, _), row in zip(chosen, rows, strict=True)]
        holds = [segment.array("holds")[row] for (segment, _), row in zip(chosen, rows, strict=True)]
        order = [segment.order[numbers] for segment, numbers in chosen]
        return Evidence(
            articles=tuple((segment.name, number) for segment, numbers in chosen for number in numbers),
            first=np.concatenate([[0], np.cumsum(np.concatenate([empty, *sizes]))]).astype(np.int64),
            order=np.concatenate([empty.astype(np.uint64), *order]),
            quotable=np.concatenate([empty.astype(np.bool_), *quotable]),
            holds=np.concatenate([empty.astype(np.uint8), *holds]),
            streams={s: self._stream_evidence(s, columns(question.terms[s]), chosen) for s in Stream},
        )

    def _stream_evidence(self, stream: Stream, asked: Columns, chosen: Chosen) -> StreamEvidence:
        hashes = _hashes(asked.tokens)
        counts = [
            segment.count(stream, numbers, segment.terms(stream, hashes)) if asked.tokens else None
            for segment, numbers in chosen
        ]
        found = [count for count in counts if count is not None]
        empty = np.zeros((0, len(asked.terms)))
        return StreamEvidence(
            terms=asked.names,
            weights=asked.weights,
            statistics=Statistics(
                documents=self._sentence_count,
                mean_length=self._sentence_tokens[stream] / max(self._sentence_count, 1),
                document_frequency=asked.by_name(self._sentence_frequency(stream, hashes)),
            ),
            frequencies=np.concatenate([empty, *(asked.combined(count.frequencies) for count in found)]),
            lengths=np.concatenate([np.zeros(0), *(count.lengths for count in found)]),
            titles=np.concatenate([empty, *(asked.combined(count.titles) for count in found)]),
        )

    def _sentence_frequency(self, stream: Stream, hashes: NDArray[np.uint64]) -> NDArray[np.float64]:
        """In how many sentences each token stands."""
        total = np.zeros(len(hashes))
        for segment in self._segments:
            terms = segment.terms(stream, hashes)
            known = terms >= 0
            total[known] += segment.array(f"{stream}_sentence_frequency")[terms[known]]
        return total


def _hashes(tokens: Sequence[str]) -> NDArray[np.uint64]:
    return np.array([token_hash(token) for token in tokens], dtype=np.uint64)


def _postings(segment: Segment, stream: Stream, asked: Columns) -> Mapping[str, Postings]:
    """The postings of those tokens that a segment holds."""
    terms = segment.terms(stream, _hashes(asked.tokens)).tolist()
    return {
        token: segment.postings(stream, term)
        for token, term in zip(asked.tokens, terms, strict=True)
        if term >= 0
    }


def _article_frequency(asked: Columns, postings: Sequence[Mapping[str, Postings]]) -> NDArray[np.float64]:
    """In how many articles each token stands."""
    counts = [sum(len(held[token][0]) for held in postings if token in held) for token in asked.tokens]
    return np.array(counts, dtype=np.float64)


def _of_term(term: Term, postings: Mapping[str, Postings]) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """The articles of a segment that hold a term, ascending, and how often each does."""
    held = [(share, *postings[token]) for token, share in term.alternatives if token in postings]
    if not held:
        return np.zeros(0, dtype=np.uint32), np.zeros(0)
    amounts = [share * frequencies.astype(np.float64) for share, _, frequencies in held]
    if len(held) == 1:
        return held[0][1], amounts[0]
    numbers, places = np.unique(np.concatenate([found for _, found, _ in held]), return_inverse=True)
    # bincount adds one by one in the order of the alternatives, the same on every machine.
    return numbers, np.bincount(places, np.concatenate(amounts)).astype(np.float64)


def _rows(segment: Segment, numbers: Sequence[int]) -> NDArray[np.int64]:
    """The sentences of some articles, as rows of the segment."""
    return np.concatenate([np.arange(segment.first[n], segment.first[n + 1]) for n in numbers])


def _largest(scores: NDArray[np.float64], limit: int, segment: Segment) -> NDArray[np.int64]:
    """The numbers of the best articles that have a score and sentences; equals at the border all stay."""
    candidates = np.flatnonzero(scores)
    candidates = candidates[segment.first[candidates + 1] > segment.first[candidates]]
    if not limit:
        return candidates[:0]
    if len(candidates) > limit:
        border = np.partition(scores[candidates], -limit)[-limit]
        candidates = candidates[scores[candidates] >= border]
    return candidates
