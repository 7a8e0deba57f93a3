"""Watches: the questions that chats wait for answers to, and the sentences found for them."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, delete, func, insert, select, update

from bot.layout.language import Language
from bot.store.arrivals import note_arrivals
from bot.store.database import Database
from bot.store.letters import post
from bot.store.people import has_opted_out, hold
from bot.store.subscriptions import Letter, Notice, NoticeState, Watch, now
from bot.store.tables import NOTICES, WATCHES
from retrieval.models import EVERYTHING, Filters, Passage


class Watches:
    """What is watched, and what came of it.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        chat: int,
        question: str,
        limit: int,
        *,
        user: int | None = None,
        topic: int | None = None,
        filters: Filters = EVERYTHING,
        language: Language = Language.HANS,
    ) -> Watch | None:
        """Begin a watch; the one that the chat has where it is of the same question and filters.

        Args:
            chat: that is to hear of it.
            question: as it is looked up.
            limit: watches that a chat may have.
            user: who begins it.
            topic: of the forum.
            filters: which articles count.
            language: of the messages.

        Returns:
            None where the chat has as many as it may. A watch with the number 0 where nothing is stored of
            its person, who opted out.
        """
        moment = now()
        values: dict[str, Any] = {
            "chat": chat,
            "topic": topic,
            "user": user,
            "at": moment,
            "renewed": moment,
            "question": question,
            "filters": filters.model_dump_json(),
            "language": language,
        }
        with self._database.writing() as connection:
            hold(connection, user, chat)
            if has_opted_out(connection, user) or has_opted_out(connection, chat):
                return Watch(id=0, chat=chat, at=moment, question=question)
            mine = _watches(connection, WATCHES.c.chat == chat)
            same = (one for one in mine if one.question == question and one.filters == filters)
            if (known := next(same, None)) is not None:
                return known
            if len(mine) >= limit:
                return None
            row = connection.execute(insert(WATCHES).values(values).returning(WATCHES)).mappings().one()
            return _watch(row)

    def of_chat(self, chat: int) -> tuple[Watch, ...]:
        """The watches of a chat, as they were begun."""
        with self._database.reading() as connection:
            return tuple(_watches(connection, WATCHES.c.chat == chat))

    def all(self) -> tuple[Watch, ...]:
        """Every watch."""
        with self._database.reading() as connection:
            return tuple(_watches(connection))

    def end(self, chat: int, number: int) -> Watch | None:
        """End a watch of a chat; which it was, None where it had ended."""
        statement = delete(WATCHES).where(WATCHES.c.chat == chat, WATCHES.c.id == number).returning(WATCHES)
        with self._database.writing() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _watch(row)

    def notices(self, watch: int) -> tuple[Notice, ...]:
        """All that was found for a watch, as it came."""
        with self._database.reading() as connection:
            return _notices(connection, NOTICES.c.watch == watch)

    def pending(self) -> Mapping[int, Sequence[Notice]]:
        """What chats are yet to be told, by the number of the watch."""
        with self._database.reading() as connection:
            found: dict[int, list[Notice]] = {}
            for notice in _notices(connection, NOTICES.c.state == NoticeState.PENDING):
                found.setdefault(notice.watch, []).append(notice)
            return found

    def found_since(self, chat: int, moment: dt.datetime) -> tuple[Notice, ...]:
        """What was found for a chat's watches since a moment, copies aside."""
        shown = NOTICES.c.state.in_([NoticeState.PENDING, NoticeState.TOLD])
        mine = NOTICES.c.watch.in_(select(WATCHES.c.id).where(WATCHES.c.chat == chat))
        with self._database.reading() as connection:
            return _notices(connection, mine, shown, NOTICES.c.at > moment)

    def take_in(
        self,
        articles: Collection[str],
        found: Iterable[Notice],
        considered: Collection[int],
        at: dt.datetime,
    ) -> frozenset[int]:
        """Note that articles came, and what was found for the watches, in one step.

        Args:
            articles: ids of those that came.
            found: for the watches.
            considered: the watches that were looked at.
            at: when they came.

        Returns:
            The watches that were not; if there are any, nothing is noted, and these must be looked at too.
        """
        with self._database.writing() as connection:
            there = frozenset(connection.scalars(select(WATCHES.c.id)))
            if missed := there - frozenset(considered):
                return missed
            note_arrivals(connection, articles, at)
            rows = [_row(notice) for notice in found if notice.watch in there]
            if rows:
                connection.execute(insert(NOTICES), rows)
            return frozenset()

    def post(self, letter: Letter, notices: Collection[Notice]) -> bool:
        """Put a letter on its way that tells of some notices; whether they were yet to be told, all of them.

        From here on they count as told: the letter is what must not be lost.
        """
        numbers = [notice.id for notice in notices]
        pending = NOTICES.c.id.in_(numbers) & (NOTICES.c.state == NoticeState.PENDING)
        with self._database.writing() as connection:
            if connection.scalar(select(func.count()).where(pending)) != len(numbers):
                return False
            connection.execute(update(NOTICES).where(pending).values(state=NoticeState.TOLD))
            renewed = WATCHES.c.id.in_({notice.watch for notice in notices})
            connection.execute(update(WATCHES).where(renewed).values(renewed=now()))
            post(connection, letter)
            return True


def _watches(connection: Connection, *where: Any) -> list[Watch]:  # noqa: ANN401 - SQLAlchemy's conditions
    rows = connection.execute(select(WATCHES).where(*where).order_by(WATCHES.c.id)).mappings()
    return [_watch(row) for row in rows]


def _watch(row: Mapping[Any, Any]) -> Watch:
    values = {name: value for name, value in row.items() if name != "renewed"}
    try:
        filters = Filters.model_validate_json(row["filters"])
    except ValidationError:
        filters = EVERYTHING  # of a version that had others
    return Watch.model_validate(values | {"filters": filters})


def _notices(connection: Connection, *where: Any) -> tuple[Notice, ...]:  # noqa: ANN401 - SQLAlchemy's conditions
    rows = connection.execute(select(NOTICES).where(*where).order_by(NOTICES.c.id)).mappings()
    return tuple(
        Notice(
            id=row["id"],
            watch=row["watch"],
            at=row["at"],
            state=row["state"],
            passage=Passage.model_validate_json(row["passage"]),
        )
        for row in rows
    )


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "watch": notice.watch,
        "article": notice.passage.article,
        "at": notice.at,
        "state": notice.state,
        "passage": notice.passage.model_dump_json(),
    }
