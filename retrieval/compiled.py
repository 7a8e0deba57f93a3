"""What patterns are compiled to, kept from one process to the next.

A command that answers one question would spend a sixth of its time on compiling some two hundred patterns.
What Python makes of each is a list of numbers. It has no name for it that is meant for others, hence the two
of its own modules here; where they are not as they were, patterns are compiled as ever.
"""

import contextlib
import hashlib
import importlib
import marshal
import os
import re
import sys
from pathlib import Path
from typing import Any, Final, TypeAlias

FILE: Final = f"patterns-{sys.hexversion:x}.bin"
"""A digest of the rest, then by pattern and flags what this version of Python compiled them to."""
DIGEST: Final = 16
MOST: Final = 2_000
"""Patterns that are kept: where there are more, most are of versions of this program that are gone."""

Key: TypeAlias = tuple[str | bytes, int]
"""A pattern as it is written, and its flags."""


class CompiledPatterns:
    """Compiles patterns, or makes them of what was kept.

    Args:
        most: patterns that are kept.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Key, bytes] = {}
        self._new: dict[Key, bytes] = {}

    @property
    def count(self) -> int:
        """How many patterns were kept."""
        return len(self._kept)

    @property
    def compiled(self) -> int:
        """How many were not, and had to be compiled."""
        return len(self._new)

    def recall(self, folder: Path) -> None:
        """Take what was kept in a folder: nothing, where nothing was, or it is damaged."""
        with contextlib.suppress(OSError):
            content = (folder / FILE).read_bytes()
            if _digest(content[DIGEST:]) == content[:DIGEST]:
                self._kept = marshal.loads(content[DIGEST:])  # noqa: S302  this user's own, and whole
                self._new = {key: made for key, made in self._new.items() if key not in self._kept}

    def keep(self, folder: Path) -> None:
        """Keep what was compiled; where nothing can be written, the next process compiles it again."""
        if not self._new:
            return
        content = marshal.dumps(
            self._new if self.count + self.compiled > self._most else self._kept | self._new
        )
        written = folder / f"{FILE}.{os.getpid()}"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            written.write_bytes(_digest(content) + content)
            written.replace(folder / FILE)

    def pattern(self, written: str | bytes, flags: int) -> re.Pattern[Any]:
        """A pattern as `re.compile` makes it.

        Raises:
            re.error: it is malformed.
        """
        key = written, int(flags)
        with contextlib.suppress(AttributeError, TypeError, ValueError, RuntimeError):
            if key not in self._kept and key not in self._new:
                self._new[key] = marshal.dumps(_compiled(*key))
            arguments = marshal.loads(self._kept.get(key) or self._new[key])  # noqa: S302  as above
            made: re.Pattern[Any] = importlib.import_module("_sre").compile(written, *arguments)
            return made
        return re.compile(*key)


def _compiled(written: str | bytes, flags: int) -> Any:  # noqa: ANN401  what its modules take
    """What Python's own compiler makes of a pattern, as it hands it on."""
    compiler: Any = importlib.import_module("re._compiler")
    parsed = compiler._parser.parse(written, flags)  # noqa: SLF001  see the top
    code = [int(number) for number in compiler._code(parsed, flags)]  # noqa: SLF001
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in parsed.state.groupdict.items():
        names[number] = name
    groups = dict(parsed.state.groupdict)
    return int(flags | parsed.state.flags), code, parsed.state.groups - 1, groups, tuple(names)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST).digest()
