"""Many documents sent to a cluster: in pieces that it can take, again where it had to refuse some.

Every document has an id of its own, so that what is sent twice is there once.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from retrieval.errors import IndexingError
from retrieval.index.opensearch.connection import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PASSING,
    WRITE_PATIENCE,
    Connection,
    is_full_text,
)

MOST_BYTES: Final = 4_000_000
MOST_DOCUMENTS: Final = 1_000
"""Of one request."""
NOT_FOUND: Final = 404

Action = tuple[str, str | None]
"""The lines that a document takes in a request: what to do, and its fields."""


def puts(index: str, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Action]:
    """Put documents in, in the place of those that have their ids."""
    for name, fields in documents:
        yield json.dumps({"index": {"_index": index, "_id": name}}), json.dumps(fields, ensure_ascii=False)


def deletions(index: str, names: Iterable[str]) -> Iterator[Action]:
    """Take documents out, those that are gone already too."""
    for name in names:
        yield json.dumps({"delete": {"_index": index, "_id": name}}), None


def send(connection: Connection, actions: Iterable[Action], allowed: Callable[[], None]) -> None:
    """Send all of them.

    Args:
        connection: to the cluster.
        actions: what to do.
        allowed: called before each request; raises where nothing may be written any more.

    Raises:
        IndexingError: the cluster goes on refusing some, or its disk is full.
        IndexUnavailableError: it cannot be reached.
    """
    for piece in _pieces(actions):
        end, pause = time.monotonic() + WRITE_PATIENCE, FIRST_PAUSE
        while piece:
            allowed()
            piece, reason = _refused(connection, piece)  # noqa: PLW2901  what is left of it
            if piece and time.monotonic() + pause > end:
                raise IndexingError(
                    f"The cluster {connection.cluster.place} goes on refusing what is written ({reason}): "
                    "look at its load and its health, then run 'zhiwen index', it goes on from there."
                )
            if piece:
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)


def _pieces(actions: Iterable[Action]) -> Iterator[list[Action]]:
    piece: list[Action] = []
    size = 0
    for action in actions:
        piece.append(action)
        size += sum(map(len, filter(None, action)))
        if size >= MOST_BYTES or len(piece) >= MOST_DOCUMENTS:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _refused(connection: Connection, piece: Sequence[Action]) -> tuple[list[Action], str]:
    """What the cluster could not take now of a piece, and why."""
    body = "".join(f"{line}\n" for action in piece for line in action if line is not None)
    answer = connection.write(
        lambda client: client.bulk(body=body, params={"timeout": "20s"}, request_timeout=60)
    )
    if not answer["errors"]:
        return [], ""
    left: list[Action] = []
    reason = ""
    for action, item in zip(piece, answer["items"], strict=True):
        outcome = next(iter(item.values()))
        if outcome["status"] < 300 or (outcome["status"] == NOT_FOUND and "delete" in item):  # noqa: PLR2004
            continue
        error = outcome.get("error") or {}
        reason = f"{outcome['status']}, {error.get('type')}: {str(error.get('reason'))[:120]}"
        if is_full_text(reason):
            raise connection.full()
        if outcome["status"] not in PASSING:
            raise IndexingError(f"The cluster {connection.cluster.place} refuses an article ({reason}).")
        left.append(action)
    return left, reason
