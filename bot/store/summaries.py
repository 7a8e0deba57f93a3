"""What the operator asks the store: the gaps of the corpus, and how much is asked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    cast,
    func,
    literal,
    select,
    union_all,
    update,
)

from bot.store.database import Database
from bot.store.letters import post
from bot.store.models import Asker, DayCount, Gap, Outcome, Stats, Why
from bot.store.subscriptions import Letter
from bot.store.tables import EXCHANGES, FEEDBACK, RATINGS

UNANSWERED: Final = (Outcome.NO_MATCH, Outcome.LOW_CONFIDENCE, Outcome.UNMET_DEMAND)
"""Outcomes that a better corpus would mend."""
DECLINED: Final = EXCHANGES.c.outcome.in_(UNANSWERED) & EXCHANGES.c.mended.is_(None)
"""Exchanges that wait for one."""
TOLD: Final = 1


class Summaries:
    """Figures over what is stored.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def gaps(self, limit: int = 20) -> tuple[Gap, ...]:
        """The questions that were declined, or whose answers were rated down, the most frequent first."""
        declined = _grouped(Why.UNANSWERED, DECLINED)
        rated = EXCHANGES.c.id.in_(select(RATINGS.c.exchange).where(RATINGS.c.up == 0))
        bad = _grouped(Why.RATED_DOWN, rated & (EXCHANGES.c.outcome == Outcome.ANSWERED))
        groups = union_all(declined, bad).subquery()
        statement = (
            select(
                EXCHANGES.c.id.label("exchange"),
                EXCHANGES.c.question,
                EXCHANGES.c.key,
                EXCHANGES.c.passage,
                EXCHANGES.c.title,
                groups.c.why,
                groups.c.count,
                EXCHANGES.c.at.label("last"),
            )
            .join(groups, EXCHANGES.c.id == groups.c.latest)
            .order_by(groups.c.count.desc(), EXCHANGES.c.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = [dict(row) for row in connection.execute(statement).mappings()]
            faults = _faults(connection, [row["key"] for row in rows])
        return tuple(
            Gap.model_validate(row | {"faults": faults[key] if row["why"] == Why.RATED_DOWN else {}})
            for row in rows
            for key in [row.pop("key")]
        )

    def mend(self, exchanges: Collection[int]) -> int:
        """Take questions (by the numbers of exchanges) from the gaps, for they are answered now; how many."""
        keys = select(EXCHANGES.c.key).where(EXCHANGES.c.id.in_(exchanges))
        statement = update(EXCHANGES).where(DECLINED, EXCHANGES.c.key.in_(keys)).values(mended=0)
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount

    def askers(self) -> tuple[Asker, ...]:
        """Who could be told that their question is answered now: each once for a question, the latest."""
        mended = EXCHANGES.c.mended == 0
        private = (EXCHANGES.c.chat == EXCHANGES.c.user) & EXCHANGES.c.answered.is_not(None)
        latest = select(func.max(EXCHANGES.c.id)).where(mended, private)
        latest = latest.group_by(EXCHANGES.c.chat, EXCHANGES.c.key)
        statement = select(EXCHANGES).where(EXCHANGES.c.id.in_(latest)).order_by(EXCHANGES.c.id)
        with self._database.reading() as connection:
            return tuple(
                Asker(
                    exchange=row["id"],
                    chat=row["chat"],
                    answered=row["answered"],
                    question=row["question"],
                )
                for row in connection.execute(statement).mappings()
            )

    def tell(self, asker: Asker, letter: Letter) -> bool:
        """Put on its way what tells somebody that their question is answered; False where they were told."""
        key = select(EXCHANGES.c.key).where(EXCHANGES.c.id == asker.exchange).scalar_subquery()
        theirs = (EXCHANGES.c.chat == asker.chat) & (EXCHANGES.c.mended == 0) & (EXCHANGES.c.key == key)
        with self._database.writing() as connection:
            if not connection.execute(update(EXCHANGES).where(theirs).values(mended=TOLD)).rowcount:
                return False
            post(connection, letter)
            return True

    def stats(self, days: int = 30) -> Stats:
        """What was asked in the last days, today among them."""
        today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        since = today - dt.timedelta(days=days - 1)
        recent = EXCHANGES.c.at >= since
        with self._database.reading() as connection:
            chats, users = connection.execute(
                select(
                    func.count(EXCHANGES.c.chat.distinct()), func.count(EXCHANGES.c.user.distinct())
                ).where(recent)
            ).one()
            return Stats(
                days=_days(connection, recent),
                chats=chats,
                users=users,
                ups=_count(connection, RATINGS.c.at >= since, RATINGS.c.up == 1),
                downs=_count(connection, RATINGS.c.at >= since, RATINGS.c.up == 0),
                feedback=_count(connection, FEEDBACK.c.at >= since),
            )


def _grouped(why: Why, where: ColumnElement[bool]) -> Select[str, int, Any]:
    return (
        select(
            literal(str(why)).label("why"),
            func.count().label("count"),
            func.max(EXCHANGES.c.id).label("latest"),
        )
        .where(where)
        .group_by(EXCHANGES.c.key)
    )


def _faults(connection: Connection, keys: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """How often readers said what is wrong with the answers to some questions, by the questions' keys."""
    statement = (
        select(EXCHANGES.c.key, RATINGS.c.fault, func.count())
        .join(RATINGS, RATINGS.c.exchange == EXCHANGES.c.id)
        .where(EXCHANGES.c.key.in_(keys), RATINGS.c.fault.is_not(None))
        .group_by(EXCHANGES.c.key, RATINGS.c.fault)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key, fault, count in connection.execute(statement):
        found[key][fault] = count
    return found


def _days(connection: Connection, where: ColumnElement[bool]) -> tuple[DayCount, ...]:
    if connection.dialect.name == "sqlite":
        day: ColumnElement[str] | ColumnElement[dt.date] = func.date(EXCHANGES.c.at)
    else:
        day = cast(func.timezone("UTC", EXCHANGES.c.at), Date)
    statement = (
        select(day.label("day"), EXCHANGES.c.outcome, func.count().label("count"))
        .where(where)
        .group_by("day", EXCHANGES.c.outcome)
        .order_by("day", EXCHANGES.c.outcome)
    )
    found: dict[dt.date, dict[Outcome, int]] = defaultdict(dict)
    for row in connection.execute(statement):
        found[dt.date.fromisoformat(str(row.day))][Outcome(row.outcome)] = row[2]
    return tuple(DayCount(day=day, outcomes=outcomes) for day, outcomes in found.items())


def _count(connection: Connection, *where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(*where)) or 0
