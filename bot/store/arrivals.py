"""Arrivals: which articles were seen before, and when those came that were not there from the beginning."""

import datetime as dt
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select

from bot.store.database import Database
from bot.store.tables import ARRIVALS

BEGUN = 0
"""In the place of an article's number: the first look is done."""
AT_ONCE = 10_000
"""Rows written by one statement."""


class Arrivals:
    """The articles that were seen.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def unseen(self, articles: Iterable[str]) -> list[str]:
        """Those of some articles (by their ids) that were never seen, in the order given.

        At the first look ever, all that is there counts as seen: nobody waits for what was there before.
        """
        numbers = {_number(article): article for article in articles}
        with self._database.reading() as connection:
            seen = _seen(connection)
        if not seen.size:
            self._begin(numbers.values())
            return []
        new = np.setdiff1d(np.array(list(numbers), dtype=np.int64), seen)
        return [numbers[number] for number in new.tolist()]

    def _begin(self, articles: Collection[str]) -> None:
        with self._database.writing() as connection:
            if not _seen(connection).size:
                note_arrivals(connection, articles, None)
                connection.execute(insert(ARRIVALS).values(article=BEGUN, at=None))

    def seen(self, articles: Collection[str]) -> frozenset[str]:
        """Those of some articles (by their ids) that were seen."""
        numbers = {_number(article): article for article in articles}
        statement = select(ARRIVALS.c.article).where(ARRIVALS.c.article.in_(numbers))
        with self._database.reading() as connection:
            return frozenset(numbers[number] for number in connection.scalars(statement))

    def between(self, since: dt.datetime, until: dt.datetime) -> tuple[str, ...]:
        """The ids of the articles that came after one moment and until another, as they came."""
        came = (ARRIVALS.c.at > since) & (ARRIVALS.c.at <= until)
        statement = select(ARRIVALS.c.article).where(came).order_by(ARRIVALS.c.at, ARRIVALS.c.article)
        with self._database.reading() as connection:
            return tuple(map(_id, connection.scalars(statement)))


def note_arrivals(connection: Connection, articles: Collection[str], at: dt.datetime | None) -> None:
    """Note that articles came at a moment; None for what was there at the first look."""
    rows = [{"article": _number(article), "at": at} for article in articles]
    for first in range(0, len(rows), AT_ONCE):
        connection.execute(insert(ARRIVALS), rows[first : first + AT_ONCE])


def _seen(connection: Connection) -> NDArray[np.int64]:
    return np.fromiter(connection.scalars(select(ARRIVALS.c.article)), dtype=np.int64)


def _number(article: str) -> int:
    """An id as the database has it: 64 bits with a sign."""
    number = int(article, 16)
    return number - (1 << 64) if number >> 63 else number


def _id(number: int) -> str:
    return f"{number % (1 << 64):016x}"
