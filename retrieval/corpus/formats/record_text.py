"""The text form of records: a line 标题: and so on for each field."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from retrieval.corpus.decoding import Decoded
from retrieval.corpus.formats.source import Source
from retrieval.corpus.labels import Label, marks
from retrieval.corpus.layout import Record, records
from retrieval.corpus.problems import Report, shown


def read(source: Source) -> Iterator[Record]:
    """The records of a text file."""
    decoded = source.text()
    if decoded is None:
        return
    if not any(mark.label in {Label.TITLE, Label.SUMMARY} for mark in marks(decoded.text)):
        message = "no line begins with 标题: or 总结:; see seeds/ for the form"
        source.report.add("not_record_format", message, line=1)
        return
    found = records(decoded.text, source.report)
    _tell_damage(decoded, found, source.report)
    yield from found


def _tell_damage(decoded: Decoded, found: Sequence[Record], report: Report) -> None:
    """Name the first line with a damaged character of each record."""
    if not decoded.damaged:
        return
    starts = [record.line for record in found]
    told: set[int] = set()
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        record = bisect_right(starts, number)
        if "\ufffd" in line and record not in told:
            told.add(record)
            message = (
                f"bytes that are not {decoded.encoding.upper()} were replaced; repair them: {shown(line)}"
            )
            report.add("invalid_bytes_replaced", message, record=record or None, line=number)
