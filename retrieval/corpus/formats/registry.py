"""Which files are read, and what reads them."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from retrieval.corpus.formats import feeds, json_records, notes, pages, record_text, sheets, tables
from retrieval.corpus.formats.source import Source
from retrieval.corpus.layout import Record

Reader = Callable[[Source], Iterator[Record]]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": record_text.read,
        ".json": json_records.read_list,
        ".jsonl": json_records.read_lines,
        ".ndjson": json_records.read_lines,
        ".csv": tables.read,
        ".tsv": tables.read,
        ".xlsx": sheets.read,
        ".md": notes.read,
        ".markdown": notes.read,
        ".html": pages.read,
        ".htm": pages.read,
        ".xml": feeds.read,
        ".rss": feeds.read,
        ".atom": feeds.read,
    }
)
"""By the end of a file's name."""
