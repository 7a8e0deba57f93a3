"""What scraping leaves in a text is taken out: HTML, control characters, marks that turn text around.

The text between stays as it is, letter for letter, and whatever broke a paragraph still does.
"""

import html
import re
from typing import NamedTuple

from retrieval.regex import regex

ROUNDS = 3
"""Times that HTML is taken out, as long as there is some: feeds store it escaped (&lt;p&gt;)."""

BLOCKS = frozenset(
    """
    address article aside blockquote body br caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre
    section summary table tbody tfoot thead title tr ul
    """.split(),
)
CELLS = frozenset({"td", "th"})
INLINE = frozenset(
    """
    a abbr acronym applet area audio b base basefont bdi bdo big button canvas cite code col
    colgroup data datalist del dfn em embed font frame frameset head i iframe img input ins kbd
    label legend link map mark meta meter noframes noscript object optgroup output param picture
    progress q rp rt ruby s samp select small source span strike strong sub sup textarea time tt u
    var video wbr
    """.split(),
)
SILENT = frozenset({"script", "style", "svg", "template"})
"""Elements whose content is not text."""
NAMES = BLOCKS | CELLS | INLINE | SILENT

TAG = regex(
    r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]*+(?:[:-][A-Za-z0-9]++)*+)(?![A-Za-z0-9])"
    r"""(?P<attributes>(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+|[^<>]*+)>""",
)
DECLARATION = regex(r"<!--|<!DOCTYPE[^<>]*+>|<\?xml[^<>]*+>|<!\[CDATA\[|\]\]>", re.IGNORECASE)
SILENT_END = regex(r"</(script|style|svg|template)\s*+>", re.IGNORECASE)
ENTITY = regex(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

BREAKS = regex("\r\n|[\r\v\f\x85\u2028\u2029]")
BIDI = regex("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = regex(
    "\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\x07\x1b\n]{0,99}(?:\x07|\x1b\\\\))"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]",
)
"""Characters that are not seen, and what colours a terminal; the joiner of emoji (U+200D) is no such."""


class Cleaned(NamedTuple):
    """A text, and what was taken out of it."""

    text: str
    html: bool
    control: bool
    bidi: bool


def clean(text: str) -> Cleaned:
    """The text alone, without white space around it. Takes time in proportion to its length."""
    given = bare = BREAKS.sub("\n", text)
    for _ in range(ROUNDS):
        stripped = _without_tags(bare)
        unescaped = ENTITY.sub(lambda entity: html.unescape(entity.group()), stripped)
        if unescaped == bare:
            break
        bare = unescaped
    had_html = bare != given
    bare, bidi = BIDI.subn("", BREAKS.sub("\n", bare))
    bare, control = CONTROL.subn("", bare)
    return Cleaned(bare.replace("\xa0", " ").strip(), html=had_html, control=control > 0, bidi=bidi > 0)


def without_invisible(text: str) -> str:
    """The text without the characters that nobody sees."""
    return CONTROL.sub("", BIDI.sub("", text))


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _Stripper(_without_declarations(text)).text()


def _without_declarations(text: str) -> str:
    """The text without comments; a comment that is not closed is left."""
    pieces: list[str] = []
    position = 0
    last_end = text.rfind("-->")
    for found in DECLARATION.finditer(text):
        if found.start() < position or (found.group() == "<!--" and found.end() > last_end):
            continue
        pieces.append(text[position : found.start()])
        position = found.end()
        if found.group() == "<!--":
            position = text.index("-->", position) + len("-->")
    return "".join([*pieces, text[position:]])


class _Stripper:
    """Takes the tags out of a text, each for the break or gap that it stands for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[str, list[int]] = {name: [] for name in SILENT}
        for end in SILENT_END.finditer(text):
            self._ends[end[1].lower()].append(end.start())
        for ends in self._ends.values():
            ends.reverse()

    def text(self) -> str:
        pieces: list[str] = []
        position = 0
        for tag in TAG.finditer(self._text):
            name = tag["name"].lower()
            if tag.start() < position or not _is_element(name, tag["attributes"]):
                continue
            pieces += (self._text[position : tag.start()], _gap(name))
            position = tag.end()
            if name in SILENT and not tag["end"]:
                position = self._end(name, position)
        return "".join([*pieces, self._text[position:]])

    def _end(self, name: str, position: int) -> int:
        """Where the content of a silent element ends; at once, when it is not closed."""
        ends = self._ends[name]
        while ends and ends[-1] < position:
            ends.pop()
        return ends[-1] if ends else position


def _is_element(name: str, attributes: str) -> bool:
    """Whether a tag is one of HTML's (or of Word's, as o:p), not a comparison: a<b and c>d."""
    if len(name) == 1 and attributes.strip(" /\n\t") and "=" not in attributes:
        return False
    return name in NAMES or ":" in name


def _gap(name: str) -> str:
    if name in BLOCKS:
        return "\n"
    return " " if name in CELLS else ""
