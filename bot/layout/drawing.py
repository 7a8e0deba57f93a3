"""Draws a trend so that it can be read on a phone, on a light or a dark ground, with Chinese letters."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator
from pylopdf_fonts_zh_cn import sans_path

from bot.layout.insights import title, values
from retrieval.insight.trend import Trend
from retrieval.models import Model

WIDTH, HEIGHT, DOTS = 6.0, 4.5, 180
"""Inches, and dots an inch: 1080 x 810."""
LABELLED: Final = 8
"""Points that all have their value beside them; of more, the first, the last, the lowest, the highest."""
TICKS: Final = 5
"""Dates below the picture at most."""
LONGEST_TITLE: Final = 22
"""Characters that fit above the picture; a longer title is cut."""


class Colours(Model):
    """The colours of a picture."""

    ground: str
    letters: str
    faint: str
    line: str


LIGHT: Final = Colours(ground="#ffffff", letters="#1c1c1e", faint="#d9d9de", line="#1f7a5c")
DARK: Final = Colours(ground="#17212b", letters="#f1f3f5", faint="#3a4754", line="#5fd3a5")


def drawn(trend: Trend, phrases: Mapping[str, str], colours: Colours) -> bytes:
    """A trend as a PNG."""
    font = FontProperties(fname=sans_path())
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor=colours.ground)
    axes = figure.add_axes((0.13, 0.13, 0.83, 0.72), facecolor=colours.ground)
    days = [point.day for point in trend.points] or [month.month for month in trend.months]
    places, found = [float(day.toordinal()) for day in days], values(trend)
    if trend.points:
        axes.plot(places, found, color=colours.line, linewidth=2.6, marker="o", markersize=7)
        axes.margins(x=0.09, y=0.22)
    else:
        axes.bar(places, found, width=22, color=colours.line)
        axes.margins(x=0.03, y=0.16)
        axes.set_ylim(bottom=0)
    for at in _labelled(found) if trend.points else [found.index(max(found))]:
        axes.annotate(
            number(found[at], phrases),
            (places[at], found[at]),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            color=colours.letters,
            fontproperties=font,
            fontsize=12,
        )
    _dress(axes, font, days, phrases, colours)
    heading = title(trend, phrases)
    shown = heading if len(heading) <= LONGEST_TITLE else f"{heading[: LONGEST_TITLE - 1]}…"
    figure.text(0.03, 0.92, shown, color=colours.letters, fontproperties=font, fontsize=17)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=colours.ground)
    return picture.getvalue()


def _dress(
    axes: Axes, font: FontProperties, days: Sequence[dt.date], phrases: Mapping[str, str], colours: Colours
) -> None:
    """Put dates and values beside the axes, and take away what only frames."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(colours.faint)
    axes.grid(axis="y", color=colours.faint, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=colours.letters, length=0, pad=7)
    ticks = _spread(days)
    axes.set_xticks([float(day.toordinal()) for day in ticks], [f"{day:%Y-%m}" for day in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=TICKS, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _place: number(value, phrases))
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font)
        label.set_fontsize(12)


def _spread(days: Sequence[dt.date]) -> list[dt.date]:
    """Some of the days, the last among them, so far from each other that their labels do not touch."""
    least = (days[-1] - days[0]) / TICKS
    kept = [days[-1]]
    for day in reversed(days[:-1]):
        if kept[-1] - day > least:
            kept.append(day)
    return kept[::-1]


def _labelled(found: Sequence[float]) -> list[int]:
    """Which values stand beside their points."""
    if len(found) <= LABELLED:
        return list(range(len(found)))
    return sorted({0, len(found) - 1, found.index(min(found)), found.index(max(found))})


def number(value: float, phrases: Mapping[str, str]) -> str:
    """A value as short as the language tells it: 7.4万, 1.2亿; 74k, 120M."""
    for step in phrases["number_steps"].split():
        size, _, word = step.partition(":")
        if abs(value) >= float(size):
            return f"{value / float(size):.4g}{word}"
    return f"{value:.4g}"
