"""Comparison, timeline, trend and overview laid out for a terminal."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bot.conversation.replies import Kind, Reply
from bot.layout.insights import bars, beside, days_of, described, relation, sparkline, title, values
from bot.layout.sheet import Sheet
from bot.layout.words import clean, name
from retrieval.insight.figures import Relation
from retrieval.insight.overview import Count

MONTHS: Final = 12
"""Months of an overview."""
STYLES: Final = {Relation.AGREES: "green", Relation.DIFFERS: "bold red"}


def layouts(sheet: Sheet) -> Mapping[Kind, Callable[[Reply], None]]:
    """What writes each kind of reply to a sheet."""
    pages = {
        Kind.COMPARISON: comparison,
        Kind.TIMELINE: timeline,
        Kind.TREND: trend,
        Kind.OVERVIEW: overview,
    }
    return {kind: partial(page, sheet) for kind, page in pages.items()}


def comparison(sheet: Sheet, reply: Reply) -> None:
    """The figure of the answer, then those of other articles."""
    sheet.say(beside(reply.figures, sheet.phrases), "bold")
    for figure in reply.figures:
        sheet.gap()
        style = STYLES.get(figure.relation, "bold") if figure.relation else "bold"
        sheet.say(f"{clean(figure.figure)}  {relation(figure, sheet.phrases)}", style)
        sheet.quote_marked(figure.text, [figure.span], bar="dim")
        for source in figure.sources:
            sheet.source(source)


def timeline(sheet: Sheet, reply: Reply) -> None:
    """Some events of a subject, the earliest first."""
    sheet.say(sheet.phrases["timeline_of"].format(subject=name(reply.subject)), "bold")
    for event in reply.events:
        sheet.gap()
        sheet.say(days_of(event), "bold green")
        sheet.quote(event.text, bar="green")
        for source in event.sources:
            sheet.source(source)
    last = reply.first + len(reply.events) - 1
    sheet.gap()
    shown = {"first": reply.first, "last": last, "total": reply.total}
    sheet.say(sheet.phrases["timeline_page"].format_map(shown), "dim")


def trend(sheet: Sheet, reply: Reply) -> None:
    """A sparkline, and below it each point with its source, or each month."""
    if reply.trend is None:
        return
    found = reply.trend
    sheet.say(title(found, sheet.phrases), "bold")
    sheet.say(sparkline(values(found)), "green")
    sheet.say(described(found, sheet.phrases), "dim")
    for point in found.points:
        sheet.gap()
        sheet.say(f"{point.day}  {clean(point.figure)}", "bold")
        sheet.source(point.source)
    for month, bar, count in bars(found.months, len(found.months)):
        sheet.say(f"{month}  {bar} {count}")


def overview(sheet: Sheet, reply: Reply) -> None:
    """What the corpus is about."""
    found = reply.overview
    if found is None:
        return
    counts = {"articles": found.articles, "looked_at": found.looked_at, "copies": found.copies}
    sheet.say(sheet.phrases["overview"].format_map(counts), "bold")
    for key in ("subjects", "industries", "technologies"):
        labels: tuple[Count, ...] = getattr(found, key)
        if labels:
            listed = " · ".join(f"{name(one.name, 20)} {one.articles}" for one in labels)
            sheet.gap()
            sheet.say(f"{sheet.phrases[f'overview_{key}']}{listed}")
    if found.months:
        sheet.gap()
        for month, bar, count in bars(found.months, MONTHS):
            sheet.say(f"{month}  {bar} {count}")
    if found.copies:
        sheet.gap()
        sheet.say(sheet.phrases["overview_copies"].format_map(counts), "dim")
