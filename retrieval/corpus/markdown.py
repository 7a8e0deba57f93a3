"""Markdown is taken out of a text: emphasis, links, images, code, headings, quotations and list marks.

What looks like Markdown and is none stays: 3*4, A*, snake_case, 138****1234.
"""

import re

from retrieval.regex import regex

LINE = r"(?:^|(?<=\u3000\u3000))[ \t\u3000]*"
"""Where a line begins: scraped texts have two wide spaces for a line feed."""
LINE_END = r"[ \t]*(?:$|(?=\u3000\u3000))"
TARGET = r"\((?:[a-z]+:|/|\#|\.)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"“'][^\"”'\n]*[\"”'])?\)"
"""Of a link; only one that can be an address, since （） and () follow brackets in any text."""
REMOVED = regex(
    rf"{LINE}(?:`{{3,}}|~{{3,}})[\w+-]*{LINE_END}"  # the fences of code
    rf"|{LINE}\|?(?:\s?:?-{{3,}}:?\s?\|)+(?:\s?:?-{{3,}}:?)?{LINE_END}"  # the line below the head of a table
    rf"|{LINE}(?:\#{{1,6}}|>|[-*+])[ \t]+(?=\S)"  # headings, quotations, list items
    rf"|!\[[^\]\n]*\]{TARGET}"
    r"|\[\^\w{1,8}\]",  # notes
    re.MULTILINE,
)
UNWRAPPED = tuple(
    regex(pattern, re.MULTILINE)
    for pattern in (
        rf"\[(?P<text>[^\[\]\n]*)\]{TARGET}",
        r"<(?P<text>https?://[^<>\s]+)>",
        r"(?<!`)`(?P<text>[^`\n]+)`(?!`)",
        r"(?<!\d)(?<!\d\*\*)\*\*(?P<text>[^\s*](?:[^*\n\u3000]|\*(?!\*))*?)[ ]?\*\*(?:[ ](?=[^\x00-\x7f]))?",
        r"(?<![A-Za-z0-9*\\])\*(?P<text>[^\s*](?:[^*\n\u3000]{0,80}[^\s*])?)\*(?![A-Za-z0-9*])",
        r"(?<![\w\\])__?(?P<text>(?=\w*[^\x00-\x7f])[^\s_](?:[^_\n]*[^\s_])?)__?(?!\w)",
        r"~~(?P<text>[^~\n]+)~~",
        r"\\(?P<text>[*_\#~`])",
    )
)
LEFT = (regex(rf"\]{TARGET}"), regex(r"(?<![\d*])\*{2,}|\*{2,}(?![\d*])|(?<!\*)\*\*(?!\*)"))
"""What is left of marks that lost their partner."""


def without_markdown(text: str) -> str:
    """The text alone; the same text when it holds none. Takes time in proportion to its length."""
    if not any(mark in text for mark in "*_`#>]~-+\\"):
        return text
    bare = REMOVED.sub("", text)
    for pattern in UNWRAPPED:
        bare = pattern.sub(r"\g<text>", bare)
    address, asterisks = LEFT
    bare = address.sub("", bare)
    return bare if bare == text else asterisks.sub("", bare)
