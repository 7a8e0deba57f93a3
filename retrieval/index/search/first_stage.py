"""The first stage over all segments of an index: from the tokens of a question to its best articles."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights, PositiveBM25, Statistics
from retrieval.index.query import Columns
from retrieval.index.search.maxscore import (
    AT_ONCE,
    CombinedPostings,
    Gains,
    Search,
    TermPostings,
    TokenPostings,
    WeightedTerm,
)
from retrieval.index.segment.encoding import ARTICLE_STREAMS
from retrieval.index.segment.postings import Found, Postings
from retrieval.index.segment.reader import Segment
from retrieval.language.lexicon import TokenKeys, WantedKeys, keys_of_many, token_keys
from retrieval.models import Stream

FEW, REMEMBERED = 512, 20_000
"""Tokens of one look-up that are kept, and of all: a question's are looked up by who understands it, too."""


class LookedUp(NamedTuple):
    """Tokens of one stream: what is found of them in each segment (segments x tokens), and in all of them.

    `terms` are their numbers, -1 for what is not there; `starts` and `ends` where the postings of each begin
    and end. Over all segments: `sentences` and `documents` have in how many sentences and articles each
    stands, `held` how many postings each has, those of removed articles too.
    """

    terms: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sentences: NDArray[np.int64]
    documents: NDArray[np.int64]
    held: NDArray[np.int64]


class Finder:
    """Looks tokens up, and finds the best articles by them; safe to use from several threads.

    Args:
        segments: of the index.
        weights: of an article's score.
    """

    def __init__(self, segments: Sequence[Segment], weights: ArticleWeights) -> None:
        self.segments = segments
        self.weights = weights
        self._known: dict[Stream, dict[str, NDArray[np.int64]]] = {stream: {} for stream in Stream}
        totals = [segment.totals for segment in segments]
        self.first = np.cumsum([0, *(segment.article_count for segment in segments)])
        self.article_count = sum(total.articles for total in totals)
        self.article_tokens = {s: sum(total.article_tokens[s] for total in totals) for s in ARTICLE_STREAMS}

    @functools.cached_property
    def _search(self) -> Search:
        return Search(Gains(self.first, self._norms(), self.weights.k1))

    def _norms(self) -> NDArray[np.float64]:
        """Article streams x articles: what each article's length adds to the denominator of its score."""
        norms = np.ones((len(ARTICLE_STREAMS), int(self.first[-1])))
        for number, stream in enumerate(ARTICLE_STREAMS):
            if self.article_tokens[stream]:
                lengths = [segment.postings[stream].article_length for segment in self.segments]
                norms[number] = self.scorer(stream, {}).norm(np.concatenate(lengths))
        return norms

    def mean_length(self, stream: Stream) -> float:
        """The mean number of an article's tokens."""
        return self.article_tokens[stream] / max(self.article_count, 1)

    def scorer(self, stream: Stream, document_frequency: Mapping[str, float]) -> PositiveBM25:
        """BM25 of whole articles by one of their streams."""
        statistics = Statistics(
            documents=self.article_count,
            mean_length=self.mean_length(stream),
            document_frequency=document_frequency,
        )
        return PositiveBM25(statistics, k1=self.weights.k1, b=self.weights.b)

    def look_up(self, stream: Stream, tokens: Sequence[str]) -> LookedUp:
        """Find some tokens in every segment."""
        terms, starts, ends, sentences = self._found(stream, tokens)
        held = documents = (ends - starts).sum(axis=0)
        if stream in ARTICLE_STREAMS:
            for place, segment in enumerate(self.segments):
                if len(segment.removed):
                    spans = zip(starts[place].tolist(), ends[place].tolist(), strict=True)
                    documents = documents - _removed(segment.postings[stream], segment.removed, spans)
        return LookedUp(terms, starts, ends, sentences.sum(axis=0), documents, held)

    def frequencies(self, stream: Stream, tokens: Sequence[str]) -> list[float]:
        """In how many sentences each of some tokens stands."""
        sentences = self._found(stream, tokens)[3]
        found: list[float] = sentences.sum(axis=0).astype(np.float64).tolist()
        return found

    def _found(self, stream: Stream, tokens: Sequence[str]) -> NDArray[np.int64]:
        """The attributes of what is found of some tokens in each segment: attributes x segments x tokens.

        What is found of few tokens is kept for who looks them up again.
        """
        if len(tokens) > FEW:
            return self._look_up(stream, keys_of_many(tokens))
        known = self._known[stream]
        if new := [token for token in tokens if token not in known]:
            if len(known) > REMEMBERED:
                known = self._known[stream] = {}
                new = list(tokens)
            found = self._look_up(stream, token_keys(new))
            known.update(zip(new, found.reshape(-1, len(new)).T.copy(), strict=True))
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *[known[token] for token in tokens]])
        shape = len(Found._fields), len(self.segments), len(tokens)
        return rows.reshape(len(tokens), shape[0] * shape[1]).T.reshape(shape)

    def _look_up(self, stream: Stream, keys: TokenKeys) -> NDArray[np.int64]:
        wanted = WantedKeys.of(keys)
        found = [segment.look_up(stream, wanted) for segment in self.segments]
        return np.array(found, dtype=np.int64).reshape(-1, len(Found._fields), len(keys)).swapaxes(0, 1)

    def best(
        self,
        asked: Mapping[Stream, Columns],
        looked_up: Mapping[Stream, LookedUp],
        limit: int,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The `limit` best articles plus all tied with the last; their scores.

        Args:
            asked: the terms of the question.
            looked_up: their tokens.
            limit: articles wanted, at least 1.
            allowed: which articles to look at, by their numbers among all; None for all.
        """
        return self._search.best(self._weighed(asked, looked_up), limit, allowed)

    def _weighed(
        self, asked: Mapping[Stream, Columns], looked_up: Mapping[Stream, LookedUp]
    ) -> list[WeightedTerm]:
        """The terms that any article holds, by falling weight."""
        found: list[WeightedTerm] = []
        for number, stream in enumerate(ARTICLE_STREAMS):
            of_stream, of = asked[stream], looked_up[stream]
            if not (self.article_tokens[stream] and of.held.any()):
                continue
            idf = self.scorer(stream, of_stream.by_name(of.documents.astype(np.float64))).idf
            most, held = self._most(stream, of), of.held.tolist()
            listed = self._listed(stream, of)
            weights = (self.weights.streams[stream] * of_stream.weights).tolist()
            for name, alternatives, weight in zip(
                of_stream.names, of_stream.alternatives, weights, strict=True
            ):
                size = sum([held[token] for token, _ in alternatives])
                if weight > 0 and size:
                    bound = weight * idf[name] * (self.weights.k1 + 1)
                    if len(alternatives) == 1:
                        bound *= most[alternatives[0][0]]
                    postings = _of_term(alternatives, listed)
                    found.append(WeightedTerm(postings, size, idf[name], weight, bound, number))
        # Sorting is stable: between equal weights the order of the question decides.
        return sorted(found, key=lambda term: -term.idf * term.weight)

    def _listed(self, stream: Stream, of: LookedUp) -> list[dict[int, TokenPostings]]:
        """For each token its postings in each segment that has any."""
        stored = [segment.postings[stream] for segment in self.segments]
        return [
            {
                place: TokenPostings(postings, start, end)
                for place, (postings, start, end) in enumerate(zip(stored, starts, ends, strict=True))
                if start < end
            }
            for starts, ends in zip(of.starts.T.tolist(), of.ends.T.tolist(), strict=True)
        ]

    def _most(self, stream: Stream, of: LookedUp) -> list[float]:
        """What tf / (tf + norm) can be for each token at most; 1 where they are too few to be worth it."""
        if of.held.sum() <= AT_ONCE:
            return [1.0] * len(of.held)
        per_token = self.weights.k1 * self.weights.b / self.mean_length(stream)
        most = np.zeros(len(of.held))
        for segment, terms in zip(self.segments, of.terms, strict=True):
            highest, lowest = segment.bounds(stream, terms)
            here = 1 / (1 + self.weights.k1 * (1 - self.weights.b) / highest + per_token * lowest)
            most = np.where(terms < 0, most, np.maximum(most, here))
        found: list[float] = most.tolist()
        return found


def _removed(of: Postings, removed: NDArray[np.int64], spans: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """How many removed articles of a segment hold each of some tokens, whose postings lie there."""
    found = [
        int((TokenPostings(of, start, end).of(removed) > 0).sum()) if start < end else 0
        for start, end in spans
    ]
    return np.array(found, dtype=np.int64)


def _of_term(
    alternatives: Sequence[tuple[int, float]], listed: Sequence[Mapping[int, TokenPostings]]
) -> Mapping[int, TermPostings]:
    """The postings of a term, found by any of some tokens with their shares, in each segment that has any."""
    if len(alternatives) == 1 and alternatives[0][1] == 1:
        return listed[alternatives[0][0]]
    parts: dict[int, list[tuple[float, TokenPostings]]] = {}
    for token, share in alternatives:
        for place, held in listed[token].items():
            parts.setdefault(place, []).append((share, held))
    return {place: CombinedPostings(found) for place, found in parts.items()}
