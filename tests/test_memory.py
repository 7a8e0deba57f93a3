"""Workers follow the memory that a process may use: control groups as files, of both versions."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import warm
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.update import memory

MANY = 1 << 50
GIGABYTE = 1 << 30
RECORD = (
    "标题: 第{n}号公报\n链接: https://example.org/{n}\n总结: 月球港口第{n}号公报昨日发布，投入{n}亿元。\n\n"
)
INSIDE = """
import os, sys
open(sys.argv[1], "w").write(str(os.getpid()))
from retrieval.index.update import memory
print(memory.allowed(), memory.affordable(6, memory.allowed()), flush=True)
os.execv(sys.executable, [sys.executable, "-m", "bot", "index", "--json"])
"""
"""Goes into a group, says what it may use there, and indexes."""


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


@pytest.fixture
def group() -> Iterator[Path]:
    """A real control group with a gigabyte, within that of the tests."""
    lines = [line.split(":", 2) for line in memory.GROUPS.read_text(encoding="utf-8").splitlines()]
    first = next((path for _, names, path in lines if "memory" in names.split(",")), None)
    above = memory.MOUNTED / "memory" / first.strip("/") if first else memory.MOUNTED
    made = above / f"zhiwen-{os.getpid()}"
    try:
        made.mkdir()
    except OSError:
        pytest.skip("no control group can be made here: run it as root")
    try:
        name = next((one for one in ("memory.limit_in_bytes", "memory.max") if (made / one).exists()), None)
        if name is None:
            pytest.skip("the memory of control groups made here cannot be limited")
        (made / name).write_text(str(GIGABYTE))
        yield made
    finally:
        _remove(made)


def _remove(group: Path) -> None:
    """Remove a group when the last of its processes has gone, which is a moment after it was waited for."""
    for _ in range(500):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.02)
        else:
            return
    group.rmdir()


def test_indexing_in_a_real_group_stays_within_its_limit(group: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("".join(RECORD.format(n=n) for n in range(3_000)), encoding="utf-8")
    settings = {"ZHIWEN_CORPUS": str(corpus), "ZHIWEN_DATA": str(warm.warm(tmp_path / "data"))}
    done = subprocess.run(
        [sys.executable, "-c", INSIDE, str(group / "cgroup.procs")],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"{GIGABYTE} 1"
    told = [file for file in ("memory.oom_control", "memory.events") if (group / file).exists()]
    assert told
    assert all("oom_kill 0" in (group / file).read_text() for file in told)
