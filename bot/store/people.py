"""People: what is theirs can be deleted, and who opted out leaves nothing behind but the opt-out."""

import datetime as dt

from sqlalchemy import ColumnElement, Connection, Table, delete, select, text, update

from bot.store.database import Database, upsert
from bot.store.models import Deleted
from bot.store.tables import (
    CHATS,
    DIGESTS,
    EXCHANGES,
    FEEDBACK,
    LETTERS,
    OPTED_OUT,
    RATINGS,
    SOURCES,
    UPLOADS,
    WATCHES,
)


class People:
    """Who opted out, and the deletion of a person's data.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def forget(self, user: int) -> Deleted:
        """Delete all that is stored of a person, but that they opted out; how much that was.

        Their questions with whatever others made of the answers, and what others asked in their words (a
        follow-up to one of their questions), their ratings and feedback, the settings of their private chat,
        the watches and digests that they or it began, with what is on its way of these.
        The articles that an admin sent stay, without the name.
        """
        with self._database.writing() as connection:
            hold(connection, user)
            deleted = _forget(connection, user)
        return deleted.model_copy(update={"lingers": not self._database.truncate_log()})

    def opt_out(self, user: int) -> None:
        """Delete all that is stored of a person, and store nothing more."""
        with self._database.writing() as connection:
            hold(connection, user)
            upsert(connection, OPTED_OUT, ["user"], {"user": user, "at": dt.datetime.now(dt.UTC)})
            _forget(connection, user)
        self._database.truncate_log()

    def opt_in(self, user: int) -> None:
        """Let a person's questions be stored again."""
        with self._database.writing() as connection:
            connection.execute(delete(OPTED_OUT).where(OPTED_OUT.c.user == user))

    def has_opted_out(self, user: int) -> bool:
        """Whether nothing of a person is stored."""
        with self._database.reading() as connection:
            return has_opted_out(connection, user)


def hold(connection: Connection, *people: int | None) -> None:
    """Keep other transactions about these people waiting until this one ends, where writing alone does not.

    So nothing is stored of somebody who opts out at the same moment. Also taken for chats: a private one has
    the number of its person.
    """
    if connection.dialect.name == "postgresql":
        for person in sorted({person for person in people if person is not None}):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": person})


def has_opted_out(connection: Connection, user: int | None) -> bool:
    """Whether nothing of a person is stored; for the transaction that would store it.

    A private chat has the number of its person, so this may be asked of a chat too.
    """
    if user is None:
        return False
    return connection.scalar(select(OPTED_OUT.c.user).where(OPTED_OUT.c.user == user)) is not None


def _forget(connection: Connection, user: int) -> Deleted:
    # Who writes as a group (an anonymous admin) has its number: all else in the group is not theirs.
    private = user if user > 0 else None
    theirs = select(SOURCES.c.exchange).where(SOURCES.c.user == user)
    own = (EXCHANGES.c.user == user) | (EXCHANGES.c.chat == private) | EXCHANGES.c.id.in_(theirs)
    asked = select(EXCHANGES.c.id).where(own)
    ratings = connection.execute(
        delete(RATINGS).where((RATINGS.c.user == user) | RATINGS.c.exchange.in_(asked))
    )
    # SOURCES goes with the exchanges, by its foreign key.
    exchanges = connection.execute(delete(EXCHANGES).where(own))
    feedback = connection.execute(
        delete(FEEDBACK).where((FEEDBACK.c.user == user) | (FEEDBACK.c.chat == private))
    )
    chats = connection.execute(delete(CHATS).where(CHATS.c.chat == private))
    # NOTICES go with the watches, by their foreign key.
    watches = connection.execute(delete(WATCHES).where(_theirs(WATCHES, user)))
    connection.execute(delete(DIGESTS).where(_theirs(DIGESTS, user)))
    connection.execute(delete(LETTERS).where(_theirs(LETTERS, user)))
    connection.execute(update(UPLOADS).where(UPLOADS.c.admin == user).values(admin=None))
    return Deleted(
        exchanges=exchanges.rowcount,
        ratings=ratings.rowcount,
        feedback=feedback.rowcount,
        chats=chats.rowcount,
        watches=watches.rowcount,
    )


def _theirs(table: Table, user: int) -> ColumnElement[bool]:
    """What a person began, or what belongs to their private chat."""
    return (table.c.user == user) | (table.c.chat == (user if user > 0 else None))
