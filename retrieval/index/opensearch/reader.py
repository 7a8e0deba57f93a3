"""The index on a cluster: a reader of the protocol.

A question sees one state without any lease on the cluster: what it reads is what counts at the revision that
was opened, and the cluster keeps that until nobody can look at it any more. So any copy of a shard may
answer, and a node that dies takes nothing along, as it would a point in time.
"""

import base64
import datetime as dt
import threading
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights, PositiveBM25, Statistics
from retrieval.index.opensearch import blob, candidates, requests
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.opensearch.candidates import Found
from retrieval.index.opensearch.connection import Connection
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.store import Tables
from retrieval.index.opensearch.vocabulary import Standing, Vocabulary
from retrieval.index.protocol import Candidates, Cursor, Page, StoredTokens, StreamStatistics, Tokens
from retrieval.index.query import Query
from retrieval.index.segment import schema
from retrieval.index.segment.encoding import ARTICLE_STREAMS, HELD, QUOTABLE, article_order
from retrieval.models import EVERYTHING, Facet, Filters, Selection, Stream

SPARE: Final = 14
"""Articles asked for beyond those wanted, of which the best are chosen exactly."""
MOST_LABELS: Final = 60_000


class ClusterIndex:
    """An index on a cluster, as it was when it was opened; safe to use from several threads.

    Args:
        connection: to the cluster.
        state: that was opened.
        tables: that go with it.
    """

    def __init__(self, connection: Connection, state: State, tables: Tables) -> None:
        self._connection = connection
        self._state = state
        self._vocabulary = Vocabulary(connection, state, tables.characters)
        self._boilerplate = tables.lines.boilerplate(state.totals.articles)
        self._labels: dict[Facet, Mapping[str, int]] = {}
        self._lock = threading.Lock()

    def is_of(self, state: State) -> bool:
        """Whether a state is that of the revision which was opened."""
        return (state.articles, state.revision) == (self._state.articles, self._state.revision)

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return self._state.totals.articles

    @property
    def sentence_count(self) -> int:
        """How many sentences they have."""
        return self._state.totals.sentences

    @property
    def newest(self) -> dt.date | None:
        """When the article published last was; None where none has a date."""
        return self._state.newest_date

    @property
    def digest(self) -> str:
        """Names what is in it: the same for the same index, whoever opens it."""
        return self._state.digest

    @property
    def is_far(self) -> bool:
        """Whether each method is a trip to another machine: it is."""
        return True

    def frequencies(self, tokens: Tokens) -> dict[Stream, list[float]]:
        """In how many sentences each token stands."""
        found = self._vocabulary.look_up(tokens)
        return {stream: of.sentences.astype(np.float64).tolist() for stream, of in found.items()}

    def search(
        self, query: Query, limit: int, excluded: Collection[str] = (), filters: Filters = EVERYTHING
    ) -> Candidates:
        """The best articles by BM25 that the filters let through, some ids left aside."""
        standing = self._vocabulary.look_up(query.tokens)
        scorers = {stream: self._scorer(stream, query, standing[stream]) for stream in ARTICLE_STREAMS}
        most = 2 * limit if requests.is_spread(query) else limit + max(SPARE, limit // 4)
        body = requests.search(
            self._state, query, scorers, standing, most, excluded=excluded, filters=filters
        )
        near = self._found(body, is_scored=True) if body and limit else []
        of = candidates.found(query, near)
        scores = candidates.article_scores(query, of, scorers)
        order = np.array([article_order(article.id) for article in near], dtype=np.uint64)
        best = np.sort(np.lexsort((order, -scores))[:limit])
        return self._candidates(of.only(best), order[best], standing)

    def _candidates(
        self, of: Found, order: NDArray[np.uint64], standing: Mapping[Stream, Standing]
    ) -> Candidates:
        flags = of.column(schema.FLAGS.name)
        lines, titles = of.column(schema.LINE.name), of.column(blob.TITLE)
        quotable: NDArray[np.bool_] = flags >= QUOTABLE
        has_title = ~self._boilerplate.is_empty_title(titles)
        return Candidates(
            articles=of.articles,
            first=of.first,
            order=order,
            quotable=quotable & ~self._boilerplate.is_boilerplate(lines, quotable, of.first),
            holds=flags & np.uint8(HELD),
            tokens={stream: _titled(tokens, has_title) for stream, tokens in of.tokens.items()},
            is_pair=of.is_pair,
            sentences=self.sentence_count,
            statistics={stream: self._statistics(stream, standing[stream]) for stream in Stream},
        )

    def _statistics(self, stream: Stream, standing: Standing) -> StreamStatistics:
        return StreamStatistics(
            mean_length=self._state.totals.sentence_tokens[stream] / max(self.sentence_count, 1),
            frequencies=standing.sentences.astype(np.float64),
        )

    def _scorer(self, stream: Stream, query: Query, standing: Standing) -> PositiveBM25:
        """BM25 of whole articles by one of their streams."""
        weights, terms = ArticleWeights(), query.columns[stream]
        documents = standing.articles[: len(terms.tokens)].astype(np.float64)
        statistics = Statistics(
            documents=self.article_count,
            mean_length=self._state.totals.article_tokens[stream] / max(self.article_count, 1),
            document_frequency=terms.by_name(documents),
        )
        return PositiveBM25(statistics, k1=weights.k1, b=weights.b)

    def find(self, article: str) -> ClusterArticle | None:
        """The article with an id; None when it is gone."""
        clauses = requests.of_articles(self._state)
        clauses["filter"].append({"term": {requests.ID: article}})
        found = self._found({"query": {"bool": clauses}, "size": 1, **requests.CARRIED})
        return found[0] if found else None

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""
        with self._lock:
            if facet in self._labels:
                return self._labels[facet]
        found = self._connection.search(
            self._state.articles, requests.labels(self._state, facet, MOST_LABELS)
        )
        counted = {str(of["key"]): of["doc_count"] for of in found["aggregations"]["labels"]["buckets"]}
        with self._lock:
            self._labels[facet] = counted
        return counted

    def select(self, selection: Selection, limit: int, after: Cursor | None = None) -> Page:
        """The next `limit` articles of a selection: the last published first, the undated at the end."""
        body = requests.select(self._state, selection, limit, after)
        found = self._connection.search(self._state.articles, body)["hits"]
        hits: list[dict[str, Any]] = found["hits"]
        following = None
        if len(hits) == limit:
            day, article = hits[-1]["sort"]
            following = f"{day}-{article}"
        return Page([_article(hit) for hit in hits], found["total"]["value"], following)

    def sample(self, most: int) -> Sequence[ClusterArticle]:
        """At most so many articles, spread evenly over the ids; the same for the same collection."""
        if not most:
            return []
        body = {
            "query": {"bool": requests.of_articles(self._state)},
            "size": most,
            "sort": [{"order": "asc"}],
            **requests.CARRIED,
        }
        return sorted(self._found(body), key=lambda article: article.id)

    def _found(self, body: Mapping[str, Any], *, is_scored: bool = False) -> list[ClusterArticle]:
        found = self._connection.search(self._state.articles, body, is_scored=is_scored)
        return [_article(hit) for hit in found["hits"]["hits"]]


def _article(hit: Mapping[str, Any]) -> ClusterArticle:
    """The article of a document that was found."""
    fields = hit["fields"]
    return ClusterArticle(fields[requests.ID][0], blob.opened(base64.b64decode(fields["blob"][0])))


def _titled(tokens: StoredTokens, has_title: NDArray[np.bool_]) -> StoredTokens:
    """The same without the titles that say nothing."""
    counts = np.repeat(has_title, tokens.title_sizes)
    return StoredTokens(
        codes=tokens.codes,
        sizes=tokens.sizes,
        lengths=tokens.lengths,
        title_codes=np.where(counts, tokens.title_codes, np.uint16(0)),
        title_sizes=tokens.title_sizes,
    )
