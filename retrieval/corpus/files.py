"""Which files a corpus has, and what they are called."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from retrieval.corpus.formats.registry import READERS

FIELD_NAMES: Final = "fields.toml"
"""The file that tells what the others of its folder call the fields of a record."""


def record_files(given: Path) -> Iterator[tuple[Path, str]]:
    """The record files of a path, with their names; a folder that was visited is not visited again."""
    if not given.is_dir():
        yield given, _printable(given.name)
        return
    failed: list[OSError] = []
    visited: set[str] = set()
    for folder, folders, names in os.walk(given, onerror=failed.append, followlinks=True):
        visited.add(os.path.realpath(folder))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(Path(folder, name)) not in visited
        )
        for name in sorted(filter(is_record_file, names)):
            path = Path(folder, name)
            yield path, named(path, given)
    for error in failed:
        path = Path(error.filename)
        yield path, named(path, given)


def named(path: Path, folder: Path) -> str:
    """The name of a record file in a folder."""
    return _printable(path.relative_to(folder).as_posix())


def is_record_file(name: str) -> bool:
    """Whether a file of a name is read as part of a corpus: one of a known format that is not hidden."""
    return not name.startswith((".", "~$")) and (name == FIELD_NAMES or suffix(name) in READERS)


def suffix(name: str) -> str:
    """The end of a file's name that tells its format."""
    return PurePath(name).suffix.lower()


def _printable(name: str) -> str:
    """A file name without the bytes that are no text."""
    return os.fsencode(name).decode(errors="replace")
