"""What an index holds, against what a corpus has: what is new, what moved, what is gone."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from retrieval.index.manifest import SEGMENTS, Manifest, SegmentEntry
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import place_of
from retrieval.models import Article


class Inventory:
    """The articles of an index, each marked once the corpus is found to have it.

    Args:
        folder: of the index.
        manifest: of the index, as it is before the change.
        by_id: read the ids of all articles at once, for a whole corpus; else each is looked up.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, by_id: bool = True) -> None:
        self.manifest = manifest
        self.moved = self.missing = self.kept = 0
        self._entries = {entry.name: entry for entry in manifest.segments}
        self._segments = {name: Segment(folder / SEGMENTS / name) for name in self._entries}
        self._dropped = {name: set(entry.removed) for name, entry in self._entries.items()}
        self._seen = {name: np.zeros(entry.articles, dtype=np.bool_) for name, entry in self._entries.items()}
        self._new: set[str] = set()
        self._by_id: dict[int, tuple[str, int]] | None = None
        if by_id:
            self._by_id = {
                number: (name, at)
                for name, segment in self._segments.items()
                for at, number in enumerate(segment.array("id").tolist())
                if at not in self._dropped[name]
            }

    def _find(self, article: str) -> tuple[str, int] | None:
        if self._by_id is not None:
            return self._by_id.get(int(article, 16))
        for name, segment in self._segments.items():
            at = segment.find(article)
            if at is not None and at not in self._dropped[name]:
                return name, at
        return None

    def is_new(self, article: Article) -> bool:
        """Whether an article of the corpus has to be analysed; it counts as there from now on."""
        name = article.id
        if name in self._new:
            return False
        found = self._find(name)
        if found is None:
            self._new.add(name)
            return True
        segment, at = found
        if self._seen[segment][at]:
            return False
        self._seen[segment][at] = True
        if int(self._segments[segment].array("place")[at]) == place_of(article):
            self.kept += 1
            return False
        # The record stands elsewhere now, which is where it has to be cited.
        self.moved += 1
        self._new.add(name)
        self._dropped[segment].add(at)
        return True

    def changed(self, added: Sequence[Article], removed: Collection[str]) -> list[Article]:
        """Which of some articles have to be analysed, when others are taken out."""
        for name in removed:
            if (found := self._find(name)) is not None:
                self._dropped[found[0]].add(found[1])
                self.missing += 1
        return [article for article in added if self.is_new(article)]

    def without_missing(self, current: Manifest) -> Manifest:
        """A manifest without the articles that the corpus no longer has."""
        for name, seen in self._seen.items():
            gone = set(np.flatnonzero(~seen).tolist())
            self.missing += len(gone - self._dropped[name])
            self._dropped[name] |= gone
        return self.without_removed(current)

    def without_removed(self, current: Manifest) -> Manifest:
        """A manifest without the articles that were removed or moved."""
        entries = [self._updated(entry) for entry in current.segments]
        kept = tuple(entry for entry in entries if len(entry.removed) < entry.articles)
        return current.model_copy(update={"segments": kept})

    def _updated(self, entry: SegmentEntry) -> SegmentEntry:
        dropped = self._dropped.get(entry.name)
        return entry if dropped is None else entry.model_copy(update={"removed": tuple(sorted(dropped))})
