"""Quotations and brackets of a paragraph: which marks belong together, whatever marks they mix."""

from collections import defaultdict
from collections.abc import Iterable

from retrieval.regex import regex

LONGEST_QUOTE = 150
"""Characters of a quotation or bracket that is kept in one piece; a longer speech is cut inside."""

PAIRS = dict(zip("“‘「『《〈（(【〖［[〔｛{", "”’」』》〉）)】〗］]〕｝}", strict=True))
STRAIGHT = '"＂'
"""Quotation marks that open as they close."""
CLOSERS = "".join(PAIRS.values()) + STRAIGHT + "'"
CURLY_CLOSER = "”"
PAIR_MARKS = "".join(PAIRS) + "".join(PAIRS.values()) + STRAIGHT

NUMBERS = regex(r"(?<![\w（(.—–-])[0-9]{1,2}[)）]")
"""The bracket of 1） 2） closes nothing."""
WORD_FOLLOWS = regex(r"\w")


def closed_pairs(text: str, start: int, end: int, places: Iterable[int]) -> dict[int, int]:
    """The quotations and brackets that are closed, and not too long: opening to closing position.

    Each kind is matched on its own, so that one left open cannot hide another. A straight mark closes what
    a curly one opened, and the other way round; of two pairs that cross, the one that opens first counts.

    Args:
        text: which holds the paragraph.
        start: of the paragraph.
        end: of the paragraph.
        places: where a mark of a pair stands, ascending.
    """
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = defaultdict(list)
    for at in places:
        mark = text[at]
        if mark in PAIRS:
            opened[PAIRS[mark]].append(at)
            continue
        closes = _closed_by(text, at, (start, end), opened)
        if closes is None:
            if mark in STRAIGHT:
                opened[mark] = [at]
        elif at - (first := opened[closes].pop()) <= LONGEST_QUOTE:
            pairs[first] = at
    return _without_crossing(pairs)


def _closed_by(text: str, at: int, paragraph: tuple[int, int], opened: dict[str, list[int]]) -> str | None:
    """The kind of pair, named by its closing mark, that a mark closes; None when it closes nothing."""
    mark = text[at]
    start, end = paragraph
    if mark in STRAIGHT:
        if _opens(text, at, paragraph, is_open=bool(opened[mark])):
            is_curly = opened[CURLY_CLOSER] and not opened[mark] and not WORD_FOLLOWS.match(text, at + 1, end)
            return CURLY_CLOSER if is_curly and at > start and not text[at - 1].isspace() else None
        return mark if opened[mark] else None
    if _is_apostrophe(text, at, end) or _numbers(text, at, start):
        return None
    if opened[mark]:
        return mark
    return (
        next((straight for straight in STRAIGHT if opened[straight]), None) if mark == CURLY_CLOSER else None
    )


def _numbers(text: str, at: int, start: int) -> bool:
    """Whether a bracket only follows the number of an item."""
    return any(begin >= start and NUMBERS.fullmatch(text, begin, at + 1) for begin in (at - 1, at - 2))


def _opens(text: str, at: int, paragraph: tuple[int, int], *, is_open: bool) -> bool:
    """Whether a straight quotation mark opens: white space tells, else they take turns."""
    before = text[at - 1] if at > paragraph[0] else " "
    after = text[at + 1 : at + 2] or " "
    if before.isspace() != after.isspace():
        return before.isspace()
    return not is_open


def _is_apostrophe(text: str, at: int, end: int) -> bool:
    return text[at] == "’" and at + 1 < end and text[at - 1].isascii() and text[at + 1].isalnum()


def _without_crossing(pairs: dict[int, int]) -> dict[int, int]:
    """The pairs without those that open inside another and close outside it."""
    kept: dict[int, int] = {}
    around: list[int] = []
    for first, last in sorted(pairs.items()):
        while around and around[-1] < first:
            around.pop()
        if not around or last < around[-1]:
            kept[first] = last
            around.append(last)
    return kept
