"""The service where the machine fails it: it says so and answers what it can."""

import resource
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
import sample
import warm
from fake_telegram import Chat, FakeTelegram, Json
from service_process import ROOT, service
from test_adversity import full_disk
from test_arrivals import QUESTION, record


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


async def answered(chat: Chat, reader: Json, question: str = sample.QUESTION, figure: str = "350家") -> None:
    chat.say(reader, question)
    assert figure in (await chat.sent()).text


async def test_started_without_an_index_on_a_full_disk_it_ends_to_be_started_again(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    data = warm.warm(tmp_path)
    async with AsyncExitStack() as stack:
        with full_disk(100):
            started = await stack.enter_async_context(service(telegram, data))
        assert await started.ended() == 1
    assert "ZHIWEN_DATA" in started.said.splitlines()[-1]
    assert "Traceback" not in started.said


async def test_it_answers_when_nothing_can_be_written_and_when_it_can_again(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    shutil.copytree(ROOT / "seeds", corpus)
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    warm.indexed(data, corpus)
    async with service(telegram, data, ZHIWEN_CORPUS=str(corpus)) as started:
        await started.says("answering as")
        await answered(chat, reader)

        # A file size limit of nothing is what a full disk is, or one that was mounted read-only.
        before = resource.prlimit(started.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        await answered(chat, reader)
        await started.says("store.sqlite3 failed")
        (corpus / "moon.txt").write_text(record(12), encoding="utf-8")
        started.process.send_signal(signal.SIGHUP)
        await started.says("The corpus is not reloaded, the index as it was before answers.")
        await answered(chat, reader)

        resource.prlimit(started.process.pid, resource.RLIMIT_FSIZE, before)
        started.process.send_signal(signal.SIGHUP)
        await started.says("corpus reloaded: 1 added")
        await answered(chat, reader, QUESTION, "12亿元")

        with closing(sqlite3.connect(data / "store.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await answered(chat, reader)
            await started.says("locked")
        (next((data / "index").glob("*")) / "manifest.json").write_bytes(b"damaged")
        started.process.send_signal(signal.SIGHUP)
        await started.says("It is made anew now.")
        await started.says("corpus reloaded", times=2)
        await answered(chat, reader, QUESTION, "12亿元")
        assert await started.stop() == 0
    assert "Traceback" not in started.said
