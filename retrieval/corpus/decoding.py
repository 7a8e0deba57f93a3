"""Bytes of a record file to text: UTF-8, or whatever else the file turns out to be written in."""

import codecs
import re
from typing import BinaryIO, NamedTuple

from retrieval.regex import regex

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5hkscs")
"""What a file without a mark may be written in, most likely first."""
SIGN = regex(
    r"(?:标题|標題|总结|總結|链接|連結|鏈接|题目|題目|摘要|正文|title|summary)[】\])\s]{0,9}[:：]|【(?:标题|標題)】",
    re.IGNORECASE,
)
"""Labels that show that an encoding is the right one."""
CONTROL = regex(r"[\x00-\x08\x0e-\x1f\x7f]")
SAMPLE = 1 << 20
"""Bytes by which the encoding of a great file is told."""
MOST_CONTROL = 0.1
"""The share of control characters above which a file without labels is no text."""


class Decoded(NamedTuple):
    """The text of a file.

    `damaged` is true where bytes that mean nothing in `encoding` became U+FFFD.
    """

    text: str
    encoding: str
    damaged: bool


def decode(data: bytes) -> Decoded | None:
    """The text of a file; None when it is no text.

    A byte order mark decides; else UTF-8 where it fits, else the first encoding in which labels of a record
    can be read, else GB18030 where it fits. Only bytes in between are replaced.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding)
    for encoding in ENCODINGS:
        found = _decoded(data, encoding)
        if SIGN.search(found.text):
            return found
    for encoding in ("utf-8", "gb18030"):
        found = _decoded(data, encoding)
        if not found.damaged and len(CONTROL.findall(found.text)) <= len(found.text) * MOST_CONTROL:
            return found
    return None


def encoding_of(opened: BinaryIO) -> str:
    """The encoding of a file that is read bit by bit, by its beginning; the file stands at its start after.

    A mark, if there is one, is left for the reader to pass over.
    """
    sample = opened.read(SAMPLE)
    opened.seek(0)
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else encoding.removesuffix("-le").removesuffix("-be")
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample, final=len(sample) < SAMPLE)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding, damaged=False)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, errors="replace"), encoding, damaged=True)
