"""The service as a process: signals, the supervisor, reloads, the webhook, what ends it."""

import asyncio
import re
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sample
import service_process
import warm
from fake_telegram import Deliveries, FakeTelegram, Fault, Json
from service_process import ROOT, service
from test_arrivals import QUESTION, record


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
def reader(telegram: FakeTelegram) -> Json:
    return telegram.user("小明")


PROXIED = "/behind/a/proxy"


class Supervisor(asyncio.DatagramProtocol):
    """What a supervisor is told."""

    def __init__(self) -> None:
        self._told: asyncio.Queue[str] = asyncio.Queue()

    def datagram_received(self, data: bytes, _sender: object) -> None:
        self._told.put_nowait(data.decode())

    async def told(self, state: str) -> None:
        """Wait until it is told of a state."""
        async with asyncio.timeout(service_process.DEADLINE):
            while state not in await self._told.get():
                pass


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(str(tmp_path / "notify"))
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(Supervisor, sock=receiver)
    yield protocol
    transport.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_process_when_its_question_is_answered(
    telegram: FakeTelegram, reader: Json, tmp_path: Path, number: signal.Signals
) -> None:
    async with service(telegram, warm.indexed(tmp_path)) as started:
        telegram.fail("sendMessage", Fault(delay=0.3))
        chat = telegram.private(reader)
        chat.say(reader, sample.QUESTION)
        await started.meanwhile(telegram.wait(60, lambda: bool(telegram.called("sendMessage"))))
        assert await started.stop(number) == 0
    assert "350家" in (await chat.sent()).text
    assert telegram.pending == 0
    assert "Traceback" not in started.said
    assert telegram.token not in started.said


async def test_a_rejected_token_ends_the_process(telegram: FakeTelegram, tmp_path: Path) -> None:
    wrong = "987654321:" + "x" * 35
    async with service(telegram, warm.indexed(tmp_path), ZHIWEN_TELEGRAM_TOKEN=wrong) as started:
        assert await started.ended() == 2
    assert "Telegram rejects the bot token" in started.said.splitlines()[-1]
    assert "Traceback" not in started.said
    assert wrong not in started.said


async def test_the_corpus_is_reloaded_while_it_answers(
    telegram: FakeTelegram, reader: Json, tmp_path: Path, supervisor: Supervisor
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "seeds", corpus)
    settings = {
        "ZHIWEN_CORPUS": str(corpus),
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
        "WATCHDOG_USEC": "200000",
    }
    async with service(telegram, warm.indexed(tmp_path / "data", corpus), **settings) as started:
        await supervisor.told("READY=1")
        await supervisor.told("WATCHDOG=1")
        new = tmp_path / "new"
        new.mkdir()
        (new / "moon.txt").write_text(record(12), encoding="utf-8")
        (new / "broken.txt").write_text("标题: 只有标题", encoding="utf-8")
        new.rename(corpus / "new")  # both at once: a reload may begin with the first change it sees
        await supervisor.told("RELOADING=1")
        await started.says("corpus reloaded: 1 added, 0 removed")
        await supervisor.told("READY=1")
        await started.says("broken.txt")
        chat = telegram.private(reader)
        chat.say(reader, QUESTION)
        assert "12亿元" in (await chat.sent()).text
        (corpus / "new" / "broken.txt").unlink()
        started.process.send_signal(signal.SIGHUP)
        await started.says("corpus reloaded", times=2)
        corpus.rename(tmp_path / "away")
        started.process.send_signal(signal.SIGHUP)
        await started.says("The corpus is not reloaded")
        chat.say(reader, QUESTION)
        assert "12亿元" in (await chat.sent()).text
        assert await started.stop() == 0
        await supervisor.told("STOPPING=1")
    assert "Traceback" not in started.said


async def test_a_webhook_with_health_and_metrics_apart_from_it(
    telegram: FakeTelegram, reader: Json, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        here = f"127.0.0.1:{free.getsockname()[1]}"
    inner = service_process.free_address()
    settings = {
        "ZHIWEN_WEBHOOK_URL": f"http://{here}{PROXIED}",
        "ZHIWEN_LISTEN": here,
        "ZHIWEN_HEALTH": inner,
        "ZHIWEN_LOG_FORMAT": "json",
    }
    async with service(telegram, warm.indexed(tmp_path), **settings) as started:
        await started.says("by webhook")
        async with Deliveries(telegram, PROXIED), httpx.AsyncClient(base_url=f"http://{inner}") as client:
            chat = telegram.private(reader)
            chat.say(reader, sample.QUESTION)
            assert "350家" in (await chat.sent()).text
            assert (await client.get("/healthz")).status_code == 200
            assert 'zhiwen_questions_total{outcome="answered"} 1.0' in (await client.get("/metrics")).text
            telegram.fail("sendMessage", Fault(delay=0.3))
            chat.say(reader, sample.QUESTION)
            await telegram.until(lambda: len(telegram.called("sendMessage")) == 2)
            assert await started.stop() == 0
        assert "350家" in (await chat.sent()).text
    assert all(re.match(r'\{"time": ', line) for line in started.said.splitlines())


async def test_a_stop_does_not_wait_for_a_reload(
    telegram: FakeTelegram, tmp_path: Path, supervisor: Supervisor
) -> None:
    async with service(telegram, warm.indexed(tmp_path), NOTIFY_SOCKET=str(tmp_path / "notify")) as started:
        await started.says("answering as")
        started.process.send_signal(signal.SIGHUP)
        await supervisor.told("RELOADING=1")
        assert await started.stop() == 0
    assert "stopped" in started.said
    assert "Traceback" not in started.said


async def test_an_address_that_is_taken_is_named(telegram: FakeTelegram, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        here = f"127.0.0.1:{taken.getsockname()[1]}"
        async with service(telegram, warm.indexed(tmp_path), ZHIWEN_HEALTH=here) as started:
            assert await started.ended() == 2
    assert f"ZHIWEN_HEALTH: nothing can listen at {here}" in started.said
    assert "Traceback" not in started.said
