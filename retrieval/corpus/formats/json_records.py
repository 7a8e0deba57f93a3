"""JSON: a list of objects, or an object a line."""

import json
from collections.abc import Iterator, Mapping

from retrieval.corpus.decoding import encoding_of
from retrieval.corpus.formats.source import LARGEST_FILE, LARGEST_TABLE, Source
from retrieval.corpus.formats.values import texts
from retrieval.corpus.layout import Record
from retrieval.corpus.problems import shown

LISTS = ("articles", "items", "records", "data", "entries", "news")
"""What an object calls the list of articles that it holds."""


def read_list(source: Source) -> Iterator[Record]:
    """The records of a JSON file: of a list, of an object that holds one, or of an object alone."""
    decoded = source.text()
    if decoded is None:
        return
    try:
        content = json.loads(decoded.text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg}; repair it, or name the file .jsonl if each line is an object"
        source.report.add("malformed_file", message, line=error.lineno)
        return
    except (ValueError, RecursionError) as error:
        why = "too deep" if isinstance(error, RecursionError) else str(error)
        source.report.add("malformed_file", f"JSON that cannot be read ({why}); give a list of objects")
        return
    if isinstance(content, Mapping):
        held = (content[name] for name in LISTS if isinstance(content.get(name), list))
        content = next(held, [content])
    if not isinstance(content, list):
        source.report.add("not_record_format", "no list of objects; give one with a title and a text each")
        return
    for number, entry in enumerate(content, start=1):
        if isinstance(entry, Mapping):
            yield source.record(number, 0, texts(entry))
        else:
            message = f"entry {number} is no object and is left out: {shown(str(entry))}"
            source.report.add("malformed_row", message, record=number)


def read_lines(source: Source) -> Iterator[Record]:
    """The records of a file with a JSON object a line."""
    if source.size > LARGEST_TABLE:
        source.tell_too_large(LARGEST_TABLE)
        return
    encoding = encoding_of(source.opened)
    number = 0
    is_empty = True
    for line, row in enumerate(_lines(source), start=1):
        text = row.decode(encoding, errors="replace").strip("\ufeff \t\r\n")
        if not text:
            continue
        is_empty = False
        number += 1
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"not a JSON object, and left out ({error}): {shown(text)}"
            source.report.add("malformed_row", message, record=number, line=line)
            continue
        if not isinstance(entry, Mapping):
            message = f"not a JSON object, and left out: {shown(text)}"
            source.report.add("malformed_row", message, record=number, line=line)
            continue
        if "\ufffd" in text:
            message = f"bytes that are not {encoding.upper()} were replaced; repair them: {shown(text)}"
            source.report.add("invalid_bytes_replaced", message, record=number, line=line)
        yield source.record(number, line, texts(entry))
    if is_empty:
        source.report.add("empty_file", "holds nothing; add a record or remove it")


def _lines(source: Source) -> Iterator[bytes]:
    """The lines of a file; none of them longer than a file may be that is read whole."""
    while row := source.opened.readline(LARGEST_FILE + 1):
        if len(row) > LARGEST_FILE:
            source.tell_too_large(LARGEST_FILE)
            return
        yield row
