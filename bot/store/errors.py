"""What can be wrong with a database, said in one line with the remedy; never its password, never a value."""

import sqlite3
from typing import Final

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from retrieval.errors import ZhiwenError

SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked: stop that program, or try again",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked: stop that program, or try again",
    sqlite3.SQLITE_FULL: "the disk is full: make room",
    sqlite3.SQLITE_READONLY: "it cannot be written to: give this user the right to, or set ZHIWEN_STORE",
    sqlite3.SQLITE_PERM: "it cannot be written to: give this user the right to, or set ZHIWEN_STORE",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that its folder is there and can be written to",
    sqlite3.SQLITE_IOERR: "the disk fails or is full: make room, or check it",
    sqlite3.SQLITE_CORRUPT: "it is damaged: put back a backup, or move it away to begin anew",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database: set ZHIWEN_STORE, or move it away to begin anew",
}
"""By SQLite's primary result code (the lowest byte of the extended one)."""

POSTGRESQL: Final = {
    "08": "the server cannot be reached: check that it runs, and ZHIWEN_STORE",
    "28": "the server rejects user or password: check ZHIWEN_STORE",
    "3D": "there is no such database: create it, or check ZHIWEN_STORE",
    "42": "its tables are not as this version made them, or this user may not use them",
    "53": "the server is out of disk space, memory or connections: make room",
    "25": "it is read-only: connect to the primary server",
    "55": "another program keeps it locked: stop that program, or try again",
    "57": "the server was shut down or cancelled the request: try again",
}
"""By the class of the SQLSTATE."""


class StoreError(ZhiwenError):
    """The store cannot be opened, read or written; what was asked has not been done."""


def explained(error: SQLAlchemyError | OSError, url: URL) -> StoreError:
    """The error as one line that names the store and the remedy."""
    return StoreError(f"The store {place(url)} failed: {_remedy(error)}.")


def place(url: URL) -> str:
    """Where the store lies: a file, or a server's database."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database).render_as_string()


def _remedy(error: SQLAlchemyError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or error}: check ZHIWEN_DATA and ZHIWEN_STORE"
    if isinstance(error, PoolTimeoutError):
        return "all connections to it are taken: try again"
    if not isinstance(error, DBAPIError):
        return f"{type(error).__name__}: check ZHIWEN_STORE"
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, _first_line(cause))
    state = getattr(cause, "sqlstate", None)
    # A connection that could not be made has no state of its own.
    return POSTGRESQL.get(state[:2] if state else "08", _first_line(cause))


def _first_line(cause: BaseException | None) -> str:
    """The database's own words; further lines may quote what was to be stored."""
    return str(cause).partition("\n")[0].rstrip(".")
