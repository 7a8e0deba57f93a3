"""Values of other formats as a record writes them: lists, numbers, days."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

LINE_FEED = "\n"
"""Divides the items of a list: they may hold commas."""


def as_text(value: object) -> str:
    """A value as it would be written in a record; empty for none."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (list, tuple)) and not any(isinstance(item, (list, dict)) for item in value):
        return LINE_FEED.join(map(as_text, value))
    if isinstance(value, (list, dict, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def texts(values: Mapping[Any, object]) -> Iterator[tuple[str, str]]:
    """The names and texts of some values."""
    return ((str(name), as_text(value)) for name, value in values.items())
