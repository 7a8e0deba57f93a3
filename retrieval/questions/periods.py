"""Spans of days in words: 昨天, 上周, 6月, 2024年6月5日, last month, June 2024."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

from retrieval.models import Period
from retrieval.questions.newest import NEWEST
from retrieval.regex import regex

DAYS: Final = {"今[天日]": 0, "today": 0, "昨[天日]": 1, "yesterday": 1, "前天": 2}
WEEKS: Final = {"[本这]一?个?(?:周|星期)": 0, "this week": 0, "上一?个?(?:周|星期)": 1, "last week": 1}
MONTHS: Final = {"[本这]个?月": 0, "this month": 0, "上个?月": 1, "last month": 1}
YEARS: Final = {"今年": 0, "this year": 0, "去年": 1, "last year": 1}
"""Times that count from today, and how many of their kind back they lie."""
RECENT: Final = (
    f"最近(?:一段时间|几天|两天)|近来|这(?:几|两)天|这(?:段时间|阵子)|{NEWEST.pattern}|lately|these days|now"
)
"""Words for a time without borders: the newest there is."""
NAMES: Final = tuple(name.lower() for name in calendar.month_name if name)
HAN: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
MONTH: Final = "(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY: Final = r"(?P<day>3[01]|[12]\d|0?[1-9])"
YEAR: Final = r"(?P<year>20\d\d)"
WRITTEN: Final = (
    rf"(?:{YEAR}年)?{MONTH}月份?(?:{DAY}[日号])?",
    rf"{YEAR}-(?P<month>1[0-2]|0?[1-9])(?:-{DAY})?",
    rf"{YEAR}年?",
    rf"(?P<month>{'|'.join(NAMES)})(?: {DAY}(?:st|nd|rd|th)?)?(?:,? {YEAR})?",
)
"""Dates as they are written."""
COUNTED: Final = "|".join([*DAYS, *WEEKS, *MONTHS, *YEARS])
ANY_WRITTEN: Final = re.sub("[?]P<[a-z]+>", "?:", "|".join(WRITTEN))
MENTION: Final = regex(
    r"(?:\b(?:from|in|on|of|for|since) )?"
    rf"(?:(?P<recent>{COUNTED}|{RECENT})|(?P<written>{ANY_WRITTEN}))"
    r"(?:(?<![a-z0-9])|(?![a-z0-9]))"
)
"""A time that a (normalised) text names: one that lies near today, or a date."""


def period(text: str, today: dt.date, newest: dt.date | None = None) -> Period:
    """The days that a time stands for; without borders for 最近 and for what is no time.

    Args:
        text: the words, normalised.
        today: the date that 昨天 and its like count from.
        newest: when the newest article was published: a month without a year is the latest one by then.
    """
    units: tuple[tuple[Mapping[str, int], Callable[[dt.date, int], Period]], ...] = (
        (DAYS, _day),
        (WEEKS, _week),
        (MONTHS, _month),
        (YEARS, _year),
    )
    for forms, days_of in units:
        for form, back in forms.items():
            if re.fullmatch(form, text):
                return days_of(today, back)
    for form in WRITTEN:
        if found := re.fullmatch(form, text):
            return _written(newest or today, **found.groupdict())
    return Period()


def _day(today: dt.date, back: int) -> Period:
    day = today - dt.timedelta(days=back)
    return Period(since=day, until=day)


def _week(today: dt.date, back: int) -> Period:
    monday = today - dt.timedelta(days=today.weekday() + 7 * back)
    return Period(since=monday, until=monday + dt.timedelta(days=6))


def _month(today: dt.date, back: int) -> Period:
    months = today.year * 12 + today.month - 1 - back
    return _written(today, year=str(months // 12), month=str(months % 12 + 1))


def _year(today: dt.date, back: int) -> Period:
    return _written(today, year=str(today.year - back))


def _written(
    latest: dt.date, year: str | None = None, month: str | None = None, day: str | None = None
) -> Period:
    """A year, a month or a day; without a year, the last that does not begin after a date."""
    first = _number(month) if month else 1
    of_year = int(year) if year else latest.year - (first > latest.month)
    last = first if month else 12
    end = calendar.monthrange(of_year, last)[1]
    if day and int(day) <= end:
        return Period(since=dt.date(of_year, first, int(day)), until=dt.date(of_year, first, int(day)))
    return Period(since=dt.date(of_year, first, 1), until=dt.date(of_year, last, end))


def _number(month: str) -> int:
    """The number of a month from 1, however it is written."""
    for names in (NAMES, HAN):
        if month in names:
            return names.index(month) + 1
    return int(month)
