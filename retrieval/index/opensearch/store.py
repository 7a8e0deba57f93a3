"""The documents that an index on a cluster is read and changed by: its state, and what the state names."""

import base64
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from retrieval.errors import IndexingError, IndexUnusableError
from retrieval.index.opensearch import layout, state
from retrieval.index.opensearch.connection import Connection
from retrieval.index.opensearch.notes import create
from retrieval.index.opensearch.repetition import KeptLines
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.term_counts import TermCounts

AT_ONCE: Final = 10_000
"""Documents read by one request of a scan."""
ITS_OWN: Final = 0x08000000
"""The bit by which numbers of OpenSearch's versions differ from those of what it was forked from."""
MAJOR: Final = 1_000_000
"""2.19.6 is 2190699."""


class Stored(NamedTuple):
    """The state of an index; `sequence` and `term` name this very version of its document."""

    state: State
    sequence: int
    term: int


class Tables(NamedTuple):
    """What readers keep of an index, as it is much asked for and small in whatever corpus.

    The lines that several articles share, and all single characters, in how many sentences each stands.
    """

    lines: KeptLines
    characters: TermCounts


class Store:
    """Reads and replaces the documents that make an index what it is.

    Args:
        connection: to the cluster.
        fingerprint: of the tokeniser.
    """

    def __init__(self, connection: Connection, fingerprint: str) -> None:
        self.connection = connection
        self.cluster = connection.cluster
        self.fingerprint = fingerprint

    @property
    def is_there(self) -> bool:
        """Whether there is an index, in whatever state."""
        return bool(self.connection.read(lambda client: client.indices.exists(index=self.cluster.name)))

    def load(self) -> Stored:
        """The index in use.

        Raises:
            IndexUnusableError: there is none, or another format or tokeniser made it.
            IndexUnavailableError: the cluster cannot be reached.
        """
        name = self.cluster.name
        found = self.connection.read(
            lambda client: client.get(index=name, id=layout.STATE, params={"stored_fields": "blob"})
        )
        read = state.checked(_blob(found), self.fingerprint, name)
        return Stored(read, found["_seq_no"], found["_primary_term"])

    def tables(self, of: State) -> Tables:
        """What readers of a state keep of it."""
        names = tables_of(of)
        found = self.connection.read(
            lambda client: client.mget(
                index=of.articles, body={"ids": names}, params={"stored_fields": "blob"}
            )
        )
        lines, characters = (_blob(one) for one in found["docs"])
        return Tables(KeptLines.opened(lines), TermCounts.opened(characters))

    def put_tables(self, of: State, tables: Tables) -> None:
        """Keep the tables of a revision."""
        blobs = (tables.lines.packed(), tables.characters.packed())
        for name, content in zip(tables_of(of), blobs, strict=True):
            blob = {"blob": base64.b64encode(content).decode()}
            self.connection.write(
                lambda client, name=name, blob=blob: client.index(  # type: ignore[misc]
                    index=of.articles, id=name, body=blob
                )
            )

    def publish(self, new: State, before: Stored | None) -> Stored:
        """Make a state the one that counts, in one step; then the alias, where it is a new version.

        Args:
            new: the state.
            before: the one that it follows within its version; None for the first of a version.

        Raises:
            IndexingError: another writer was there in between.
        """
        exactly = {"if_seq_no": before.sequence, "if_primary_term": before.term} if before else {}
        body = {"blob": base64.b64encode(new.model_dump_json().encode()).decode()}

        def request(client: OpenSearch) -> Mapping[str, Any] | None:
            try:
                done: Mapping[str, Any] = client.index(
                    index=new.articles, id=layout.STATE, body=body, params=exactly
                )
            except ConflictError:
                return None
            return done

        done = self.connection.write(request)
        if done is not None:
            published = Stored(new, done["_seq_no"], done["_primary_term"])
        else:
            published = self._published(new)
        if before is None:
            self._switch(new.articles)
        return published

    def _published(self, new: State) -> Stored:
        """What is there where an attempt met another one: perhaps it was our own, which seemed to fail."""
        found = self.connection.read(
            lambda client: client.get(index=new.articles, id=layout.STATE, params={"stored_fields": "blob"})
        )
        if state.parsed(_blob(found), self.cluster.name) != new:
            raise IndexingError(
                f"Another process wrote the index {self.cluster.name} meanwhile: run 'zhiwen index'."
            )
        return Stored(new, found["_seq_no"], found["_primary_term"])

    def _switch(self, articles: str) -> None:
        """Let the alias name a version, and no other, in one step."""
        others = [index for index in self.versions() if index != articles]
        actions = [
            *(
                {"remove": {"index": index, "alias": self.cluster.name, "must_exist": False}}
                for index in others
            ),
            {"add": {"index": articles, "alias": self.cluster.name}},
        ]
        self.connection.write(lambda client: client.indices.update_aliases(body={"actions": actions}))

    def in_use(self) -> str | None:
        """The articles that the alias names, whoever made them; None where it names none."""

        def request(client: OpenSearch) -> Mapping[str, Any]:
            try:
                found: Mapping[str, Any] = client.indices.get_alias(index=self.cluster.name)
            except NotFoundError:
                return {}
            return found

        return next(iter(self.connection.read(request)), None)

    def versions(self) -> Sequence[str]:
        """The indices of articles of all versions that are there."""
        pattern = layout.articles(self.cluster, "*")
        found: Mapping[str, Any] = self.connection.read(lambda client: client.indices.get(index=pattern))
        return sorted(found)

    def made_by(self, index: str) -> int:
        """The major version of the cluster that made an index."""
        found = self.connection.read(lambda client: client.indices.get(index=index))
        created = int(found[index]["settings"]["index"]["version"]["created"])
        return (created ^ ITS_OWN) // MAJOR

    def drop_version(self, articles: str) -> None:
        """Delete a version: its articles and its vocabulary."""
        terms = articles.removesuffix("articles") + "terms"
        for index in (articles, terms):
            self.connection.write(
                lambda client, index=index: client.indices.delete(  # type: ignore[misc]
                    index=index, params={"ignore_unavailable": "true"}
                )
            )

    def new_version(self) -> tuple[str, str]:
        """Make the empty indices of a new version: of its articles and of its vocabulary."""
        version = f"{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:6]}"
        articles, terms = layout.articles(self.cluster, version), layout.terms(self.cluster, version)
        of = {
            articles: (layout.articles_settings(self.cluster), layout.articles_mapping()),
            terms: (layout.terms_settings(self.cluster), layout.terms_mapping()),
        }
        for index, (settings, mapping) in of.items():
            create(self.connection, index, {"settings": settings, "mappings": mapping})
        return articles, terms

    def refresh(self, *indices: str) -> None:
        """Let what was written be found, by whichever copy is asked."""
        self.connection.write(lambda client: client.indices.refresh(index=",".join(indices)))

    def count(self, index: str, query: Mapping[str, Any]) -> int:
        """How many documents a query finds."""
        body = {"query": query, "size": 0, "track_total_hits": True}
        return int(self.connection.search(index, body)["hits"]["total"]["value"])

    def delete(self, index: str, query: Mapping[str, Any]) -> None:
        """Delete what a query finds."""
        params = {"conflicts": "proceed", "refresh": "true"}
        self.connection.write(
            lambda client: client.delete_by_query(index=index, body={"query": query}, params=params)
        )

    def leavings(self, of: State, revision: int) -> dict[str, Any]:
        """What a revision left behind: since when, and the ids of documents by index."""
        found = self.connection.read(
            lambda client: client.get(
                index=of.terms, id=f"leavings-{revision}", params={"stored_fields": "blob"}
            )
        )
        left: dict[str, Any] = json.loads(_blob(found))
        return left

    def put_leavings(self, of: State, left: Mapping[str, Any]) -> str:
        """Keep what a state leaves behind; the id of its document."""
        blob = {"blob": base64.b64encode(json.dumps(left).encode()).decode()}
        name = f"leavings-{of.revision}"
        self.connection.write(lambda client: client.index(index=of.terms, id=name, body=blob))
        return name


def _blob(found: Mapping[str, Any]) -> bytes:
    if "fields" not in found:
        raise IndexUnusableError("The index on the cluster is damaged: run 'zhiwen index --rebuild'.")
    return base64.b64decode(found["fields"]["blob"][0])


def tables_of(state: State) -> list[str]:
    """The documents of the tables of a state."""
    return [f"lines-{state.tables}", f"characters-{state.tables}"]
