"""The dateline that news opens with: who reports, from where, on which day (新华社北京5月6日电)."""

import datetime as dt

from retrieval.regex import regex

SOURCE = r"(?:社|网|報|报|台|臺|视|視|刊|之家|新闻|新聞|财经|財經|日报|快讯|[Aa][Pp][Pp])"
DAY = r"(?:(?P<year>(?:19|20)\d{2})\s?年\s?)?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]"
REPORTERS = r"(?:\s?[（(【][^（）()【】]{1,40}[）)】])"
AFTER = r"\s*(?:[：:，,]|(?<=[）)】\s])|(?=\s))\s*"
DATELINE = regex(
    rf"(?:[（(【]\s?)?[^\W\d_][\w·\- ]{{1,24}}?\s?{DAY}\s?(?:电|電|讯|訊|消息){REPORTERS}?(?:[）)】]|{AFTER})"
    rf"|[^\W\d_][\w·]{{0,14}}?{SOURCE}(?:记者|記者)?(?:消息|讯|訊|快讯|快訊|电|電)(?:{REPORTERS}{AFTER}|\s*[：:]\s*)"
    rf"|[【〖][^【】〖〗]{{2,20}}?(?:报道|報道|讯|訊|消息|电|電)[】〗]\s*",
)
"""How a paragraph opens: with a day (电, 讯 or 消息 behind it), or with a source and its word for news."""


def dateline_end(text: str, start: int, end: int) -> int:
    """Where the dateline ends that a paragraph opens with; `start` when it opens with none."""
    found = DATELINE.match(text, start, end)
    if found is None:
        return start
    at = found.end()
    while text[at - 1].isspace():
        at -= 1
    return at


def dateline_day(text: str, year: int | None = None) -> dt.date | None:
    """The day in the dateline of a text, one without a year being of the given one; None without any."""
    found = DATELINE.match(text.lstrip())
    if found is None or found["day"] is None:
        return None
    named = int(found["year"]) if found["year"] else year
    try:
        return dt.date(named, int(found["month"]), int(found["day"])) if named else None
    except ValueError:
        return None
