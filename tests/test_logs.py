"""One line an event, and the token in none."""

import asyncio
import io
import json
import logging
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations import logs

TOKEN = "123456789:AAF-fake_token_of_the_tests_0123456789"  # noqa: S105 - opens nothing
SECRET_HALF = TOKEN.partition(":")[2]


def line(
    message: str, *args: object, secrets: tuple[str, ...] = (TOKEN,), error: Exception | None = None
) -> str:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("a.library", logging.INFO, __file__, 1, message, args, exc_info)
    return logs.SafeFormatter(secrets).format(record)


@pytest.mark.parametrize(
    ("message", "args"),
    [
        pytest.param(f"POST https://api.telegram.org/bot{TOKEN}/getMe", (), id="in the message"),
        pytest.param("HTTP Request: %s %s", ("POST", f"http://h/bot{TOKEN}/x"), id="in an argument"),
        pytest.param("%r", ({"token": TOKEN},), id="in a repr"),
        pytest.param("%s", (quote(TOKEN, safe=""),), id="percent-encoded"),
        pytest.param("%s", (SECRET_HALF,), id="its secret half"),
        pytest.param("%s", (f"http://u:{TOKEN}@h/{TOKEN}/{TOKEN}",), id="many times"),
    ],
)
def test_the_token_is_redacted(message: str, args: tuple[object, ...]) -> None:
    shown = line(message, *args)
    assert SECRET_HALF not in shown
    assert logs.REDACTED in shown


def test_a_line_tells_the_time_in_utc_whatever_zone_the_machine_is_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    record = logging.LogRecord("a", logging.INFO, __file__, 1, "x", (), None)
    record.created, record.msecs = 0.0, 7.0
    try:
        assert logs.SafeFormatter().format(record).startswith("1970-01-01T00:00:00.007Z ")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_token_is_redacted_in_an_exception() -> None:
    shown = line("it failed", error=ValueError(f"The token `{TOKEN}` was rejected by the server."))
    assert "ValueError" in shown
    assert SECRET_HALF not in shown


def test_a_token_nobody_told_of_is_redacted() -> None:
    assert SECRET_HALF not in line(f"bot{TOKEN}/getMe", secrets=())


def test_a_short_secret_is_redacted() -> None:
    assert "1:x" not in line("bot1:x/getMe", secrets=("1:x",))


def test_an_empty_secret_redacts_nothing() -> None:
    assert line("知闻", secrets=("",)).endswith("知闻")


@given(st.text())
def test_every_event_is_one_line(text: str) -> None:
    assert len(line("%s", text, error=ValueError(text)).splitlines()) == 1


def record(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("a.library", logging.WARNING, __file__, 1, message, args, exc_info)


@given(st.text(), st.text(min_size=12))
def test_every_event_is_a_json_object_without_secrets(text: str, secret: str) -> None:
    formatter = logs.JsonFormatter([secret])
    line = formatter.format(record("%s %s", text, secret, error=ValueError(secret)))
    assert len(line.splitlines()) == 1
    event = json.loads(line)
    assert {"time", "level", "logger", "message", "error"} <= event.keys()
    assert secret not in event["message"].replace(text, "")


@pytest.mark.parametrize("formatter", [logs.SafeFormatter, logs.JsonFormatter])
@pytest.mark.parametrize(
    "shown", ["s3cret/pass", "s3cret%2Fpass", "postgresql+psycopg://me:s3cret%2Fpass@db/x"]
)
def test_the_password_of_the_store_is_in_no_line(formatter: type[logs.SafeFormatter], shown: str) -> None:
    secrets = logs.secrets_of_url("postgresql+psycopg://me:s3cret%2Fpass@db/x")
    assert "s3cret" not in formatter(secrets).format(record("connecting to %s", shown))


async def test_every_line_of_a_request_names_it_also_those_of_its_threads_and_tasks() -> None:
    def line() -> str:
        return logs.SafeFormatter().format(record("hello"))

    async def later() -> str:
        return line()

    async def work(name: str) -> list[str]:
        with logs.request(name):
            return [line(), await asyncio.to_thread(line), await asyncio.create_task(later())]

    for name, lines in zip("ab", await asyncio.gather(work("a"), work("b")), strict=True):
        assert all(shown.endswith(f"[{name}]") for shown in lines)
    assert line().endswith("hello")


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(), *map(logging.getLogger, (*logs.TALKATIVE, *logs.REPEATING))]
    handlers, levels = loggers[0].handlers[:], [logger.level for logger in loggers]
    loggers[0].handlers.clear()  # or set_up would close the handlers that pytest goes on using
    yield
    logging.captureWarnings(capture=False)
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.usefixtures("logging_as_before")
def test_set_up_redacts_every_library_and_quiets_httpx() -> None:
    stream = io.StringIO()
    logs.set_up(logging.DEBUG, secrets=[TOKEN], stream=stream)
    logging.getLogger("telegram.ext.ExtBot").debug("Set Bot API URL: https://h/bot%s", TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST https://h/bot%s/getMe", TOKEN)
    logging.getLogger("bot.service").info("serving")
    lines = stream.getvalue().splitlines()
    assert [shown.rsplit(" ", 1)[-1] for shown in lines] == [f"https://h/bot{logs.REDACTED}", "serving"]
