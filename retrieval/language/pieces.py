"""What is known of the pieces of a text without cutting any: how long they are, and of which kinds."""

from typing import Final

from retrieval.models import SentenceKind

LONGEST: Final = 400
"""Characters of the longest piece; a longer sentence is cut at its marks."""
KINDS: Final = tuple(SentenceKind)
"""A piece's kind is stored as its place among these."""
