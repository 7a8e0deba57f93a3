"""The embedded index: segments in a folder, opened memory-mapped, searched for the best articles."""

import datetime as dt
from collections import Counter
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
from retrieval.models import EVERYTHING, Article, Filters, Question, Sentence, Stream
from retrieval.segment import ARTICLE_STREAMS, Segment
from retrieval.text import Tokeniser

SEGMENTS = "segments"
"""The folder of the segments within that of the index."""
CACHED_ARTICLES = 256

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
            self._score_articles(stream, question.tokens[stream], weight, scores)
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
        tokens: Sequence[str],
        weight: float,
        scores: Sequence[NDArray[np.float64]],
    ) -> None:
        """Add to the articles' scores (an array a segment) what one stream's tokens give them."""
        repeats = Counter(tokens)
        if not repeats or not self._article_count:
            return
        hashes = np.array([token_hash(token) for token in repeats], dtype=np.uint64)
        postings = [_postings(segment, stream, tuple(repeats), hashes) for segment in self._segments]
        statistics = Statistics(
            documents=self._article_count,
            mean_length=self._article_tokens[stream] / self._article_count,
            document_frequency={
                token: sum(len(held[token][0]) for held in postings if token in held) for token in repeats
            },
        )
        scorer = PositiveBM25(statistics, k1=self._weights.k1, b=self._weights.b)
        for segment, held, score in zip(self._segments, postings, scores, strict=True):
            lengths = segment.array(f"{stream}_article_length")
            for token, (numbers, frequencies) in held.items():
                gain = scorer.gain(
                    scorer.idf[token], frequencies.astype(np.float64), scorer.norm(lengths[numbers])
                )
                score[numbers] += weight * repeats[token] * gain

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
            streams={s: self._stream_evidence(s, question.tokens[s], chosen) for s in Stream},
        )

    def _stream_evidence(self, stream: Stream, tokens: Sequence[str], chosen: Chosen) -> StreamEvidence:
        repeats = Counter(tokens)
        hashes = np.array([token_hash(token) for token in repeats], dtype=np.uint64)
        counts = [
            segment.count(stream, numbers, segment.terms(stream, hashes)) if repeats else None
            for segment, numbers in chosen
        ]
        found = [count for count in counts if count is not None]
        empty = np.zeros((0, len(repeats)))
        return StreamEvidence(
            tokens=tuple(repeats),
            repeats=np.array(list(repeats.values()), dtype=np.float64),
            statistics=Statistics(
                documents=self._sentence_count,
                mean_length=self._sentence_tokens[stream] / max(self._sentence_count, 1),
                document_frequency=self._sentence_frequency(stream, tuple(repeats), hashes),
            ),
            frequencies=np.concatenate([empty, *(count.frequencies for count in found)]),
            lengths=np.concatenate([np.zeros(0), *(count.lengths for count in found)]),
            titles=np.concatenate([empty, *(count.titles for count in found)]),
        )

    def _sentence_frequency(
        self,
        stream: Stream,
        tokens: Sequence[str],
        hashes: NDArray[np.uint64],
    ) -> Mapping[str, int]:
        total = np.zeros(len(tokens), dtype=np.int64)
        for segment in self._segments:
            terms = segment.terms(stream, hashes)
            known = terms >= 0
            total[known] += segment.array(f"{stream}_sentence_frequency")[terms[known]]
        return dict(zip(tokens, total.tolist(), strict=True))


def _postings(
    segment: Segment,
    stream: Stream,
    tokens: Sequence[str],
    hashes: NDArray[np.uint64],
) -> dict[str, tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """The postings of those tokens that a segment holds."""
    terms = segment.terms(stream, hashes).tolist()
    return {
        token: segment.postings(stream, term) for token, term in zip(tokens, terms, strict=True) if term >= 0
    }


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
