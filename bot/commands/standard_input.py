"""The lines of standard input: UTF-8, with or without a mark before it, or UTF-16 with one."""

import codecs
import io
import sys
from collections.abc import Iterator
from typing import Final

UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def lines() -> Iterator[str | None]:
    """Each line without its end, as it comes; None for one that is no text."""
    stream = sys.stdin.buffer
    if isinstance(stream, io.BufferedReader) and stream.peek(2)[:2] in UTF_16:
        for line in io.TextIOWrapper(stream, "utf-16", errors="replace"):
            yield line.rstrip("\r\n")
        return
    for raw in stream:
        try:
            yield raw.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            yield None
