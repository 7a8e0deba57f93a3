"""Noun phrases: the pieces of a sentence between its verbs, prepositions and punctuation.

A dictionary knows few names. But what stands between 由 and 执导, or after 位于, is a name or the description
of one, whatever its words are; so phrases are found by what ends them, when a sentence is indexed.
"""

from collections.abc import Iterator

from retrieval.models import Span

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
LONGEST = 40
"""Characters of a phrase: a longer one names nothing."""


def trimmed(normalised: str, start: int, end: int) -> Iterator[Span]:
    """A phrase without loose characters and lone quotation marks at its ends; nothing when none is left."""
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
