"""What happened when: the dated sentences about a subject, in the order of the days that they tell of."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from retrieval.index.protocol import StoredArticle
from retrieval.insight.copies import Copies
from retrieval.insight.sources import Source
from retrieval.insight.subjects import Subject
from retrieval.language.mentions.periods import Period, PeriodReader
from retrieval.language.normalise import normalise
from retrieval.models import Model, SentenceKind
from retrieval.regex import regex

ARTICLES = 60
"""Articles that a reader's timeline is made of: the newest that hold the words of its subject."""
LONGEST = 400
"""Days of a period by which an event can be dated."""
NEAR = 3
"""Sentences before one that are read for its date."""
DESCRIBING = regex("[\u4e00-\u9fff]{1,4}的")
"""What follows a date that only describes something."""


class DatedBy(StrEnum):
    """What an event has its date from."""

    TEXT = "text"
    PUBLICATION = "publication"


class Event(Model):
    """Something that happened between two days (both included), in the words of the first source.

    The sources are its copies, the one published first before the others.
    """

    first: dt.date
    last: dt.date
    dated_by: DatedBy
    text: str
    sources: tuple[Source, ...]


def timeline(subject: Subject, articles: Iterable[StoredArticle]) -> tuple[Event, ...]:
    """The events of a subject that articles tell of, the earliest first; copies of one report are one event.

    A sentence is dated by the shortest period that it speaks of, else by the publication of its article; one
    that has neither is left out.
    """
    told = sorted(_told(subject, articles), key=lambda event: (_day(event), event.sources[0].article))
    copies: dict[tuple[dt.date, dt.date], Copies] = defaultdict(Copies)
    joined: dict[tuple[dt.date, dt.date, int], Event] = {}
    for event in told:
        days = event.first, event.last
        key = (*days, copies[days].number(event.text))
        known = joined.get(key)
        joined[key] = known.model_copy(update={"sources": known.sources + event.sources}) if known else event
    return tuple(sorted(joined.values(), key=lambda event: (event.first, event.last, _day(event))))


def _told(subject: Subject, articles: Iterable[StoredArticle]) -> Iterator[Event]:
    if subject.is_empty:
        return
    for article in articles:
        record = article.record
        reader = PeriodReader(record.published)
        read = 0
        for number in _speaking(subject, article):
            for before in range(max(read, number - NEAR), number):
                reader.read(normalise(article.text(before)))
            read = number + 1
            text = article.text(number)
            said = normalise(text)
            dated = _dated(said, reader.read(said), record.published)
            if dated is not None:
                source = Source(
                    article=article.id,
                    sentence=number,
                    title=record.title,
                    url=record.url,
                    published=record.published,
                    file=record.file,
                )
                first, last, dated_by = dated
                yield Event(first=first, last=last, dated_by=dated_by, text=text, sources=(source,))


def _speaking(subject: Subject, article: StoredArticle) -> Iterator[int]:
    """The sentences of an article that tell of a subject."""
    title = article.record.title
    for number, sentence in enumerate(article.sentences):
        if sentence.kind is SentenceKind.TEXT and subject.is_told_of(article.text(number), [title]):
            yield number


def _dated(
    text: str, periods: Sequence[Period], published: dt.date | None
) -> tuple[dt.date, dt.date, DatedBy] | None:
    """The days of a sentence (normalised), and what tells them.

    前天发射的卫星昨天入轨 tells of yesterday: the day before only says which satellite.
    """
    short = [period for period in periods if period.days <= LONGEST]
    told = [period for period in short if not DESCRIBING.match(text, period.span[1])] or short
    if told:
        finest = min(told, key=lambda period: period.days)
        return finest.first, finest.last, DatedBy.TEXT
    return None if published is None else (published, published, DatedBy.PUBLICATION)


def _day(event: Event) -> dt.date:
    """When the first source of an event was published; without a date, after all others."""
    return event.sources[0].published or dt.date.max
