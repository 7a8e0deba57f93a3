"""Exchanges: the questions asked and their answers, found again by message for buttons, edits, follow-ups."""

import datetime as dt
import hashlib
import logging
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from bot.conversation.replies import State
from bot.store.database import Database, upsert
from bot.store.models import Exchange, Outcome
from bot.store.people import has_opted_out, hold
from bot.store.tables import EXCHANGES, RATINGS, SOURCES
from retrieval.language.normalise import normalise
from retrieval.regex import regex

logger = logging.getLogger(__name__)

READ_AT_ONCE: Final = 100
"""Exchanges held in memory while all are gone through."""
NOT_COMPARED: Final = regex(r"[\W_]+")
"""What two questions may differ in and still be the same: spaces, punctuation."""


class Exchanges:
    """What was asked and answered.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def remember(self, exchange: Exchange) -> bool:
        """Keep an exchange, in place of what was kept with the same answer message.

        When that was about another question (the asked message was edited), its ratings go with it.

        Returns:
            Whether it is kept: nothing is of a person who opted out, or of a state without an answer.
        """
        answer = exchange.state.answer
        if answer is None:
            return False
        nearest = answer.passages[0] if answer.passages else None
        key = question_key(answer.understood)
        values = {
            "chat": exchange.chat,
            "topic": exchange.topic,
            "user": exchange.user,
            "asked": exchange.asked,
            "answered": exchange.answered,
            "at": exchange.at,
            "question": answer.understood,
            "key": key,
            "outcome": Outcome.ANSWERED if answer.reason is None else Outcome(answer.reason.code),
            "passage": nearest and nearest.text,
            "title": nearest and nearest.title,
            "state": exchange.state.model_dump_json(),
        }
        with self._database.writing() as connection:
            people = {exchange.user, exchange.chat, *exchange.sources, *exchange.earlier}
            hold(connection, *people)
            if any(has_opted_out(connection, person) for person in people):
                return False
            _drop_ratings_of_another_question(connection, exchange, key)
            upsert(connection, EXCHANGES, ["chat", "answered"], values)
            _save_sources(connection, exchange)
            return True

    def of_answer(self, chat: int, message: int) -> Exchange | None:
        """The exchange whose answer is this message."""
        return self._latest(EXCHANGES.c.chat == chat, EXCHANGES.c.answered == message)

    def of_answer_id(self, answer: str) -> Exchange | None:
        """The latest exchange whose answer has this id: found by going through all, the latest first."""
        statement = (
            select(EXCHANGES).order_by(EXCHANGES.c.id.desc()).execution_options(yield_per=READ_AT_ONCE)
        )
        with self._database.reading() as connection, connection.execute(statement) as rows:
            for row in rows.mappings():
                exchange = _exchange(row) if answer in row["state"] else None
                if exchange and exchange.state.answer and exchange.state.answer.id == answer:
                    return exchange
        return None

    def of_question(self, chat: int, message: int) -> Exchange | None:
        """The exchange that this message asked for."""
        return self._latest(EXCHANGES.c.chat == chat, EXCHANGES.c.asked == message)

    def latest(self, chat: int, topic: int | None = None, user: int | None = None) -> Exchange | None:
        """The latest exchange of a chat, in this topic (None: in none), and by this person if given."""
        where = [EXCHANGES.c.chat == chat, EXCHANGES.c.topic.is_not_distinct_from(topic)]
        if user is not None:
            where.append(EXCHANGES.c.user == user)
        return self._latest(*where)

    def _latest(self, *where: ColumnElement[bool]) -> Exchange | None:
        # By number, not by time: a clock may be set back.
        statement = select(EXCHANGES).where(*where).order_by(EXCHANGES.c.id.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(statement).mappings().one_or_none()
            return None if row is None else _with_sources(connection, row["id"], _exchange(row))


def _save_sources(connection: Connection, exchange: Exchange) -> None:
    """Keep whose words an exchange that was just kept holds, besides those of who asked."""
    number = connection.scalar(
        select(func.max(EXCHANGES.c.id)).where(
            EXCHANGES.c.chat == exchange.chat,
            EXCHANGES.c.answered.is_not_distinct_from(exchange.answered),
        )
    )
    connection.execute(delete(SOURCES).where(SOURCES.c.exchange == number))
    held = [(user, False) for user in exchange.sources] + [(user, True) for user in exchange.earlier]
    if held:
        rows = [{"exchange": number, "user": user, "earlier": earlier} for user, earlier in held]
        connection.execute(insert(SOURCES), rows)


def question_key(question: str) -> str:
    """The same for questions that differ only in script, case, spaces or punctuation."""
    compared = NOT_COMPARED.sub("", normalise(question)) or question
    return hashlib.blake2b(compared.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _drop_ratings_of_another_question(connection: Connection, exchange: Exchange, key: str) -> None:
    other = select(EXCHANGES.c.id).where(
        EXCHANGES.c.chat == exchange.chat, EXCHANGES.c.answered == exchange.answered, EXCHANGES.c.key != key
    )
    connection.execute(delete(RATINGS).where(RATINGS.c.exchange.in_(other)))


def _with_sources(connection: Connection, number: int, exchange: Exchange | None) -> Exchange | None:
    """An exchange with those whose words it holds."""
    if exchange is None:
        return None
    held = connection.execute(
        select(SOURCES.c.user, SOURCES.c.earlier).where(SOURCES.c.exchange == number)
    ).all()
    sources = frozenset(user for user, earlier in held if not earlier)
    return exchange.model_copy(
        update={"sources": sources, "earlier": frozenset(user for user, earlier in held if earlier)}
    )


def _exchange(row: Mapping[Any, Any]) -> Exchange | None:
    try:
        state = State.model_validate_json(row["state"])
    except ValidationError:
        logger.info("an exchange that another version stored cannot be read and counts as forgotten")
        return None
    at: dt.datetime = row["at"]
    return Exchange(
        chat=row["chat"],
        answered=row["answered"],
        asked=row["asked"],
        user=row["user"],
        topic=row["topic"],
        state=state,
        at=at,
    )
