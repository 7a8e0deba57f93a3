"""Logging: one line an event on stderr, and no secret in it, whichever library wrote it.

What people write is logged at level debug only.
"""

import datetime as dt
import json
import logging
import re
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TextIO
from urllib.parse import quote, unquote, urlsplit

from bot.setting_values import LogFormat

FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

REDACTED: Final = "[secret]"

SHAPE: Final = r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}"
"""The shape of any bot's token, so that one in a mistaken setting or a foreign message is caught too."""

LINE_BREAKING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

TALKATIVE: Final = ("httpx", "httpcore", "asyncio", "uvicorn", "watchfiles", "alembic")
"""Libraries that tell every request (httpx its whole URL, at INFO), every poll, or what is ours to tell."""

REPEATING: Final = ("telegram.request.BaseRequest",)
"""Libraries that log, with a traceback, what they raise as well: we tell it in our own words."""

SHORTEST_PASSWORD: Final = 6
"""A shorter one would be found in half of all lines; in its URL it is redacted all the same."""

_request: ContextVar[str | None] = ContextVar("request", default=None)


@contextmanager
def request(name: str) -> Iterator[None]:
    """Name what is worked on in every line logged meanwhile, in tasks and threads begun by it too."""
    token = _request.set(name)
    try:
        yield
    finally:
        _request.reset(token)


class SafeFormatter(logging.Formatter):
    """Formats a record as one line without secrets.

    The finished text is searched, not the message: arguments, exception texts and stack traces pass here too.

    Args:
        secrets: the texts that must not appear.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(FORMAT)
        self.default_msec_format = "%s.%03dZ"
        self.default_time_format = "%Y-%m-%dT%H:%M:%S"
        self.converter = time.gmtime  # one zone in every form of the log
        # The longest first: a token contains its own secret half.
        known = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        self._secret = re.compile("|".join([*map(re.escape, known), SHAPE]), re.IGNORECASE)

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, its line breaks and control characters escaped."""
        text = self._secret.sub(REDACTED, self._written(record))
        return LINE_BREAKING.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\n", "\\n"))

    def _written(self, record: logging.LogRecord) -> str:
        """The record as text, perhaps of several lines and with secrets."""
        name = _request.get()
        text = super().format(record)
        return text if name is None else f"{text} [{name}]"


class JsonFormatter(SafeFormatter):
    """The same as a JSON object: time, level, logger, message, and where there are, request and error."""

    def _written(self, record: logging.LogRecord) -> str:
        event = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": _request.get(),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps(
            {name: value for name, value in event.items() if value is not None}, ensure_ascii=False
        )


def _forms(secret: str) -> Iterable[str]:
    """A secret as it may be written: as it is, in a URL, in JSON; and the half of a token that is secret."""
    half = secret.partition(":")[2]
    for form in filter(None, (secret, half)):
        yield from (
            form,
            quote(form, safe=""),
            json.dumps(form)[1:-1],
            json.dumps(form, ensure_ascii=False)[1:-1],
        )


def secrets_of_url(url: str) -> tuple[str, ...]:
    """What must not be shown of a URL: the whole, and its password."""
    password = urlsplit(url).password or ""
    return (url, *(form for form in (password, unquote(password)) if len(form) >= SHORTEST_PASSWORD))


def set_up(
    level: int = logging.INFO,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    form: LogFormat = LogFormat.HUMAN,
) -> None:
    """Send every log record and warning to stderr (or `stream`), in place of any handler set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter((JsonFormatter if form is LogFormat.JSON else SafeFormatter)(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in REPEATING:
        logging.getLogger(name).setLevel(logging.CRITICAL)
