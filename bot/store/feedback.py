"""Feedback: a reader's thumb on an answer, and what readers write."""

import datetime as dt

from sqlalchemy import delete, insert, select

from bot.store.database import Database, upsert
from bot.store.models import Fault, Verdict
from bot.store.people import has_opted_out, hold
from bot.store.tables import EXCHANGES, FEEDBACK, RATINGS


class Feedback:
    """Ratings, one a person and answer, and feedback in words.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def rate(
        self,
        user: int,
        chat: int,
        answered: int,
        verdict: Verdict | None,
        *,
        fault: Fault | None = None,
    ) -> bool:
        """Keep what a person thinks of an answer, in place of what they thought before.

        Args:
            user: who rates.
            chat: where the answer stands.
            answered: its message.
            verdict: None takes the rating back.
            fault: what is wrong with the answer, where they say so.

        Returns:
            Whether it is kept: not when the answer is not stored, or the person opted out.
        """
        answer = select(EXCHANGES.c.id).where(EXCHANGES.c.chat == chat, EXCHANGES.c.answered == answered)
        with self._database.writing() as connection:
            hold(connection, user)
            exchange = connection.scalar(answer)
            if exchange is None or has_opted_out(connection, user):
                return False
            if verdict is None:
                connection.execute(
                    delete(RATINGS).where(RATINGS.c.exchange == exchange, RATINGS.c.user == user)
                )
                return True
            values = {
                "exchange": exchange,
                "user": user,
                "fault": fault,
                "up": int(verdict is Verdict.UP),
                "at": dt.datetime.now(dt.UTC),
            }
            upsert(connection, RATINGS, ["exchange", "user"], values)
            return True

    def verdict(self, user: int, chat: int, answered: int) -> Verdict | None:
        """What a person thinks of an answer, if they said."""
        rating = (
            select(RATINGS.c.up)
            .join(EXCHANGES)
            .where(EXCHANGES.c.chat == chat, EXCHANGES.c.answered == answered, RATINGS.c.user == user)
        )
        with self._database.reading() as connection:
            up = connection.scalar(rating)
        return None if up is None else (Verdict.UP if up else Verdict.DOWN)

    def write(self, chat: int, user: int | None, text: str) -> bool:
        """Keep what somebody wrote about the bot; False where they opted out."""
        values = {"chat": chat, "user": user, "at": dt.datetime.now(dt.UTC), "text": text}
        with self._database.writing() as connection:
            hold(connection, user, chat)
            if has_opted_out(connection, user) or has_opted_out(connection, chat):
                return False
            connection.execute(insert(FEEDBACK).values(values))
            return True
