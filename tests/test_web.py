"""Health, metrics and the webhook over HTTP, and connections that hang."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import fake_telegram as fake
import httpx
import pytest
import sample
import warm
from bot_at_work import Library, handler_context
from fake_telegram import Deliveries, FakeTelegram, Fault, Json
from pydantic import AnyHttpUrl
from telegram.error import TimedOut

from bot.errors import SettingsError
from bot.operations import web
from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.operations.supervision import Supervisor
from bot.service import run
from bot.setting_values import Address
from bot.telegram.application import application
from bot.telegram.handlers import ALLOWED_UPDATES, Limits
from bot.telegram.requests import PollingRequest
from bot.telegram.webhook import DELIVERIES, HEADER, LARGEST, Webhook


class Front:
    """A bot with its webhook, and a client of its port."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self.library = Library(sample.SHANGHAI)
        self.metrics = Metrics()
        self.now = 1000.0
        self.health = Health(lambda: self.now, told=self.metrics.heard)
        self.place = web.listening(Address("127.0.0.1", 0), "ZHIWEN_LISTEN")
        self.inner = web.listening(Address("127.0.0.1", 0), "ZHIWEN_HEALTH")
        self.url = f"http://127.0.0.1:{self.place.getsockname()[1]}"
        unlimited = Limits(user=0, group=0)
        desk = handler_context(self.library, telegram.token, limits=unlimited)
        self.app = application(telegram.token, telegram.url, desk, self.metrics, folder=warm.folder())
        self.webhook = Webhook(
            self.app,
            ALLOWED_UPDATES,
            url=AnyHttpUrl(self.url),
            secret=None,
            health=self.health,
        )
        self.client = httpx.AsyncClient(base_url=self.url)
        self.probe = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.inner.getsockname()[1]}")

    async def serve(self) -> None:
        await asyncio.gather(
            web.serve(self.webhook.web, self.place, "the webhook"),
            web.serve(web.probes(self.health, self.metrics), self.inner),
        )


@asynccontextmanager
async def front(telegram: FakeTelegram) -> AsyncIterator[Front]:
    made, stop = Front(telegram), asyncio.Event()
    task = asyncio.create_task(
        run(
            made.app,
            stop,
            source=made.webhook,
            health=made.health,
            supervisor=Supervisor({}),
            chores=[made.serve],
        )
    )
    try:
        await telegram.until(lambda: bool(telegram.called("getWebhookInfo")))
        yield made
    finally:
        stop.set()
        await task
        await made.client.aclose()
        await made.probe.aclose()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def reader(telegram: FakeTelegram) -> Json:
    return telegram.user("小明")


async def test_what_is_delivered_is_answered_once(telegram: FakeTelegram, reader: Json) -> None:
    async with front(telegram), Deliveries(telegram) as deliveries:
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        assert "350家" in (await chat.sent()).text
        again = {"update_id": 500_000, "message": next(iter(chat.messages.values()))}
        assert (await deliveries.post(again)).status_code == 200
        chat.say(reader, "/help")
        assert "350家" not in (await chat.sent()).text
    assert chat.quiet


async def test_deliveries_behind_one_that_takes_long_keep_half_of_the_connections_at_most(
    telegram: FakeTelegram, reader: Json
) -> None:
    async with front(telegram) as there, Deliveries(telegram) as deliveries:
        chat = telegram.private(reader)
        message: Json = {"date": 1, "chat": chat.info, "from": reader}
        texts = ["慢", *[sample.QUESTION] * (DELIVERIES - 1)]
        updates: list[Json] = [
            {"update_id": number, "message": message | {"message_id": number, "text": text}}
            for number, text in enumerate(texts, start=1)
        ]
        posts = [asyncio.create_task(deliveries.post(update)) for update in updates]
        for done in itertools.islice(asyncio.as_completed(posts), DELIVERIES // 2):
            assert (await done).status_code == 200
        assert chat.quiet
        there.library.held.set()
        assert {(await post).status_code for post in posts} == {200}
        for _ in updates:
            await chat.sent()
    assert chat.quiet


async def test_only_telegram_gets_in(telegram: FakeTelegram, reader: Json) -> None:
    async with front(telegram) as there, Deliveries(telegram) as deliveries:
        chat = telegram.private(reader)
        message = {"message_id": 1, "date": 1, "chat": chat.info, "from": reader, "text": "hello"}
        update = {"update_id": 1, "message": message}
        assert (await deliveries.post(update, nothing="shown")).status_code == 403
        for wrong in (b"", b"x", b"\xe9"):
            shown = [(HEADER.encode(), wrong)]
            response = await there.client.post(there.webhook.path, json=update, headers=shown)
            assert response.status_code == 403
        assert (await there.client.post("/telegram/guessed", json=update)).status_code == 404
        assert (await there.client.get(there.webhook.path)).status_code == 405
    assert chat.quiet


async def test_what_cannot_be_an_update_is_passed_over(telegram: FakeTelegram, reader: Json) -> None:
    async with front(telegram), Deliveries(telegram) as deliveries:
        for nonsense in (b"", b"{", b"[]", b"null", b'{"update_id": 1, "message": {"message_id": "x"}}'):
            assert (await deliveries.post(nonsense)).status_code == 200
        assert (await deliveries.post(b" " * (LARGEST + 1))).status_code == 413
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        assert "350家" in (await chat.sent()).text


async def test_a_webhook_that_another_program_took_is_taken_back(
    telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fail("setWebhook", Fault(body=b'{"ok":true,"result":true}'))  # accepted, and at once replaced
    async with front(telegram):
        await telegram.until(lambda: telegram.webhook is not None)
    assert "another program takes this bot's updates" in caplog.text


async def test_the_path_and_the_secret_tell_nothing_of_the_token(telegram: FakeTelegram) -> None:
    async with front(telegram) as there:
        call = telegram.called("setWebhook")[0]
    secret = call.parameters["secret_token"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret)
    assert re.fullmatch(r"/telegram/[0-9a-f]{32}", there.webhook.path)
    assert secret not in there.webhook.path
    assert there.webhook.path.removeprefix("/telegram/") not in secret
    assert telegram.token.partition(":")[2] not in secret + there.webhook.path


async def test_probes_and_metrics(telegram: FakeTelegram, reader: Json) -> None:
    async with front(telegram) as there, Deliveries(telegram):
        assert (await there.probe.get("/healthz")).text == "alive\n"
        not_yet = await there.probe.get("/readyz")
        assert (not_yet.status_code, not_yet.json()["articles"]) == (503, 0)
        there.health.serving(lambda: 1)
        assert (await there.probe.get("/readyz")).json()["telegram"] == "reached"
        telegram.fail("sendMessage", fake.BAD_GATEWAY)
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        await chat.sent()
        await asyncio.sleep(0)
        shown = (await there.probe.get("/metrics")).text
    for line in (
        'zhiwen_updates_total{kind="message"} 1.0',
        'zhiwen_phase_seconds_count{phase="wait"} 1.0',
        'zhiwen_api_errors_total{error="502",method="sendMessage"} 1.0',
        'zhiwen_api_seconds_count{method="sendMessage"} 1.0',
    ):
        assert line in shown


async def test_the_public_port_tells_nothing_but_that_a_delivery_came(telegram: FakeTelegram) -> None:
    async with front(telegram) as there:
        for path in ("/healthz", "/readyz", "/metrics", "/"):
            assert (await there.client.get(path)).status_code == 404


async def test_connections_that_drip_their_headers_keep_nobody_out(telegram: FakeTelegram) -> None:
    async with front(telegram) as there:
        places = [there.place.getsockname()[:2], there.inner.getsockname()[:2]]
        dripping = [
            await asyncio.open_connection(*place) for place in places for _ in range(web.CONNECTIONS + 10)
        ]
        for _, writer in dripping:
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Drip: ")
        async with asyncio.timeout(fake.DEADLINE):
            while (await there.probe.get("/healthz")).status_code != 200:
                await drip(dripping)
            while (await there.client.post(there.webhook.path)).status_code != 403:
                await drip(dripping)
        for _, writer in dripping:
            writer.close()


async def drip(connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
    for _, writer in connections:
        writer.write(b"x")
    await asyncio.sleep(0.2)


async def test_a_head_after_an_answer_is_waited_for_no_longer(telegram: FakeTelegram) -> None:
    async with front(telegram) as there:
        reader, writer = await asyncio.open_connection(*there.inner.getsockname()[:2])
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nX-Drip: ")
        async with asyncio.timeout(fake.DEADLINE):
            assert b"alive" in await reader.read()
        writer.close()


async def test_deliveries_that_do_not_come_are_known_as_such(telegram: FakeTelegram, reader: Json) -> None:
    async with front(telegram) as there:
        await there.webhook._look()  # after the one that the webhook begins with
        telegram.private(reader).say(reader, sample.QUESTION)
        there.now += 100
        await there.webhook._look()
        assert there.health.report().seconds_since_telegram == 100
        async with Deliveries(telegram):
            await telegram.private(reader).sent()
        assert there.health.report().seconds_since_telegram == 0


async def test_a_port_that_is_taken_is_told(telegram: FakeTelegram) -> None:
    async with front(telegram) as there:
        taken = Address(*there.place.getsockname()[:2])
        with pytest.raises(SettingsError, match=f"ZHIWEN_HEALTH: nothing can listen at {taken}"):
            web.listening(taken, "ZHIWEN_HEALTH")


async def test_a_request_for_updates_that_hangs_is_given_up_and_its_connections_renewed() -> None:
    silent = True

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if silent:
            await reader.read()
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot1:x/getUpdates"
    request = PollingRequest(hanging=0.1)
    async with server:
        with pytest.raises(TimedOut):
            await request.do_request(url, "POST")
        silent = False
        request._hanging = 20.0
        assert await request.do_request(url, "POST") == (200, b"{}")
    await request.shutdown()


def test_the_size_of_the_index_is_told(tmp_path: Path) -> None:
    (tmp_path / "arrays").write_bytes(b"x" * 100)
    metrics = Metrics(tmp_path)
    metrics.indexed(5)
    shown = metrics.exposition().decode()
    assert "zhiwen_index_articles 5.0" in shown
    assert "zhiwen_index_bytes 100.0" in shown


def test_of_an_index_on_a_cluster_no_size_is_told() -> None:
    metrics = Metrics()
    metrics.indexed(5)
    shown = metrics.exposition().decode()
    assert "zhiwen_index_articles 5.0" in shown
    assert "zhiwen_index_bytes" not in shown
