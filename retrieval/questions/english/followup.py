"""English follow-ups: a question that only makes sense after another one, completed from it.

What about Jiangsu? takes the place of another place, and in 2021? that of another year; when was it held? is
put after, as is what has no subject of its own.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from retrieval.questions.english.stop_words import STOP_WORDS
from retrieval.regex import regex

LONGEST = 60
"""Characters of a follow-up at most: longer questions stand alone."""
FEW_WORDS = 2
"""Words of its own, at most, in a question that is completed though it has no pronoun."""
ABOUT = regex(
    r"^\W*(?:(?:and|but|so|then|ok|okay)\b\W*)*(?P<about>(?:what|how) about\b)?\W*"
    r"(?:(?:in|for|of|at|from|to|by|with)\s+)?(?:the\s+)?(?P<subject>.*?)\W*$",
    re.IGNORECASE,
)
"""What is said of its like, asked of a subject: what about X, and in X."""
JOINED = regex(r"^\W*(?:and|but|so|then)\b", re.IGNORECASE)
PRONOUN = regex(r"\b(?:it|its|they|their|them|he|his|him|she|her|there|this|that|these|those)\b")
WORD = regex(r"[^\W_]+(?:[-.&][^\W_]+)*")
YEAR = regex(r"1\d{3}|20\d\d")
ACRONYM = 3
"""Letters of a word in capitals that is hardly a name by itself (AI, GDP)."""
AFTER = "; "
"""What a follow-up is put after the question before with."""

KindOf = Callable[[str], str | None]
"""What a word in lower case names: a place, a name; None for any other."""


class Piece(NamedTuple):
    """A name or a year in a question, and where it stands."""

    kind: str
    start: int
    end: int


def complete(text: str, previous: str, kind_of: KindOf) -> str:
    """What a question means after `previous`: itself, unless it is a follow-up."""
    if not leans(text, kind_of):
        return text
    previous = previous.partition(AFTER)[0]
    return _exchanged(text, previous, kind_of) or f"{re.sub(r'[?.! ]+$', '', previous)}{AFTER}{text.strip()}"


def leans(text: str, kind_of: KindOf) -> bool:
    """Whether a question cannot be understood alone."""
    lowered = text.lower()
    if len(text) > LONGEST or not WORD.search(text):
        return False
    found = ABOUT.match(text)
    if found and (found["about"] or JOINED.match(text)):
        return True
    if _named(text, kind_of):
        return False
    own = [word for word in WORD.findall(lowered) if word not in STOP_WORDS]
    return bool(PRONOUN.search(lowered)) or len(own) <= FEW_WORDS


def _exchanged(text: str, previous: str, kind_of: KindOf) -> str | None:
    """The question before with its year, place or name exchanged for the one that is asked about."""
    found = ABOUT.match(text)
    subject = found["subject"] if found else ""
    asked = _named(subject, kind_of, is_subject=True)
    if len(asked) != 1 or asked[0][1:] != (0, len(subject)):
        return None
    alike = next((piece for piece in _named(previous, kind_of) if piece.kind == asked[0].kind), None)
    return alike and previous[: alike.start] + subject + previous[alike.end :]


def _named(text: str, kind_of: KindOf, *, is_subject: bool = False) -> list[Piece]:
    """The years and names in a text; words in capitals beside each other are one name.

    Args:
        text: to look into.
        kind_of: tells names that are not written in capitals.
        is_subject: whether the first word may be in capitals for no other reason than to be a name.
    """
    found: list[Piece] = []
    for match in WORD.finditer(text):
        kind = _kind(match, kind_of, may_begin=is_subject)
        if kind is None:
            continue
        last = found[-1] if found else None
        if last and kind != "year" and last.kind != "year" and text[last.end : match.start()] == " ":
            found[-1] = Piece("name", last.start, match.end())
        else:
            found.append(Piece(kind, *match.span()))
    return [piece for piece in found if not _is_acronym(text[piece.start : piece.end])]


def _kind(word: re.Match[str], kind_of: KindOf, *, may_begin: bool) -> str | None:
    if YEAR.fullmatch(word.group()):
        return "year"
    if word.group().lower() in STOP_WORDS:
        return None
    kind = kind_of(word.group().lower())
    is_capital = word.group()[0].isupper() and (word.start() > 0 or may_begin)
    return kind if kind == "place" else "name" if is_capital else None


def _is_acronym(name: str) -> bool:
    return name.isupper() and len(name) <= ACRONYM
