"""`zhiwen store`: export, purge and backup, as scripts use them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from test_cli import Zhiwen, one_line

from bot.store import FILE, Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def zhiwen(folder: Path) -> Zhiwen:
    """The program with a store in which two people wrote."""
    store = Store(f"sqlite:///{folder / FILE}")
    for user in (11, 12):
        store.feedback.write(user, user, "好")
    store.close()
    return Zhiwen(folder)


def test_export_prints_a_json_object_a_line(zhiwen: Zhiwen) -> None:
    run = zhiwen.here("store", "export")
    assert (run.returncode, run.stderr) == (0, "")
    assert [json.loads(line)["user"] for line in run.stdout.splitlines()] == [11, 12]
    run = zhiwen.here("store", "export", "--user", "12")
    assert [json.loads(line)["text"] for line in run.stdout.splitlines()] == ["好"]


def test_purge_takes_what_is_older_than_the_retention(zhiwen: Zhiwen) -> None:
    assert "0 feedback" in zhiwen.here("store", "purge").stdout
    assert "keeps everything" in zhiwen.here("store", "purge", ZHIWEN_RETENTION="0").stdout
    assert "1 feedback" in zhiwen.here("store", "purge", "--user", "11").stdout
    assert "1 feedback" in zhiwen.here("store", "purge", "--older-than", "0").stdout
    assert zhiwen.here("store", "export").stdout == ""


@pytest.mark.parametrize("days", ["-1", "soon"])
def test_wrong_usage_is_one_line(zhiwen: Zhiwen, days: str) -> None:
    assert "--older-than" in one_line(zhiwen.here("store", "purge", "--older-than", days), 2)


def test_backup_copies_the_store(zhiwen: Zhiwen, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    assert zhiwen.here("store", "backup", str(copy)).returncode == 0
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT count(*) FROM feedback").fetchone() == (2,)


def test_a_store_that_cannot_be_used_is_one_line(zhiwen: Zhiwen, folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database" * 1000)
    assert str(folder) in one_line(zhiwen.here("store", "export"), 1)
    assert "for example" in one_line(zhiwen.here("store", "export", ZHIWEN_STORE="mysql://a"), 1)
