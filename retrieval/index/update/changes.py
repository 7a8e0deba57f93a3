"""What an index holds, against what a corpus has: what is new, what moved, what is gone."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from retrieval.digests import DigestTable
from retrieval.index.manifest import SEGMENTS, Manifest, SegmentEntry
from retrieval.index.segment import schema
from retrieval.index.segment.encoding import place_of
from retrieval.index.segment.reader import Segment
from retrieval.models import Article
from retrieval.ragged import offsets


class Inventory:
    """The articles of an index, numbered, each marked once the corpus is found to have it.

    Some 20 to 40 bytes an article of index and corpus.

    Args:
        folder: of the index.
        manifest: of the index, as it is before the change.
        by_id: read the ids of all articles at once, for a whole corpus; else each is looked up.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, by_id: bool = True) -> None:
        self.manifest = manifest
        self.moved = self.missing = self.kept = 0
        self._segments = [Segment(folder / SEGMENTS / entry.name) for entry in manifest.segments]
        self._first = offsets([segment.article_count for segment in self._segments])
        self._new = int(self._first[-1])
        """Stands for the number of an article that the index does not hold yet."""
        self._numbers = DigestTable()
        self._seen = np.zeros(self._new, dtype=np.bool_)
        self._dropped = np.zeros(self._new, dtype=np.bool_)
        for first, entry in zip(self._first.tolist(), manifest.segments, strict=False):
            self._dropped[[first + at for at in entry.removed]] = True
        self._is_read = by_id
        if by_id:
            self._read_ids()

    def _read_ids(self) -> None:
        for first, segment in zip(self._first.tolist(), self._segments, strict=False):
            for number, digest in enumerate(segment.array(schema.ID).tolist(), first):
                if not self._dropped[number]:
                    self._numbers.add(digest, number)

    def _find(self, article: str) -> int | None:
        """The number of an article that was not removed, looked up in each segment."""
        for first, segment in zip(self._first.tolist(), self._segments, strict=False):
            if (at := segment.find(article)) is not None:
                number = int(first) + at
                if not self._dropped[number]:
                    return number
        return None

    def _number(self, article: str) -> int | None:
        """The number of an article, which is known from now on; None when it was not known before."""
        digest = int(article, 16)
        if not self._is_read and (found := self._find(article)) is not None:
            self._numbers.add(digest, found)
        return self._numbers.add(digest, self._new)

    def is_new(self, article: Article) -> bool:
        """Whether an article of the corpus has to be analysed; it counts as there from now on."""
        number = self._number(article.id)
        if number is None:
            return True
        if number == self._new or self._seen[number]:
            return False
        self._seen[number] = True
        segment = int(self._first.searchsorted(number, side="right")) - 1
        place = self._segments[segment].array(schema.PLACE)[number - int(self._first[segment])]
        if int(place) == place_of(article):
            self.kept += 1
            return False
        # The record stands elsewhere now, which is where it has to be cited.
        self.moved += 1
        self._dropped[number] = True
        return True

    def changed(self, added: Sequence[Article], removed: Collection[str]) -> list[Article]:
        """Which of some articles have to be analysed, when others are taken out."""
        for name in removed:
            if (found := self._find(name)) is not None:
                self._dropped[found] = True
                self.missing += 1
        return [article for article in added if self.is_new(article)]

    def without_missing(self, current: Manifest) -> Manifest:
        """A manifest without the articles that the corpus no longer has."""
        self.missing += int(np.count_nonzero(~self._seen & ~self._dropped))
        self._dropped |= ~self._seen
        return self.without_removed(current)

    def without_removed(self, current: Manifest) -> Manifest:
        """A manifest without the articles that were removed or moved."""
        dropped = {
            segment.name: tuple(np.flatnonzero(self._dropped[first : first + segment.article_count]).tolist())
            for first, segment in zip(self._first.tolist(), self._segments, strict=False)
        }
        entries = [_without(entry, dropped.get(entry.name, ())) for entry in current.segments]
        kept = tuple(entry for entry in entries if len(entry.removed) < entry.articles)
        return current.model_copy(update={"segments": kept})


def _without(entry: SegmentEntry, removed: tuple[int, ...]) -> SegmentEntry:
    return entry.model_copy(update={"removed": removed})
