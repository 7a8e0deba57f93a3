"""The lease of the one writer: a document that is renewed as long as somebody writes.

Who finds it taken waits; who sees it unrenewed for as long as it holds takes it over, by this machine's own
clock, so that clocks need not agree. A writer that lost it stops before its next request, and the state of
the index is only ever replaced as it was last read: what a writer that was left behind may still send counts
for nothing.
"""

import contextlib
import os
import socket
import threading
import time
import uuid
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from retrieval.errors import IndexingError, ZhiwenError
from retrieval.index.opensearch import layout
from retrieval.index.opensearch.connection import Connection

HOLDS_SECONDS: Final = 15.0
RENEWED_SECONDS: Final = 4.0
WAITED_SECONDS: Final = 0.1
PATIENCE: Final = 60.0
"""Seconds that a writer waits for another one to finish."""
ID: Final = "lease"
FREE: Final = ""

_held: set[str] = set()
"""The leases that this process holds or waits for."""


class _Seen(NamedTuple):
    """The document as it is; `sequence` and `term` name this very version of it."""

    owner: str
    revision: int
    sequence: int
    term: int


class Lease:
    """The right to write an index; a context, at whose end it is given back.

    Args:
        connection: to the cluster.
        patience: seconds to wait for another writer.

    Raises:
        IndexingError: another process goes on writing.
    """

    def __init__(self, connection: Connection, patience: float = PATIENCE) -> None:
        self._connection = connection
        self._index = layout.notes(connection.cluster)
        self._patience = patience
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._renewed = 0.0
        self._is_lost = False
        self._seen: _Seen | None = None
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        """Take it."""
        _held.add(self._owner)
        try:
            self._wait()
        except BaseException:
            _held.discard(self._owner)
            raise
        self._renewing.start()
        return self

    def _wait(self) -> None:
        """Try to take it until it is taken."""
        end, since = time.monotonic() + self._patience, time.monotonic()
        watched: _Seen | None = None
        while not self._taken(watched, since):
            if self._seen != watched:
                watched, since = self._seen, time.monotonic()
            if time.monotonic() > end and watched and time.monotonic() < since + HOLDS_SECONDS:
                raise IndexingError(
                    f"The index {self._connection.cluster.name} is being written by another process "
                    f"({watched.owner.rpartition(':')[0]}): try again when it is done."
                )
            time.sleep(WAITED_SECONDS)

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Give it back; where that fails, it ends by itself."""
        self._ended.set()
        self._renewing.join()
        _held.discard(self._owner)
        with self._lock, contextlib.suppress(ZhiwenError):
            if not self._is_lost:
                self._put(FREE)

    def allowed(self) -> None:
        """Whether this process may still write.

        Raises:
            IndexingError: the lease ran out, or another process took it over.
        """
        if self._is_lost or time.monotonic() > self._renewed + HOLDS_SECONDS:
            raise IndexingError(
                f"This process was held up so long that another may write the index "
                f"{self._connection.cluster.name} now: run 'zhiwen index', it goes on from there."
            )

    def next_revision(self) -> int:
        """A number that no revision of the index had or will have."""
        with self._lock:
            if self._seen is None or not self._put(self._owner, self._seen.revision + 1):
                self._is_lost = True
            self.allowed()
            return self._seen.revision if self._seen else 0

    def _taken(self, watched: _Seen | None, since: float) -> bool:
        """Try to take it; where it is another's, `_seen` is how it looks."""
        self._seen = self._read()
        if self._seen is not None:
            is_free = self._seen.owner == FREE or _is_dead(self._seen.owner)
            is_over = self._seen == watched and time.monotonic() > since + HOLDS_SECONDS
            if not (is_free or is_over):
                return False
        return self._put(self._owner)

    def _read(self) -> _Seen | None:
        def request(client: OpenSearch) -> Any:  # noqa: ANN401  JSON
            try:
                return client.get(index=self._index, id=ID)
            except NotFoundError:
                return None

        found = self._connection.write(request)
        if found is None:
            return None
        held = found["_source"]
        return _Seen(held["owner"], held["revision"], found["_seq_no"], found["_primary_term"])

    def _put(self, owner: str, revision: int | None = None) -> bool:
        """Replace the document, if it is still as it was seen; whether it was."""
        seen = self._seen
        number = revision or (seen.revision if seen else 0)
        fields = {"owner": owner, "revision": number}
        exactly: dict[str, Any] = {"op_type": "create"}
        if seen:
            exactly = {"if_seq_no": seen.sequence, "if_primary_term": seen.term}

        def request(client: OpenSearch) -> Any:  # noqa: ANN401  JSON
            try:
                return client.index(index=self._index, id=ID, body=fields, params=exactly)
            except ConflictError:
                return None

        asked = time.monotonic()
        done = self._connection.write(request)
        if done is None:
            # An attempt that seemed to fail may have come through.
            found = self._read()
            if found is None or found.owner != owner or owner == FREE or found.revision != number:
                return False
            self._seen = found
        else:
            self._seen = _Seen(owner, number, done["_seq_no"], done["_primary_term"])
        self._renewed = asked
        return True

    def _renew(self) -> None:
        while not self._ended.wait(RENEWED_SECONDS):
            with self._lock, contextlib.suppress(ZhiwenError):  # `allowed` tells when it was too long
                if not self._put(self._owner):
                    self._is_lost = True
                    return


def _is_dead(owner: str) -> bool:
    """Whether a writer was a process of this machine that is gone."""
    host, process, _ = owner.split(":")
    if host != socket.gethostname() or owner in _held:
        return False
    if int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
