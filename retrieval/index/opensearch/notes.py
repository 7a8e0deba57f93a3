"""What is kept beside an index on a cluster, by names; what is large comes in pieces."""

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from retrieval.index.opensearch import bulk, layout
from retrieval.index.opensearch.connection import WRITE_SECONDS, Connection

PIECE: Final = 4_000_000
"""Bytes of a piece."""
COPIES_SECONDS: Final = 10
"""How long a new index is waited for to have its copies."""


class Notes:
    """The notes of an index.

    Args:
        connection: to the cluster.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._index = layout.notes(connection.cluster)

    def prepare(self) -> None:
        """Make the place where they are kept, where it is missing."""
        body = {
            "settings": layout.notes_settings(self._connection.cluster),
            "mappings": layout.notes_mapping(),
        }
        create(self._connection, self._index, body)

    def save(self, name: str, content: bytes) -> None:
        """Keep something in place of what has this name, in one step."""
        before = self._head(name)
        pieces = [content[start : start + PIECE] for start in range(0, len(content), PIECE)] or [b""]
        own = uuid.uuid4().hex
        rest = [
            (_piece(own, number), {"blob": base64.b64encode(piece).decode()})
            for number, piece in enumerate(pieces[1:], 1)
        ]
        bulk.send(self._connection, bulk.puts(self._index, rest), _always)
        head = {"blob": base64.b64encode(pieces[0]).decode(), "pieces": len(pieces), "owner": own}
        self._connection.write(lambda client: client.index(index=self._index, id=_id(name), body=head))
        self._drop_pieces(before)

    def load(self, name: str) -> bytes | None:
        """What is kept under a name; None where there is nothing."""
        head = self._head(name)
        if head is None:
            return None
        pieces = [head]
        if head["pieces"] > 1:
            names = _pieces_of(head)
            found = self._connection.read(lambda client: client.mget(index=self._index, body={"ids": names}))
            if not all(one.get("found") for one in found["docs"]):
                return None
            pieces += [one["_source"] for one in found["docs"]]
        return b"".join(base64.b64decode(piece["blob"]) for piece in pieces)

    def drop(self, name: str) -> None:
        """Keep it no longer."""
        head = self._head(name)
        if head is not None:
            self._drop_pieces(head)
            bulk.send(self._connection, bulk.deletions(self._index, [_id(name)]), _always)

    def _head(self, name: str) -> Mapping[str, Any] | None:
        def request(client: OpenSearch) -> Any:  # noqa: ANN401  JSON
            try:
                return client.get(index=self._index, id=_id(name))["_source"]
            except NotFoundError:
                return None

        found: Mapping[str, Any] | None = self._connection.read(request)
        return found

    def _drop_pieces(self, head: Mapping[str, Any] | None) -> None:
        if head and head["pieces"] > 1:
            bulk.send(self._connection, bulk.deletions(self._index, _pieces_of(head)), _always)


def create(connection: Connection, index: str, body: Mapping[str, Any]) -> None:
    """Make an index with all its copies, if it is not there.

    What is written before a copy has its place would be gone with the one node that has it. Of too few nodes
    it waits in vain, and goes on.
    """

    def request(client: OpenSearch) -> None:
        try:
            if not client.indices.exists(index=index):
                copies = {"wait_for_active_shards": "all", "timeout": f"{COPIES_SECONDS}s"}
                client.indices.create(
                    index=index, body=body, params=copies, request_timeout=COPIES_SECONDS + WRITE_SECONDS
                )
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    connection.write(request)


def _always() -> None:
    """Notes may be written without the lease: each is replaced in one step."""


def _id(name: str) -> str:
    return f"note-{name}"


def _piece(own: str, number: int) -> str:
    return f"piece-{own}-{number}"


def _pieces_of(head: Mapping[str, Any]) -> Sequence[str]:
    return [_piece(head["owner"], number) for number in range(1, head["pieces"])]
