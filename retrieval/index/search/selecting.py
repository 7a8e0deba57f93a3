"""Which articles are listed: by label, by date, by the words that they hold; newest first, unscored."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.reader import Segment
from retrieval.language.lexicon import Wanted, names
from retrieval.models import Listing, Period, Selection, Stream


def select(segments: Sequence[Segment], selection: Selection, limit: int | None, start: int) -> Listing:
    """The articles of a selection, or as many from `start`: newest first, the undated at the end."""
    kept = [np.flatnonzero(_selected(segment, selection)) for segment in segments]
    of_all = list(zip(segments, kept, strict=True))
    nothing = np.zeros(0, dtype=np.uint64)
    published = np.concatenate([nothing, *(one.array("published")[numbers] for one, numbers in of_all)])
    ids = np.concatenate([nothing, *(one.array("id")[numbers] for one, numbers in of_all)])
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *kept])
    place = np.repeat(np.arange(len(segments)), [len(found) for found in kept])
    newest = np.lexsort((ids, published))[::-1][start:][:limit]
    articles = (segments[place[at]].article(int(numbers[at])) for at in newest.tolist())
    return Listing(articles=tuple(articles), total=len(numbers))


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
    published = segment.array("published")
    found = np.ones(segment.article_count, dtype=np.bool_)
    if period.since:
        found &= published >= period.since.toordinal()
    if period.until:
        found &= (published > 0) & (published <= period.until.toordinal())
    return found


def _holding(segment: Segment, words: Sequence[str]) -> NDArray[np.bool_]:
    """Which articles hold any of some words."""
    found = np.zeros(segment.article_count, dtype=np.bool_)
    looked_up = segment.look_up(Stream.WORD, Wanted.of(names(words)))
    for first, end in zip(looked_up.starts.tolist(), looked_up.ends.tolist(), strict=True):
        found[segment.postings[Stream.WORD].article[first:end]] = True
    return found
