"""Links of articles: whether one may be shown, and the date it tells."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

LONGEST = 2048
"""Characters of the longest link that browsers and Telegram take."""
MOST = 4
"""Links of that length that are looked at in one field."""
UNSAFE = frozenset(
    {"about", "blob", "chrome", "data", "file", "intent", "javascript", "tg", "vbscript", "view-source"},
)
"""Schemes that do something other than open a page."""
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
WEB = re.compile(r"https?://", re.IGNORECASE)
SEPARATORS = ",，;；、|"
BETWEEN = re.compile(
    rf"(?<![\s{SEPARATORS}])[\s{SEPARATORS}]++(?=https?://)|\s+",  # at the first of a run, for linear time
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"[\s\"<>\\^`\x00-\x1f\x7f]")
URL_DATE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})"
    r"(?:[-/_.]?([0-9]{2})[-/_.]?([0-9]{2})|[-/_.]([0-9]{1,2})[-/_.]([0-9]{1,2}))(?![0-9])",
)
WRITTEN_DATE = re.compile(
    r"(?<![0-9])([0-9]{4})(?:([0-9]{2})([0-9]{2})(?![0-9])"
    r"|\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})(?![0-9]))",
)


class Link(NamedTuple):
    """What a link field holds: a URL that may be shown, or the code and wording of the problem with it."""

    url: str | None
    problem: str | None = None
    message: str = ""


def read(value: str) -> Link:
    """The link in a field's cleaned value; the first, when there are several."""
    links = [link for piece in BETWEEN.split(value[: LONGEST * MOST]) if (link := _bare(piece))]
    if any(_is_unsafe(link) for link in links):
        return Link(
            None, "unsafe_link", "only http and https links are shown; give the article's web address"
        )
    if not links or not all(_is_web(link) for link in links):
        return Link(
            None, "malformed_link", "not a web address; give one that starts with http:// or https://"
        )
    if len(links) > 1:
        return Link(links[0], "multi_link", "several links; only the first is kept, so remove the others")
    return Link(links[0])


def published(url: str) -> dt.date | None:
    """The date in a URL's path, as in /2023/07/08/ and t20230708_1.html; None when there is none."""
    parts = urlsplit(url)
    return _first_date(URL_DATE.finditer(f"{parts.path}?{parts.query}"))


def written_date(text: str) -> dt.date | None:
    """The date that a text begins with or holds, as in 2023-07-08 10:00 and 2023年7月8日."""
    return _first_date(WRITTEN_DATE.finditer(unicodedata.normalize("NFKC", text)))


def same_page(url: str) -> str:
    """A key that links to the same page share, whatever their capitals in scheme and host, and fragment."""
    parts = urlsplit(url)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment="").geturl()


def _bare(link: str) -> str:
    """Without the brackets in which mail puts links, and what separates them."""
    return link.rstrip(SEPARATORS).removeprefix("<").removesuffix(">")


def _is_unsafe(link: str) -> bool:
    scheme = SCHEME.match(unicodedata.normalize("NFKC", link))
    if scheme and scheme[1].lower() in UNSAFE:
        return True
    parts = _split(link)
    return parts is not None and bool(WEB.match(link)) and "@" in parts.netloc


def _is_web(link: str) -> bool:
    parts = _split(link)
    return (
        parts is not None
        and WEB.match(link) is not None
        and any(character.isalnum() for character in parts.hostname or "")
        and len(link) <= LONGEST
        and not FORBIDDEN.search(link)
    )


def _split(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _first_date(found: Iterator[re.Match[str]]) -> dt.date | None:
    for match in found:
        year, month, day = (int(number) for number in match.groups() if number is not None)
        try:
            return dt.date(year, month, day)
        except ValueError:
            continue
    return None
