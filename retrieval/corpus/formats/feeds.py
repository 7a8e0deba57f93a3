"""Feeds, RSS and Atom: an entry is a record."""

import importlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.corpus.formats.source import Source
from retrieval.corpus.formats.values import as_text
from retrieval.corpus.layout import Record
from retrieval.regex import regex

DECLARES = regex(rb"<!ENTITY", re.IGNORECASE)
IMPLIED = frozenset({"html_cleaned"})
KNOWN_PARTS = frozenset({"title", "link", "summary", "content", "published", "updated", "tags", "id"})


def read(source: Source) -> Iterator[Record]:
    """The records of a feed."""
    data = source.whole()
    if data is None:
        return
    if DECLARES.search(data.replace(b"\0", b"")):
        source.report.add(
            "unsafe_file", "declares entities of its own, as no feed needs to; remove them", line=1
        )
        return
    try:
        feedparser = importlib.import_module("feedparser")
    except ImportError:
        source.report.add("missing_reader", "feeds need feedparser: pip install 'zhiwen[formats]'")
        return
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        why = f" ({feed.bozo_exception})" if feed.get("bozo") else ""
        message = f"no feed with entries{why}; give RSS or Atom"
        source.report.add("not_record_format", message, line=1)
        return
    for number, entry in enumerate(feed.entries, start=1):
        yield source.record(number, 0, _values(entry), IMPLIED)


def _values(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an entry says, under the names of a record; its text is the longest that it has."""
    written = [str(content.get("value", "")) for content in entry.get("content", ())]
    yield "title", as_text(entry.get("title"))
    yield "link", as_text(entry.get("link"))
    yield "text", max([*written, as_text(entry.get("summary"))], key=len)
    day = next((entry[name] for name in ("published", "updated") if name in entry), None)
    yield "published", as_text(day)
    yield "keywords", "\n".join(str(tag.get("term") or "") for tag in entry.get("tags", ()))
    for name, value in entry.items():
        if name not in KNOWN_PARTS and isinstance(value, str) and not name.endswith(("_parsed", "_detail")):
            yield name, value
