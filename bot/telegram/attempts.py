"""How often an update was begun and never seen to its end, where that outlasts the process.

Telegram gives an update again until it is done with. One that ends each process that works on it would come
for ever, and keep away all that stands behind it: after a few times it is set aside. What was worked on
beside it is not to blame: what was begun in vain is worked on one by one, so that the one alone counts again.
"""

import asyncio
import logging
import os
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from bot.telegram.intake import PLACES

logger = logging.getLogger(__name__)

MOST: Final = 3
"""How often an update is begun in vain before it is set aside."""
SLOT: Final = struct.Struct("<qq")
"""An update's number, and how often it was begun."""
SLOTS: Final = 2 * PLACES
"""There are as many begun at once, and as many that the process before had begun."""


class Attempts:
    """Counts them.

    Args:
        file: keeps the counts; without one they end with the process.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._in_vain = _read(file) if file else {}
        self._slots: dict[int, int] = {}
        self._free = list(range(SLOTS))
        self._written = _made(file) if file else None
        self._alone = asyncio.Lock()
        for number, count in self._in_vain.items():
            self._write(number, count)

    def close(self) -> None:
        """Write nothing more."""
        if self._written is not None:
            os.close(self._written)
            self._written = None

    def in_vain(self, number: int) -> int:
        """How often an update was begun by processes that did not see its end."""
        return self._in_vain.get(number, 0)

    @asynccontextmanager
    async def attempt(self, number: int) -> AsyncIterator[None]:
        """Work on an update; that it fails or is broken off is an end too."""
        async with self._alone if self.in_vain(number) else nullcontext():
            with self._counted(number):
                yield

    @contextmanager
    def _counted(self, number: int) -> Iterator[None]:
        self._write(number, self.in_vain(number) + 1)
        broken_off = True
        try:
            yield
            broken_off = False
        except Exception:
            broken_off = False
            raise
        finally:
            if broken_off:
                self._write(number, self.in_vain(number))
            else:
                self._in_vain.pop(number, None)
                self._write(number, 0)

    def _write(self, number: int, count: int) -> None:
        """Note in the file how often an update was begun, 0 to forget it."""
        if self._written is None:
            return
        slot = self._slots.get(number)
        if slot is None:
            if not count or not self._free:
                return
            slot = self._slots[number] = self._free.pop()
        try:
            os.pwrite(self._written, SLOT.pack(number, count), slot * SLOT.size)
        except OSError as error:
            logger.debug("what is begun cannot be noted: %s", error)
        if not count:
            self._free.append(self._slots.pop(number))


def _read(file: Path) -> dict[int, int]:
    """How often each update was begun that the process before did not see to its end."""
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    whole = content[: len(content) // SLOT.size * SLOT.size]
    return {number: count for number, count in SLOT.iter_unpack(whole) if count > 0}


def _made(file: Path) -> int | None:
    """The file, made anew: one that still runs for a moment writes into what was there before."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError as error:
        logger.warning("what is begun cannot be noted: %s", error)
        return None
