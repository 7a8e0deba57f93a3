"""The store as a whole: its parts, and what concerns all of them."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Row, delete, or_, select

from bot.settings import Settings
from bot.store.arrivals import Arrivals
from bot.store.chats import Chats
from bot.store.database import Database
from bot.store.digests import Digests
from bot.store.exchanges import Exchanges
from bot.store.feedback import Feedback
from bot.store.letters import Letters
from bot.store.models import Deleted, UploadState
from bot.store.people import People
from bot.store.summaries import Summaries
from bot.store.tables import (
    EXCHANGES,
    FEEDBACK,
    LETTERS,
    METADATA,
    NOTICES,
    RATINGS,
    UPLOADS,
    WATCHES,
)
from bot.store.updates import Updates
from bot.store.uploads import Uploads
from bot.store.watches import Watches

FILE = "store.sqlite3"
"""The store in the data folder, where ZHIWEN_STORE names no other."""

FIRST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""No message is older."""


class Store:
    """What the bot remembers beyond a restart.

    Nothing is opened before the first call; each is one transaction, and one that raises has changed nothing.

    Args:
        url: an SQLAlchemy URL, of SQLite or PostgreSQL.

    Raises:
        StoreError: this is no such URL, or the driver is not installed. Later, by every call of every part:
            the database cannot be used for the moment; the next call tries again.
    """

    def __init__(self, url: str | URL) -> None:
        self._database = Database(url)
        self.arrivals = Arrivals(self._database)
        self.chats = Chats(self._database)
        self.digests = Digests(self._database)
        self.exchanges = Exchanges(self._database)
        self.feedback = Feedback(self._database)
        self.letters = Letters(self._database)
        self.people = People(self._database)
        self.summaries = Summaries(self._database)
        self.uploads = Uploads(self._database)
        self.updates = Updates(self._database)
        self.watches = Watches(self._database)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The store that the settings name: by default a file in the data folder.

        Raises:
            StoreError: ZHIWEN_STORE is no URL of a store.
        """
        if settings.store is not None:
            return cls(settings.store.get_secret_value())
        return cls(URL.create("sqlite", database=str(settings.data / FILE)))

    @classmethod
    def existing(cls, settings: Settings) -> Self | None:
        """The same; None where the default one has not been made."""
        if settings.store is None and not (settings.data / FILE).exists():
            return None
        return cls.of(settings)

    def check(self) -> None:
        """Open the store, making or upgrading its tables where that has not been done.

        Raises:
            StoreError: it cannot be used.
        """
        with self._database.reading():
            pass

    def purge(self, days: float) -> Deleted:
        """Delete what is older than this; how much that was.

        What a chat chose stays, as do confirmed uploads and opt-outs; a watch that found nothing for so long
        ends.
        """
        now = dt.datetime.now(dt.UTC)
        before = now - dt.timedelta(days=min(days, (now - FIRST).days))
        old = select(EXCHANGES.c.id).where(EXCHANGES.c.at < before)
        closed = UPLOADS.c.state != UploadState.CONFIRMED
        with self._database.writing() as connection:
            ratings = connection.execute(delete(RATINGS).where(RATINGS.c.exchange.in_(old)))
            exchanges = connection.execute(delete(EXCHANGES).where(EXCHANGES.c.at < before))
            feedback = connection.execute(delete(FEEDBACK).where(FEEDBACK.c.at < before))
            uploads = connection.execute(delete(UPLOADS).where(UPLOADS.c.at < before, closed))
            watches = connection.execute(delete(WATCHES).where(WATCHES.c.renewed < before))
            connection.execute(delete(NOTICES).where(NOTICES.c.at < before))
            connection.execute(delete(LETTERS).where(LETTERS.c.at < before))
        return Deleted(
            lingers=not self._database.truncate_log(),
            exchanges=exchanges.rowcount,
            ratings=ratings.rowcount,
            feedback=feedback.rowcount,
            uploads=uploads.rowcount,
            watches=watches.rowcount,
        )

    def erase(self) -> bool:
        """Erase what was deleted from SQLite's log too, if that is yet to be done; whether it is done.

        Raises:
            StoreError: the database cannot be used.
        """
        return not self._database.log_lingers or self._database.truncate_log()

    def export(self, user: int | None = None) -> Iterator[str]:
        """All that is stored, or all that is stored of a person, a JSON object for each row.

        `table` names the table; the other keys are its columns, times in ISO 8601.
        """
        with self._database.reading() as connection:
            for table in METADATA.sorted_tables:
                statement = select(table).order_by(*table.primary_key.columns)
                if user is not None:
                    theirs = [table.c[name] for name in ("user", "chat", "admin") if name in table.c]
                    if not theirs:
                        continue
                    statement = statement.where(or_(*(column == user for column in theirs)))
                for row in connection.execute(statement.execution_options(yield_per=100)):
                    yield _line(table.name, row)

    def backup(self, file: Path) -> None:
        """Copy a store in SQLite to a file, as it is at this moment, whoever writes to it.

        Raises:
            StoreError: it lies on a PostgreSQL server, or the file cannot be written.
        """
        self._database.backup(file)

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()


def _line(table: str, row: Row[Any]) -> str:
    values = dict(row._mapping)  # noqa: SLF001 - its public name for the columns by name
    if "state" in values and table == EXCHANGES.name:
        values["state"] = json.loads(values["state"])
    return json.dumps({"table": table} | values, ensure_ascii=False, default=dt.datetime.isoformat)
