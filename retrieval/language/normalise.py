"""The form of a text in which the index and a question are compared."""

import functools
import unicodedata
from collections.abc import Iterator, Sequence

from retrieval.language.scripts import simplified
from retrieval.models import Span
from retrieval.regex import regex

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width forms of ASCII, of which Chinese punctuation has many: NFKC folds each to one character."""
WIDE = regex("[\uff01-\uff5e\u3000]")
NARROW = {chr(wide): chr(narrow) for wide, narrow in FULL_WIDTH.items()}
CONTEXTUAL = "\u03a3\u0130"
"""Letters whose lower case depends on their neighbours (\u03a3) or is two characters (\u0130)."""
LONE = regex("[\ud800-\udfff]")
REMEMBERED = 2048
"""Normalised texts kept, since one question looks at the same sentences several times."""


def _simplify(text: str) -> str:
    """Traditional to simplified, one character for one, so that positions stay."""
    converted = simplified(text)
    if len(converted) == len(text):
        return converted
    singles = map(simplified, text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, singles, strict=True))


def well_formed(text: str) -> str:
    """A text with U+FFFD for each half of a character (lone surrogate), which no encoding has."""
    return LONE.sub("\ufffd", text)


@functools.lru_cache(REMEMBERED)
def normalise(text: str) -> str:
    """The form in which a text is compared: NFKC, lower case, simplified."""
    if (steady := in_place(text)) is not None:
        return steady
    # NFKC takes three times as long where it meets full-width forms.
    return _simplify(unicodedata.normalize("NFKC", _narrow(text)).lower())


def _narrow(text: str) -> str:
    """A text with its full-width forms folded."""
    # Most of them are commas.
    return WIDE.sub(lambda found: NARROW[found[0]], text.replace("，", ","))


@functools.lru_cache(REMEMBERED)
def in_place(text: str) -> str | None:
    """The normalised text, if each of its characters comes from the one at the same place; else None."""
    narrow = _narrow(text)
    if unicodedata.is_normalized("NFKC", narrow) and not any(map(narrow.__contains__, CONTEXTUAL)):
        # Every piece of such a text is normalised too, so that each character folds on its own.
        return _simplify(narrow.lower())
    return None


def normalise_all(texts: Sequence[str]) -> list[str]:
    """The normalised form of each of many texts: nothing folds or converts across a line feed."""
    together = "\n".join(texts)
    lower = unicodedata.normalize("NFKC", together).lower()
    if together.count("\n") < len(texts):
        simple = simplified(lower).split("\n")
        if list(map(len, simple)) == list(map(len, lower.split("\n"))):
            return simple
    return [normalise(text) for text in texts]


def align(text: str) -> tuple[str, list[Span]]:
    """The normalised text, and for each of its characters the span of `text` that it came from."""
    if (normalised := in_place(text)) is not None:
        return normalised, [(at, at + 1) for at in range(len(text))]
    pieces: list[str] = []
    spans: list[Span] = []
    for start, end in _clusters(text):
        folded = unicodedata.normalize("NFKC", text[start:end]).lower()
        pieces.append(folded)
        spans += [(start, end)] * len(folded)
    return _simplify("".join(pieces)), spans


def folded(text: str) -> str:
    """The normalised text, one character for one: what does not fold to one stays as it is."""
    if (steady := in_place(text)) is not None:
        return steady
    characters = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return _simplify(
        "".join(new if len(new) == 1 else old for old, new in zip(text, characters, strict=True))
    )


def _clusters(text: str) -> Iterator[Span]:
    """The smallest pieces that normalise on their own as they do within the text."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[start:end], text[end]):
            yield start, end
            start = end


def _joins(cluster: str, following: str) -> bool:
    if following < "\u0300" or "\u4e00" <= following <= "\u9fff":
        return False
    apart = unicodedata.normalize("NFKC", cluster) + unicodedata.normalize("NFKC", following)
    return unicodedata.normalize("NFKC", cluster + following) != apart or (cluster + following).lower() != (
        cluster.lower() + following.lower()
    )
