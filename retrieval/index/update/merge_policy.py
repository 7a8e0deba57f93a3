"""Keeping an index small and quick: few segments, and nothing on disk of what was removed.

A change of an index only adds a small segment, and strikes out what it removes. The joining here makes up for
it, a step at a time: each writes one segment and replaces the manifest, so that it can be stopped anywhere.
"""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from retrieval.index import manifest
from retrieval.index.manifest import SEGMENTS, Manifest, SegmentEntry
from retrieval.index.segment import schema
from retrieval.index.segment.merger import Part, merge
from retrieval.index.segment.reader import Segment

MOST_SEGMENTS = 8
"""More than this that are not full are joined: each costs a question a little."""
FULL = 1_000_000
"""Sentences from which a segment is full, and joined no more: no step takes the memory of twice as many."""
LARGEST = 500_000
"""Sentences of a joined segment, while so few can be kept; what a step costs is bounded by it."""
MOST_ARTICLES = 1 << 16
"""Articles of a joined segment, likewise: the numbers of so many take two bytes in the postings."""
SMALL = 4_000
"""Sentences of a segment that is joined or written anew at once: it takes some milliseconds."""


def steps(current: Manifest, folder: Path, *, largest: int | None = None) -> Iterator[Manifest]:
    """Join segments until there are few, and none holds what was removed; the manifest after each step.

    Args:
        current: the manifest, which nobody else may replace meanwhile.
        folder: of the index.
        largest: sentences; what only larger segments need is left for another time. None for no limit.
    """
    while group := _next(current.segments, largest):
        current = _joined(current, folder, group)
        manifest.save(current, folder)
        clean(folder, current)
        yield current


def is_done(current: Manifest) -> bool:
    """Whether nothing is left to join or to write anew."""
    return not _next(current.segments, None)


def _next(entries: Sequence[SegmentEntry], largest: int | None) -> Sequence[SegmentEntry]:
    """The segments to join next, or the one to write anew; none when all is well."""
    every = sorted(entries, key=lambda entry: entry.sentences)
    ascending = [entry for entry in every if entry.sentences < FULL]
    if group := _alike(ascending, LARGEST if largest is None else largest):
        return group
    if len(ascending) > MOST_SEGMENTS:
        group = _smallest(ascending)
        if largest is None or sum(entry.sentences for entry in group) <= largest:
            return group
    return next(
        ([entry] for entry in every if entry.removed and (largest is None or entry.sentences <= largest)),
        [],
    )


def _alike(ascending: Sequence[SegmentEntry], most: int) -> Sequence[SegmentEntry]:
    """As many of the smallest as can be joined, the others at least half as large together as the largest.

    So most indexes are a large segment and a few ever smaller ones, and yet a sentence is written anew only
    a few times while the corpus doubles.
    """
    sizes = [entry.sentences for entry in ascending]
    for count in range(len(sizes), 1, -1):
        others, articles = sum(sizes[: count - 1]), sum(entry.articles for entry in ascending[:count])
        is_small = others + sizes[count - 1] <= most and articles <= MOST_ARTICLES
        if is_small and 2 * others >= sizes[count - 1]:
            return ascending[:count]
    return []


def _smallest(ascending: Sequence[SegmentEntry]) -> Sequence[SegmentEntry]:
    """The smallest two, and further ones while they are not much larger than all before.

    So a sentence is written anew only a few times while the corpus grows tenfold.
    """
    share = MOST_SEGMENTS - 2
    most = min(FULL, max(LARGEST, sum(entry.sentences for entry in ascending) // share))
    most_articles = max(MOST_ARTICLES, sum(entry.articles for entry in ascending) // share)
    group = list(ascending[:2])
    size, articles = (sum(entry.sentences for entry in group), sum(entry.articles for entry in group))
    for entry in ascending[2:]:
        size, articles = size + entry.sentences, articles + entry.articles
        if entry.sentences > 2 * (size - entry.sentences) or size > most or articles > most_articles:
            break
        group.append(entry)
    return group


def _joined(current: Manifest, folder: Path, group: Sequence[SegmentEntry]) -> Manifest:
    """The manifest with a group of segments in one, without the articles that were removed."""
    kept = tuple(entry for entry in current.segments if entry not in group)
    parts = [_surviving(folder, entry) for entry in group]
    parts = [part for part in parts if len(part.numbers)]
    if parts:
        path = folder / SEGMENTS / manifest.new_segment()
        kept += (
            SegmentEntry(
                name=path.name,
                digest=merge(path, parts),
                articles=sum(len(part.numbers) for part in parts),
                sentences=sum(int(part.sizes(schema.FIRST).sum()) for part in parts),
            ),
        )
        manifest.sync(path.parent)
    return current.model_copy(update={"segments": kept})


def _surviving(folder: Path, entry: SegmentEntry) -> Part:
    is_kept = np.ones(entry.articles, dtype=np.bool_)
    is_kept[list(entry.removed)] = False
    return Part(Segment(folder / SEGMENTS / entry.name), np.flatnonzero(is_kept))


def clean(folder: Path, current: Manifest) -> None:
    """Delete what no manifest names: segments replaced, or left by a process that was killed."""
    names = {entry.name for entry in current.segments}
    for path in (folder / SEGMENTS).glob("*"):
        if path.name not in names:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)  # of an earlier format
            else:
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
