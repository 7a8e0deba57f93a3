"""The time as Telegram tells it: by when people wrote."""

import datetime as dt
import time
from collections.abc import Callable

Clock = Callable[[], float]


class TelegramClock:
    """How far this machine's clock is ahead of Telegram's.

    Args:
        by_date: seconds since 1970 by this machine, which can be set wrong.
        by_running: seconds that only run on.
    """

    def __init__(self, by_date: Clock = time.time, by_running: Clock = time.monotonic) -> None:
        self._by_date = by_date
        self._by_running = by_running
        self._began: float | None = None
        """When the second clock was at 0, by the latest message."""

    def note(self, written: dt.datetime) -> None:
        """Something was written then, and comes now, or after it waited for this process."""
        began = written.timestamp() - self._by_running()
        self._began = began if self._began is None else max(began, self._began)

    def ahead(self) -> float | None:
        """Seconds that this machine's clock is ahead; None as long as nothing has come."""
        return None if self._began is None else self._by_date() - (self._began + self._by_running())
