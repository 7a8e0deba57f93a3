"""Digests: which chats get one, and when the next one is due."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select, update

from bot.store.database import Database, upsert
from bot.store.letters import post
from bot.store.people import has_opted_out, hold
from bot.store.subscriptions import Digest, Letter, Notice, NoticeState
from bot.store.tables import DIGESTS, NOTICES


class Digests:
    """The digests that chats get.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_chat(self, chat: int) -> Digest | None:
        """When a chat gets its digest; None where it gets none."""
        with self._database.reading() as connection:
            row = connection.execute(select(DIGESTS).where(DIGESTS.c.chat == chat)).mappings().one_or_none()
        return None if row is None else Digest.model_validate(dict(row))

    def save(self, digest: Digest) -> bool:
        """Keep when a chat gets its digest; False where nothing is stored of its person, who opted out."""
        with self._database.writing() as connection:
            hold(connection, digest.user, digest.chat)
            if has_opted_out(connection, digest.user) or has_opted_out(connection, digest.chat):
                return False
            upsert(connection, DIGESTS, ["chat"], digest.model_dump())
            return True

    def end(self, chat: int) -> bool:
        """Send a chat no digest any more; whether it got any."""
        with self._database.writing() as connection:
            return connection.execute(delete(DIGESTS).where(DIGESTS.c.chat == chat)).rowcount == 1

    def due(self, moment: dt.datetime) -> tuple[Digest, ...]:
        """The digests that are due at a moment."""
        statement = select(DIGESTS).where(DIGESTS.c.due <= moment).order_by(DIGESTS.c.due)
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(Digest.model_validate(dict(row)) for row in rows)

    def post(
        self, digest: Digest, after: Digest, letter: Letter | None, notices: Collection[Notice] = ()
    ) -> bool:
        """Put a digest on its way and set when the next one comes; whether it was still due.

        Args:
            digest: as it was when it was due.
            after: as it is from now on.
            letter: None where there is nothing to tell.
            notices: that the letter tells of, some of which may be pending; they are told then.
        """
        same = (DIGESTS.c.chat == digest.chat) & (DIGESTS.c.due == digest.due)
        changed: dict[str, Any] = {"since": after.since, "due": after.due}
        numbers = [notice.id for notice in notices]
        with self._database.writing() as connection:
            if connection.execute(update(DIGESTS).where(same).values(changed)).rowcount != 1:
                return False
            told = update(NOTICES).where(NOTICES.c.id.in_(numbers), NOTICES.c.state == NoticeState.PENDING)
            connection.execute(told.values(state=NoticeState.TOLD))
            if letter is not None:
                post(connection, letter)
            return True
