"""A sentence with the text around it that tells what it is about: the title, its heading, its neighbours."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from retrieval.index.protocol import StoredArticle
from retrieval.language import tables
from retrieval.language.mentions.designations import Designation
from retrieval.language.mentions.mention import Mention

NEAR = 2
"""Sentences before one that are looked at."""


class Surroundings(NamedTuple):
    """A sentence and what stands around it, as stored.

    `before` are the sentences before it, the nearest last; `after` is the next, `opening` the first of its
    article; each is empty where there is none. `columns` are the names of a table's, where it is a row of
    one. `mentions` are of the sentence itself.
    """

    text: str
    title: str
    heading: str
    before: tuple[str, ...]
    after: str
    opening: str
    keywords: tuple[str, ...]
    published: dt.date | None
    mentions: Sequence[Mention]
    columns: tuple[str, ...] = ()

    def is_published_in(self, time: Designation) -> bool:
        """Whether the article was published in a month, or on a day."""
        if self.published is None:
            return False
        month, day = self.published.month, self.published.day
        if time.kind == "period":
            return time.which in (f"{month}-{month}", f"{month}-{day}")
        return time.which == f"{month}-{day}"

    def as_asked(self, asked: str) -> str:
        """The sentence; of a row of a table what it is of and the piece that is asked for, with its name."""
        column = tables.asked_column(self.columns, asked) if self.columns else None
        if column is None:
            return self.text
        pieces = [self.text[slice(*piece)] for piece in tables.cells(self.text)]
        return f"{pieces[0]} {self.columns[column]}{pieces[column]}"


def surroundings(article: StoredArticle, number: int) -> Surroundings:
    """What stands around a sentence, by its number in its article."""
    record, read, heading = article.record, article.text, article.heading(number)
    text = read(number)
    return Surroundings(
        text=text,
        title=record.title,
        heading="" if heading is None else read(heading),
        before=tuple([read(at) for at in range(max(0, number - NEAR), number)]),
        after=read(number + 1) if number + 1 < len(article.sentences) else "",
        opening=read(0) if number else "",
        keywords=record.keywords,
        published=record.published,
        mentions=article.mentions(number),
        columns=tables.header(text, number, read),
    )
