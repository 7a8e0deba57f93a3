"""What a sentence mentions: pieces of it that could answer a question, by the kind of answer."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.models import AnswerKind, Span

BITS = {
    AnswerKind.PERSON: 1,
    AnswerKind.PLACE: 2,
    AnswerKind.ORGANISATION: 4,
    AnswerKind.REASON: 8,
    AnswerKind.LIST: 16,
}
"""The kinds that a sentence holds whatever the question; dates and numbers must be new to the question."""
ORDER = tuple(sorted(AnswerKind))
"""Mentions of the same piece of a sentence come in this order."""


class Mention(NamedTuple):
    """A piece of a sentence (a span of the text as stored) that could answer a question of this kind."""

    kind: AnswerKind
    start: int
    end: int


class Mentions(NamedTuple):
    """What many sentences mention: an entry a mention, in the order of the sentences and of their text.

    `kinds` are places in `ORDER`; `starts` and `ends` belong to the stored sentence. `bits`, `numbers` and
    `dates` have an entry a sentence: the bits of the kinds it holds, its figures, normalised.
    """

    sentences: NDArray[np.int64]
    kinds: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    bits: NDArray[np.uint8]
    numbers: Sequence[Sequence[str]]
    dates: Sequence[Sequence[str]]


def spans_of(kind: AnswerKind, mentions: Sequence[Mention]) -> list[Span]:
    """The spans of one kind."""
    return [(start, end) for of, start, end in mentions if of is kind]
