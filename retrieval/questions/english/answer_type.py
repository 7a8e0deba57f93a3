"""What an English question asks for, in the Chinese words that the same question would ask it with."""

import re


def _any(words: str) -> str:
    return rf"\b(?:{'|'.join(words.split())})\b"


def _which(nouns: str) -> str:
    """What or which before one of some nouns, with up to a word between: which Chinese city."""
    return rf"\b(?:what|which) (?:[\w-]+ )?(?:{'|'.join(nouns.split())})\b"


PAYING = _any("cost invest invested pay paid spend spent earn raise raised worth sell budget charge")
MONEY = _any("price revenue income budget investment funding") + r"|\boutput value\b"
PEOPLE = "person man woman player author leader president founder king queen artist"
PLACES = "city country state province place region county island town continent nation location area"
TIMES = "year date day month century decade time era period"
ORGANISATIONS = "company companies university organi[sz]ation team school party agency club college firm"
EXTENTS = "length height distance depth width"
DURING = "ago did does do has have will was were is"

PATTERNS = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (rf"\bhow much money\b|\bhow much\b.*{PAYING}|{MONEY}", "多少钱"),
        (r"\bhow many people\b|\bpopulation\b", "多少人"),
        (rf"\bhow old\b|{_which('age')}", "多少岁"),
        (
            rf"\bhow long {_any(DURING)}|\bhow many (?:year|month|day|hour)s",
            "多久",
        ),
        (
            rf"\bhow {_any('far long tall high deep wide')}|{_any(EXTENTS)}",
            "多长",
        ),
        (rf"\bhow {_any('large big')}|{_which('area size')}", "面积多大"),
        (_any("percent percentage proportion share fraction"), "百分之多少"),
        (rf"\bhow {_any('many much often heavy fast')}|{_which('number amount rank')}", "多少"),
        (rf"\bwhen\b|{_which(TIMES)}", "何时"),
        (rf"{_any('who whom whose')}|{_which(PEOPLE)}", "谁"),
        (rf"\bwhere\b|{_which(PLACES)}", "哪里"),
        (rf"\bwhy\b|{_which('cause caused reason reasons')}", "为什么"),
        (_which(ORGANISATIONS), "哪家公司"),
        (rf"{_which('book song album film movie name title')}|{_any('name named called')}", "叫什么"),
    )
)
"""English asking words and Chinese ones; the first that is found counts."""


def asking(lowered: str) -> str:
    """The Chinese words that ask what an English question in lower case asks; empty for any other.

    What is put after a question (when was it held?) asks first.
    """
    texts = (lowered.rpartition(";")[2], lowered)
    return next(
        (chinese for text in texts for pattern, chinese in PATTERNS if pattern.search(text)),
        "",
    )
