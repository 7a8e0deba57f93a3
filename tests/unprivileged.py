"""Being an ordinary user for a while: root may write wherever it likes, tests of rights must not."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that an ordinary user can reach; pytest's own are closed to others."""
    made = Path(tempfile.mkdtemp(prefix="zhiwen-"))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def user() -> Iterator[None]:
    """This process as nobody, where it is root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
