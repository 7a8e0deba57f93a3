"""Whether an index on a cluster is still what was written: all of it read, counted again, and compared."""

import base64
import zlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from retrieval.errors import IndexUnusableError
from retrieval.index.opensearch import blob, documents, requests, term_counts
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.opensearch.documents import Contribution, together
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.store import Store
from retrieval.index.opensearch.term_counts import TermCounts
from retrieval.index.opensearch.vocabulary import VERSION
from retrieval.models import Stream

AT_ONCE: Final = 500
BUCKETS_AT_ONCE: Final = 5_000


def verify(store: Store, state: State) -> None:
    """Count the index again.

    Raises:
        IndexUnusableError: something is missing or was changed.
    """
    found = together([])
    for part in _counted(store, state):
        found = together([found, part])
    if found.totals != state.totals:
        raise _damaged(state, "its articles are not those that were counted")
    tables = store.tables(state)
    for stream, counted in found.counts.items():
        held = [tables.characters] if stream is Stream.CHARACTER else _buckets(store, state, stream)
        stored, used = term_counts.total(held), counted.used()
        for name in ("keys", "sentences", "articles"):
            if not np.array_equal(getattr(stored, name), getattr(used, name)):
                raise _damaged(state, "its vocabulary is not that of its articles")


def _counted(store: Store, state: State) -> Iterator[Contribution]:
    """What the articles add, some at a time, each compared with its digest."""
    body: dict[str, Any] = {
        "query": {"bool": requests.of_articles(state)},
        "size": AT_ONCE,
        "sort": [{requests.ID: "asc"}],
        "stored_fields": ["blob"],
        "docvalue_fields": ["digest"],
        "track_total_hits": False,
    }
    while hits := store.connection.search(state.articles, body)["hits"]["hits"]:
        articles = []
        for hit in hits:
            content = base64.b64decode(hit["fields"]["blob"][0])
            if zlib.crc32(content) != hit["fields"]["digest"][0]:
                raise _damaged(state, f"the document {hit['_id']} was changed")
            articles.append(ClusterArticle(hit["sort"][0], blob.opened(content)))
        yield documents.removed(articles)
        body["search_after"] = hits[-1]["sort"]


def _buckets(store: Store, state: State, stream: Stream) -> Iterator[TermCounts]:
    """The terms of a stream as they are at the revision, bucket by bucket."""
    body: dict[str, Any] = {
        "query": {"bool": {"filter": [{"prefix": {"bucket": f"{stream}-"}}], **state.visible()}},
        "size": BUCKETS_AT_ONCE,
        "sort": [{"added": "desc"}, {"_id": "asc"}],
        "stored_fields": ["blob"],
        "track_total_hits": False,
    }
    seen: set[str] = set()
    while hits := store.connection.search(state.terms, body)["hits"]["hits"]:
        for hit in hits:
            name = hit["_id"].partition(VERSION)[0]
            if name not in seen:
                seen.add(name)
                yield TermCounts.opened(base64.b64decode(hit["fields"]["blob"][0])).used()
        body["search_after"] = hits[-1]["sort"]


def _damaged(state: State, what: str) -> IndexUnusableError:
    return IndexUnusableError(f"The index {state.articles} is damaged, {what}: run 'zhiwen index --rebuild'.")
