"""A revision of an index while it is written: nobody sees anything of it before it is published.

Articles come in batches. A batch is whole when what it adds to the counts is on the cluster, too, and who
goes on after a kill starts from the batches that are whole. When all are there, the vocabulary is brought up
to date, what was written is counted, and the new state takes the place of the old one.
"""

import base64
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import IndexingError
from retrieval.index.opensearch import blob, bulk, documents, term_counts, vocabulary
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.opensearch.documents import Contribution, contribution, together, unspooled
from retrieval.index.opensearch.lease import Lease
from retrieval.index.opensearch.pieces import pieces
from retrieval.index.opensearch.repetition import KeptLines
from retrieval.index.opensearch.state import State, Totals
from retrieval.index.opensearch.store import Store, Stored, Tables, tables_of
from retrieval.index.opensearch.term_counts import Counts, TermCounts
from retrieval.index.opensearch.vocabulary import VERSION
from retrieval.index.segment.reader import Segment
from retrieval.models import Stream

SPOOL: Final = "spool-"
TOGETHER: Final = 16
"""Batches whose counts are added up at once."""
LINES_AT_ONCE: Final = 1_000
READ_AT_ONCE: Final = 500
"""Articles that are taken out, read at once."""


class Target(NamedTuple):
    """Where a draft is written: the revision that it becomes, over what is there of its version.

    `base` is the state that it follows; None for a new version, whose indices are empty but for what a
    process left that was killed.
    """

    revision: int
    articles: str
    terms: str
    base: Stored | None
    abandoned: int | None = None


class Draft:
    """Writes a revision.

    Args:
        store: of the index.
        lease: the right to write it.
        target: where.
    """

    def __init__(self, store: Store, lease: Lease, target: Target) -> None:
        self._store = store
        self._lease = lease
        self._connection = store.connection
        self._target = target
        self._removed: list[str] = []
        self.resumed = 0
        self.state = self._begun()

    def _begun(self) -> State:
        """The state as it would be without what is still to come."""
        to = self._target
        if to.base is None:
            return State(
                tokeniser=self._store.fingerprint,
                revision=to.revision,
                articles=to.articles,
                terms=to.terms,
                buckets=dict.fromkeys(Stream, 1),
                totals=Totals(),
                tables=to.revision,
                server=self._store.made_by(to.articles),
            )
        before = to.base.state
        abandoned = before.abandoned + ((to.abandoned,) if to.abandoned else ())
        return before.model_copy(update={"revision": to.revision, "abandoned": abandoned})

    def resume(self) -> None:
        """Take what a killed process finished of this very revision, and drop what it did not."""
        self._store.refresh(self._target.articles, self._target.terms)
        spools = dict(self._spools())
        done = [name.removeprefix(SPOOL) for name in spools]
        self.resumed = sum(spools.values())
        of_revision = {"term": {"added": self._target.revision}}
        unfinished = {"bool": {"filter": [of_revision], "must_not": [{"terms": {"batch": done}}]}}
        self._store.delete(self._target.articles, unfinished)

    def add(self, path: Path) -> None:
        """Write the articles of a segment."""
        segment = Segment(path)
        batch = uuid.uuid4().hex
        found = documents.documents(segment, self._target.revision, batch)
        self._send(bulk.puts(self._target.articles, found))
        spooled = documents.spool(contribution(segment))
        document = {
            "added": self._target.revision,
            "batch": batch,
            "articles": segment.article_count,
            "blob": base64.b64encode(spooled).decode(),
        }
        self._send(bulk.puts(self._target.terms, [(f"{SPOOL}{batch}", document)]))

    def remove(self, names: Sequence[str]) -> None:
        """Take out the articles of some documents."""
        self._removed += names

    def publish(self) -> Stored:
        """Make it the index that counts.

        Raises:
            IndexingError: not all of it arrived, or another process wrote meanwhile.
        """
        self._store.refresh(self._target.articles, self._target.terms)
        spools = [name for name, _ in self._spools()]
        added = self._summed()
        self._check_arrived(added.totals.articles)
        removed = self._taken_out()
        counts = {
            stream: term_counts.total([added.counts[stream], removed.counts[stream].negative()])
            for stream in Stream
        }
        buckets, superseded = self._put_vocabulary(counts)
        before = self.state
        after = before.model_copy(
            update={
                "buckets": buckets,
                "totals": before.totals.plus(added.totals).plus(removed.totals, -1),
                "removed": (*before.removed, *self._removed),
                "newest": max(before.newest, added.newest),
                "tables": self._target.revision,
            }
        )
        if removed.totals.articles:
            after = after.model_copy(update={"newest": self._newest(after)})
        self._put_tables(after, counts[Stream.CHARACTER], added.lines, removed.lines)
        if self._target.base:
            left = {"at": time.time(), after.articles: tables_of(before), after.terms: superseded}
            after = after.model_copy(update={"leavings": (*after.leavings, after.revision)})
            self._store.put_leavings(after, left)
        self._store.refresh(after.articles, after.terms)
        self._lease.allowed()
        published = self._store.publish(after, self._target.base)
        self._send(bulk.deletions(after.terms, spools))
        return published

    def _send(self, actions: Iterator[bulk.Action]) -> None:
        bulk.send(self._connection, actions, self._lease.allowed)

    def _spools(self) -> Iterator[tuple[str, int]]:
        """The batches that are whole, and how many articles each has."""
        body: dict[str, Any] = {
            "query": self._of_batches(),
            "size": TOGETHER * TOGETHER,
            "sort": [{"batch": "asc"}],
            "docvalue_fields": ["articles"],
            "stored_fields": [],
            "track_total_hits": False,
        }
        while hits := self._connection.search(self._target.terms, body)["hits"]["hits"]:
            yield from ((hit["_id"], hit["fields"]["articles"][0]) for hit in hits)
            body["search_after"] = hits[-1]["sort"]

    def _of_batches(self) -> dict[str, Any]:
        return {
            "bool": {"filter": [{"term": {"added": self._target.revision}}, {"exists": {"field": "batch"}}]}
        }

    def _summed(self) -> Contribution:
        """What all batches add, read some at a time."""
        body: dict[str, Any] = {
            "query": self._of_batches(),
            "size": TOGETHER,
            "sort": [{"batch": "asc"}],
            "stored_fields": ["blob"],
            "track_total_hits": False,
        }
        found = together([])
        while hits := self._connection.search(self._target.terms, body)["hits"]["hits"]:
            parts = [unspooled(base64.b64decode(hit["fields"]["blob"][0])) for hit in hits]
            found = together([found, *parts])
            body["search_after"] = hits[-1]["sort"]
        return found

    def _check_arrived(self, expected: int) -> None:
        arrived = self._store.count(self._target.articles, {"term": {"added": self._target.revision}})
        if arrived != expected:
            raise IndexingError(
                f"Of {expected} articles, {arrived} are on the cluster {self._store.cluster.place}: "
                "run 'zhiwen index', it goes on from there."
            )

    def _taken_out(self) -> Contribution:
        """What the articles that are taken out had added."""
        found = together([])
        for names in pieces(self._removed, READ_AT_ONCE):
            body = {
                "query": {"ids": {"values": names}},
                "size": READ_AT_ONCE,
                "stored_fields": ["blob"],
                "track_total_hits": False,
            }
            articles = [
                ClusterArticle(
                    hit["_id"].partition("-")[0], blob.opened(base64.b64decode(hit["fields"]["blob"][0]))
                )
                for hit in self._connection.search(self._target.articles, body)["hits"]["hits"]
            ]
            found = together([found, documents.removed(articles)])
        return found

    def _newest(self, state: State) -> int:
        """The ordinal of the latest date of what counts."""
        body = {
            "query": {"bool": state.visible_articles()},
            "size": 0,
            "aggs": {"newest": {"max": {"field": "published"}}},
        }
        found = self._connection.search(state.articles, body)["aggregations"]["newest"]["value"]
        return int(found or 0)

    def _put_vocabulary(self, changed: Counts) -> tuple[dict[Stream, int], list[str]]:
        """Write the buckets that change; into how many the terms are put, and what is superseded."""
        buckets = dict(self.state.buckets)
        if self._target.base is None:
            buckets = {
                stream: term_counts.buckets_for(len(counts.keys)) for stream, counts in changed.items()
            }
        superseded: list[str] = []
        for stream, counts in changed.items():
            if stream is Stream.CHARACTER:
                continue  # all are in a table
            parts = term_counts.in_buckets(stream, counts, buckets[stream])
            for some in pieces(parts, vocabulary.AT_ONCE):
                superseded += self._put_buckets(dict(some))
        return buckets, superseded

    def _put_buckets(self, new: dict[str, TermCounts]) -> list[str]:
        """Write some buckets with what they had before; the documents that had it."""
        superseded: list[str] = []
        if self._target.base:
            known = vocabulary.versions(self._connection, self._target.base.state, new)
            superseded = [document for _, document, _ in known]
            new = new | {name: term_counts.total([before, new[name]]).used() for name, _, before in known}
        revision = self._target.revision
        self._send(
            bulk.puts(
                self._target.terms,
                (
                    (
                        f"{name}{VERSION}{revision}",
                        {
                            "bucket": name,
                            "added": revision,
                            "blob": base64.b64encode(counts.packed()).decode(),
                        },
                    )
                    for name, counts in new.items()
                ),
            )
        )
        return superseded

    def _put_tables(
        self, after: State, changed: TermCounts, added: NDArray[np.int64], removed: NDArray[np.int64]
    ) -> None:
        """Keep the tables as they are after the change."""
        nothing = np.zeros(0, dtype=np.int64)
        before = Tables(KeptLines(nothing, nothing), TermCounts.nothing())
        if self._target.base:
            before = self._store.tables(self._target.base.state)
        lines, more = np.unique(added, return_counts=True)
        if self._target.base is None and not len(removed):
            shared = KeptLines(lines, more)
        else:
            shared = self._lines_after(after, before.lines, lines, removed)
        characters = term_counts.total([before.characters, changed]).used()
        self._store.put_tables(after, Tables(shared.kept(after.totals.articles), characters))

    def _lines_after(
        self, after: State, before: KeptLines, added: NDArray[np.int64], removed: NDArray[np.int64]
    ) -> KeptLines:
        """The table with the lines that changed counted anew."""
        changed = np.unique(np.concatenate([added, removed[before.knows(removed)]]))
        counts: list[int] = []
        self._store.refresh(after.articles)
        for some in pieces(changed.tolist(), LINES_AT_ONCE):
            counts += self._counted(after, np.array(some, dtype=np.int64))
        kept = ~np.isin(before.lines, changed)
        lines = np.concatenate([before.lines[kept], changed])
        articles = np.concatenate([before.articles[kept], np.array(counts, dtype=np.int64)])
        order = lines.argsort()
        return KeptLines(lines[order], articles[order])

    def _counted(self, state: State, lines: NDArray[np.int64]) -> list[int]:
        """In how many articles that count each of some lines stands."""
        names = documents.signed(lines)
        filters = {str(at): {"term": {"lines": line}} for at, line in enumerate(names)}
        body = {
            "query": {"bool": state.visible_articles()},
            "size": 0,
            "aggs": {"lines": {"filters": {"filters": filters}}},
        }
        found = self._connection.search(state.articles, body)["aggregations"]["lines"]["buckets"]
        return [found[str(at)]["doc_count"] for at in range(len(names))]
