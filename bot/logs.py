"""Logging: one line an event on stderr, and never the bot's token, whichever library wrote it."""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Final, TextIO
from urllib.parse import quote

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

REDACTED: Final = "[token]"

SHAPE: Final = r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"
"""The shape of any bot's token, so that one in a mistaken setting or a foreign message is caught too."""

LINE_BREAKING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

TALKATIVE: Final = ("httpx", "httpcore", "asyncio")
"""Libraries that tell every request (httpx its whole URL, at INFO) or every poll."""


class SafeFormatter(logging.Formatter):
    """Formats a record as one line without secrets.

    The finished text is searched, not the message: arguments, exception texts and stack traces pass here too.

    Args:
        secrets: the texts that must not appear.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(FORMAT)
        # The longest first: a token contains its own secret half.
        known = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        self._secret = re.compile("|".join([*map(re.escape, known), SHAPE]), re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, its line breaks and control characters escaped."""
        text = self._secret.sub(REDACTED, super().format(record))
        return LINE_BREAKING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _forms(secret: str) -> Iterable[str]:
    """A secret as it may be written: as it is, in a URL, and the half of a token that opens the door."""
    half = secret.partition(":")[2]
    return filter(None, (secret, quote(secret, safe=""), half))


def set_up(level: int = logging.INFO, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every log record and warning to stderr (or `stream`), in place of any handler set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(SafeFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
