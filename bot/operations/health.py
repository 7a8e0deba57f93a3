"""Whether the running service can do its work: told by its parts, asked by probes and the watchdog."""

import time
from collections.abc import Callable
from typing import Final

from retrieval.models import Model

RECENT: Final = 120.0
"""Seconds: Telegram was heard from so lately that questions can be taken to arrive. Several long polls."""
STUCK: Final = 300.0
"""Seconds without any end of a request for updates, good or bad, though each has its own time limit.

Longer than any pause between two requests, also one that Telegram asks for."""


class Report(Model):
    """What a readiness probe is told; `index` is whether what is asked can be looked up."""

    ready: bool
    articles: int
    index: str
    telegram: str
    seconds_since_telegram: float | None


class Health:
    """The state of a service.

    Args:
        clock: seconds that only go forward, whatever is done to the time of day.
        told: called whenever Telegram is heard.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, told: Callable[[], None] = lambda: None
    ) -> None:
        self._clock = clock
        self._told = told
        self._tried = clock()
        self._heard: float | None = None
        self._articles: Callable[[], int] | None = None
        self._is_reached: Callable[[], bool] = lambda: True
        self._stopping = False

    def tried(self) -> None:
        """A request that the service insists on ended, well or badly."""
        self._tried = self._clock()

    def heard(self) -> None:
        """Telegram let the bot in, answered a request for updates as it should, or delivered one."""
        self._heard = self._tried = self._clock()
        self._told()

    def serving(self, articles: Callable[[], int], is_reached: Callable[[], bool] = lambda: True) -> None:
        """An index is open; how many articles it has, and whether it can be reached, may change."""
        self._articles = articles
        self._is_reached = is_reached

    def stopping(self) -> None:
        """Nothing more is taken."""
        self._stopping = True

    @property
    def is_stuck(self) -> bool:
        """Whether requests for updates have ceased to end: nothing in this process will mend it."""
        return self._clock() - self._tried > STUCK

    def report(self) -> Report:
        """Whether questions are taken and answered now, and if not, why not."""
        ago = None if self._heard is None else self._clock() - self._heard
        if self._stopping:
            telegram = "stopping"
        elif ago is None:
            telegram = "not reached yet"
        else:
            telegram = "reached" if ago <= RECENT else "away"
        index = "not open yet" if self._articles is None else "open" if self._is_reached() else "away"
        return Report(
            ready=telegram == "reached" and index == "open",
            articles=self._articles() if self._articles else 0,
            index=index,
            telegram=telegram,
            seconds_since_telegram=None if ago is None else round(ago, 1),
        )
