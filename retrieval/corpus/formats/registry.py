"""Which files are read, and what reads them."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from retrieval.corpus.formats.source import Source
    from retrieval.corpus.layout import Record

Reader: TypeAlias = "Callable[[Source], Iterator[Record]]"


def _of(module: str, name: str = "read") -> Reader:
    """A reader of a module that is loaded when a file of its format is read."""

    def read(source: "Source") -> "Iterator[Record]":
        reader: Reader = getattr(importlib.import_module(f"retrieval.corpus.formats.{module}"), name)
        return reader(source)

    return read


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _of("record_text"),
        ".json": _of("json_records", "read_list"),
        ".jsonl": _of("json_records", "read_lines"),
        ".ndjson": _of("json_records", "read_lines"),
        ".csv": _of("tables"),
        ".tsv": _of("tables"),
        ".xlsx": _of("sheets"),
        ".md": _of("notes"),
        ".markdown": _of("notes"),
        ".html": _of("pages"),
        ".htm": _of("pages"),
        ".xml": _of("feeds"),
        ".rss": _of("feeds"),
        ".atom": _of("feeds"),
    }
)
"""By the end of a file's name."""
