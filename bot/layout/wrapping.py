"""Chinese line breaking: where a text may be cut to fit the columns of a terminal."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from bot.layout.hidden import HIDE
from retrieval.regex import regex

if TYPE_CHECKING:
    from retrieval.models import Span

OPENING: Final = r"（(《〈「『【〔“‘\["
CLOSING: Final = r"，。、；：？！…—～）)》〉」』】〕”’\]%％℃\u0300-\u036f\u200d\ufe0e\ufe0f"
MEASURES: Final = "多余几万亿千百家元人年月日个名项次倍种"
UNIT = regex(
    rf"(?P<hidden>[{HIDE}]+)"
    rf"|(?P<blank>[^\S{HIDE}]+)"
    rf"|[{OPENING}]*(?:[!-~\u00a1-\u024f]+(?:(?<=\d)[{MEASURES}]{{1,4}})?|[^\s{OPENING}{HIDE}])[{CLOSING}]*"
    rf"|[{OPENING}]+"
)
"""What a line is not broken within: a Latin word, a figure and its measure, or a letter, each with the
punctuation that clings to it."""


def wrap(text: str, width: int) -> "list[Span]":
    """The lines of a text, each a span of it, broken as Chinese is.

    Characters that a terminal must not see end a line: nothing is inserted, and nothing but they and the
    white space at the ends of a line is left out.
    """
    lines: list[Span] = []
    start = end = used = 0
    for unit in _units(text, width):
        cells = cell_len(text[unit.start() : unit.end()])
        if unit["hidden"] or used + cells > width:
            lines.append((start, end))
            start = end = unit.start()
            used = 0
        if start == end and (unit["hidden"] or unit["blank"]):
            start = end = unit.end()
            continue
        used += cells
        end = end if unit["blank"] else unit.end()
    return [(start, end) for start, end in [*lines, (start, end)] if start < end]


def _units(text: str, width: int) -> Iterator[re.Match[str]]:
    """The units of a text; one that is wider than a line comes letter by letter."""
    for unit in UNIT.finditer(text):
        if cell_len(unit[0]) <= width:
            yield unit
        else:
            for place in range(unit.start(), unit.end()):
                yield from UNIT.finditer(text, place, place + 1)
