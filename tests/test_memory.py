"""Workers follow the memory that a process may use: control groups as files, of both versions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.update import memory

MANY = 1 << 50


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return tmp_path / "groups"


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    return tmp_path / "mounted"


def limit(folder: Path, name: str, value: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{value}\n")


@pytest.mark.parametrize("place", ["app/bot", "app", ""])
def test_the_limit_of_a_group_or_of_one_around_it_counts(groups: Path, mounted: Path, place: str) -> None:
    groups.write_text("0::/app/bot\n")
    limit(mounted / "app" / "bot", "memory.max", "max")
    limit(mounted / place, "memory.max", 1 << 20)
    assert memory.allowed(groups, mounted) == 1 << 20


@pytest.mark.parametrize("controllers", ["memory", "cpu,memory"])
def test_the_first_version_counts_too(groups: Path, mounted: Path, controllers: str) -> None:
    groups.write_text(f"9:pids:/\n4:{controllers}:/app\n0::/\n")
    limit(mounted / "memory", "memory.limit_in_bytes", MANY)
    limit(mounted / "memory" / "app", "memory.limit_in_bytes", 1 << 21)
    assert memory.allowed(groups, mounted) == 1 << 21


def test_a_container_sees_its_own_group_at_the_top(groups: Path, mounted: Path) -> None:
    groups.write_text("4:memory:/docker/0123abcd\n")
    limit(mounted / "memory", "memory.limit_in_bytes", 1 << 22)
    assert memory.allowed(groups, mounted) == 1 << 22


@pytest.mark.parametrize("content", [None, "", "0::/\n"])
def test_without_a_limit_the_machine_is_the_limit(groups: Path, mounted: Path, content: str | None) -> None:
    if content is not None:
        groups.write_text(content)
    assert 1 << 27 < memory.allowed(groups, mounted) < MANY


@given(st.integers(1, 64), st.integers(0, 1 << 40))
def test_workers_never_take_more_than_is_allowed(workers: int, allowed: int) -> None:
    count = memory.affordable(workers, allowed)
    assert 1 <= count <= workers
    assert count == 1 or memory.OTHERS + count * memory.WORKER <= allowed
    assert count == workers or memory.OTHERS + (count + 1) * memory.WORKER > allowed


def test_a_machine_with_a_gigabyte_has_no_worker_beside() -> None:
    assert memory.affordable(6, 1 << 30) == 1
