"""How often somebody may ask: buckets that fill up with time, and notices that are not repeated."""

import time
from collections.abc import Callable, Hashable
from typing import Final

from bot.telegram.latest import Latest

REMEMBERED: Final = 10_000
"""Keys that are remembered; beyond, the one that was quiet longest counts as new."""
Clock = Callable[[], float]


class Limiter:
    """A bucket for each key: so much at once, then as it fills up.

    Args:
        burst: how much a full bucket allows at once; 0 for no limit.
        seconds: until an empty bucket is full.
        clock: seconds that only go forward.
    """

    def __init__(self, burst: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self._burst = burst
        self._rate = burst / seconds
        self._clock = clock
        self._levels: Latest[Hashable, tuple[float, float]] = Latest(REMEMBERED)

    def take(self, key: Hashable) -> float:
        """Take one; 0 when there was one, otherwise the seconds until there will be."""
        if not self._burst:
            return 0.0
        now = self._clock()
        level, seen = self._levels.get(key, (float(self._burst), now))
        level = min(level + (now - seen) * self._rate, float(self._burst))
        wait = 0.0 if level >= 1 else (1 - level) / self._rate
        self._levels[key] = (level - 1 if wait == 0 else level, now)
        return wait


class Seldom:
    """Lets something through once, then not again for a while, for each key.

    Args:
        seconds: for how long.
        clock: seconds that only go forward.
    """

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._limiter = Limiter(1, seconds, clock)

    def now(self, key: Hashable) -> bool:
        """Whether it is time for this key."""
        return self._limiter.take(key) == 0
