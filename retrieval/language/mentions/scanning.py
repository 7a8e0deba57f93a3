"""Where the patterns of mentions can begin, found for many texts at once.

To try the pattern of a date at a character takes a microsecond or two, which is much where nearly all begin
none. Two neighbouring characters tell so of most; where a date could begin, the pattern decides.
"""

import re

import numpy as np

from retrieval.language.batch import Charset, Literals, Marks, Spans, Texts, ahead, within
from retrieval.language.mentions.dates import AGE_WORDS, DATE, DYNASTIES, REIGN_WORDS
from retrieval.language.mentions.patterns import (
    DIGIT,
    FOREIGN_NAME,
    HELD_DATE,
    HELD_NUMBER,
    LATIN_NAME,
    QUANTITY,
)

DECIMALS = "".join(filter(str.isdecimal, map(chr, range(0x10000))))
FIGURE = Charset("0123456789")
DECIMAL = Charset(DECIMALS, beyond=True)
NUMERAL = Charset(DIGIT)
HAN = Charset("".join(map(chr, range(0x4E00, 0x9FFF + 1))))

AMOUNT_START = Charset(f"{DECIMALS}{DIGIT}第数几大半多", beyond=True)
AMOUNT_PREFIX = Charset("大约近超逾不至最多高人新台港日美欧零下-−±+ ")
LONGEST_PART = 8
"""Characters of a foreign name before its first dot."""
LONGEST_PREFIX = 8
"""Characters before the amount: 不超过 新台币."""

MONTH_START = Charset(f"{DIGIT}正腊闰")
AFTER_NUMERAL = Charset(f"0123456789{DIGIT}正腊年月世 ")
SAME_YEAR = Charset("同次当今去前明翌")
BEFORE_YEAR = Charset("年 ")
DYNASTY = Charset(f"{DYNASTIES}古近")
AFTER_DYNASTY = Charset("朝代初末时年中")
FIRST_YEAR = Charset(f"{DIGIT}元")
YEAR = Charset("年")
SPACE = Charset(" ")
ABOUT = Charset("约")
PERIOD = Literals(["时期", "年间"])
DATE_PAIRS = Literals(
    [
        *(word[:2] for word in (*REIGN_WORDS, *AGE_WORDS)),
        *(dynasty + word[0] for dynasty in DYNASTIES for word in REIGN_WORDS),
        *(early + word[0] for early in "早晚" for word in AGE_WORDS),
        *"公元 西元 大约 昨日 昨天 春季 夏季 秋季 冬季".split(),
        *"清晨 早上 早晨 凌晨 上午 中午 下午 傍晚 晚上 深夜".split(),
    ]
)
HELD_PAIRS = Literals("世纪 年代 春季 夏季 秋季 冬季 时期 昨日 今年 去年 上午 下午 凌晨 晚上".split())
COURT = Charset("朝")
DOT = Charset("·・‧•")
CAPITAL = Charset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def quantities(texts: Texts) -> Spans:
    """What `QUANTITY` finds in each text."""
    codes = texts.codes
    amounts = AMOUNT_START.marks(codes)
    starts = amounts | (AMOUNT_PREFIX.marks(codes) & within(amounts, 1, LONGEST_PREFIX))
    return _matches(QUANTITY, texts, starts)


def dates(texts: Texts) -> Spans:
    """What `DATE` finds in each text."""
    codes = texts.codes
    figures, numerals, years = FIGURE.marks(codes), NUMERAL.marks(codes), YEAR.marks(codes)
    starts = figures | DATE_PAIRS.marks(codes)
    starts |= MONTH_START.marks(codes) & ahead(AFTER_NUMERAL.marks(codes), 1)
    starts |= SAME_YEAR.marks(codes) & ahead(BEFORE_YEAR.marks(codes), 1)
    starts |= DYNASTY.marks(codes) & ahead(AFTER_DYNASTY.marks(codes), 1)
    starts |= ABOUT.marks(codes) & ahead(figures | numerals, 1)
    starts |= SPACE.marks(codes) & ahead(figures, 1)
    # A year of an era and a named age can begin with anything, three to seven characters before 年, two to
    # four before 时期.
    starts |= within(FIRST_YEAR.marks(codes) & ahead(years, 1), 2, 6)
    starts |= within(PERIOD.marks(codes), 2, 4)
    return _matches(DATE, texts, starts)


def foreign_names(texts: Texts) -> Spans:
    """What `FOREIGN_NAME` finds in each text."""
    marks = DOT.marks(texts.codes)
    return _matches(FOREIGN_NAME, texts, within(marks, 1, LONGEST_PART) & ~marks)


def latin_names(texts: Texts) -> Spans:
    """What `LATIN_NAME` finds in each text."""
    return _matches(LATIN_NAME, texts, CAPITAL.marks(texts.codes))


def held_numbers(texts: Texts) -> Spans:
    """What `HELD_NUMBER` finds in each text."""
    return _matches(HELD_NUMBER, texts, DECIMAL.marks(texts.codes) | NUMERAL.marks(texts.codes))


def held_dates(texts: Texts) -> Spans:
    """What `HELD_DATE` finds in each text."""
    codes = texts.codes
    numerals = NUMERAL.marks(codes)
    starts = DECIMAL.marks(codes) | (numerals & ahead(numerals, 1))
    starts |= COURT.marks(codes) | HELD_PAIRS.marks(codes)
    return _matches(HELD_DATE, texts, starts)


def _matches(pattern: re.Pattern[str], texts: Texts, marks: Marks) -> Spans:
    """What a pattern finds in each text, if nothing begins but where it is marked."""
    places = np.flatnonzero(marks)
    starts: list[int] = []
    ends: list[int] = []
    end = 0
    for place, last in zip(places.tolist(), texts.ends(places).tolist(), strict=True):
        if place >= end and (match := pattern.match(texts.text, place, last)):
            end = match.end()
            starts.append(place)
            ends.append(end)
    return Spans(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))
