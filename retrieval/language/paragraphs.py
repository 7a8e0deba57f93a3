"""The paragraphs of many texts, and which of them are headings."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import SPACES, Charset, Marks, Spans, Texts, ahead, last_marks, letters
from retrieval.language.pairs import CLOSERS
from retrieval.language.sentence_ends import STOPS
from retrieval.ragged import offsets

LONGEST_HEADING = 30
MOST_HEADINGS = 2
"""Headings that may follow one another (a section and its first part); more are the items of a list."""

SPACE = Charset(SPACES)
BREAK = Charset("\n\r\v\f\x85\u2028\u2029")
WIDE_SPACE = Charset("\u3000")
"""Two of them are a break."""
CLOSER = Charset(CLOSERS)
END_MARK = Charset(f"{STOPS}.")
OPEN_END = Charset("，、；,;—~～")
"""A paragraph that ends in one of these goes on: it is no heading."""
COLON = Charset("：:")
LONGEST_BEFORE_COLON = 12
"""Characters of a heading with a colon behind it; what is longer introduces the lines below it."""
QUESTION_MARK = Charset("？?⁇⁈")


class Paragraphs(NamedTuple):
    """The paragraphs of texts, without white space around them: those of text `t` from `first[t]` on.

    `last_letters` has of each where its last letter or figure stands; before its start if it has none.
    """

    texts: Texts
    spans: Spans
    first: NDArray[np.int64]
    last_letters: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Texts) -> "Paragraphs":
        """The paragraphs of some texts."""
        codes = texts.codes
        is_blank = SPACE.marks(codes)
        is_wide = WIDE_SPACE.marks(codes)
        breaks = np.flatnonzero(BREAK.marks(codes) | (is_wide & ahead(is_wide, 1)))
        changes = np.flatnonzero(np.diff(is_blank, prepend=True))
        # Runs of other characters belong together where white space without a break is between them.
        starts, ends = changes[::2], changes[1::2]
        has_break = breaks.searchsorted(ends[:-1]) < breaks.searchsorted(starts[1:])
        begins = np.append(True, has_break)[: len(starts)]
        spans = Spans(starts[begins], ends[np.append(has_break, True)[: len(ends)]])
        counts = np.bincount(texts.owners[spans.starts], minlength=texts.count)
        return cls(texts, spans, offsets(counts), last_marks(letters(codes))[spans.ends - 1])

    def numbers(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which paragraph each place is in."""
        return self.spans.starts.searchsorted(places, side="right") - 1

    def headings(self, is_one: Marks, has_text: Marks) -> Marks:
        """The paragraphs that head those after them.

        A heading is short and without a stop; below it is a paragraph with one. None are in a row of several
        such paragraphs, which is a list.

        Args:
            is_one: whether each paragraph is one sentence.
            has_text: whether each is a part of the text; the others are passed over.
        """
        codes = self.texts.codes
        places = np.flatnonzero(has_text)
        starts, ends = self.spans.at(places)
        owners = self.texts.owners[starts]
        last = codes[last_marks(~CLOSER.marks(codes))[ends - 1]]
        is_bare = ~END_MARK.marks(last)
        could_head = (
            is_one[places] & (ends - starts <= LONGEST_HEADING) & (self.last_letters[places] >= starts)
        )
        introduces = COLON.marks(codes[ends - 1]) & (ends - starts > LONGEST_BEFORE_COLON)
        could_head &= np.where(is_bare, ~OPEN_END.marks(codes[ends - 1]), QUESTION_MARK.marks(last))
        found = np.zeros(len(has_text), dtype=np.bool_)
        found[places] = _short_runs(could_head, owners) & ~introduces
        return found


def _short_runs(marks: Marks, owners: NDArray[np.int64]) -> Marks:
    """Of the marks those of which no more than `MOST_HEADINGS` follow one another, before something else."""
    found = np.zeros(len(marks), dtype=np.bool_)
    places = np.flatnonzero(marks)
    if not len(places):
        return found
    begins = np.append(True, (np.diff(places) > 1) | (np.diff(owners[places]) > 0))
    first = np.flatnonzero(begins)
    sizes = np.diff(first, append=len(places))
    after = places[first] + sizes
    is_followed = np.append(owners, -1)[after] == owners[places[first]]
    found[places] = np.repeat(is_followed & (sizes <= MOST_HEADINGS), sizes)
    return found
