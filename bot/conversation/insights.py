"""What many articles tell together, as replies: a timeline, a trend, an overview."""

import re
from typing import Final, Protocol

from bot.conversation.replies import Kind, Reply
from retrieval.insight.figures import Figure
from retrieval.insight.overview import Overview
from retrieval.insight.timeline import Event
from retrieval.insight.trend import Trend, trend_asked
from retrieval.models import EVERYTHING, Answer, Filters
from retrieval.regex import regex

EVENTS: Final = 6
"""Events of a page of a timeline."""
TIMELINE: Final = regex(
    r"(.+?)的?(?:时间线|时间轴|大事记|来龙去脉|什么时候(?:都)?发生(?:过|了)?(?:什么|哪些事?))[?？。!！]*"
)
TIMELINE_IN_ENGLISH: Final = regex(r"(?:the )?timeline (?:of|for) (.+?)[?.!]*", re.IGNORECASE)
OVERVIEW: Final = regex(
    r"(?:语料|这里|你)?(?:都)?(?:收录|有)了?(?:些)?(?:什么|哪些)(?:内容|主题|话题)[?？]?|语料概况|概况|overview",
    re.IGNORECASE,
)


class InsightSource(Protocol):
    """What insights need of a retriever."""

    def figures(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[Figure, ...]:
        """The figure that an answer gives, then what other articles say of the same, the newest first."""

    def timeline(self, subject: str) -> tuple[Event, ...]:
        """What happened when, of a subject, the earliest first."""

    def trend(self, subject: str) -> Trend:
        """How a figure went, or how many articles a month tell of a subject."""

    @property
    def overview(self) -> Overview:
        """What the corpus is about."""


def insight(source: InsightSource, text: str) -> Reply | None:
    """The reply to a message that asks for a timeline, a trend or an overview; None for any other."""
    said = text.strip()
    if match := TIMELINE.fullmatch(said) or TIMELINE_IN_ENGLISH.fullmatch(said):
        return timeline(source, match[1])
    if subject := trend_asked(said):
        return trend(source, subject)
    return overview(source) if OVERVIEW.fullmatch(said) else None


def timeline(source: InsightSource, subject: str, first: int | None = None) -> Reply:
    """A page of the events of a subject from a number on; without one, the latest."""
    if not subject.strip():
        return Reply(kind=Kind.NO_SUBJECT)
    events = source.timeline(subject)
    if not events:
        return Reply(kind=Kind.NO_TIMELINE)
    start = max(1, len(events) - EVENTS + 1) if first is None else min(max(first, 1), len(events))
    return Reply(
        kind=Kind.TIMELINE,
        subject=subject,
        events=events[start - 1 : start - 1 + EVENTS],
        first=start,
        total=len(events),
    )


def trend(source: InsightSource, subject: str) -> Reply:
    """How a subject went over time."""
    subject = trend_asked(subject) or subject.strip()
    if not subject:
        return Reply(kind=Kind.NO_SUBJECT)
    found = source.trend(subject)
    return Reply(
        kind=Kind.TREND if found.points or found.months else Kind.NO_TREND, subject=subject, trend=found
    )


def overview(source: InsightSource) -> Reply:
    """What the corpus is about."""
    found = source.overview
    return Reply(kind=Kind.OVERVIEW, overview=found) if found.articles else Reply(kind=Kind.NO_SOURCES)
