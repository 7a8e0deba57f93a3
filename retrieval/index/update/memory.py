"""How much memory this process may use: what its control groups allow, or what the machine has."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

WORKER = 450_000_000
"""Bytes of a process that analyses: the tokeniser's tables, and a batch."""
OTHERS = 300_000_000
"""Bytes of the processes beside: the one that answers, and the one that reads the records."""

GROUPS = Path("/proc/self/cgroup")
MOUNTED = Path("/sys/fs/cgroup")


def affordable(workers: int, memory: int) -> int:
    """How many of some workers fit into so many bytes; at least one, which is the process itself."""
    return max(1, min(workers, (memory - OTHERS) // WORKER))


def allowed(groups: Path = GROUPS, mounted: Path = MOUNTED) -> int:
    """Bytes that this process and its children may use.

    Args:
        groups: lists the control groups of the process.
        mounted: where these are mounted, of version 1, 2 or both.
    """
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([machine, *_limits(groups, mounted)])


def _limits(groups: Path, mounted: Path) -> Iterator[int]:
    """The limits of a process's groups, and of those that they are in."""
    for file in _files(groups, mounted):
        with contextlib.suppress(OSError, ValueError):  # not mounted here, or "max"
            yield int(file.read_text(encoding="ascii"))


def _files(groups: Path, mounted: Path) -> Iterator[Path]:
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            folder, name = mounted, "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = mounted / "memory", "memory.limit_in_bytes"
        else:
            continue
        group = Path(path.strip("/"))
        yield from (folder / above / name for above in (group, *group.parents))
