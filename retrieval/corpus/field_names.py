"""`fields.toml`: what the files of a folder call the fields of a record."""

import tomllib
from pathlib import Path

from retrieval.corpus.files import FIELD_NAMES
from retrieval.corpus.formats.source import FieldNames
from retrieval.corpus.labels import KNOWN, Label, fold
from retrieval.corpus.layout import is_date_label
from retrieval.corpus.problems import Report, shown


def names_for(path: Path) -> FieldNames:
    """The names of the fields in a file: those known, and those of the `fields.toml` beside it."""
    beside = path.parent / FIELD_NAMES
    return load(beside, Report(FIELD_NAMES)) if beside.is_file() else FieldNames()


def load(path: Path, report: Report) -> FieldNames:
    """The names that a file gives; none, and a problem, of what cannot be read.

    It has a line for each: the name in the files, and the field in a record: 标题, 日期 and so on.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        report.add("malformed_fields", f'cannot be read ({error}); write lines like headline = "标题"')
        return FieldNames()
    table = content.get("fields", content)
    found: dict[str, str] = {}
    for name, field in table.items() if isinstance(table, dict) else ():
        if isinstance(field, str) and (fold(field) in KNOWN or is_date_label(field)):
            found[fold(name)] = field
        else:
            fields = ", ".join([*Label, "日期"])
            message = f"{shown(str(name))} must be one of {fields}, not {shown(str(field))}"
            report.add("malformed_fields", message)
    return FieldNames(found)
