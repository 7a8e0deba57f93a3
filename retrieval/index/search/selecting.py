"""Which articles are listed: by label, by date, by the words that they hold; newest first, unscored."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.protocol import Cursor
from retrieval.index.search.stored_tokens import joined
from retrieval.index.segment import schema
from retrieval.index.segment.reader import Segment, article_id
from retrieval.language.lexicon import WantedKeys, token_keys
from retrieval.models import Period, Selection, Stream


class Selected(NamedTuple):
    """Articles by the places of their segments and their numbers there; the rest is that of `Page`."""

    places: list[tuple[int, int]]
    total: int
    following: Cursor | None


def select(segments: Sequence[Segment], selection: Selection, limit: int, after: Cursor | None) -> Selected:
    """The next articles of a selection: newest first, the undated at the end.

    A cursor is the day and the id of the last article shown, so that it holds when the index changes.
    """
    kept = [np.flatnonzero(_selected(segment, selection)) for segment in segments]
    of_all = list(zip(segments, kept, strict=True))
    published = joined([one.array(schema.PUBLISHED)[numbers] for one, numbers in of_all], np.uint32)
    ids = joined([one.array(schema.ID)[numbers] for one, numbers in of_all], np.uint64)
    numbers = joined(kept, np.int64)
    place = np.repeat(np.arange(len(segments)), [len(found) for found in kept])
    newest = np.lexsort((ids, published))[::-1]
    if after is not None:
        day, _, last = after.partition("-")
        is_past = (published < int(day)) | ((published == int(day)) & (ids < np.uint64(int(last, 16))))
        newest = newest[is_past[newest]]
    shown = newest[:limit]
    following = after
    if len(shown):
        following = f"{published[shown[-1]]}-{article_id(int(ids[shown[-1]]))}"
    places = zip(place[shown].tolist(), numbers[shown].tolist(), strict=True)
    return Selected(list(places), len(numbers), following if limit < len(newest) else None)


def _selected(segment: Segment, selection: Selection) -> NDArray[np.bool_]:
    """Which articles of a segment were not removed and meet every condition."""
    found = segment.is_kept()
    if selection.label is not None:
        found &= segment.facets.bearing(selection.label)
    found &= _within(segment, selection.period)
    for words in selection.words:
        found &= _holding(segment, words)
    return found


def _within(segment: Segment, period: Period) -> NDArray[np.bool_]:
    """Which articles were published in a period; an undated one in none that has a border."""
    published = segment.array(schema.PUBLISHED)
    found = np.ones(segment.article_count, dtype=np.bool_)
    if period.since:
        found &= published >= period.since.toordinal()
    if period.until:
        found &= (published > 0) & (published <= period.until.toordinal())
    return found


def _holding(segment: Segment, words: Sequence[str]) -> NDArray[np.bool_]:
    """Which articles hold any of some words."""
    found = np.zeros(segment.article_count, dtype=np.bool_)
    looked_up = segment.look_up(Stream.WORD, WantedKeys.of(token_keys(words)))
    for first, end in zip(looked_up.starts.tolist(), looked_up.ends.tolist(), strict=True):
        found[segment.postings[Stream.WORD].article[first:end]] = True
    return found
