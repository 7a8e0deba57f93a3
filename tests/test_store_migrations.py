"""The migrations make the tables that the store uses, once, however many processes begin at once."""

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import Store
from bot.store.tables import METADATA, REVISION

ROOT = Path(__file__).parents[1]
BEGIN = "import sys; from bot.store import Store; print(Store(sys.argv[1]).feedback.write(1, 1, 'x'))"
PROCESSES = 4


def test_the_latest_migration_is_the_one_the_store_expects() -> None:
    assert ScriptDirectory(str(ROOT / "bot" / "store" / "migrations")).get_current_head() == REVISION


def test_the_migrations_make_the_tables_that_the_store_uses(store: Store) -> None:
    with store._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_processes_that_begin_at_once_share_one_store(store_url: str) -> None:
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", BEGIN, store_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(PROCESSES)
    ]
    assert [process.communicate() for process in begun] == [(b"True\n", b"")] * PROCESSES
    store = Store(store_url)
    assert len(list(store.export())) == PROCESSES
    store.close()
