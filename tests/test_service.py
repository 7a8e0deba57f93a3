"""The running bot in trouble: faults of Telegram, a bad token, the order to stop."""

import asyncio
import io
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fake_telegram as fake
import pytest
import sample
from bot_at_work import handler_context, polling
from fake_telegram import FakeTelegram, Fault, Json

from bot.errors import SettingsError
from bot.layout.language import Language
from bot.layout.responder import Responder
from bot.operations import logs
from bot.operations.health import STUCK, Health
from bot.service import serve
from bot.settings import Settings
from bot.telegram.application import application
from bot.telegram.handlers import ALLOWED_UPDATES
from bot.telegram.insisting import TokenError

FIGURE = "上海规模以上AI企业数量已经达到350家"


class Library(sample.Library):
    """A retriever that can be held up."""

    def __init__(self) -> None:
        super().__init__(sample.SHANGHAI)
        self.free = threading.Event()
        self.free.set()

    def hear(self, text: str) -> None:
        assert self.free.wait(fake.DEADLINE), text


class Serving:
    """The bot at work as a task."""

    def __init__(self, telegram: FakeTelegram, token: str | None = None) -> None:
        self.library = Library()
        self.stop = asyncio.Event()
        app = application(
            token or telegram.token, telegram.url, handler_context(self.library, telegram.token)
        )
        self.task = asyncio.create_task(polling(app, self.stop))


@asynccontextmanager
async def serving(telegram: FakeTelegram) -> AsyncIterator[Serving]:
    running = Serving(telegram)
    try:
        yield running
    finally:
        running.library.free.set()
        running.stop.set()
        await running.task


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def reader(telegram: FakeTelegram) -> Json:
    return telegram.user("小明")


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what no request tells of."""
    async with asyncio.timeout(fake.DEADLINE):
        while not condition():  # noqa: ASYNC110 - a log line sets no event
            await asyncio.sleep(0.01)


async def answered_once(telegram: FakeTelegram, reader: Json, running: Serving) -> None:
    """A question gets its answer; when the bot has stopped, nothing more has come."""
    await answered_once_by(telegram, reader, running.stop, running.task)


async def answered_once_by(
    telegram: FakeTelegram, reader: Json, stop: asyncio.Event, task: asyncio.Task[None]
) -> None:
    """The same, of the bot in a task that is stopped by an event."""
    chat = telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    assert FIGURE in (await chat.sent()).message["text"]
    stop.set()
    await task
    assert chat.quiet
    assert telegram.pending == 0


METHODS = ["getMe", "deleteWebhook", "getUpdates", "sendMessage"]
FAULTS = {
    "429": fake.too_many(1),
    "502": fake.BAD_GATEWAY,
    "broken JSON": fake.BROKEN_JSON,
    "cut connection": fake.CUT,
    "dropped answer": fake.DROPPED,
    "garbled answer": fake.GARBLED,
    "slow": Fault(delay=0.2),
}


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        pytest.param("getUpdates", fake.CONFLICT, id="getUpdates-409"),
        *(pytest.param(m, fault, id=f"{m}-{name}") for m in METHODS for name, fault in FAULTS.items()),
    ],
)
async def test_a_fault_costs_no_answer_and_doubles_none(
    telegram: FakeTelegram, reader: Json, method: str, fault: Fault
) -> None:
    telegram.fail(method, fault)
    async with serving(telegram) as running:
        await answered_once(telegram, reader, running)


async def test_an_update_that_cannot_be_parsed_is_passed_over(telegram: FakeTelegram, reader: Json) -> None:
    telegram.update(message={"message_id": "nonsense"})
    async with serving(telegram) as running:
        await answered_once(telegram, reader, running)
    assert len(telegram.called("getUpdates")) < 10


async def test_updates_nobody_handles_are_not_asked_for(telegram: FakeTelegram, reader: Json) -> None:
    async with serving(telegram) as running:
        await answered_once(telegram, reader, running)
    assert telegram.called("getUpdates")[0]["allowed_updates"] == list(ALLOWED_UPDATES)


async def test_telegram_away_at_the_start_is_waited_for(
    telegram: FakeTelegram, reader: Json, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram.go_away()
    async with serving(telegram) as running:
        await until(lambda: "Telegram cannot be reached" in caplog.text)
        await telegram.come_back()
        await answered_once(telegram, reader, running)


async def test_telegram_away_meanwhile_is_waited_for(
    telegram: FakeTelegram, reader: Json, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(telegram) as running:
        await telegram.until(lambda: bool(telegram.called("getUpdates")))
        await telegram.go_away()
        await until(lambda: "Telegram cannot be reached" in caplog.text)
        await telegram.come_back()
        await answered_once(telegram, reader, running)


async def test_a_stop_while_telegram_is_away(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram.go_away()
    async with serving(telegram):
        await until(lambda: "Telegram cannot be reached" in caplog.text)


async def test_a_token_rejected_at_the_start_ends_it(telegram: FakeTelegram) -> None:
    wrong = "987654321:" + "x" * 35
    with pytest.raises(TokenError, match="ZHIWEN_TELEGRAM_TOKEN") as error:
        await Serving(telegram, wrong).task
    assert wrong not in str(error.getrepr(chain=True))


async def test_a_token_rejected_in_the_midst_ends_it(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    running = Serving(telegram)
    await telegram.until(lambda: bool(telegram.called("getUpdates")))
    telegram.token = "revoked"  # noqa: S105 - opens nothing
    telegram.update()
    with pytest.raises(TokenError, match="ZHIWEN_TELEGRAM_TOKEN"):
        await running.task
    assert not any(record.exc_info for record in caplog.records)


async def test_two_pollers_are_told_of(telegram: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(telegram), serving(telegram):
        await until(lambda: "another program reads this bot's updates" in caplog.text)


async def test_a_reader_who_blocked_the_bot_breaks_nothing(telegram: FakeTelegram, reader: Json) -> None:
    telegram.fail("sendMessage", fake.BLOCKED)
    async with serving(telegram) as running:
        telegram.private(reader).say(reader, sample.QUESTION)
        await telegram.until(lambda: bool(telegram.called("sendMessage")))
        await answered_once(telegram, reader, running)


async def test_a_message_telegram_refuses_ends_in_the_apology(telegram: FakeTelegram, reader: Json) -> None:
    telegram.fail("sendMessage", fake.refusal(400, "Bad Request: can't parse entities"))
    async with serving(telegram) as running:
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        assert (await chat.sent()).text == Responder(Language.HANS).phrase("apology")
        await answered_once(telegram, reader, running)


@pytest.mark.parametrize(
    "description", ["TOPIC_CLOSED", "not enough rights to send text messages to the chat", "SLOWMODE_WAIT_7"]
)
async def test_where_nothing_can_be_sent_no_apology_is_tried(
    telegram: FakeTelegram, reader: Json, caplog: pytest.LogCaptureFixture, description: str
) -> None:
    telegram.fail("sendMessage", fake.refusal(400, f"Bad Request: {description}"))
    async with serving(telegram) as running:
        telegram.private(reader).say(reader, sample.QUESTION)
        await telegram.until(lambda: bool(telegram.called("sendMessage")))
        await answered_once(telegram, reader, running)
    assert len(telegram.called("sendMessage")) == 2
    assert not [record for record in caplog.records if record.exc_info]


async def test_an_apology_that_cannot_be_sent_breaks_nothing(telegram: FakeTelegram, reader: Json) -> None:
    refusal = fake.refusal(400, "Bad Request: can't parse entities")
    telegram.fail("sendMessage", refusal, refusal)
    async with serving(telegram) as running:
        telegram.private(reader).say(reader, sample.QUESTION)
        await telegram.until(lambda: len(telegram.called("sendMessage")) == 2)
        await answered_once(telegram, reader, running)


async def test_questions_in_flight_are_answered_before_the_stop(telegram: FakeTelegram, reader: Json) -> None:
    async with serving(telegram) as running:
        running.library.free.clear()
        chat = telegram.private(reader)
        for _ in range(3):
            chat.say(reader, sample.QUESTION)
        await telegram.until(lambda: bool(telegram.called("sendChatAction")))
        running.stop.set()
        await asyncio.sleep(0)
        running.library.free.set()
        await running.task
        for _ in range(3):
            assert FIGURE in (await chat.sent()).message["text"]
        assert telegram.pending == 0


async def test_a_question_that_takes_too_long_does_not_keep_the_bot_from_stopping(
    telegram: FakeTelegram, reader: Json, caplog: pytest.LogCaptureFixture
) -> None:
    library, stop = Library(), asyncio.Event()
    library.free.clear()
    app = application(telegram.token, telegram.url, handler_context(library, telegram.token))
    running = asyncio.create_task(polling(app, stop, grace=0.05))
    telegram.private(reader).say(reader, sample.QUESTION)
    await telegram.until(lambda: bool(telegram.called("sendChatAction")))
    stop.set()
    await running
    library.free.set()
    assert "not every question was answered" in caplog.text


async def test_an_answer_of_the_wrong_shape_is_no_end(telegram: FakeTelegram, reader: Json) -> None:
    for method in ("getMe", "deleteWebhook", "getUpdates"):
        telegram.fail(method, Fault(body=b"{}"), Fault(body=b'{"ok":true,"result":[{}]}'))
    async with serving(telegram) as running:
        await answered_once(telegram, reader, running)


async def test_the_token_is_in_no_log_line(telegram: FakeTelegram, reader: Json) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(logs.SafeFormatter([telegram.token]))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        telegram.fail("getUpdates", fake.BAD_GATEWAY)
        telegram.fail("sendMessage", fake.CUT)
        async with serving(telegram) as running:
            app = application(telegram.token, telegram.url, handler_context(running.library, telegram.token))
            logging.getLogger("bot").error("%r %r", app, app.bot)
            await answered_once(telegram, reader, running)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    shown = stream.getvalue()
    assert telegram.token.partition(":")[2] not in shown
    assert f"bot{logs.REDACTED}/getUpdates" in shown


def settings(tmp_path: Path, **values: Any) -> Settings:  # noqa: ANN401 - settings of many types
    return Settings(data=tmp_path, **values)


def test_a_missing_token_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ZHIWEN_TELEGRAM_TOKEN_FILE"):
        serve(settings(tmp_path))


def test_a_token_that_cannot_be_one_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ZHIWEN_TELEGRAM_TOKEN") as error:
        serve(settings(tmp_path, telegram_token="123:a b/c"))  # noqa: S106 - opens nothing
    assert "a b" not in str(error.value)


async def test_telegram_away_is_no_reason_to_give_up(telegram: FakeTelegram, reader: Json) -> None:
    now = 1000.0
    health = Health(lambda: now)
    await telegram.go_away()
    library, stop = Library(), asyncio.Event()
    app = application(telegram.token, telegram.url, handler_context(library, telegram.token))
    running = asyncio.create_task(polling(app, stop, health))
    for _ in range(3):
        now += STUCK + 1
        assert health.is_stuck
        await until(lambda: not health.is_stuck)
    assert health.report().telegram == "not reached yet"
    await telegram.come_back()
    await until(lambda: health.report().telegram == "reached")
    await answered_once_by(telegram, reader, stop, running)
