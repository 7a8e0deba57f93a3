"""Excel's sheets: each with a header in its first row that is not empty."""

import importlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from retrieval.corpus.formats import archives
from retrieval.corpus.formats.source import Source
from retrieval.corpus.formats.tables import Row, of_rows
from retrieval.corpus.formats.values import as_text
from retrieval.corpus.layout import Record

DAMAGED = (ParseError, zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError)
"""What reading a broken archive, or a broken part of it, raises."""
LOOKED_AT = 4096
"""Bytes of a part in which a document type would be declared."""


def read(source: Source) -> Iterator[Record]:
    """The records of all sheets of a workbook."""
    refused = archives.refusal(source.opened) or _declared(source)
    if refused:
        source.report.add("unsafe_file", refused)
        return
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError:
        source.report.add("missing_reader", "Excel files need openpyxl: pip install 'zhiwen[formats]'")
        return
    try:
        book = openpyxl.load_workbook(source.opened, read_only=True, data_only=True, keep_links=False)
        first = 1
        for sheet in book.worksheets:
            for record in of_rows(source, _rows(sheet), first=first):
                first = record.number + 1
                yield record
    except (*DAMAGED, LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
        source.report.add("malformed_file", f"cannot be read as a workbook ({error}); save it again")


def _declared(source: Source) -> str | None:
    """Why a workbook is refused whose parts declare entities."""
    try:
        with zipfile.ZipFile(source.opened) as archive:
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        if b"<!DOCTYPE" in part.read(LOOKED_AT).replace(b"\0", b""):
                            return "declares a document type, as no workbook does; save it again"
    except (*DAMAGED, ValueError) as error:
        return f"damaged: {error}; save it again"
    finally:
        source.opened.seek(0)
    return None


def _rows(sheet: Any) -> Iterator[Row]:  # noqa: ANN401  openpyxl is imported when it is needed
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, [as_text(cell) for cell in cells]
