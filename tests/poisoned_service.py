"""A bot that a word kills: `python tests/poisoned_service.py TOKEN URL FOLDER ADMIN`."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import sample
from bot_at_work import polling

from bot.operations import logs
from bot.store import Store
from bot.telegram.application import application
from bot.telegram.handlers import Access, HandlerContext, Limits

POISON, SLOW = "毒", "慢"


class Poisoned(sample.Library):
    """A retriever that does not live to see the end of one question, and waits with another.

    Args:
        folder: where a file keeps it waiting.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(sample.SHANGHAI, sample.OFFLINE)
        self._folder = folder

    def hear(self, text: str) -> None:
        """Be asked."""
        if POISON in text:
            os.kill(os.getpid(), signal.SIGKILL)
        while SLOW in text and (self._folder / SLOW).exists():
            time.sleep(0.01)


async def main(token: str, url: str, folder: Path, admin: int) -> None:
    """Answer until told to stop."""
    desk = HandlerContext(
        Poisoned(folder),
        token,
        store=Store(f"sqlite:///{folder / 'store.sqlite3'}"),
        uploads=folder / "uploads",
        access=Access(admins=frozenset({admin})),
        limits=Limits(user=0, group=0),
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await polling(application(token, url, desk, rate=0, folder=folder / "updates"), stop)


if __name__ == "__main__":
    logs.set_up()
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
