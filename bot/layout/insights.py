"""What many articles tell together, in words and in letters that draw: agreement, days, a sparkline, bars."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from bot.layout.words import name
from retrieval.insight.figures import Figure, Relation
from retrieval.insight.timeline import Event
from retrieval.insight.trend import Month, Trend

BLOCKS: Final = "▁▂▃▄▅▆▇█"
WIDEST_BAR: Final = 12
LONGEST_SUBJECT: Final = 40


def beside(figures: Sequence[Figure], phrases: Mapping[str, str]) -> str:
    """How many other articles agree with a figure, differ, or tell another thing or time."""
    counted = Counter(one.relation for one in figures if one.relation)
    said = [
        phrases[f"beside_{relation}"].format(count=counted[relation])
        for relation in Relation
        if counted[relation]
    ]
    return phrases["beside"] + phrases["beside_and"].join(said)


def relation(figure: Figure, phrases: Mapping[str, str]) -> str:
    """What a figure is to that of the answer, in a word, with the time that it is of."""
    word = phrases[f"relation_{figure.relation or 'own'}"]
    return " · ".join(filter(None, [word, *figure.scope, _time(figure)]))


def _time(figure: Figure) -> str:
    if figure.first is None or figure.last is None:
        return ""
    return _days(str(figure.first), str(figure.last))


def days_of(event: Event) -> str:
    """The days of an event."""
    return _days(str(event.first), str(event.last))


def _days(first: str, last: str) -> str:
    """Two days in ISO form as short as they can be told: 2031, 2031-06, 2031-06-09, 2031-01 – 2031-06."""
    if first == last:
        return first
    (year, begin), (until, end) = first.split("-", 1), last.split("-", 1)
    if year == until and (begin, end) == ("01-01", "12-31"):
        return year
    if begin.endswith("-01") and end[-2:] in {"28", "29", "30", "31"}:
        months = first[:-3], last[:-3]
        return months[0] if months[0] == months[1] else " – ".join(months)
    return f"{first} – {last}"


def title(trend: Trend, phrases: Mapping[str, str]) -> str:
    """What a trend is of, and in which unit."""
    if trend.points:
        unit = trend.unit or phrases["trend_plain"]
        return phrases["trend_of_figure"].format(subject=name(trend.subject, LONGEST_SUBJECT), unit=unit)
    return phrases["trend_of_articles"].format(subject=name(trend.subject, LONGEST_SUBJECT))


def values(trend: Trend) -> list[float]:
    """The values of a trend, in the order of time."""
    return [point.value for point in trend.points] or [float(month.articles) for month in trend.months]


def described(trend: Trend, phrases: Mapping[str, str]) -> str:
    """A trend for who cannot see it: from where to where, the lowest and the highest."""
    labels = [point.figure for point in trend.points] or [str(month.articles) for month in trend.months]
    times = [str(point.day) for point in trend.points] or [str(month.month)[:-3] for month in trend.months]
    found = values(trend)
    low, high = found.index(min(found)), found.index(max(found))
    return phrases["trend_described"].format(
        count=len(found),
        first=times[0],
        begin=labels[0],
        last=times[-1],
        end=labels[-1],
        lowest=labels[low],
        low=times[low],
        highest=labels[high],
        high=times[high],
    )


def sparkline(found: Sequence[float]) -> str:
    """Values as letters of eight heights."""
    low, high = min(found), max(found)
    steps = len(BLOCKS) - 1
    scale = steps / (high - low) if high > low else 0.0
    return "".join(BLOCKS[round((value - low) * scale)] for value in found)


def bars(months: Sequence[Month], most: int) -> list[tuple[str, str, int]]:
    """The last months, as many as `most`: each with a bar and its count."""
    shown = months[-most:]
    high = max((month.articles for month in shown), default=0) or 1
    lengths = (max(round(WIDEST_BAR * one.articles / high), int(one.articles > 0)) for one in shown)
    return [
        (str(one.month)[:-3], "█" * length, one.articles) for one, length in zip(shown, lengths, strict=True)
    ]
