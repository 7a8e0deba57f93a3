"""Where the sentences of an article lie, by what the arrays of its segment have of them."""

from bisect import bisect_left
from collections.abc import Sequence

from retrieval.index.segment.encoding import sentence_kind
from retrieval.lazy import LazySequence, lazy
from retrieval.models import Sentence, SentenceKind


class Sentences(LazySequence[Sentence]):
    """The sentences of an article, each made when it is asked for: of most, only the text ever is.

    Args:
        starts: where they begin in the article's text.
        sizes: their characters.
        paragraphs: the numbers of their paragraphs.
        flags: their kinds, and what they hold.
    """

    def __init__(
        self, starts: Sequence[int], sizes: Sequence[int], paragraphs: Sequence[int], flags: Sequence[int]
    ) -> None:
        self._starts = starts
        self._sizes = sizes
        self._paragraphs = paragraphs
        self._flags = flags

    def __len__(self) -> int:
        """How many there are."""
        return len(self._starts)

    def made(self, at: int) -> Sentence:
        """One by its number."""
        start = self._starts[at]
        return Sentence(start, start + self._sizes[at], self._paragraphs[at], sentence_kind(self._flags[at]))

    def heading(self, number: int) -> int | None:
        """The number of the heading above a sentence."""
        above = bisect_left(self._headings, number)
        return self._headings[above - 1] if above else None

    @lazy
    def _headings(self) -> list[int]:
        kinds = map(sentence_kind, self._flags)
        return [number for number, kind in enumerate(kinds) if kind is SentenceKind.HEADING]
