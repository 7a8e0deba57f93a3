"""Lines that were broken to fit a width, or around what a page set apart, are joined again.

A line that is full, or that cannot end where it ends, goes on in the next; others are paragraphs, items or
cells of a table, and stay apart.
"""

import unicodedata
from itertools import pairwise

from retrieval.regex import regex

NARROWEST, WIDEST = 24, 140
"""Columns of the lines of a text that is broken to a width; a Chinese character has two."""
FEWEST_FULL = 2
"""Lines of about that width that show a text to be broken to it."""
RAGGED = 4
"""Columns by which they may differ: no mark begins a line, and no word is divided."""

MOST_FIT = 0.8
"""The share of its lines that are full, or end as paragraphs do."""

PROSE = regex(r"[。，；]\w")
"""What goes on behind a mark is prose; a list of names or headlines is none."""
ENDED = regex(r"[。！？!?…：:；;.][”’」』）)\"']*$")
UNFINISHED = regex(
    r"(?:[，、（(《“‘「『【]|[的为為是在与與和及将將被把由对對从從向约約达達共]|超过|超過|位于|位於|(?:平方|立方|摄氏|攝氏|海拔|每年|人民))$"
)
"""How no paragraph ends."""
CONTINUING = regex(
    r"[，。、；：！？）)》”’」』】…%％℃]|(?:的(?!士)|[与與及])|[为為是有达達约約共至]\s?\d|"
    r"(?:(?:平方|立方)?(?:公里|千米|厘米|毫米|米|公顷|亩)|[万萬亿億年月日元吨噸度])(?![^\W\d_])"
)
"""How no paragraph begins."""
BEGINS = regex(
    r"[\u3000\t ]{2}|[-*+•·●■◆▪►#>|]|[(（【\[]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、．)）\]】]|[①-⑳]"
)
"""How items and paragraphs begin, whatever stands above them."""
LATIN = regex(r"[A-Za-z0-9,;]")
LATIN_GOES_ON = regex(r"[a-z]")


def joined_lines(text: str) -> str:
    """The text with broken lines joined, letter for letter; takes time in proportion to its length."""
    lines = text.split("\n")
    if len(lines) == 1:
        return text
    full = _full_width(lines)
    pieces = [lines[0]]
    for line, following in pairwise(lines):
        if _goes_on(line.rstrip(), following, is_full=full is not None and _width(line) >= full):
            gap = " " if LATIN.match(line.rstrip()[-1]) and LATIN.match(following) else ""
            pieces[-1] = f"{pieces[-1].rstrip()}{gap}{following}"
        else:
            pieces.append(following)
    return "\n".join(pieces)


def _goes_on(line: str, following: str, *, is_full: bool) -> bool:
    if not line or not following.strip() or ENDED.search(line[-8:]) or BEGINS.match(following):
        return False
    if LATIN.match(line[-1]) and LATIN_GOES_ON.match(following):
        return True
    return is_full or UNFINISHED.search(line) is not None or CONTINUING.match(following) is not None


def _full_width(lines: list[str]) -> int | None:
    """The columns from which on a line is full; None for a text that is not broken to a width."""
    filled = [line.rstrip() for line in lines if line.strip()]
    widths = [_width(line) for line in filled]
    full = max(widths, default=0) - RAGGED
    count = sum(width >= full for width in widths)
    fits = sum(
        width >= full or ENDED.search(line[-8:]) is not None
        for width, line in zip(widths, filled, strict=True)
    )
    is_broken = NARROWEST <= full <= WIDEST and count >= FEWEST_FULL and fits >= MOST_FIT * len(filled)
    return full if is_broken and any(PROSE.search(line) for line in filled) else None


def _width(line: str) -> int:
    """Columns of a line."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line.rstrip())
