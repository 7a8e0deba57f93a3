"""What can be wrong with a store ends in one line that names it and the remedy, and changes nothing."""

import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import databases
import psycopg
import pytest
import unprivileged
from sqlalchemy import text

from bot.layout.language import Language
from bot.store import ChatSettings, Store, StoreError
from bot.store.tables import REVISION

CHOSEN = ChatSettings(language=Language.EN)
FILE_SIZE = """
import resource, signal, sys
from bot.store import ChatSettings, Store, StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    for number in range(100_000):
        store.feedback.write(1, 1, "x" * 1000)
except StoreError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.chats.save(1, ChatSettings())
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.sqlite3"


def url(file: Path) -> str:
    return f"sqlite:///{file}"


@contextmanager
def failing(*words: str) -> Iterator[None]:
    """A block that must end in a StoreError of one line with these words."""
    with pytest.raises(StoreError) as caught:
        yield
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert "\n" not in message
    assert "sesame" not in message
    assert message.endswith(".")


@pytest.mark.parametrize("given", ["", "store.sqlite3", "mysql://a:sesame@b/c", "sqlite://", "sqlite:///"])
def test_what_is_no_url_of_a_store_is_refused_and_not_shown(given: str) -> None:
    with pytest.raises(StoreError, match="for example sqlite:////var/lib") as caught:
        Store(given)
    assert "sesame" not in str(caught.value)


def test_an_unknown_driver_is_refused() -> None:
    with failing("driver"):
        Store("sqlite+quux:///a")


def test_nobody_else_can_read_the_store(file: Path) -> None:
    store = Store(url(file))
    store.feedback.write(1, 1, "好")
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert file.parent.stat().st_mode & 0o777 == 0o700
    store.close()


def test_what_was_forgotten_is_not_left_in_the_files(file: Path) -> None:
    store = Store(url(file))
    store.feedback.write(1, 1, "sesame" * 50)
    store.people.opt_out(1)
    for path in file.parent.iterdir():
        assert b"sesame" not in path.read_bytes(), path
    store.close()


def test_what_was_forgotten_while_somebody_reads_is_said_to_linger_and_goes_with_them(file: Path) -> None:
    store = Store(url(file))
    store.feedback.write(1, 1, "sesame" * 50)
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM feedback").fetchall()
        assert store.people.forget(1).lingers
        assert not store.erase()
    assert store.erase()
    for path in file.parent.iterdir():
        assert b"sesame" not in path.read_bytes(), path
    store.close()


def test_a_backup_overwrites_nothing(file: Path, tmp_path: Path) -> None:
    store = Store(url(file))
    letter = tmp_path / "letter"
    letter.write_text("dear")
    with failing(str(letter), "already"):
        store.backup(letter)
    assert letter.read_text() == "dear"
    store.close()


def test_a_locked_store_says_so_and_works_when_it_is_free(file: Path) -> None:
    store = Store(url(file))
    store.chats.save(1, CHOSEN)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with failing(str(file), "locked"):
            store.feedback.write(1, 1, "好")
        assert store.chats.settings(1) == CHOSEN
        other.execute("ROLLBACK")
    assert store.feedback.write(1, 1, "好")
    store.close()


def test_a_full_disk_says_so_and_nothing_is_lost(file: Path) -> None:
    limit = 400_000
    done = subprocess.run(
        [sys.executable, "-c", FILE_SIZE, url(file), str(limit)], capture_output=True, text=True, check=True
    )
    assert str(file) in done.stdout
    assert "full" in done.stdout
    with closing(sqlite3.connect(file)) as after:
        assert after.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = Store(url(file))
    assert sum('"feedback"' in line for line in store.export()) > 10
    assert store.chats.save(1, CHOSEN)
    store.close()


def test_a_store_that_may_not_be_written_says_so() -> None:
    with unprivileged.folder() as folder:
        file = folder / "store.sqlite3"
        Store(url(file)).check()
        file.chmod(0o644)
        with unprivileged.user(), failing(str(file), "written"):
            Store(url(file)).chats.save(1, CHOSEN)


def test_a_folder_that_may_not_be_written_says_so_and_works_when_it_may() -> None:
    with unprivileged.folder() as folder:
        (folder / "data").mkdir(mode=0o555)
        file = folder / "data" / "store.sqlite3"
        store = Store(url(file))
        with unprivileged.user(), failing(str(file), "ZHIWEN_STORE"):
            store.check()
        (folder / "data").chmod(0o777)
        with unprivileged.user():
            assert store.chats.save(1, CHOSEN)
            store.close()


def test_what_is_no_database_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("not a database, but somebody's letter; long enough to be read as one " * 20)
    before = file.read_bytes()
    with failing(str(file), "no SQLite database"):
        Store(url(file)).check()
    assert file.read_bytes() == before


def test_a_damaged_store_says_so(file: Path) -> None:
    store = Store(url(file))
    for _ in range(200):
        store.feedback.write(1, 1, "x" * 1000)
    store.close()
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xff" * (file.stat().st_size - 4096))
    with failing(str(file), "damaged"):
        list(Store(url(file)).export())


def test_a_store_of_a_newer_version_is_left_alone(store_url: str) -> None:
    store = Store(store_url)
    store.chats.save(1, CHOSEN)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    newer = Store(store_url)
    with failing("newer version"):
        newer.chats.settings(1)
    with newer._database._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :own"), {"own": REVISION})
    assert newer.chats.settings(1) == CHOSEN
    newer.close()


def test_a_backup_is_a_store(file: Path, tmp_path: Path) -> None:
    store = Store(url(file))
    store.chats.save(1, CHOSEN)
    copy = tmp_path / "backup" / "copy.sqlite3"
    store.backup(copy)
    store.chats.save(1, ChatSettings())
    store.close()
    restored = Store(url(copy))
    assert restored.chats.settings(1) == CHOSEN
    assert copy.stat().st_mode & 0o777 == 0o600
    restored.close()


def test_a_backup_that_cannot_be_written_says_so(file: Path, tmp_path: Path) -> None:
    store = Store(url(file))
    store.check()
    with failing(str(tmp_path)):
        store.backup(tmp_path)
    store.close()


def test_a_server_backs_up_by_its_own_means(postgresql_cluster: str, tmp_path: Path) -> None:
    with failing("pg_dump"):
        Store(postgresql_cluster).backup(tmp_path / "copy")


def test_a_server_that_is_not_there_says_so_without_the_password(tmp_path: Path) -> None:
    store = Store(f"postgresql://zhiwen:sesame@/zhiwen?host={tmp_path}")
    with failing("postgresql+psycopg:///zhiwen", "reached"):
        store.check()


def test_a_missing_database_says_so(postgresql_cluster: str) -> None:
    with failing("nowhere", "ZHIWEN_STORE"):
        Store(postgresql_cluster.replace("/postgres?", "/nowhere?")).check()


def test_a_server_that_went_away_is_found_again(postgresql_cluster: str) -> None:
    database = databases.new_database(postgresql_cluster, uuid.uuid4().hex)
    store = Store(database)
    store.chats.save(1, CHOSEN)
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.chats.settings(1) == CHOSEN
    store.close()
