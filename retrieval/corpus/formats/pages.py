"""Saved web pages: title, link and day by the page's own marks, the text from where most of it is."""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.corpus.cleaning import clean
from retrieval.corpus.formats.source import Source
from retrieval.corpus.labels import KNOWN, Label, fold
from retrieval.corpus.layout import Record, Value
from retrieval.regex import regex

IMPLIED = frozenset({"html_cleaned"})
"""What is to be expected of a page is no problem."""
CHARSET = regex(rb"""<meta[^>]{0,200}charset=["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
AROUND = "script, style, noscript, template, nav, aside, footer, form, button, iframe, svg, select"
"""Elements that are no part of an article."""
BREAK_IN_CHINESE = regex(r"(?<=[^\x00-\x7f])[ \t]*\n[ \t]*(?=[^\x00-\x7f])")
SOURCE_BREAK = regex(r"[ \t]*\n[ \t]*")
"""Where a page's source is broken its text is not: only its elements break it."""
BLANK_LINES = regex(r"\n\s*\n")
MAIN = ("article", '[itemprop="articleBody"]', "main", '[role="main"]')
"""Where pages say that their article is."""
HOLDERS = "div, section, td, body"
TITLES = ('meta[property="og:title"]', 'meta[name="title"]')
LINKS = ('link[rel="canonical"]', 'meta[property="og:url"]', 'meta[name="url"]')
DAYS = (
    'meta[property="article:published_time"]',
    'meta[itemprop="datePublished"]',
    'meta[name="pubdate" i]',
    'meta[name="publishdate" i]',
    'meta[name="publish_time" i]',
    'meta[name="date" i]',
    "time[datetime]",
    '[itemprop="datePublished"]',
)


def read(source: Source) -> Iterator[Record]:
    """The record of a page."""
    data = source.whole()
    if data is None:
        return
    try:
        parser = importlib.import_module("selectolax.lexbor")
    except ImportError:
        source.report.add("missing_reader", "web pages need selectolax: pip install 'zhiwen[formats]'")
        return
    text = _decoded(source, data)
    if text is None:
        return
    page = parser.LexborHTMLParser(text)
    values = [
        *_metas(page),
        ("title", _first(page, TITLES) or _inner(page.css_first("h1")) or _inner(page.css_first("title"))),
        ("link", _first(page, LINKS)),
    ]
    record = source.record(1, 0, iter(values), IMPLIED)
    if day := _first(page, DAYS) or _of_data(page):
        record.extra.setdefault("date", Value(day, 0))
    body = _body(page, record.fields.get(Label.TITLE))
    if body.strip():
        if Label.SUMMARY in record.fields:
            record.extra["摘要"] = record.fields[Label.SUMMARY]
        record.fields[Label.SUMMARY] = Value(body, 0)
    yield record


def _decoded(source: Source, data: bytes) -> str | None:
    """The page's text, by the character set that it names, else by what it turns out to be written in."""
    named = CHARSET.search(data[:4096])
    if named:
        try:
            return data.decode(named[1].decode())
        except (LookupError, UnicodeDecodeError):
            pass
    source.opened.seek(0)
    decoded = source.text()
    return decoded.text if decoded else None


def _metas(page: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  imported when it is needed
    """What the page's own marks name as fields: keywords, and those of records."""
    for meta in page.css("meta[name][content]"):
        name = meta.attributes.get("name") or ""
        if KNOWN.get(fold(name)) not in {None, Label.TITLE, Label.LINK, Label.SUMMARY}:
            yield name, meta.attributes.get("content") or ""


def _first(page: Any, selectors: tuple[str, ...]) -> str:  # noqa: ANN401
    """The value of the first of some elements that has one."""
    for selector in selectors:
        for node in page.css(selector):
            value = next(
                (
                    node.attributes.get(name)
                    for name in ("content", "href", "datetime")
                    if node.attributes.get(name)
                ),
                None,
            )
            if value or (value := _inner(node)):
                return str(value).strip()
    return ""


def _inner(node: Any) -> str:  # noqa: ANN401
    return clean(node.html or "").text if node is not None else ""


def _of_data(page: Any) -> str:  # noqa: ANN401
    """The day in the page's linked data."""
    for script in page.css('script[type="application/ld+json"]'):
        try:
            content = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        for entry in content if isinstance(content, list) else [content]:
            if isinstance(entry, Mapping) and isinstance(entry.get("datePublished"), str):
                return str(entry["datePublished"])
    return ""


def _body(page: Any, title: Value | None) -> str:  # noqa: ANN401
    """The text of the article, without the title above it."""
    for around in page.css(AROUND):
        around.decompose()
    found = next((held for selector in MAIN if (held := page.css(selector))), None)
    if found is None:
        found = [max(page.css(HOLDERS), key=_own_text, default=page.body)]
    node = max(found, key=lambda one: len(one.text()), default=None)
    if node is None:
        return ""
    for heading in node.css("h1, header h2"):
        if title is not None and _inner(heading) == clean(title.text).text:
            heading.decompose()
    source = SOURCE_BREAK.sub(" ", BREAK_IN_CHINESE.sub("", node.inner_html or ""))
    return BLANK_LINES.sub("\n", clean(source).text)


def _own_text(node: Any) -> int:  # noqa: ANN401
    """How much text the paragraphs right below an element hold."""
    size = sum(len(child.text()) for child in node.iter() if child.tag == "p")
    return size or len(node.text(deep=False).strip())
