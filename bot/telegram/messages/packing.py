"""What news are wanted, packed into the few bytes that a button can carry."""

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Final

from retrieval.models import NewsRequest, Period

NO_DAY: Final = "-"
COMPACT: Final = "gb18030"


def packed(wanted: NewsRequest) -> tuple[str, str, str]:
    """The arguments of a button, of letters, digits, - and _."""
    subject = base64.urlsafe_b64encode(wanted.subject.encode("utf-8", "replace")).decode().rstrip("=")
    return _day(wanted.period.since), _day(wanted.period.until), subject


def unpacked(arguments: Sequence[str]) -> NewsRequest:
    """What `packed` made these arguments of."""
    since, until, subject = arguments
    text = base64.urlsafe_b64decode(subject + "=" * (-len(subject) % 4)).decode()
    return NewsRequest(subject=text, period=Period(since=_date(since), until=_date(until)))


def packed_subject(subject: str) -> str:
    """A subject as short as a button can carry it: two bytes a Chinese character."""
    return base64.urlsafe_b64encode(subject.encode(COMPACT, "replace")).decode().rstrip("=")


def unpacked_subject(packed: str) -> str:
    """The subject that `packed_subject` made this of."""
    return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode(COMPACT)


def _day(day: dt.date | None) -> str:
    return f"{day.toordinal():x}" if day else NO_DAY


def _date(day: str) -> dt.date | None:
    return None if day == NO_DAY else dt.date.fromordinal(int(day, 16))
