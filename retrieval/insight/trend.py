"""How something went over time: a figure at each of its times, or how many articles a month tell of it."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from retrieval.index.protocol import StoredArticle
from retrieval.insight.figures import Figure
from retrieval.insight.sources import Source
from retrieval.models import Model
from retrieval.regex import regex

ASKED = regex(
    r"^(?:请?(?:画|看|给我|帮我)?(?:一?下)?)?(.+?)(?:的|近年来?|历年|这几年)*"
    r"(?:走势|趋势|变化曲线|曲线|变化情况|怎么变化|如何变化)(?:图|如何|怎么样|怎样|是怎样的)?[?？。!！]*$"
)
ASKED_IN_ENGLISH = regex(r"^(?:the )?(?:trend|chart|graph) (?:of|for|in) (.+?)[?.!]*$", re.IGNORECASE)
ARTICLES = 1_000
"""Articles that are counted by month: the newest that hold the words of the subject."""
FEWEST = 3
"""Points that make a trend."""
DAYS_OF_MONTH = 30.44
FORTNIGHT = 14
"""Days up to which a period is a moment."""


class Point(Model):
    """A figure at its time: the day that it ends with, its value, how it is written, and where."""

    day: dt.date
    value: float
    figure: str
    source: Source


class Month(Model):
    """How many articles were published in a month, named by its first day."""

    month: dt.date
    articles: int


class Trend(Model):
    """How a subject went: by its figure in `unit`, or where too few tell of one, by the articles about it.

    Both in the order of time; `months` has every month between the first and the last.
    """

    subject: str
    unit: str = ""
    points: tuple[Point, ...] = ()
    months: tuple[Month, ...] = ()


def trend_asked(text: str) -> str | None:
    """The subject of a question for a trend (新能源汽车产量走势); None for any other."""
    match = ASKED.match(text.strip()) or ASKED_IN_ENGLISH.match(text.strip())
    return match[1].strip() if match else None


def points(figures: Sequence[Figure]) -> tuple[Point, ...]:
    """The figures of the same length of time as points, of one time the one published last.

    The length that most have: a month's sales are not put beside a year's.
    """
    by_length: dict[int, dict[dt.date, Figure]] = defaultdict(dict)
    for figure in sorted(figures, key=_published):
        day = figure.last or figure.sources[0].published
        if day is not None and figure.scope == figures[0].scope:
            by_length[_months(figure)][day] = figure
    most = max(by_length.items(), key=lambda item: (len(item[1]), -item[0]), default=(0, {}))[1]
    if len(most) < FEWEST:
        return ()
    return tuple(
        Point(day=day, value=found.value, figure=found.figure, source=found.sources[0])
        for day, found in sorted(most.items())
    )


def months(articles: Iterable[StoredArticle]) -> tuple[Month, ...]:
    """How many of some articles were published in each month, from the first to the last of them."""
    days = [day for article in articles if (day := article.record.published) is not None]
    counted = Counter(day.replace(day=1) for day in days)
    if not counted:
        return ()
    month, last = min(counted), max(counted)
    every = []
    while month <= last:
        every.append(Month(month=month, articles=counted[month]))
        month = (month + dt.timedelta(days=31)).replace(day=1)
    return tuple(every)


def _months(figure: Figure) -> int:
    """How many months a figure's time lasts; 0 for a moment."""
    if figure.first is None or figure.last is None or not figure.is_of_a_stretch:
        return 0
    days = (figure.last - figure.first).days + 1
    return 0 if days <= FORTNIGHT else max(1, round(days / DAYS_OF_MONTH))


def _published(figure: Figure) -> dt.date:
    return figure.sources[0].published or dt.date.min
