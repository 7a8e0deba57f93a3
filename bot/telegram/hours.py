"""The hours of a chat's own time zone: when it is left alone, and when something is due there."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.store import ChatSettings

ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Hong_Kong",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
"""The zones that are offered, by their IANA names."""
QUIET: Final = ((22, 8), (23, 7), (0, 9), (0, 0))
"""The quiet hours that are offered; the last ones are none."""
DAYS: Final = 7


def zone_of(name: str) -> dt.tzinfo:
    """The zone of a name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def named(text: str, known: Iterable[str] = ZONES) -> str | None:
    """The zone that somebody typed, by its IANA name or the end of it; None where there is none."""
    wanted = text.strip().replace(" ", "_").lower()
    offered = next(
        (zone for zone in known if wanted in {zone.lower(), zone.lower().rpartition("/")[2]}), None
    )
    if offered is not None or not wanted:
        return offered
    typed = "/".join(part.capitalize() for part in text.strip().replace(" ", "_").split("/"))
    for name in (text.strip(), typed):
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def zone_name(zone: str, phrases: Mapping[str, str]) -> str:
    """A zone as a reader calls it; by its IANA name where it is none of those offered."""
    return phrases.get(f"zone_{zone.replace('/', '_').lower()}", zone)


def is_quiet(moment: dt.datetime, settings: ChatSettings) -> bool:
    """Whether a chat is to be left alone at a moment."""
    first, last = settings.quiet_from, settings.quiet_until
    hour = moment.astimezone(zone_of(settings.zone)).hour
    return first <= hour < last if first <= last else hour >= first or hour < last


def next_due(after: dt.datetime, zone: str, hour: int, weekday: int | None = None) -> dt.datetime:
    """The first time after a moment that it is this hour in a zone, on a weekday if one is given.

    An hour that the clocks leave out counts as the one after it; of one that they repeat the first counts.
    """
    local = after.astimezone(zone_of(zone))
    for day in range(2 * DAYS):
        at = dt.datetime.combine(local.date() + dt.timedelta(days=day), dt.time(hour), local.tzinfo)
        moment = at.astimezone(dt.UTC)
        if moment > after and weekday in {None, at.weekday()}:
            return moment
    raise AssertionError("every weekday comes within a week")
