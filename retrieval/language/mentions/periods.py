"""The stretches of time that a text speaks of, as days of the calendar: 7月6日, 去年底, 上半年, 昨天.

What is not said (the year of 7月6日, the month of 6日) is taken from the text before it, or else from the
date of publication. What can be told by neither is left out: a wrong date is worse than none.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from retrieval.language.mentions.numerals import value
from retrieval.models import Span
from retrieval.regex import regex

HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}|两(?=个?月))"
"""The number of a month or of a day."""
TO = r" ?[至到\-—–~～] ?"
PART = regex(
    rf"(?P<year>(?<![\d.第])(?<!\d,)(?:(?:1[89]|20)\d\d|[一二][〇零一二三四五六七八九]{{3}})) ?年"
    r"(?!代|历史|前|来|级)度?"
    r"|(?P<near_year>(?<![过相晚以之成])(?:今年|去年|前年|明年|后年|同年|当年|该年|那年|次年|翌年|上年))(?![均产级轻])"
    r"|(?P<half>[上下])半年"
    r"|前(?P<quarters>[两二三23])个?季度"
    r"|第? ?(?P<quarter>[一二三四1-4]) ?季度?|(?<![a-z0-9])q(?P<latin_quarter>[1-4])(?!\d)"
    rf"|前(?P<months>{SMALL})个?月"
    rf"|(?:(?P<from_month>(?<![\d.]){SMALL})(?: ?月份?)?{TO})?(?P<month>(?<![\d.]){SMALL}) ?月份?(?![球亮饼])"
    r"|(?P<near_month>本月|这个月|上个?月|下个?月|当月|同月|(?<![首一二三四五六七八九十两多几\d])次月|翌月)"
    rf"|(?:(?P<from_day>(?<![\d.]){SMALL})[日号]?{TO})?(?P<day>(?<![\d.第]){SMALL}) ?"
    r"日(?![本元均报益产常活])"
    r"|(?P<number>(?:(?<![一-鿿a-z\d.第-])|(?<=[月在于至到自从将]))\d{1,2}) ?号(?![线楼馆机院厅舰文])"
    r"|(?P<ten_days>[上中下])旬"
    r"|(?P<near_day>(?<![如至当])(?:今[天日晚晨]|昨[天日晚]|前[天日]|明[天日晚]|后天|当[天日]|同日|次日|翌日))(?![报线本])"
    r"|(?P<near_week>[上本下这])个?周(?P<day_of_week>[一二三四五六日天末])?(?![年期])"
    r"|(?P<season>[春夏秋冬])[季天]"
    r"|(?P<edge>(?:(?<=[年月])|(?<![一-鿿])年|年)[初中底末])(?![一-鿿]?[级期])"
    r"|(?P<so_far>以来)"
)
"""A word that tells a part of a date, in normalised text."""
JOINT = regex(r" ?的? ?")
RANGE = regex(TO)
LEVELS = {
    "year": 0,
    "near_year": 0,
    "half": 1,
    "quarters": 1,
    "quarter": 1,
    "latin_quarter": 1,
    "months": 1,
    "season": 1,
    "month": 1,
    "near_month": 1,
    "ten_days": 2,
    "day": 2,
    "number": 2,
    "near_day": 0,
    "near_week": 0,
    "edge": 2,
    "so_far": 3,
}
"""How fine each part is: one joins the part before it when it is finer."""
NEAR_YEARS = {"今": 0, "去": -1, "前": -2, "明": 1, "后": 2}
"""Years from that of publication."""
TOLD_YEARS = {"同": 0, "当": 0, "该": 0, "那": 0, "次": 1, "翌": 1, "上": -1}
"""Years from the one last told of."""
NEAR_DAYS = {"今": 0, "昨": -1, "前": -2, "明": 1, "后": 2}
TOLD_DAYS = {"当": 0, "同": 0, "次": 1, "翌": 1}
NEAR_MONTHS = {"本": 0, "这": 0, "上": -1, "下": 1}
TOLD_MONTHS = {"当": 0, "同": 0, "次": 1, "翌": 1}
WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1}
EDGES_OF_YEAR = {"初": (1, 1), "中": (6, 2), "底": (12, 1), "末": (12, 1)}
"""The first month of the beginning, the middle and the end of a year, and how many months they are."""
FIRST_MONTH_OF_SEASON = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
DECEMBER = 12
DAYS_OF_WEEK = 7
LONGEST_MONTH = 31


class Period(NamedTuple):
    """Some days that a piece of a text (`span`, in code points) speaks of, the last one included."""

    first: dt.date
    last: dt.date
    span: Span

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1


class PeriodReader:
    """Goes through a text from its beginning, and knows which year, month and day it has come to.

    Args:
        published: when the article was; None where that is not known.
    """

    def __init__(self, published: dt.date | None) -> None:
        self._published = published
        self._told: dt.date | None = None
        self._told_month: dt.date | None = None
        self._told_year: int | None = None

    def read(self, text: str) -> tuple[Period, ...]:
        """The periods that the next piece of a text (normalised) speaks of, in its order."""
        found = []
        self._told_year = None
        for parts in _points(text):
            try:
                period = self._period(parts)
            except ValueError:  # 2月30日: no day of the calendar
                continue
            if period is not None:
                found.append(period)
                self._told = period.first
                self._told_month = period.first.replace(day=1) if period.days <= LONGEST_MONTH else None
                if any(part["year"] for part in parts):
                    self._told_year = period.first.year
        return tuple(_joined(text, found))

    def _period(self, parts: list[re.Match[str]]) -> Period | None:
        """The days of the parts of one date; None where something is neither said nor known."""
        said = {name: value for part in parts for name, value in part.groupdict().items() if value}
        if "number" in said:
            said["day"] = said.pop("number")
        days = self._days(said)
        if days is None:
            return None
        first, last = days
        if "so_far" in said:
            last = max(first, self._published or last)
        return Period(first, last, (parts[0].start(), parts[-1].end()))

    def _days(self, said: dict[str, str]) -> tuple[dt.date, dt.date] | None:
        if "near_day" in said or "near_week" in said:
            return self._near(said)
        if "month" in said or "near_month" in said or "day" in said or "ten_days" in said:
            return self._of_month(said)
        year = self._year(said)
        if year is None:
            return None
        return _of_year(year, said)

    def _year(self, said: dict[str, str]) -> int | None:
        """The year that is said; else that of publication, or the one last told of."""
        if digits := said.get("year"):
            return int("".join(str(HAN_DIGITS.get(digit, digit)) for digit in digits))
        near = said.get("near_year", "今")[0]
        if near in TOLD_YEARS and "near_year" in said:
            return None if self._told is None else self._told.year + TOLD_YEARS[near]
        if "near_year" not in said and self._told is not None and self._published is None:
            return self._told.year
        return None if self._published is None else self._published.year + NEAR_YEARS[near]

    def _of_month(self, said: dict[str, str]) -> tuple[dt.date, dt.date] | None:
        """A month, or some days of one."""
        if "near_month" in said:
            first = self._near_month(said["near_month"][0])
        elif "month" in said:
            first = self._said_month(said)
        else:
            first = self._month_of_day(_number(said.get("from_day", said.get("day", "1"))))
        if first is None:
            return None
        until = _number(said["month"]) if "from_month" in said else first.month
        return _within_month(first, dt.date(first.year, until, 1), said)

    def _near_month(self, word: str) -> dt.date | None:
        """The month that 上月, 本月 or 次月 means."""
        start = self._told if word in TOLD_MONTHS else self._published
        return start and _month(start, TOLD_MONTHS.get(word, NEAR_MONTHS.get(word, 0)))

    def _said_month(self, said: dict[str, str]) -> dt.date | None:
        """A month by its number, of the year that is said or else of that which brings it nearest."""
        until = _number(said["month"])
        month = _number(said.get("from_month", said["month"]))
        year = self._year(said) if "year" in said or "near_year" in said else self._told_year
        if year is not None:
            return dt.date(year, month, 1)
        near = self._published or self._told
        if near is None or "year" in said or "near_year" in said:
            return None
        day = _number(said.get("from_day", said.get("day", "1")))
        return _nearest(until, day, near).replace(month=month, day=1)

    def _month_of_day(self, day: int) -> dt.date | None:
        """The first of the month of a day said alone: that last told of, else the nearest."""
        near = self._published
        told = self._told_month
        if told is not None and day <= _length(told) and (near is None or told.replace(day=day) <= near):
            return told
        if near is None:
            return None
        months = (_month(near, step) for step in (0, -1, 1))
        possible = [month for month in months if day <= _length(month)]
        return min(possible, key=lambda month: abs((month.replace(day=day) - near).days), default=None)

    def _near(self, said: dict[str, str]) -> tuple[dt.date, dt.date] | None:
        """A day or a week that is counted from that of publication, or from the day last told of."""
        if word := said.get("near_day"):
            start = (self._told or self._published) if word[0] in TOLD_DAYS else self._published
            if start is None:
                return None
            day = start + dt.timedelta(days=TOLD_DAYS.get(word[0], NEAR_DAYS.get(word[0], 0)))
            return day, day
        if self._published is None:
            return None
        monday = self._published - dt.timedelta(days=self._published.weekday())
        monday += dt.timedelta(weeks=WEEKS[said["near_week"]])
        match said.get("day_of_week"):
            case None:
                return monday, monday + dt.timedelta(days=DAYS_OF_WEEK - 1)
            case "末":
                return monday + dt.timedelta(days=5), monday + dt.timedelta(days=6)
            case weekday:
                day = monday + dt.timedelta(days="一二三四五六日".index(weekday.replace("天", "日")))
                return day, day


def _points(text: str) -> Iterator[list[re.Match[str]]]:
    """The parts of each date, from coarse to fine."""
    point: list[re.Match[str]] = []
    level = -1
    for match in PART.finditer(text):
        finer = next(level for name, level in LEVELS.items() if match[name])
        joins = point and finer > level and JOINT.fullmatch(text[point[-1].end() : match.start()])
        if point and not joins:
            yield point
            point = []
        if not point and match["so_far"]:
            level = -1
            continue
        point.append(match)
        level = finer
    if point:
        yield point


def _joined(text: str, periods: list[Period]) -> Iterator[Period]:
    """The periods, those from which to which something lasts as one."""
    if not periods:
        return
    last = periods[0]
    for _, period in pairwise(periods):
        between = text[last.span[1] : period.span[0]]
        if RANGE.fullmatch(between) and last.last < period.last:
            last = Period(last.first, period.last, (last.span[0], period.span[1]))
        else:
            yield last
            last = period
    yield last


def _of_year(year: int, said: dict[str, str]) -> tuple[dt.date, dt.date]:
    """A year, or a part of it that is longer than a month."""
    first, count = 1, DECEMBER
    if half := said.get("half"):
        first, count = (1 if half == "上" else 7), 6
    elif quarter := said.get("quarter") or said.get("latin_quarter"):
        first, count = 3 * _number(quarter) - 2, 3
    elif quarters := said.get("quarters"):
        count = 3 * _number(quarters)
    elif months := said.get("months"):
        count = _number(months)
    elif season := said.get("season"):
        first, count = FIRST_MONTH_OF_SEASON[season], 3
    elif edge := said.get("edge"):
        first, count = EDGES_OF_YEAR[edge[-1]]
    begin = dt.date(year, first, 1)
    end = _month(begin, count - 1)
    return begin, end.replace(day=_length(end))


def _within_month(first: dt.date, until: dt.date, said: dict[str, str]) -> tuple[dt.date, dt.date]:
    """Some days of a month, or all from one month to another (both given by their first day)."""
    if day := said.get("day"):
        begin = first.replace(day=_number(said.get("from_day", day)))
        return begin, max(begin, first.replace(day=_number(day)))
    third = said.get("ten_days") or said.get("edge", "")[-1:]
    if third in {"上", "初"} and third:
        return first, first.replace(day=10)
    if third == "中":
        return first.replace(day=11), first.replace(day=20)
    if third in {"下", "底", "末"}:
        return first.replace(day=21), first.replace(day=_length(first))
    return first, until.replace(day=_length(until))


def _month(day: dt.date, step: int) -> dt.date:
    """The first day of the month that is so many months after a day's."""
    years, month = divmod(day.year * DECEMBER + day.month - 1 + step, DECEMBER)
    return dt.date(years, month + 1, 1)


def _length(month: dt.date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _nearest(month: int, day: int, near: dt.date) -> dt.date:
    """The day of a month in the year that brings it nearest to a date.

    News tells more of what was than of what comes: days to come count twice.
    """
    years = (near.year, near.year - 1, near.year + 1)
    possible = [dt.date(year, month, min(day, _length(dt.date(year, month, 1)))) for year in years]
    return min(possible, key=lambda date: max((near - date).days, 2 * (date - near).days))


def _number(text: str) -> int:
    """A small number in figures or in Chinese (十, 二十八); 0, which no calendar has, where it is none."""
    return int(value(text) or 0)
