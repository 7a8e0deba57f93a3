"""What Telegram would refuse: a call of the Bot API held against its specification and its limits.

The specification is data (`shared/data/botapi-10.3.json`, beside the checkout); where that file is missing
the limits of texts, markup, links and buttons are still checked.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

SPECIFICATION: Final = Path(__file__).parents[2] / "shared" / "data" / "botapi-10.3.json"

TEXT_UNITS: Final = 4096
CALLBACK_DATA_BYTES: Final = 64

TAGS: Final[Mapping[str, Mapping[str, str]]] = {
    "b": {},
    "strong": {},
    "i": {},
    "em": {},
    "s": {},
    "strike": {},
    "del": {},
    "u": {},
    "ins": {},
    "tg-spoiler": {},
    "span": {"class": "tg-spoiler"},
    "tg-emoji": {"emoji-id": r"\d+"},
    "pre": {},
    "code": {"class": r"language-\S+"},
    "a": {"href": r"https?://[^\s/]\S*"},
    "blockquote": {"expandable": ""},
}
"""Telegram's tags and the attributes they may have, with what the value must look like."""

REQUIRED_ATTRIBUTES: Final = {"span": "class", "tg-emoji": "emoji-id", "a": "href"}

ALLOWED_ENTITY: Final = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
TAG: Final = re.compile(r"</?[a-z][a-z-]*(?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*\s*>")


class MarkupError(ValueError):
    """A text that Telegram's HTML mode does not accept."""


def utf16_units(text: str) -> int:
    """Length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Markup(HTMLParser):
    """Reads Telegram's HTML strictly: known tags, known attributes, each closed in its turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.plain: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise MarkupError(f"unknown tag <{tag}>")
        if self.open and self.open[-1] == "code":
            raise MarkupError(f"<{tag}> inside <code>")
        if tag == "blockquote" and tag in self.open:
            raise MarkupError("nested blockquotes")
        for name, value in attrs:
            pattern = TAGS[tag].get(name)
            if pattern is None or not re.fullmatch(pattern, value or ""):
                raise MarkupError(f"<{tag}> with {name}={value!r}")
        if (required := REQUIRED_ATTRIBUTES.get(tag)) and required not in dict(attrs):
            raise MarkupError(f"<{tag}> without {required}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise MarkupError(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.plain.append(data)


def plain_text(markup: str) -> str:
    """The text of a message in HTML mode, without its markup.

    Raises:
        MarkupError: Telegram would not accept it.
    """
    without_tags = TAG.sub("", markup)
    if "<" in without_tags:
        raise MarkupError(f"a bare or malformed '<' near {without_tags[without_tags.index('<') :][:40]!r}")
    if "&" in (rest := ALLOWED_ENTITY.sub("", markup)):
        raise MarkupError(
            f"a bare '&' or an entity Telegram does not know near {rest[rest.index('&') :][:40]!r}"
        )
    parser = _Markup()
    parser.feed(markup)
    parser.close()
    if parser.open:
        raise MarkupError(f"<{parser.open[-1]}> is never closed")
    return "".join(parser.plain)


def violations(method: str, parameters: Mapping[str, str]) -> list[str]:
    """All that is wrong with a call; `parameters` as they came, each value a string."""
    return [
        f"{method}: {complaint}"
        for complaint in (*_against_specification(method, parameters), *_against_limits(parameters))
    ]


def _against_limits(parameters: Mapping[str, str]) -> Iterator[str]:
    if "text" in parameters and "callback_query_id" not in parameters:
        yield from _text(parameters["text"], parameters.get("parse_mode"))
    if (mode := parameters.get("parse_mode")) not in {None, "HTML"}:
        yield f"parse_mode is {mode}, this project writes HTML"
    for data in _callback_data(_parsed(parameters.get("reply_markup", "null"))):
        if not 1 <= len(data.encode()) <= CALLBACK_DATA_BYTES:
            yield f"callback_data of {len(data.encode())} bytes"


def _text(text: str, parse_mode: str | None) -> Iterator[str]:
    try:
        plain = plain_text(text) if parse_mode == "HTML" else text
    except MarkupError as error:
        yield f"text: {error}"
        return
    if not plain.strip():
        yield "text is empty"
    if (units := utf16_units(plain)) > TEXT_UNITS:
        yield f"text of {units} UTF-16 units"


def _callback_data(markup: object) -> Iterator[str]:
    if isinstance(markup, dict):
        if isinstance(data := markup.get("callback_data"), str):
            yield data
        for value in markup.values():
            yield from _callback_data(value)
    elif isinstance(markup, list):
        for value in markup:
            yield from _callback_data(value)


@functools.cache
def _specification() -> Any:  # noqa: ANN401 - JSON, read as it comes
    return json.loads(SPECIFICATION.read_text("utf-8")) if SPECIFICATION.exists() else None


def _against_specification(method: str, parameters: Mapping[str, str]) -> Iterator[str]:
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
        value = parameters[name]
        if not any(_is(kind, value if kind == "String" else _parsed(value)) for kind in types):
            yield f"{name}={value!r} is not {' or '.join(types)}"


def _names(fields: Mapping[str, Mapping[str, Any]], given: set[str]) -> Iterator[str]:
    for name in sorted(given - fields.keys()):
        yield f"unknown parameter {name}"
    for name in sorted(name for name, field in fields.items() if field["required"] and name not in given):
        yield f"{name} is missing"


def _parsed(value: str) -> object:
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
