"""Tables that became lines of text: a line of names, and below it lines with as many pieces.

城市 人口 面积 / 东川市 310万 4200平方公里: what a piece is of is told by the line above.
"""

from collections.abc import Callable

from retrieval.models import Span
from retrieval.regex import regex

CELL = regex(r"[^\s|]+")
FIGURE = regex(r"\d")
RUNNING = regex("[，。；：！？、]|[^\\s|]{13}")
"""What stands in running text, and in no row: punctuation, long pieces."""
LEAST = 3
"""Columns that make a table."""
FARTHEST = 40
"""Lines above a row among which its header is looked for."""


def cells(line: str) -> list[Span]:
    """Where the pieces of a line stand."""
    return [match.span() for match in CELL.finditer(line)]


def header(line: str, number: int, text: Callable[[int], str]) -> tuple[str, ...]:
    """What the pieces of a row are of; nothing where a line is no row.

    Args:
        line: that could be a row.
        number: of the line in its article.
        text: gives the lines above by their numbers.
    """
    if len(line.split()) < LEAST or not FIGURE.search(line) or RUNNING.search(line):
        return ()
    pieces = cells(line)
    for above in range(number - 1, max(-1, number - 1 - FARTHEST), -1):
        names = CELL.findall(text(above))
        if len(names) != len(pieces) or RUNNING.search(text(above)):
            return ()
        if not any(map(FIGURE.search, names)):
            return tuple(names)
    return ()


def asked_column(names: tuple[str, ...], asked: str) -> int | None:
    """The column, not the first, whose name a question has; the longest name where several."""
    found = [(len(name), -place) for place, name in enumerate(names) if place and name.lower() in asked]
    return -max(found)[1] if found else None
