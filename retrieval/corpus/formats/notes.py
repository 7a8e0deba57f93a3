"""Markdown notes: fields in the front matter, or else the first heading as the title; one article a file."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from retrieval.corpus.formats.source import Source
from retrieval.corpus.formats.values import texts
from retrieval.corpus.labels import Label, marks
from retrieval.corpus.layout import Record, Value, records
from retrieval.corpus.markdown import without_markdown
from retrieval.regex import regex

FRONT = regex(
    r"\A\ufeff?(?P<mark>---|\+\+\+)[ \t]*\n(?P<front>.*?)^(?P=mark)[ \t]*$\n?", re.DOTALL | re.MULTILINE
)
HEADING = regex(
    r"^[ ]{0,3}#{1,6}[ \t]+(?P<atx>.+?)[ \t#]*$|^(?P<setext>\S.*)\n(?:=+|-+)[ \t]*$", re.MULTILINE
)
IMPLIED = frozenset({"markdown_cleaned", "html_cleaned"})
"""What is to be expected of Markdown is no problem."""


def read(source: Source) -> Iterator[Record]:
    """The record of a note; the records of one that is written as they are."""
    decoded = source.text()
    if decoded is None:
        return
    front = FRONT.match(decoded.text)
    if front is None and {Label.TITLE, Label.SUMMARY} <= {mark.label for mark in marks(decoded.text)}:
        yield from records(decoded.text, source.report)
        return
    values = _front(source, front) if front else {}
    if values is None:
        return
    start = front.end() if front else 0
    record = source.record(1, 1, texts(values), IMPLIED)
    body, line = decoded.text[start:], decoded.text.count("\n", 0, start) + 1
    heading = HEADING.search(body)
    if heading and Label.TITLE not in record.fields:
        title = heading["atx"] or heading["setext"]
        record.fields[Label.TITLE] = Value(
            without_markdown(title.strip()), line + body.count("\n", 0, heading.start())
        )
        body = f"{body[: heading.start()]}{body[heading.end() :]}"
    if body.strip():
        if Label.SUMMARY in record.fields:
            record.extra["摘要"] = record.fields[Label.SUMMARY]
        record.fields[Label.SUMMARY] = Value(body, line)
    yield record


def _front(source: Source, front: re.Match[str]) -> Mapping[Any, object] | None:
    """The values of the front matter, YAML or TOML; None, and a problem, when it cannot be read."""
    written = front["front"]
    try:
        if front["mark"] == "+++":
            return dict(tomllib.loads(written))
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(written, yaml.SafeLoader)):
            source.report.add(
                "unsafe_file", "its front matter repeats parts by reference; write them out", line=1
            )
            return None
        values = yaml.safe_load(written)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        message = f"its front matter cannot be read ({' '.join(str(error).split())}); repair it"
        source.report.add("malformed_file", message, line=1)
        return None
    return values if isinstance(values, Mapping) else {}
