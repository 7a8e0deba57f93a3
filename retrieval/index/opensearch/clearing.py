"""Clearing away what no reader needs any more: articles taken out, buckets superseded, revisions given up.

Readers go on for a moment with what they opened; so nothing goes before a grace has passed.
"""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple

from opensearchpy import OpenSearch

from retrieval.errors import IndexUnusableError
from retrieval.index.opensearch import bulk, requests
from retrieval.index.opensearch.documents import POSITIVE
from retrieval.index.opensearch.lease import Lease
from retrieval.index.opensearch.pieces import pieces
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.store import AT_ONCE, Store
from retrieval.index.segment.encoding import place_of
from retrieval.models import Article

KEPT: Final = 8
"""Changes whose leavings stay until all is made compact."""


MERGE_SECONDS: Final = 6 * 3600
"""What merging may take at most."""


class Held(NamedTuple):
    """An article that an index holds: its document, and where its record stands."""

    document: str
    place: int

    def is_at(self, article: Article) -> bool:
        """Whether its record stands where an article's does."""
        return self.place == place_of(article) & POSITIVE


def documents_of(store: Store, state: State, articles: Collection[str]) -> Mapping[str, Held]:
    """The documents of some articles, as far as there are any."""
    found: dict[str, Held] = {}
    for some in pieces(sorted(set(articles)), AT_ONCE):
        clauses = requests.of_articles(state)
        clauses["filter"].append({"terms": {requests.ID: some}})
        body = {
            "query": {"bool": clauses},
            "size": AT_ONCE,
            "docvalue_fields": [requests.ID, "place"],
            "stored_fields": [],
            "track_total_hits": False,
        }
        for hit in store.connection.search(state.articles, body)["hits"]["hits"]:
            fields = hit["fields"]
            found[fields[requests.ID][0]] = Held(hit["_id"], fields["place"][0])
    return found


def is_much(state: State) -> bool:
    """Whether changes left so much behind that it should be looked at."""
    return len(state.leavings) > KEPT


def clear(store: Store, lease: Lease, kept: int, grace: float) -> bool:
    """Clear away what all but the last changes left behind; whether there was anything.

    Args:
        store: of the index.
        lease: the right to write it.
        kept: changes whose leavings stay; 0 waits for the grace of the last to pass.
        grace: seconds that readers have.
    """
    before = store.load()
    state = before.state
    due = state.leavings[: len(state.leavings) - kept] if kept else state.leavings
    done = [revision for revision in due if _cleared(store, lease, state, revision, grace, wait=not kept)]
    after = state.model_copy(update={"leavings": tuple(of for of in state.leavings if of not in done)})
    if not kept:
        bulk.send(store.connection, bulk.deletions(state.articles, state.removed), lease.allowed)
        if state.abandoned:
            for index in (state.articles, state.terms):
                store.delete(index, {"terms": {"added": list(state.abandoned)}})
        store.refresh(state.articles, state.terms)
        after = after.model_copy(update={"removed": ()})
    if after == state:
        return False
    lease.allowed()
    store.publish(after, before)
    return True


def _cleared(store: Store, lease: Lease, state: State, revision: int, grace: float, *, wait: bool) -> bool:
    """Delete what a revision left; not yet, where readers may need it and nobody waits for them."""
    try:
        left = store.leavings(state, revision)
    except IndexUnusableError:
        return True  # deleted by a process that was killed before it could say so
    remaining = left.pop("at") + grace - time.time()
    if remaining > 0:
        if not wait:
            return False
        time.sleep(min(remaining, grace))
    for index, names in left.items():
        bulk.send(store.connection, bulk.deletions(index, names), lease.allowed)
    bulk.send(store.connection, bulk.deletions(state.terms, [f"leavings-{revision}"]), lease.allowed)
    return True


def expunge(store: Store) -> None:
    """Let nothing of what was deleted stay on the disks."""
    _merge(store, {"only_expunge_deletes": "true"})


def join(store: Store) -> None:
    """Make one segment of each shard: a third of the disk that a new version takes, and fewer to search."""
    _merge(store, {"max_num_segments": "1"})


def _merge(store: Store, how: Mapping[str, str]) -> None:
    state = store.load().state
    for index in (state.articles, state.terms):
        store.connection.write(lambda client, index=index: client.indices.flush(index=index))  # type: ignore[misc]
        store.connection.write(_merging(index, how))
    store.refresh(state.articles, state.terms)  # only then are the files of before let go


def _merging(index: str, how: Mapping[str, str]) -> Callable[[OpenSearch], object]:
    return lambda client: client.indices.forcemerge(
        index=index, params=dict(how), request_timeout=MERGE_SECONDS
    )


def size(store: Store, state: State) -> int:
    """Bytes of an index on the disks, its copies not counted."""
    both = f"{state.articles},{state.terms}"
    found = store.connection.read(lambda client: client.indices.stats(index=both, metric="store"))
    return int(found["_all"]["primaries"]["store"]["size_in_bytes"])
