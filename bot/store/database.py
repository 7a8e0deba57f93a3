"""The connection to the store's database: SQLite in a file, or a PostgreSQL server.

Opened at first use, and again until that succeeds: a store that is away for a while costs what it would
have remembered, not the answers.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.store import schema
from bot.store.errors import StoreError, explained

BUSY_SECONDS: Final = 5.0
"""How long a statement waits for another process's lock."""
LOG_MS: Final = 500
"""Milliseconds that the log's truncation waits for those who read it."""
CONNECTIONS: Final = 40
"""More than asyncio.to_thread has threads, so that no thread waits for another's."""

_BEGIN: Final = "zhiwen_begin"

PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    # What a person had deleted is overwritten, not only given up.
    "secure_delete=ON",
    # 256 kB a connection: the default of 2 MB fills as the file grows, and a service has many connections.
    "cache_size=-256",
)


class Database:
    """A pool of connections, and transactions on them; safe to share between threads.

    Args:
        url: an SQLAlchemy URL with the dialect sqlite or postgresql.

    Raises:
        StoreError: this is no such URL, or the driver is not installed.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = _parsed(url)
        self._engine = _engine(self.url)
        self._opening = threading.Lock()
        # Threads of this process queue up for SQLite's one writer: its own waiting lets some starve.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._is_open = False
        self.log_lingers = self.is_sqlite
        """Whether SQLite's log may hold what was deleted; the process before may have left some."""

    @property
    def is_sqlite(self) -> bool:
        """Whether it lies in a file of this machine."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store.

        Raises:
            StoreError: the database cannot be read.
        """
        options = {_BEGIN: "BEGIN"} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._explained():
            self._open()
            with self._engine.execution_options(**options).begin() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or, after an error, not at all.

        Raises:
            StoreError: the database cannot be written.
        """
        with self._explained():
            self._open()
            with self._turn, self._engine.begin() as connection:
                yield connection

    def backup(self, file: Path) -> None:
        """Copy a SQLite database as it is at this moment, whoever writes to it.

        Raises:
            StoreError: it lies on a server, or the file is there already or cannot be written.
        """
        if not self.is_sqlite:
            raise StoreError("The store lies on a PostgreSQL server: use pg_dump.")
        if file.exists():
            raise StoreError(f"{file} is there already: name another file, or delete it.")
        with self._explained():
            self._open()
            _make_private(file)
            with self._engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
                source: Any = connection.connection.driver_connection
                try:
                    source.backup(copy)
                except sqlite3.Error as error:
                    raise StoreError(f"The backup to {file} failed: {error}.") from error

    def truncate_log(self) -> bool:
        """Move what was written into the database file, so that nothing deleted stays in SQLite's log.

        Returns:
            Whether that is done: as long as another program reads, it cannot be.

        Raises:
            StoreError: the database cannot be written.
        """
        if not self.is_sqlite:
            return True
        with self._explained():
            self._open()
            with self._engine.connect() as connection:
                cursor = connection.connection.cursor()
                # It keeps whoever writes waiting for whoever reads.
                cursor.execute(f"PRAGMA busy_timeout={LOG_MS}")
                busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                cursor.execute(f"PRAGMA busy_timeout={int(1e3 * BUSY_SECONDS)}")
        self.log_lingers = bool(busy)
        return not busy

    def close(self) -> None:
        """Give the connections back; the next use opens them again."""
        self._engine.dispose()

    def _open(self) -> None:
        """Make or upgrade the tables, where no thread of this process has done it yet."""
        if self._is_open:
            return
        with self._opening:
            if not self._is_open:
                self._open_first()

    def _open_first(self) -> None:
        if self.is_sqlite and self.url.database:
            _make_private(Path(self.url.database))
        with self._engine.begin() as connection:
            schema.upgrade(connection, self.url)
        self._is_open = True

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            # The cause would show the statement and what was to be stored.
            raise explained(error, self.url) from None


def upsert(connection: Connection, table: Table, keys: Sequence[str], values: Mapping[str, Any]) -> None:
    """Insert a row, or give the row with these keys the other values."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**values)
    changed = {name: statement.excluded[name] for name in values if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed))


def _parsed(given: str | URL) -> URL:
    try:
        url = make_url(given)
        if url.drivername in {"postgresql", "postgres"}:
            url = url.set(drivername="postgresql+psycopg")
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        # The value is not shown: it may hold a password.
        raise StoreError(
            "ZHIWEN_STORE must be an SQLAlchemy URL: for example sqlite:////var/lib/zhiwen/store.sqlite3 "
            "or postgresql://zhiwen@localhost/zhiwen."
        )
    if backend == "sqlite" and not url.database:
        raise StoreError("ZHIWEN_STORE names no file: for example sqlite:////var/lib/zhiwen/store.sqlite3.")
    return url


def _engine(url: URL) -> Engine:
    options: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": 0, "hide_parameters": True}
    try:
        if url.get_backend_name() == "postgresql":
            connect = {"connect_timeout": int(BUSY_SECONDS), "options": "-c lock_timeout=5s"}
            return create_engine(url, pool_pre_ping=True, connect_args=connect, **options)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **options)
    except NoSuchModuleError:
        raise StoreError("ZHIWEN_STORE names a driver that is not known: leave it out.") from None
    except ModuleNotFoundError as error:
        raise StoreError(
            f"ZHIWEN_STORE needs {error.name}: install zhiwen with the extra 'postgres'."
        ) from error
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    """Set SQLite up; transactions are begun by `_begin`, not by the driver at the first change."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction that writes with the lock in hand: to take it later can fail without waiting."""
    connection.execute(text(connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")))


def _make_private(file: Path) -> None:
    """Make a file that nobody else may read; SQLite gives its log the same mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600))
