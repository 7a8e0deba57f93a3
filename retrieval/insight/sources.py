"""Where insights are from."""

import datetime as dt

from retrieval.models import Model


class Source(Model):
    """Where an event is told: a sentence (by its number) of an article."""

    article: str
    sentence: int
    title: str
    url: str | None
    published: dt.date | None
    file: str
