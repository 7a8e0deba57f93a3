"""Letters: the messages that the bot sends of its own accord, kept until Telegram has them.

What a letter tells of counts as told from the moment that it is here, so nothing is told twice; and it stays
here until it has arrived, so nothing is lost.
"""

import datetime as dt
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.store.database import Database, upsert
from bot.store.subscriptions import Letter, now
from bot.store.tables import EXCHANGES, LETTERS, UNREACHABLE

LATELY: Final = dt.timedelta(days=7)
"""How long a letter waits for a chat that cannot be written to."""


class Letters:
    """The letters on their way, and the chats that take none.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def post(self, letter: Letter) -> None:
        """Put a letter on its way."""
        with self._database.writing() as connection:
            post(connection, letter)

    def waiting(self) -> tuple[Letter, ...]:
        """The letters that have not arrived, as they were posted."""
        statement = select(LETTERS).where(LETTERS.c.sent.is_(None)).order_by(LETTERS.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(Letter.model_validate({name: row[name] for name in Letter.model_fields}) for row in rows)

    def begin(self, number: int, in_chat: int, shared: int) -> bool:
        """Note that a letter is about to be sent, after these message numbers; whether it is still wanted."""
        statement = update(LETTERS).where(LETTERS.c.id == number, LETTERS.c.sent.is_(None))
        with self._database.writing() as connection:
            return connection.execute(statement.values(in_chat=in_chat, shared=shared)).rowcount == 1

    def put_back(self, number: int) -> None:
        """Note that a letter was not sent: nothing of it can have arrived."""
        with self._database.writing() as connection:
            statement = update(LETTERS).where(LETTERS.c.id == number)
            connection.execute(statement.values(in_chat=None, shared=None))

    def arrived(self, number: int, message: int | None) -> None:
        """Note that a letter arrived as this message; what it said is not kept."""
        values = {"sent": now(), "message": message, "text": "", "buttons": ""}
        with self._database.writing() as connection:
            connection.execute(update(LETTERS).where(LETTERS.c.id == number).values(values))

    def give_up(self, number: int) -> None:
        """Drop a letter that nobody will ever take."""
        with self._database.writing() as connection:
            connection.execute(delete(LETTERS).where(LETTERS.c.id == number))

    def numbers(self, chat: int) -> frozenset[int]:
        """The numbers of the bot's known messages in a chat."""
        answers = select(EXCHANGES.c.answered).where(EXCHANGES.c.chat == chat)
        letters = select(LETTERS.c.message).where(LETTERS.c.chat == chat)
        with self._database.reading() as connection:
            found = [*connection.scalars(answers), *connection.scalars(letters)]
        return frozenset(number for number in found if number is not None)

    def latest_numbers(self) -> dict[int, int]:
        """The highest number of a message that is known, by chat."""
        found: dict[int, int] = {}
        with self._database.reading() as connection:
            for table, column in (
                (EXCHANGES, EXCHANGES.c.asked),
                (EXCHANGES, EXCHANGES.c.answered),
                (LETTERS, LETTERS.c.message),
            ):
                statement = select(table.c.chat, func.max(column)).group_by(table.c.chat)
                for chat, number in connection.execute(statement):
                    found[chat] = max(found.get(chat, 0), number or 0)
        return found

    def cannot_reach(self, chat: int) -> None:
        """Note that a chat takes no messages."""
        with self._database.writing() as connection:
            upsert(connection, UNREACHABLE, ["chat"], {"chat": chat, "at": now()})

    def can_reach(self, chat: int) -> None:
        """Note that it takes them again; letters that waited too long are dropped."""
        with self._database.writing() as connection:
            connection.execute(delete(UNREACHABLE).where(UNREACHABLE.c.chat == chat))
            old = (LETTERS.c.chat == chat) & LETTERS.c.sent.is_(None) & (LETTERS.c.at < now() - LATELY)
            connection.execute(delete(LETTERS).where(old))

    def unreachable(self) -> frozenset[int]:
        """The chats that take no messages."""
        with self._database.reading() as connection:
            return frozenset(connection.scalars(select(UNREACHABLE.c.chat)))


def post(connection: Connection, letter: Letter) -> None:
    """Put a letter on its way, in a transaction."""
    values: dict[str, Any] = letter.model_dump(exclude={"id"})
    connection.execute(insert(LETTERS).values(values))
