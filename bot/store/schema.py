"""Brings a database to the tables of this version; two processes may try at once."""

from typing import Final

from sqlalchemy import URL, Connection, inspect, text

from bot.store.errors import StoreError, place
from bot.store.tables import REVISION

LOCK: Final = 0x7A68_6977_656E
"""The key of PostgreSQL's advisory lock ("zhiwen"); SQLite's transaction is a lock itself."""


def upgrade(connection: Connection, url: URL) -> None:
    """Make what is missing, in the connection's transaction; at the latest revision that is one query.

    Raises:
        StoreError: a newer version made the tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    if _revision(connection) == REVISION:
        return
    from alembic import command  # noqa: PLC0415 - takes longer to load than a start without it
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StoreError(
            f"A newer version of zhiwen made the store {place(url)}: install that one, or set ZHIWEN_STORE."
        ) from None


def _revision(connection: Connection) -> str | None:
    """The migration that the tables stand at; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
