"""The heap of the service gives back what it no longer needs."""

import ctypes
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOLED = """
import ctypes
from bot.operations import heap

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
heap.one_arena()
blocks = [libc.malloc(1000) for _ in range(50_000)]
for block in blocks:
    libc.memset(block, 1, 1000)
for block in blocks[:-1]:
    libc.free(block)
print(open("/proc/self/status").read())
heap.trim()
print(open("/proc/self/status").read())
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc")
def test_pages_below_a_block_that_lasts_are_given_back() -> None:
    run = subprocess.run(
        [sys.executable, "-c", HOLED],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = map(int, re.findall(r"RssAnon:\s+(\d+) kB", run.stdout))
    assert after < before - 40_000
