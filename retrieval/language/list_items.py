"""Numbered items that run on within a paragraph: 1. 甲2. 乙3. 丙, ①甲②乙."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.regex import regex

CIRCLED = "".join(map(chr, range(ord("①"), ord("⑳") + 1)))
MARKS = ".．、)）"
LABEL = regex(
    rf"(?P<circled>[{CIRCLED}])"
    rf"|(?<![\d.,．，第图表])(?P<open>[（(]?)(?P<number>[0-9]{{1,2}})(?P<mark>[{MARKS}])(?![0-9])",
)
"""What may number an item; a decimal, a version and a figure of a text do not."""
FEWEST = 2
"""Items of a list."""
LONGEST_LIST = 150
"""Characters of a paragraph that is kept in one piece when its list follows the words that introduce it."""
BORDERS = '。！？!?；;：:…”」』"）)，, \t\u3000'
"""What the first item of a list follows, unless the paragraph begins with it."""


class Items(NamedTuple):
    """A paragraph's numbered items: where they begin, ascending, and the marks behind their numbers."""

    starts: Sequence[int]
    marks: frozenset[int]


def items(text: str, start: int, end: int) -> Items:
    """The items of a paragraph's numbered lists.

    A list counts from one, by labels of one form. None begin in a short list that follows the words that
    introduce it: it is a part of their sentence.
    """
    runs = [run for run in _runs(text, start, end) if len(run) >= FEWEST]
    is_short = end - start <= LONGEST_LIST
    starts = [
        label.start()
        for run in runs
        if not (is_short and _is_introduced(text, start, run[0]))
        for label in run
    ]
    return Items(starts, frozenset(label.end() - 1 for run in runs for label in run))


def _runs(text: str, start: int, end: int) -> Iterator[Sequence[re.Match[str]]]:
    run: list[re.Match[str]] = []
    form = ""
    for label in LABEL.finditer(text, start, end):
        number = ord(label["circled"]) - ord("①") + 1 if label["circled"] else int(label["number"])
        mark = f"{label['open'] or ''}{label['mark'] or ''}"
        is_apart = label.start() == start or text[label.start() - 1] in BORDERS
        if number == len(run) + 1 and run and mark == form and (is_apart or not label["open"]):
            run.append(label)
        elif number == 1 and (is_apart or label["circled"]):
            yield run
            run, form = [label], mark
    yield run


def _is_introduced(text: str, start: int, first: re.Match[str]) -> bool:
    at = first.start()
    return text[max(start, at - 3) : at].rstrip().endswith(("：", ":"))
