"""The vocabulary of an index on a cluster: looked up a bucket at a time, and remembered."""

import base64
import threading
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch import term_counts
from retrieval.index.opensearch.connection import Connection
from retrieval.index.opensearch.layout import MOST_HITS
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.term_counts import TermCounts
from retrieval.language.lexicon import token_keys
from retrieval.models import Stream

AT_ONCE: Final = 4_000
"""Buckets asked for in one request."""
REMEMBERED: Final = 50_000
"""Terms of a stream whose counts are kept: questions repeat most of their words."""
VERSION: Final = "@"
"""Stands in a bucket's document id before the revision that wrote it."""

Wanted = Mapping[Stream, Sequence[str]]


class Standing(NamedTuple):
    """In how many sentences and articles some terms stand."""

    sentences: NDArray[np.int64]
    articles: NDArray[np.int64]


class Vocabulary:
    """Looks up terms of an index at one revision; safe to use from several threads.

    Args:
        connection: to the cluster.
        state: of the index.
        characters: all that it has.
    """

    def __init__(self, connection: Connection, state: State, characters: TermCounts) -> None:
        self._connection = connection
        self._state = state
        self._characters = characters
        self._known: dict[Stream, dict[int, tuple[int, int]]] = {stream: {} for stream in Stream}
        self._lock = threading.Lock()

    def look_up(self, wanted: Wanted) -> Mapping[Stream, Standing]:
        """In how many sentences and articles tokens stand: one request, or none where all are known."""
        every = {stream: token_keys(tokens) for stream, tokens in wanted.items()}
        keys: dict[Stream, NDArray[np.uint64]] = {**every}
        keys.pop(Stream.CHARACTER, None)
        own = {stream: self._of_characters(every[stream]) for stream in every.keys() - keys.keys()}
        with self._lock:
            known = {
                stream: {key: of for key in of_stream.tolist() if (of := self._known[stream].get(key))}
                for stream, of_stream in keys.items()
            }
        new = {
            stream: np.array(sorted(set(of_stream.tolist()) - known[stream].keys()), dtype=np.uint64)
            for stream, of_stream in keys.items()
        }
        if any(len(of_stream) for of_stream in new.values()):
            for stream, found in self._fetched(new).items():
                known[stream] |= found
                self._remember(stream, found)
        return own | {
            stream: Standing(
                *(
                    np.array([known[stream][key][column] for key in of_stream.tolist()], dtype=np.int64)
                    for column in (0, 1)
                )
            )
            for stream, of_stream in keys.items()
        }

    def _of_characters(self, keys: NDArray[np.uint64]) -> Standing:
        return Standing(*term_counts.looked_up(keys, [self._characters]))

    def _remember(self, stream: Stream, found: Mapping[int, tuple[int, int]]) -> None:
        with self._lock:
            known = self._known[stream]
            if len(known) + len(found) > REMEMBERED:
                known.clear()
            known.update(islice(found.items(), REMEMBERED))

    def _fetched(
        self, new: Mapping[Stream, NDArray[np.uint64]]
    ) -> Mapping[Stream, Mapping[int, tuple[int, int]]]:
        names = {
            stream: term_counts.bucket_names(stream, keys, self._state.buckets[stream])
            for stream, keys in new.items()
        }
        content = buckets(self._connection, self._state, {name for of in names.values() for name in of})
        found = {}
        for stream, keys in new.items():
            held = [content[name] for name in dict.fromkeys(names[stream]) if name in content]
            sentences, articles = term_counts.looked_up(keys, held)
            of_keys = zip(sentences.tolist(), articles.tolist(), strict=True)
            found[stream] = dict(zip(keys.tolist(), of_keys, strict=True))
        return found


def buckets(connection: Connection, state: State, names: Iterable[str]) -> Mapping[str, TermCounts]:
    """The terms of some buckets as they are at a revision; those that have none are left out."""
    return {name: content for name, _, content in versions(connection, state, names)}


def versions(connection: Connection, state: State, names: Iterable[str]) -> list[tuple[str, str, TermCounts]]:
    """The same, each with the id of its document."""
    wanted, found = sorted(names), dict[str, tuple[str, str, TermCounts]]()
    for start in range(0, len(wanted), AT_ONCE):
        for hit in _hits(connection, state, wanted[start : start + AT_ONCE]):
            name = hit["_id"].partition(VERSION)[0]
            if name not in found:  # the newest comes first
                content = base64.b64decode(hit["fields"]["blob"][0])
                found[name] = name, hit["_id"], TermCounts.opened(content)
    return list(found.values())


def _hits(connection: Connection, state: State, names: Sequence[str]) -> list[dict[str, Any]]:
    body = {
        "query": {"bool": {"filter": [{"terms": {"bucket": list(names)}}], **state.visible()}},
        "stored_fields": ["blob"],
        "sort": [{"added": "desc"}],
        "size": MOST_HITS,
        "track_total_hits": False,
    }
    found = connection.search(state.terms, body)
    hits: list[dict[str, Any]] = found["hits"]["hits"]
    return hits
