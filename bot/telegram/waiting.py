"""Updates that take long, written down: Telegram may forget them and give the next.

It gives at most a hundred from the first that is not done with. If a hundred of one chat stood behind an
answer that cannot be sent at present, it would give nothing of any other.
"""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from telegram import Bot, Update

logger = logging.getLogger(__name__)

MOST: Final = 5_000
"""Updates that are written down at most."""
SECONDS: Final = 24 * 3600.0
"""For so long Telegram keeps an update, and so is one that was written down."""


class Waiting:
    """Writes them down, a file each.

    Args:
        folder: keeps the files; without one nothing is written down.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._numbers: set[int] = set()

    def has(self, number: int) -> bool:
        """Whether an update is written down."""
        return number in self._numbers

    def add(self, update: Update) -> bool:
        """Write an update down; whether that is done."""
        folder, number = self._folder, update.update_id
        if folder is None or len(self._numbers) >= MOST:
            return False
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = folder / f"{number}.part"
            unfinished.write_text(update.to_json(), encoding="utf-8")
            unfinished.replace(folder / f"{number}.json")
        except OSError as error:
            logger.debug("an update cannot be written down: %s", error)
            return False
        self._numbers.add(number)
        return True

    def remove(self, number: int) -> None:
        """Forget an update that is done with."""
        if self._folder is not None and number in self._numbers:
            self._numbers.discard(number)
            (self._folder / f"{number}.json").unlink(missing_ok=True)

    def left(self, bot: Bot) -> Iterator[Update]:
        """Those that the process before did not get to, the first one first; what is too old is forgotten."""
        for file in sorted(self._folder.glob("*.json") if self._folder else (), key=_number):
            try:
                if file.stat().st_mtime < time.time() - SECONDS:
                    file.unlink()
                    continue
                update = Update.de_json(json.loads(file.read_text(encoding="utf-8")), bot)
            except (OSError, ValueError, TypeError, KeyError) as error:
                logger.warning("an update that waited cannot be read: %s", error)
                continue
            self._numbers.add(update.update_id)
            yield update


def _number(file: Path) -> int:
    return int(file.stem) if file.stem.isdecimal() else 0
