"""Tables: a header that names the fields, and a row for each record."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from retrieval.corpus.decoding import encoding_of
from retrieval.corpus.formats.source import LARGEST_FILE, LARGEST_TABLE, Source
from retrieval.corpus.labels import Label
from retrieval.corpus.layout import Record
from retrieval.corpus.problems import shown

EXCEL_SEPARATOR = "sep="
"""Begins a line above the header that Excel writes."""
DELIMITERS = ",\t;|，"
Row = tuple[int, Sequence[str]]
"""The line or row of a file, and its cells."""


def read(source: Source) -> Iterator[Record]:
    """The records of a file of separated values, whatever separates them."""
    if source.size > LARGEST_TABLE:
        source.tell_too_large(LARGEST_TABLE)
        return
    encoding = encoding_of(source.opened)
    if encoding not in {"utf-8", "utf-8-sig"}:
        source.report.add("encoding_fallback", f"read as {encoding.upper()}; save it as UTF-8", line=1)
    with io.TextIOWrapper(source.opened, encoding, errors="replace", newline="") as text:
        yield from of_rows(source, _rows(source, text), first=1)


def _rows(source: Source, text: io.TextIOWrapper) -> Iterator[Row]:
    header = text.readline(LARGEST_FILE)
    line = 1
    if header.lstrip("\ufeff").lower().startswith(EXCEL_SEPARATOR):
        header, line = text.readline(LARGEST_FILE), line + 1
    delimiter = max(DELIMITERS, key=header.count)
    csv.field_size_limit(LARGEST_FILE)
    rows = csv.reader(_with_header(header, text), delimiter=delimiter)
    above = line - 1
    try:
        for row in rows:
            yield line, row
            line = above + rows.line_num + 1
    except csv.Error as error:
        message = f"cannot be read from here on ({error}); is a quotation mark left open above?"
        source.report.add("malformed_row", message, line=line)


def _with_header(header: str, text: io.TextIOWrapper) -> Iterator[str]:
    yield header.lstrip("\ufeff")
    while line := text.readline(LARGEST_FILE):
        yield line.replace("\0", "")


def of_rows(source: Source, rows: Iterable[Row], *, first: int) -> Iterator[Record]:
    """The records of a table's rows, its header first; numbered from `first`."""
    header: Sequence[str] | None = None
    number = first
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = row
            labels = {source.names.label(name) for name in header}
            if not labels & {Label.TITLE, Label.SUMMARY}:
                message = (
                    f"no column is called 标题 or 总结; name them in fields.toml: {shown(', '.join(header))}"
                )
                source.report.add("not_record_format", message, line=line)
                return
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            message = (
                f"more cells than the header has, which are left out: {shown(' '.join(row[len(header) :]))}"
            )
            source.report.add("malformed_row", message, record=number, line=line)
        if any("\ufffd" in cell for cell in row):
            message = f"bytes that mean nothing were replaced; repair them: {shown(' '.join(row))}"
            source.report.add("invalid_bytes_replaced", message, record=number, line=line)
        yield source.record(number, line, zip(header, row, strict=False))
        number += 1
    if number == first:
        source.report.add("empty_file", "holds no row below a header; add a record or remove it")
