"""Updates that keep others away: one that ends each process, many behind an answer that waits."""

import asyncio
import itertools
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import sample
from bot_at_work import FIGURE, bot_at_work, fixed
from fake_telegram import Chat, FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st
from poisoned_service import POISON, SLOW
from service_process import ROOT, Service
from test_delivery import received

from bot.telegram.attempts import MOST, Attempts
from bot.telegram.intake import PLACES

BEHIND = PLACES + 50
"""More than Telegram gives at once."""


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


Starting = Callable[[Json], Awaitable[Service]]


@pytest.fixture
async def started(telegram: FakeTelegram, tmp_path: Path) -> AsyncIterator[Starting]:
    """Starts a process whose admin is given; what still runs at the test's end is killed."""
    begun: list[Service] = []

    async def start(admin: Json) -> Service:
        command = [sys.executable, str(ROOT / "tests/poisoned_service.py")]
        arguments = [telegram.token, telegram.url, str(tmp_path), str(admin["id"])]
        process = await asyncio.create_subprocess_exec(*command, *arguments, cwd=ROOT, stderr=PIPE)
        begun.append(Service(process))
        return begun[-1]

    yield start
    for service in begun:
        if service.process.returncode is None:
            service.process.kill()
        await service.ended()


def askers(telegram: FakeTelegram, number: int) -> list[Chat]:
    chats = []
    for place in range(number):
        reader = telegram.user(f"r{place}")
        chats.append(telegram.private(reader))
        chats[-1].say(reader, sample.QUESTION)
    return chats


def written(folder: Path) -> list[Json]:
    """The updates that are written down."""
    files = list((folder / "updates/waiting").iterdir())
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


async def test_an_update_that_ends_every_process_is_set_aside_and_those_beside_it_are_answered(
    telegram: FakeTelegram, started: Starting
) -> None:
    admin, reader = telegram.user("管理员"), telegram.user("小明")
    poisoned, told = telegram.private(reader), telegram.private(admin)
    before = askers(telegram, 5)
    poisoned.say(reader, f"{POISON}药是什么？")
    poisoned.say(reader, sample.QUESTION)
    behind = askers(telegram, 5)
    for _ in range(MOST):
        assert await (await started(admin)).ended() == -signal.SIGKILL
    service = await started(admin)
    await service.meanwhile(telegram.wait(60, lambda: telegram.pending == 0))
    assert await service.stop() == 0
    assert "is set aside" in service.said
    assert (await told.sent()).text.startswith("更新")
    assert (await poisoned.sent()).text == fixed("set_aside")
    assert FIGURE in (await poisoned.sent()).message["text"]
    assert all(received(before + behind))


@given(st.lists(st.sampled_from(["done", "failed", "broken off", "killed"]), min_size=1, max_size=8))
def test_only_ends_of_the_process_count(tmp_path_factory: pytest.TempPathFactory, ends: list[str]) -> None:
    file = tmp_path_factory.mktemp("attempts") / "begun"

    async def live(end: str) -> int:
        attempts = Attempts(file)
        before = attempts.in_vain(7)
        attempt = attempts.attempt(7)
        await attempt.__aenter__()
        if end != "killed":
            error = {"failed": ValueError(), "broken off": asyncio.CancelledError()}.get(end)
            with_error = (type(error), error, None) if error else (None, None, None)
            assert not await attempt.__aexit__(*with_error)
        attempts.close()
        return before

    counts = [asyncio.run(live(end)) for end in ends]
    expected = itertools.accumulate(
        ends, lambda count, end: {"killed": count + 1, "broken off": count}.get(end, 0), initial=0
    )
    assert counts == list(expected)[:-1]


async def test_a_file_of_attempts_that_is_damaged_is_no_end(tmp_path: Path) -> None:
    (tmp_path / "begun").write_bytes(b"\x07" * 37)
    async with Attempts(tmp_path / "begun").attempt(1):
        pass
    async with Attempts(tmp_path / "begun" / "none").attempt(1):
        pass


async def test_what_stands_behind_one_chats_answer_keeps_no_other_chat_waiting(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    reader, other = telegram.user("小明"), telegram.user("小红")
    stuck = telegram.private(reader)
    async with bot_at_work(tmp_path, telegram, rate=0) as working:
        stuck.say(reader, "慢")
        for _ in range(BEHIND):
            stuck.say(reader, sample.QUESTION)
        telegram.private(other).say(other, sample.QUESTION)
        assert FIGURE in (await telegram.private(other).sent()).message["text"]
        assert stuck.quiet
        working.library.held.set()
        await telegram.until(lambda: telegram.pending == 0)
        answers = [await stuck.sent() for _ in range(BEHIND + 1)]
    replies = [FIGURE in answer.message["text"] for answer in answers]
    assert replies == [False] + [True] * BEHIND
    assert stuck.quiet
    assert written(tmp_path) == []


async def test_what_was_written_down_is_answered_by_the_next_process(
    telegram: FakeTelegram, tmp_path: Path, started: Starting
) -> None:
    reader = telegram.user("小明")
    stuck = telegram.private(reader)
    stuck.say(reader, SLOW)
    for _ in range(BEHIND):
        stuck.say(reader, sample.QUESTION)
    (tmp_path / SLOW).touch()
    service = await started(reader)
    await service.meanwhile(telegram.wait(60, lambda: telegram.pending <= BEHIND + 1 - PLACES))
    assert sorted(update["message"]["text"] for update in written(tmp_path)) == [
        *[sample.QUESTION] * (PLACES - 1),
        SLOW,
    ]
    assert (tmp_path / "updates/waiting").stat().st_mode & 0o077 == 0
    await service.stop(signal.SIGKILL)
    (tmp_path / SLOW).unlink()
    service = await started(reader)
    answers = [await stuck.sent() for _ in range(BEHIND + 1)]
    assert await service.stop() == 0
    assert [FIGURE in answer.message["text"] for answer in answers] == [False] + [True] * BEHIND
    assert stuck.quiet
    assert written(tmp_path) == []


async def test_what_members_say_among_themselves_waits_for_nothing_and_is_not_written_down(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    reader = telegram.user("小明")
    group = telegram.group("新闻")
    async with bot_at_work(tmp_path, telegram, rate=0) as working:
        group.say(reader, "/ask 慢")
        for _ in range(BEHIND):
            group.say(reader, "大家下午好，今天几点开会？")
        await telegram.until(lambda: telegram.pending <= PLACES)
        telegram.private(reader).say(reader, sample.QUESTION)
        assert FIGURE in (await telegram.private(reader).sent()).message["text"]
        assert [update["message"]["text"] for update in written(tmp_path)] == ["/ask 慢"]
        working.library.held.set()
        await group.sent()
