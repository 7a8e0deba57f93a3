"""A file of named arrays: written once from front to back, opened by mapping it into memory.

The arrays lie one after another, each at a multiple of `ALIGNMENT`; a table of them in JSON follows, then its
length and a mark. Opening reads the table only, so that it costs the same for a gigabyte as for a kilobyte.
"""

import hashlib
import json
import mmap
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import IndexUnusableError
from retrieval.index.segment.schema import Field
from retrieval.ragged import Array

ALIGNMENT = 64
MARK = b"zhiwen01"
"""The last bytes of a whole file; raise the number when the layout changes."""
TAIL = 8 + len(MARK)
"""Bytes behind the table: its length and the mark."""


class ArrayWriter:
    """Writes a file of arrays; it has its name only once it is whole.

    Args:
        path: of the file; what is there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = path.with_name(f"{path.name}.new")
        self._file = self._written.open("wb")
        self._digest = hashlib.blake2b(digest_size=16)
        self._table: dict[str, tuple[Any, int, int]] = {}
        self._length = 0

    def add(self, field: Field, array: Array) -> None:
        """Write an array."""
        self.add_parts(field, array.dtype, [array])

    def add_parts(self, field: Field, kind: np.dtype[Any], parts: Iterable[Array]) -> None:
        """Write an array that comes in pieces, of which only one need be in memory."""
        self._put(b"\0" * (-self._length % ALIGNMENT))
        start = self._length
        for part in parts:
            self._put(np.ascontiguousarray(part, dtype=kind).data.cast("B") if len(part) else b"")
        described = kind.descr if kind.names else kind.str
        self._table[field.name] = (described, start, (self._length - start) // kind.itemsize)

    def close(self, facts: Mapping[str, Any]) -> str:
        """Finish the file with some facts about it (JSON), and put it in its place; its digest."""
        table = json.dumps({"arrays": self._table, "facts": facts}).encode()
        self._put(table + len(table).to_bytes(8, "little") + MARK)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._written.replace(self._path)
        return self._digest.hexdigest()

    def _put(self, content: bytes | memoryview) -> None:
        self._file.write(content)
        self._digest.update(content)
        self._length += len(content)


class ArrayFile:
    """A file of arrays, mapped: nothing is read before it is asked for.

    Raises:
        IndexUnusableError: it is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        damaged = f"The index is damaged ({path.name}): run 'zhiwen index --rebuild'."
        try:
            with path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if content[-len(MARK) :] != MARK:
                raise IndexUnusableError(damaged)
            length = int.from_bytes(content[-TAIL : -len(MARK)], "little")
            table = json.loads(content[len(content) - TAIL - length : len(content) - TAIL])
            self.facts: dict[str, Any] = table["facts"]
            self._arrays: dict[str, Array] = {
                name: np.frombuffer(content, dtype=_kind(described), count=count, offset=start)
                if count
                else np.zeros(0, dtype=_kind(described))
                for name, (described, start, count) in table["arrays"].items()
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexUnusableError(damaged) from error

    def __getitem__(self, field: Field) -> Array:
        """One of the arrays."""
        return self._arrays[field.name]


def _kind(described: str | list[list[str]]) -> np.dtype[Any]:
    return np.dtype(described if isinstance(described, str) else [(name, kind) for name, kind in described])


def digest(path: Path) -> str:
    """A digest of a file, to tell whether it is still what was written."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
