"""What the candidates hold of a question: the counts that all scoring is made of, whatever the engine."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

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
        sentences: list[int] = (rows - self.first.take(at)).tolist()
        places: list[int] = at.tolist()
        articles = {place: self.articles[place] for place in dict.fromkeys(places)}
        return zip([articles[place] for place in places], sentences, strict=True)


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
        streams=_streams(query, candidates),
    )


def _joined(one: Candidates, other: Candidates) -> Candidates:
    """The articles of two searches for the same query, which have none in common."""
    tokens = {stream: _appended(of, other.tokens[stream]) for stream, of in one.tokens.items()}
    return one._replace(
        articles=[*one.articles, *other.articles],
        first=np.concatenate([one.first, one.first[-1] + other.first[1:]]),
        order=np.concatenate([one.order, other.order]),
        quotable=np.concatenate([one.quotable, other.quotable]),
        holds=np.concatenate([one.holds, other.holds]),
        tokens=tokens,
        is_pair=np.concatenate([one.is_pair, other.is_pair]),
    )


def _appended(one: StoredTokens, other: StoredTokens) -> StoredTokens:
    return StoredTokens(
        codes=np.concatenate([one.codes, other.codes]),
        sizes=np.concatenate([one.sizes, other.sizes]),
        lengths=np.concatenate([one.lengths, other.lengths]),
        title_codes=np.concatenate([one.title_codes, other.title_codes]),
        title_sizes=np.concatenate([one.title_sizes, other.title_sizes]),
    )


def _streams(query: Query, candidates: Candidates) -> dict[Stream, StreamEvidence]:
    table, sentences = _table(query, candidates), len(candidates.quotable)
    found, row = {}, 0
    for stream in Stream:
        terms, statistics = query.columns[stream], candidates.statistics[stream]
        width = len(terms.tokens)
        counts = terms.combined(table[row : row + width].T)
        row += len(query.tokens[stream])
        found[stream] = StreamEvidence(
            terms=terms.names,
            weights=terms.weights,
            statistics=Statistics(
                documents=candidates.sentences,
                mean_length=statistics.mean_length,
                document_frequency=terms.by_name(statistics.frequencies[:width]),
            ),
            frequencies=counts[:sentences],
            lengths=candidates.tokens[stream].lengths.astype(np.float64),
            titles=counts[sentences:],
        )
    return found


def _table(query: Query, candidates: Candidates) -> NDArray[np.float64]:
    """How often each sentence holds each token of a query, stream after stream; then, if each title does."""
    tokens = [candidates.tokens[stream] for stream in Stream]
    characters = candidates.tokens[Stream.CHARACTER]
    sentences, texts = len(candidates.quotable), len(candidates.quotable) + len(candidates.articles)
    *rows, width = accumulate((len(query.tokens[stream]) for stream in Stream), initial=0)
    cells = np.array(rows)[:, None] * texts + np.arange(texts)
    pairs = bigrams(characters, candidates.is_pair, query.pairs)
    found, text = _held(
        np.concatenate([*(array for of in tokens for array in (of.codes, of.title_codes)), pairs]),
        np.concatenate([*(array for of in tokens for array in (of.sizes, of.title_sizes)), characters.sizes]),
    )
    cell = np.append(cells, cells[list(Stream).index(Stream.BIGRAM), :sentences]).take(text) + found * texts
    table = _counts(cell, width, texts)
    np.minimum(table[:, sentences:], 1.0, out=table[:, sentences:])
    return table


def counted(codes: Codes, sizes: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    """How often each of the first `width` tokens stands in each text: tokens x texts.

    Args:
        codes: of the tokens of the texts, one text after another.
        sizes: how many each text has.
        width: codes beyond it are not counted.
    """
    found, text = _held(codes, sizes)
    return _counts((found * len(sizes) + text)[found < width], width, len(sizes))


def _held(codes: Codes, sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each token of a query that stands in some texts, and in which of them it does."""
    at = (codes != 0).nonzero()[0]  # of truth values, many are looked at together
    return codes.take(at).astype(np.int64) - 1, sizes.cumsum().searchsorted(at, side="right")


def _counts(cells: NDArray[np.int64], rows: int, columns: int) -> NDArray[np.float64]:
    """How often each cell of a table is named."""
    return np.bincount(cells, minlength=rows * columns).reshape(rows, columns).astype(np.float64)


def bigrams(characters: StoredTokens, is_pair: NDArray[np.bool_], pairs: Codes) -> Codes:
    """The code of the bigram that each character begins; 0 where that is none of the query."""
    found = np.zeros(len(characters.codes), dtype=np.uint16)
    first = is_pair.nonzero()[0]
    found[first] = pairs[characters.codes.take(first) - 1, characters.codes.take(first + 1) - 1]
    return found
