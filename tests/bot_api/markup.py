"""Telegram's HTML mode, read as strictly as Telegram reads it."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

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


def entity_count(markup: str) -> int:
    """The entities that a text's tags make."""
    return sum(not tag.startswith("</") for tag in TAG.findall(markup))
