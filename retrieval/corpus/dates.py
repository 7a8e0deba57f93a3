"""The day an article was published: as a field, a link or a file's name writes it."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from retrieval.language.mentions.numerals import value
from retrieval.regex import regex

LONGEST = 100
"""Characters of what is written as a date."""
IN_NAME = regex(
    r"(?<![0-9])((?:19|20)[0-9]{2})"
    r"(?:[-/_.]?([0-9]{2})[-/_.]?([0-9]{2})|[-/_.]([0-9]{1,2})[-/_.]([0-9]{1,2}))(?![0-9])",
)
WRITTEN = regex(
    r"(?<![0-9])([0-9]{4})(?:([0-9]{2})([0-9]{2})(?![0-9])"
    r"|\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?![0-9]))",
)
YEAR = regex(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
WHOLE = regex(r"[0-9]{4}(?:[-/.]?[0-9]{1,2}[-/.]?[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}[日号]?)")
AT_THE_END = regex(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}$")
HAN_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
HAN_DATE = regex(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
SECONDS = regex(r"[0-9]{10}(?:[0-9]{3})?")
"""A time as computers count it, in seconds or milliseconds since 1970."""
LATEST = 4_000_000_000


def written(text: str) -> dt.date | None:
    """The day that a text begins with or holds, whatever time and zone follow; None when there is none.

    As in 2023-07-08T10:00:00+08:00, 2023年7月8日, 二〇二三年七月八日, Sat, 08 Jul 2023 10:00:00 GMT.
    The day is the one that is written, in its own zone.
    """
    narrow = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    return _first(WRITTEN.finditer(narrow)) or _han_date(narrow) or _counted(narrow) or _mail_date(narrow)


def is_whole(text: str) -> bool:
    """Whether a text is a day and nothing else, so that nothing is lost by keeping only that."""
    return WHOLE.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


def of_link(url: str) -> dt.date | None:
    """The day in a URL's path, as in /2023/07/08/ and t20230708_1.html."""
    parts = urlsplit(url)
    return _first(IN_NAME.finditer(f"{parts.path}?{parts.query}"))


def of_file(name: str) -> dt.date | None:
    """The day in the name of a file, or else of its folders: daily-2025-12-31.txt, 2025/12/31/a.txt."""
    path = PurePosixPath(name)
    return _first(IN_NAME.finditer(path.name)) or _first(IN_NAME.finditer(path.with_suffix("").as_posix()))


def year_of_file(name: str) -> int | None:
    """The year in the name of a file, as in 2023-05.txt."""
    found = YEAR.search(PurePosixPath(name).name)
    return int(found[1]) if found else None


def of_title(title: str) -> dt.date | None:
    """The day that a title ends with, as those of a daily do."""
    found = AT_THE_END.search(title)
    return written(found.group()) if found else None


def _first(found: Iterator[re.Match[str]]) -> dt.date | None:
    for match in found:
        date = _date(*(int(number) for number in match.groups() if number is not None))
        if date is not None:
            return date
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _han_date(text: str) -> dt.date | None:
    found = HAN_DATE.search(text)
    return (
        _date(int(found[1].translate(HAN_FIGURES)), _han_number(found[2]), _han_number(found[3]))
        if found
        else None
    )


def _han_number(text: str) -> int:
    """A number up to 99: 七, 十, 十二, 二十, 三十一; 0 for none."""
    return int(value(text) or 0)


def _counted(text: str) -> dt.date | None:
    if not SECONDS.fullmatch(text):
        return None
    seconds = int(text[:10])
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date() if seconds < LATEST else None


def _mail_date(text: str) -> dt.date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None
