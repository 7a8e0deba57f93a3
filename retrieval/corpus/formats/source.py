"""What a format reads: an open file, what its fields are called, and where problems are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from retrieval.corpus.decoding import Decoded, decode
from retrieval.corpus.labels import KNOWN, Label, fold
from retrieval.corpus.layout import Record, Value
from retrieval.corpus.problems import Report

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of a file that is read whole; a larger one is not read."""
LARGEST_TABLE = 1024 * 1024 * 1024
"""Bytes of a file that is read a row at a time."""
FULL_TEXTS = frozenset("正文 全文 内容 內容 新闻内容 新聞內容 content text body".split())
"""Of several names for the text, those that name all of it."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What files call the fields of a record: the names known, and those that `fields.toml` adds."""

    added: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> Label | None:
        """The field that a name names; None for a further one."""
        return KNOWN.get(fold(self.name(name)))

    def name(self, name: str) -> str:
        """A name, or the one that it is mapped to."""
        return self.added.get(fold(name), name)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read records from; `name` is what articles and problems call it."""

    name: str
    opened: BinaryIO
    size: int
    report: Report
    names: FieldNames = field(default_factory=FieldNames)

    def whole(self) -> bytes | None:
        """What the file holds; None, and a problem, when it is too large."""
        data = self.opened.read(LARGEST_FILE + 1) if self.size <= LARGEST_FILE else None
        if data is None or len(data) > LARGEST_FILE:
            self.tell_too_large(LARGEST_FILE)
            return None
        return data

    def text(self) -> Decoded | None:
        """What the file holds as text, with line feeds only; None, and a problem, when it is none."""
        data = self.whole()
        if data is None:
            return None
        decoded = decode(data)
        if decoded is None:
            self.report.add("undecodable", "not a text file; save it as text in UTF-8, or remove it")
            return None
        text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip("\ufeff \t\n\v\f\xa0\u3000"):
            self.report.add("empty_file", "holds nothing; add a record or remove it")
            return None
        if decoded.encoding != "utf-8":
            message = f"read as {decoded.encoding.upper()}; save it as UTF-8"
            self.report.add("encoding_fallback", message, line=1)
        return decoded._replace(text=text)

    def tell_too_large(self, largest: int) -> None:
        """Add the problem that a file is too large."""
        message = f"larger than {largest // 1024 // 1024} MiB; split it into several files"
        self.report.add("file_too_large", message)

    def record(
        self, number: int, line: int, values: Iterator[tuple[str, str]], implied: frozenset[str] = frozenset()
    ) -> Record:
        """A record of named values; of several names for one field, the text in full or the first counts."""
        record = Record(number=number, line=line, implied=implied)
        called: dict[Label, str] = {}
        for name, text in values:
            label = self.names.label(name)
            if not text.strip() or (label is None and not name.strip()):
                continue
            if label is None:
                record.extra.setdefault(self.names.name(name).strip(), Value(text, line))
                continue
            if label in called and fold(name) in FULL_TEXTS and fold(called[label]) not in FULL_TEXTS:
                record.extra[called[label]] = record.fields.pop(label)
                del called[label]
            if label in called:
                record.extra.setdefault(name.strip(), Value(text, line))
                continue
            called[label] = name.strip()
            record.fields[label] = Value(text, line)
        return record
