"""Chats: what each has chosen, kept when a group becomes a supergroup."""

import datetime as dt

from pydantic import ValidationError
from sqlalchemy import Connection, delete, select, update

from bot.store.database import Database, upsert
from bot.store.models import ChatSettings
from bot.store.people import has_opted_out, hold
from bot.store.tables import CHATS, DIGESTS, EXCHANGES, FEEDBACK, LETTERS, UNREACHABLE, WATCHES


class Chats:
    """The settings of chats.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def settings(self, chat: int) -> ChatSettings:
        """What a chat has chosen; the defaults where it chose nothing."""
        with self._database.reading() as connection:
            return _settings(connection, chat) or ChatSettings()

    def save(self, chat: int, settings: ChatSettings) -> bool:
        """Keep what a chat has chosen; False where it is the private chat of a person who opted out."""
        return self.change(chat, **dict(settings)) is not None

    def change(self, chat: int, **chosen: object) -> ChatSettings | None:
        """Keep what a chat has chosen beside what it chose before.

        Returns:
            All that it has chosen now; None where it is the private chat of a person who opted out.
        """
        with self._database.writing() as connection:
            hold(connection, chat)
            if has_opted_out(connection, chat):
                return None
            settings = (_settings(connection, chat) or ChatSettings()).model_copy(update=chosen)
            _save(connection, chat, settings)
            return settings

    def migrate(self, old: int, new: int) -> None:
        """Give all that a group has to the supergroup that it became; what that chose by itself stays.

        Telegram tells it twice, once in each chat: the second time there is nothing left to do. Messages
        have new ids from then on, which must not be mistaken for the old ones, so these go.
        """
        with self._database.writing() as connection:
            settings = _settings(connection, old)
            if settings is not None and _settings(connection, new) is None:
                _save(connection, new, settings)
            connection.execute(delete(CHATS).where(CHATS.c.chat == old))
            moved = {"chat": new, "asked": None, "answered": None}
            connection.execute(update(EXCHANGES).where(EXCHANGES.c.chat == old).values(moved))
            connection.execute(update(FEEDBACK).where(FEEDBACK.c.chat == old).values(chat=new))
            connection.execute(update(WATCHES).where(WATCHES.c.chat == old).values(chat=new))
            connection.execute(delete(UNREACHABLE).where(UNREACHABLE.c.chat == old))
            _migrate_digest(connection, old, new)
            # Of a letter that was on its way nobody can tell any more: rather none than two.
            gone = (LETTERS.c.chat == old) & LETTERS.c.in_chat.is_not(None)
            connection.execute(delete(LETTERS).where(gone))
            connection.execute(update(LETTERS).where(LETTERS.c.chat == old).values(chat=new))

    def forget(self, chat: int) -> None:
        """Delete all that is stored of a chat: the bot was put out of it, or its admin asks for it."""
        with self._database.writing() as connection:
            connection.execute(delete(CHATS).where(CHATS.c.chat == chat))
            connection.execute(delete(EXCHANGES).where(EXCHANGES.c.chat == chat))
            connection.execute(delete(FEEDBACK).where(FEEDBACK.c.chat == chat))
            for table in (WATCHES, DIGESTS, LETTERS, UNREACHABLE):
                connection.execute(delete(table).where(table.c.chat == chat))
        self._database.truncate_log()


def _migrate_digest(connection: Connection, old: int, new: int) -> None:
    if connection.scalar(select(DIGESTS.c.chat).where(DIGESTS.c.chat == new)) is None:
        connection.execute(update(DIGESTS).where(DIGESTS.c.chat == old).values(chat=new))
    connection.execute(delete(DIGESTS).where(DIGESTS.c.chat == old))


def _settings(connection: Connection, chat: int) -> ChatSettings | None:
    stored = connection.scalar(select(CHATS.c.settings).where(CHATS.c.chat == chat))
    if stored is None:
        return None
    try:
        return ChatSettings.model_validate_json(stored)
    except ValidationError:
        return None  # of a version that had other settings: they are chosen anew


def _save(connection: Connection, chat: int, settings: ChatSettings) -> None:
    values = {"chat": chat, "settings": settings.model_dump_json(), "at": dt.datetime.now(dt.UTC)}
    upsert(connection, CHATS, ["chat"], values)
