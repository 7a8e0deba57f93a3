"""What the candidates hold of a question: the counts that all scoring is made of, whatever the engine."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import Statistics
from retrieval.index.protocol import ArticleIndex, Candidates, StoredArticle, StoredTokens
from retrieval.index.query import Codes, Query
from retrieval.models import EVERYTHING, Filters, Question, Stream

RECENT = 120
"""Days before the newest article: of this time is half of what a question for the newest is answered from."""


@dataclass(frozen=True, slots=True)
class StreamEvidence:
    """One stream: how often each of the question's terms stands in each sentence.

    `terms` are their distinct names, `weights` what each weighs with all its occurrences; `frequencies` is
    sentences x terms, `lengths` counts each sentence's tokens, `titles` (articles x terms) is 1 where a
    title holds the term (and a share of 1 where it holds only some of its alternatives).
    """

    terms: tuple[str, ...]
    weights: NDArray[np.float64]
    statistics: Statistics
    frequencies: NDArray[np.float64]
    lengths: NDArray[np.float64]
    titles: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of the articles found: those of article `a` are rows `first[a]` to `first[a + 1]`.

    `order`, `quotable` and `holds` are those of `Candidates`; the first `recent` articles were looked for
    among the newest. What a row says and mentions is read when it is asked for.
    """

    articles: Sequence[StoredArticle]
    first: NDArray[np.int64]
    order: NDArray[np.uint64]
    quotable: NDArray[np.bool_]
    holds: NDArray[np.uint8]
    streams: Mapping[Stream, StreamEvidence]
    recent: int = 0

    def places(self, rows: NDArray[np.int64]) -> Iterator[tuple[StoredArticle, int]]:
        """The article of each row, and the number of its sentence there."""
        at = self.first.searchsorted(rows, side="right") - 1
        sentences = (rows - self.first[at]).tolist()
        return zip([self.articles[place] for place in at.tolist()], sentences, strict=True)


def gather(
    index: ArticleIndex,
    question: Question,
    limit: int,
    excluded: Collection[str] = (),
    filters: Filters = EVERYTHING,
) -> Evidence:
    """What the `limit` best articles of an index hold of a question (see `ArticleIndex.search`).

    Where the newest is wanted, half of them are the best of the last months: what recurs fills all places.
    """
    query = Query.of(question)
    if not question.wants_newest or index.newest is None:
        return count(query, index.search(query, limit, excluded, filters))
    first = dt.date.fromordinal(max(index.newest.toordinal() - RECENT, 1))
    since = max(filters.since or first, first)
    recent = index.search(query, limit // 2, excluded, filters.model_copy(update={"since": since}))
    known = {*excluded, *(article.id for article in recent.articles)}
    found = index.search(query, limit - len(recent.articles), known, filters)
    return count(query, _joined(recent, found), recent=len(recent.articles))


def count(query: Query, candidates: Candidates, recent: int = 0) -> Evidence:
    """Count the terms of a query in the articles that were found for it."""
    return Evidence(
        recent=recent,
        articles=candidates.articles,
        first=candidates.first,
        order=candidates.order,
        quotable=candidates.quotable,
        holds=candidates.holds,
        streams={stream: _of_stream(stream, query, candidates) for stream in Stream},
    )


def _joined(one: Candidates, other: Candidates) -> Candidates:
    """The articles of two searches for the same query, which have none in common."""
    tokens = {
        stream: StoredTokens(
            *(
                np.concatenate([getattr(found.tokens[stream], column.name) for found in (one, other)])
                for column in fields(StoredTokens)
            )
        )
        for stream in one.tokens
    }
    return replace(
        one,
        articles=[*one.articles, *other.articles],
        first=np.concatenate([one.first, one.first[-1] + other.first[1:]]),
        order=np.concatenate([one.order, other.order]),
        quotable=np.concatenate([one.quotable, other.quotable]),
        holds=np.concatenate([one.holds, other.holds]),
        tokens=tokens,
        is_pair=np.concatenate([one.is_pair, other.is_pair]),
    )


def _of_stream(stream: Stream, query: Query, candidates: Candidates) -> StreamEvidence:
    terms, tokens = query.columns[stream], candidates.tokens[stream]
    statistics, width = candidates.statistics[stream], len(query.columns[stream].tokens)
    counts = counted(tokens.codes, tokens.sizes, width)
    if stream is Stream.BIGRAM:
        characters = candidates.tokens[Stream.CHARACTER]
        counts += counted(bigrams(characters, candidates.is_pair, query.pairs), characters.sizes, width)
    titles = np.minimum(counted(tokens.title_codes, tokens.title_sizes, width), 1.0)
    return StreamEvidence(
        terms=terms.names,
        weights=terms.weights,
        statistics=Statistics(
            documents=candidates.sentences,
            mean_length=statistics.mean_length,
            document_frequency=terms.by_name(statistics.frequencies[:width]),
        ),
        frequencies=terms.combined(counts.T),
        lengths=tokens.lengths.astype(np.float64),
        titles=terms.combined(titles.T),
    )


def counted(codes: Codes, sizes: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """How often each of the first `width` tokens stands in each text: tokens x texts.

    Args:
        codes: of the tokens of the texts, one text after another.
        sizes: how many each text has.
        width: codes beyond it are not counted.
    """
    at = np.flatnonzero(codes != 0)  # of truth values, many are looked at together
    found = codes[at].astype(np.int64) - 1
    texts = np.cumsum(sizes).searchsorted(at, side="right")
    cells = (found * len(sizes) + texts)[found < width]
    return np.bincount(cells, minlength=width * len(sizes)).reshape(width, len(sizes)).astype(np.float64)


def bigrams(characters: StoredTokens, is_pair: NDArray[np.bool_], pairs: Codes) -> Codes:
    """The code of the bigram that each character begins; 0 where that is none of the query."""
    found = np.zeros(len(characters.codes), dtype=np.uint16)
    at = np.flatnonzero(characters.codes != 0)
    first = at[:-1][(at[1:] == at[:-1] + 1) & is_pair[at[:-1]]]
    found[first] = pairs[characters.codes[first].astype(np.int64) - 1, characters.codes[first + 1] - 1]
    return found
