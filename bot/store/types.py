"""Column types that give the same value from SQLite and from PostgreSQL."""

import datetime as dt
import zlib
from typing import Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

Id: Final = BigInteger().with_variant(Integer, "sqlite")
"""A number as Telegram gives it (52 bits), or a row's own: SQLite only counts up in an INTEGER."""


class Utc(TypeDecorator[dt.datetime]):
    """A moment with its zone; stored in UTC, and given in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment as the database takes it: SQLite knows no zones.

        Raises:
            ValueError: it has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        moment = value.astimezone(dt.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """The moment, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


class Plain(TypeDecorator[str]):
    """A text in which what no database takes, NUL and halves of characters, is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as in the base class
        """The text as any database takes it."""
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Compressed(TypeDecorator[str]):
    """A long text, compressed: an answer with its passages shrinks to a third."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - as in the base class
        """The text's bytes, compressed."""
        return None if value is None else zlib.compress(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - as in the base class
        """The text."""
        return None if value is None else zlib.decompress(value).decode()
