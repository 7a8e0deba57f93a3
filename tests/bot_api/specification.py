"""A call against the specification: the method, the names and the types of its parameters."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

SPECIFICATION: Final = Path(__file__).parents[3] / "shared" / "data" / "botapi-10.3.json"


@functools.cache
def _specification() -> Any:  # noqa: ANN401 - JSON, read as it comes
    return json.loads(SPECIFICATION.read_text("utf-8")) if SPECIFICATION.exists() else None


def complaints(method: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """What the specification says against a call."""
    specification = _specification()
    if specification is None:
        return
    known = specification["methods"].get(method)
    if known is None:
        yield "no such method"
        return
    fields = {field["name"]: field for field in known.get("fields", ())}
    yield from _names(fields, set(parameters))
    for name in fields.keys() & parameters.keys():
        types = fields[name]["types"]
        if "InputFile" in types:
            continue  # comes as a part of the request, not as JSON
        value = parameters[name]
        if not any(_is(kind, value if kind == "String" else parsed(value)) for kind in types):
            yield f"{name}={value!r} is not {' or '.join(types)}"


def _names(fields: Mapping[str, Mapping[str, Any]], given: set[str]) -> Iterator[str]:
    for name in sorted(given - fields.keys()):
        yield f"unknown parameter {name}"
    for name in sorted(name for name, field in fields.items() if field["required"] and name not in given):
        yield f"{name} is missing"


def parsed(value: str) -> object:
    """A value as JSON; None where it is none."""
    try:
        parsed: object = json.loads(value)
    except ValueError:
        return None
    return parsed


def _is(kind: str, value: object) -> bool:
    """Whether a JSON value is of a type of the specification."""
    if kind.startswith("Array of "):
        element = kind.removeprefix("Array of ")
        return isinstance(value, list) and all(_is(element, one) for one in value)
    match kind:
        case "String":
            return isinstance(value, str)
        case "Boolean" | "True":
            return isinstance(value, bool)
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            return _is_object(kind, value)


def _is_object(kind: str, value: object) -> bool:
    definition = _specification()["types"].get(kind)
    if definition is None or not isinstance(value, dict):
        return False
    if subtypes := definition.get("subtypes"):
        return any(_is_object(subtype, value) for subtype in subtypes)
    fields = {field["name"]: field for field in definition.get("fields", ())}
    if any(_names(fields, set(value))):
        return False
    return all(any(_is(one, value[name]) for one in fields[name]["types"]) for name in value)
