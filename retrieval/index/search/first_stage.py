"""The first stage over all segments of an index: from the tokens of a question to its best articles."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Tokens of one stream: what is found of them in each segment.

    Over all segments: `sentences` and `documents` have in how many sentences and articles each stands, `held`
    how many postings each has, those of removed articles too.
    """

    found: Sequence[Found]
    sentences: NDArray[np.int64]
    documents: NDArray[np.int64]
    held: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term of a question with BM25's idf and what multiplies its gain.

    `tokens` are the places, among those looked up of its stream, of what it is found by, `shares` what a
    frequency of each counts.
    """

    stream: Stream
    tokens: Sequence[int]
    shares: Sequence[float]
    idf: float
    weight: float

    @property
    def is_plain(self) -> bool:
        """Whether it is found by one token, whose frequency is its own."""
        return list(self.shares) == [1]


class Finder:
    """Looks tokens up, and finds the best articles by them; safe to use from several threads.

    Args:
        segments: of the index.
        weights: of an article's score.
    """

    def __init__(self, segments: Sequence[Segment], weights: ArticleWeights) -> None:
        self.segments = segments
        self.weights = weights
        self._known: dict[Stream, dict[str, tuple[list[int], ...]]] = {stream: {} for stream in Stream}
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
        found = self.found(stream, tokens)
        nothing = np.zeros(len(tokens), dtype=np.int64)
        held = sum([of_segment.ends - of_segment.starts for of_segment in found], nothing)
        documents = held
        if stream in ARTICLE_STREAMS:
            for segment, of_segment in zip(self.segments, found, strict=True):
                if len(segment.removed):
                    documents = documents - _removed(segment.postings[stream], segment.removed, of_segment)
        return LookedUp(found, sum([of_segment.sentences for of_segment in found], nothing), documents, held)

    def frequencies(self, stream: Stream, tokens: Sequence[str]) -> list[float]:
        """In how many sentences each of some tokens stands."""
        if len(tokens) > FEW:
            found: list[float] = self.look_up(stream, tokens).sentences.astype(np.float64).tolist()
            return found
        of_tokens = self._kept(stream, tokens)
        return [float(sum([sentences for *_, sentences in of_token])) for of_token in of_tokens]

    def found(self, stream: Stream, tokens: Sequence[str]) -> Sequence[Found]:
        """What is found of some tokens in each segment."""
        if len(tokens) > FEW:
            return self._look_up(stream, keys_of_many(tokens))
        held = self._kept(stream, tokens)
        return [
            Found(*np.array([of_token[place] for of_token in held], dtype=np.int64).reshape(-1, 4).T)
            for place in range(len(self.segments))
        ]

    def _kept(self, stream: Stream, tokens: Sequence[str]) -> list[tuple[list[int], ...]]:
        """What is found of each of few tokens in each segment: kept for who looks them up again."""
        known = self._known[stream]
        if new := [token for token in tokens if token not in known]:
            if len(known) > REMEMBERED:
                known = self._known[stream] = {}
                new = list(tokens)
            columns = [
                np.array(of_segment).T.tolist() for of_segment in self._look_up(stream, token_keys(new))
            ]
            known.update(zip(new, zip(*columns, strict=True) if columns else [()] * len(new), strict=True))
        return [known[token] for token in tokens]

    def _look_up(self, stream: Stream, keys: TokenKeys) -> Sequence[Found]:
        wanted = WantedKeys.of(keys)
        return [segment.look_up(stream, wanted) for segment in self.segments]

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
        if not (weighed := self.weighed(asked, looked_up)):
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        listed = {stream: self._listed(stream, looked_up[stream]) for stream in ARTICLE_STREAMS}
        terms: list[WeightedTerm] = []
        for term in weighed:
            held = _of_term(term, listed[term.stream])
            size = sum(part.size for part in held.values())
            bound = term.weight * term.idf * (self.weights.k1 + 1)
            if size >= AT_ONCE // 16 and len(term.tokens) == 1:
                bound *= self._most(term.stream, looked_up[term.stream], term.tokens[0])
            stream = ARTICLE_STREAMS.index(term.stream)
            terms.append(WeightedTerm(held, size, term.idf, term.weight, bound, stream))
        return self._search.best(terms, limit, allowed)

    def weighed(self, asked: Mapping[Stream, Columns], looked_up: Mapping[Stream, LookedUp]) -> list[Weighed]:
        """The terms that any article holds, by falling weight."""
        found: list[Weighed] = []
        for stream, weight in self.weights.streams.items():
            of_stream, held = asked[stream], looked_up[stream].held.tolist()
            if not any(held):
                continue
            documents = looked_up[stream].documents.astype(np.float64)
            idf = self.scorer(stream, of_stream.by_name(documents)).idf
            place = {token: number for number, token in enumerate(of_stream.tokens)}
            for term, repeats in zip(of_stream.terms, of_stream.weights.tolist(), strict=True):
                tokens = [place[token] for token, _ in term.alternatives]
                if weight * repeats > 0 and any(held[token] for token in tokens):
                    shares = [share for _, share in term.alternatives]
                    found.append(Weighed(stream, tokens, shares, idf[term.token], weight * repeats))
        # Sorting is stable: between equal weights the order of the question decides.
        return sorted(found, key=lambda term: -term.idf * term.weight)

    def _listed(self, stream: Stream, looked_up: LookedUp) -> list[dict[int, TokenPostings]]:
        """For each token its postings in each segment that has any."""
        listed: list[dict[int, TokenPostings]] = [{} for _ in looked_up.sentences]
        for place, (segment, found) in enumerate(zip(self.segments, looked_up.found, strict=True)):
            spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
            for of_token, (start, end) in zip(listed, spans, strict=True):
                if end > start:
                    of_token[place] = TokenPostings(segment.postings[stream], start, end)
        return listed

    def _most(self, stream: Stream, looked_up: LookedUp, at: int) -> float:
        """What tf / (tf + norm) can be for a token at most."""
        per_token = self.weights.k1 * self.weights.b / self.mean_length(stream)
        return max(
            1 / (1 + self.weights.k1 * (1 - self.weights.b) / highest + per_token * lowest)
            for segment, found in zip(self.segments, looked_up.found, strict=True)
            if found.terms[at] >= 0
            for highest, lowest in [segment.bounds(stream, int(found.terms[at]))]
        )


def _removed(of: Postings, removed: NDArray[np.int64], found: Found) -> NDArray[np.int64]:
    """How many removed articles of a segment hold each of some tokens."""
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    listed = [TokenPostings(of, start, end) for start, end in spans]
    return np.array([held.size and (held.of(removed) > 0).sum() for held in listed], dtype=np.int64)


def _of_term(term: Weighed, listed: Sequence[Mapping[int, TokenPostings]]) -> dict[int, TermPostings]:
    """The postings of a term in each segment that has any."""
    if term.is_plain:
        return dict(listed[term.tokens[0]])
    parts: dict[int, list[tuple[float, TokenPostings]]] = {}
    for token, share in zip(term.tokens, term.shares, strict=True):
        for place, held in listed[token].items():
            parts.setdefault(place, []).append((share, held))
    return {place: CombinedPostings(found) for place, found in parts.items()}
