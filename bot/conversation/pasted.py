"""Long texts that were pasted as a question: what of them is asked."""

from typing import Final

from retrieval.language.sentences import split

LONGEST: Final = 300
"""Code points of a text that is taken whole; no question is longer."""
KEPT: Final = 150
"""Code points of the first sentences that are asked in the place of a longer one."""


def beginning(text: str) -> str:
    """The text itself, or the first sentences of one that is too long for a question."""
    if len(text) <= LONGEST:
        return text
    kept = ""
    for sentence in split(text):
        piece = text[sentence.start : sentence.end]
        if kept and len(kept) + len(piece) > KEPT:
            break
        kept += piece
    return kept[:KEPT]
