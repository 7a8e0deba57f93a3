"""What an index on a cluster holds, against what a corpus has: what is new, what moved, what is gone."""

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np

from retrieval.digests import DigestTable
from retrieval.index.opensearch import requests
from retrieval.index.opensearch.documents import POSITIVE
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.store import AT_ONCE, Store
from retrieval.index.segment.encoding import place_of
from retrieval.models import Article


class Inventory:
    """The articles of an index, each marked once the corpus is found to have it; some 40 bytes an article.

    Args:
        store: of the index.
        state: that counts.
    """

    def __init__(self, store: Store, state: State) -> None:
        self.moved = self.kept = 0
        self._numbers = DigestTable()
        self._ids, self._places, self._revisions = array("Q"), array("Q"), array("I")
        for article, place, revision in _scanned(store, state):
            self._numbers.add(int(article, 16), len(self._ids))
            self._ids.append(int(article, 16))
            self._places.append(place)
            self._revisions.append(revision)
        self._held = len(self._ids)
        self._seen, self._moved = np.zeros((2, self._held), dtype=np.bool_)

    def is_new(self, article: Article) -> bool:
        """Whether an article of the corpus has to be analysed; it counts as there from now on."""
        number = self._numbers.add(int(article.id, 16), self._held)
        if number is None:
            return True
        if number == self._held or self._seen[number]:
            return False
        self._seen[number] = True
        if self._places[number] == place_of(article) & POSITIVE:
            self.kept += 1
            return False
        # The record stands elsewhere now, which is where it has to be cited.
        self.moved += 1
        self._moved[number] = True
        return True

    @property
    def missing(self) -> int:
        """How many articles the corpus no longer has."""
        return self._held - int(np.count_nonzero(self._seen))

    def dropped(self) -> list[str]:
        """The documents of articles that the corpus no longer has, or has elsewhere."""
        gone = np.flatnonzero(~self._seen | self._moved).tolist()
        return [f"{self._ids[number]:016x}-{self._revisions[number]}" for number in gone]


def _scanned(store: Store, state: State) -> Iterator[tuple[str, int, int]]:
    """The id, the place and the revision of every article that counts."""
    body: dict[str, Any] = {
        "query": {"bool": requests.of_articles(state)},
        "size": AT_ONCE,
        "sort": [{requests.ID: "asc"}],
        "docvalue_fields": ["place", "added"],
        "stored_fields": "_none_",
        "track_total_hits": False,
    }
    while True:
        hits = store.connection.search(state.articles, body)["hits"]["hits"]
        for hit in hits:
            yield hit["sort"][0], hit["fields"]["place"][0], hit["fields"]["added"][0]
        if len(hits) < AT_ONCE:
            return
        body["search_after"] = hits[-1]["sort"]
