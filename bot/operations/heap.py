"""The heap of a process that runs for months: what keeps it from growing though nothing is kept.

Nothing here changes what the process does, only how much memory the same work leaves behind.
"""

import asyncio
import ctypes
import gc
from typing import Final

M_ARENA_MAX: Final = -8
"""The name of the setting in glibc's malloc.h."""
TRIMMED_EVERY: Final = 60.0
"""Seconds; to trim takes milliseconds."""


def one_arena() -> None:
    """Have all threads share one heap; to be called before there are any."""
    # A heap for each thread keeps what that thread needed at its busiest, broken up. One serves all: threads
    # that hold Python's lock do not allocate at once. Other C libraries than glibc have no such setting.
    if (tune := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        tune(M_ARENA_MAX, 1)


def freeze() -> None:
    """Take what is there for what will always be; to be called when the long run begins."""
    # The collector looks at old objects only when a quarter of them is new: among those of the libraries,
    # hundreds of thousands, garbage that refers to itself would lie for long.
    gc.collect()
    gc.freeze()


def trim() -> None:
    """Give back to the system the pages of the heap that nothing is on."""
    # By itself glibc gives back only what lies at the heap's end: what lasts there keeps all the rest.
    if (give_back := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        give_back(0)


async def keep_trimmed() -> None:
    """Trim the heap again and again, for ever."""
    while True:
        await asyncio.sleep(TRIMMED_EVERY)
        await asyncio.to_thread(trim)
