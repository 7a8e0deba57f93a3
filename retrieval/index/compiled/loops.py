"""Loops over single postings and tokens, compiled by Numba: what `acceleration` calls.

Importing them compiles them, or loads them from Numba's cache.
"""

from retrieval.index.compiled.counting import count
from retrieval.index.compiled.forms import (
    Lists,
    Postings,
    Room,
    Terms,
    Tokens,
    Wanted,
    Weighted,
    Weights,
    fixed,
    room_for,
)
from retrieval.index.compiled.looking import look_up
from retrieval.index.compiled.searching import best

__all__ = [
    "Lists",
    "Postings",
    "Room",
    "Terms",
    "Tokens",
    "Wanted",
    "Weighted",
    "Weights",
    "best",
    "count",
    "fixed",
    "look_up",
    "room_for",
]
