"""Noun phrases: the pieces of a sentence between its verbs, prepositions and punctuation.

A dictionary knows few names. But what stands between 由 and 执导, or after 位于, is a name or the description
of one, whatever its words are; so phrases are found by what ends them, when a sentence is indexed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from retrieval.models import Span

Word: TypeAlias = tuple[str, str, int]
"""A word, its part of speech (ICTPOS, jieba's set), and where it stands."""

ENDING_FLAGS = ("p", "c", "y", "ul", "uz", "ug")
"""Parts of speech that end a phrase: prepositions, conjunctions, particles but 的 and 之."""
VERB_FLAGS = ("v", "vd", "vi", "vq", "d", "r")
"""Parts of speech that end a phrase in words of two characters: of one, names are made of them too."""
ENDING_WORDS = frozenset(
    "是为由被在于有称叫受拜任当入至到自从向往对把将让使令用以与和及或跟同住居葬并也又均都就而他她它说指写唱拍娶嫁派讲谈"
)
"""Words of one character that end a phrase whatever they are tagged."""
PUNCTUATION = frozenset(",;。!?:、…~\n()")
OPENING = "《“「『"
CLOSING = "》”」』"
LOOSE = " 的之等地\"'·"
"""Characters that no phrase begins or ends with."""
THOUSANDS = re.compile("[0-9][,:][0-9]")
LONGEST = 40
"""Characters of a phrase: a longer one names nothing."""


def phrases(words: Sequence[Word], normalised: str) -> Iterator[Span]:
    """The noun phrases of a normalised sentence, in order."""
    start = end = 0
    for word, flag, position in words:
        if _is_gap(normalised[end:position], normalised[position - 2 : position + 1]):
            yield from _trimmed(normalised, start, end)
            start = position
        if _ends(word, flag) and not THOUSANDS.match(normalised, position - 1):
            yield from _trimmed(normalised, start, end)
            start = position + len(word)
        end = position + len(word)
    yield from _trimmed(normalised, start, end)


def _is_gap(between: str, around: str) -> bool:
    """Whether white space divides: between Latin words and figures it does not."""
    return bool(between) and not around.isascii()


def _ends(word: str, flag: str) -> bool:
    if word in ENDING_WORDS or word in PUNCTUATION:
        return True
    if flag.startswith(ENDING_FLAGS):
        return True
    return len(word) > 1 and flag in VERB_FLAGS


def _trimmed(normalised: str, start: int, end: int) -> Iterator[Span]:
    """The span without loose characters and lone quotation marks at its ends; nothing when none is left."""
    piece = normalised[start:end]
    while piece and (piece[0] in LOOSE + CLOSING or _is_lone(piece[0], piece)):
        start, piece = start + 1, piece[1:]
    while piece and (piece[-1] in LOOSE + OPENING or _is_lone(piece[-1], piece)):
        end, piece = end - 1, piece[:-1]
    if 0 < len(piece) <= LONGEST:
        yield start, end


def _is_lone(mark: str, piece: str) -> bool:
    pairs = zip(OPENING, CLOSING, strict=True)
    return any(mark in pair and piece.count(pair[0]) != piece.count(pair[1]) for pair in pairs)
