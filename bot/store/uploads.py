"""Uploads: the record files that admins sent, and where each stands; the files themselves lie elsewhere."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from bot.store.database import Database
from bot.store.models import Upload, UploadState
from bot.store.tables import UPLOADS


class Uploads:
    """What admins sent.

    Args:
        database: of the store.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, admin: int, files: Sequence[str]) -> Upload:
        """Note files that came, not yet confirmed."""
        now = dt.datetime.now(dt.UTC)
        values = {"admin": admin, "at": now, "files": list(files), "state": UploadState.PENDING}
        with self._database.writing() as connection:
            row = connection.execute(insert(UPLOADS).values(values).returning(UPLOADS)).mappings().one()
        return _upload(row)

    def get(self, number: int) -> Upload | None:
        """The upload of this number."""
        with self._database.reading() as connection:
            row = connection.execute(select(UPLOADS).where(UPLOADS.c.id == number)).mappings().one_or_none()
        return None if row is None else _upload(row)

    def list(self, state: UploadState | None = None, limit: int = 20) -> tuple[Upload, ...]:
        """The latest uploads, in this state if given, latest first."""
        statement = select(UPLOADS).order_by(UPLOADS.c.id.desc()).limit(limit)
        if state is not None:
            statement = statement.where(UPLOADS.c.state == state)
        with self._database.reading() as connection:
            return tuple(_upload(row) for row in connection.execute(statement).mappings())

    def expire(self, before: dt.datetime) -> frozenset[int]:
        """Withdraw what came before a moment and was not confirmed; what may still be."""
        pending = UPLOADS.c.state == UploadState.PENDING
        with self._database.writing() as connection:
            connection.execute(
                update(UPLOADS).where(pending, UPLOADS.c.at < before).values(state=UploadState.WITHDRAWN)
            )
            return frozenset(connection.scalars(select(UPLOADS.c.id).where(pending)))

    def move(self, number: int, *, before: UploadState, after: UploadState) -> bool:
        """Bring an upload from one state to another; False where it is not in the first (any more)."""
        statement = (
            update(UPLOADS).where(UPLOADS.c.id == number, UPLOADS.c.state == before).values(state=after)
        )
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount == 1


def _upload(row: Mapping[Any, Any]) -> Upload:
    return Upload.model_validate(dict(row))
