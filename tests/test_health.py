"""What probes and the supervisor are told, without waiting: the clock is the test's."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.health import RECENT, STUCK, Health
from bot.operations.supervision import StuckError, Supervisor, watch


class Clock:
    """Seconds that go on when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_is_ready_with_an_index_and_telegram_heard_of_late(clock: Clock) -> None:
    health = Health(clock)
    assert not health.report().ready
    health.serving(lambda: 7)
    assert health.report().telegram == "not reached yet"
    health.heard()
    assert health.report().ready
    assert health.report().articles == 7
    clock.now += RECENT + 1
    assert health.report().telegram == "away"
    assert not health.report().ready
    health.heard()
    health.stopping()
    assert not health.report().ready


@given(st.lists(st.integers(0, int(STUCK)), max_size=50))
def test_an_end_of_requests_good_or_bad_keeps_it_from_being_stuck(pauses: list[int]) -> None:
    clock = Clock()
    health = Health(clock)
    for pause in pauses:
        clock.now += pause
        assert not health.is_stuck
        health.tried()
    clock.now += STUCK + 1
    assert health.is_stuck


@pytest.fixture(params=["in a file", "abstract"])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        abstract = request.param == "abstract"
        listening.bind(f"\0zhiwen-test-{os.getpid()}" if abstract else str(tmp_path / "notify"))
        listening.settimeout(20)
        yield listening


def supervisor(receiver: socket.socket, **environment: str) -> Supervisor:
    address = os.fsdecode(receiver.getsockname())
    return Supervisor({"NOTIFY_SOCKET": address.replace("\0", "@"), **environment})


def test_the_supervisor_is_told(receiver: socket.socket) -> None:
    told = supervisor(receiver)
    told.ready("answering from 3 articles")
    told.reloading()
    told.alive()
    told.stopping()
    messages = [receiver.recv(4096).decode().split("\n") for _ in range(4)]
    assert messages[0] == ["READY=1", "STATUS=answering from 3 articles"]
    assert messages[1][0] == "RELOADING=1"
    assert messages[1][1].removeprefix("MONOTONIC_USEC=").isdecimal()
    assert messages[2] == ["WATCHDOG=1"]
    assert messages[3][0] == "STOPPING=1"


def test_without_a_supervisor_nobody_is_told() -> None:
    nobody = Supervisor({})
    nobody.ready("answering")
    assert nobody.watchdog_seconds is None


def test_a_supervisor_that_went_away_does_no_harm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready("answering")
    assert "cannot be told READY=1" in caplog.text


@pytest.mark.parametrize(
    ("pid", "seconds"), [(str(os.getpid()), 30.0), ("1", None)], ids=["for us", "for another process"]
)
def test_the_watchdog_is_the_one_meant_for_this_process(pid: str, seconds: float | None) -> None:
    wishes = {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": pid}
    assert Supervisor(wishes).watchdog_seconds == seconds


async def test_the_watchdog_bites_when_no_request_ends_any_more(
    receiver: socket.socket, clock: Clock
) -> None:
    health = Health(clock)
    told = supervisor(receiver)
    clock.now += STUCK + 1
    with pytest.raises(StuckError):
        await watch(health, told)
    receiver.settimeout(0.0)
    with pytest.raises(BlockingIOError):
        receiver.recv(1)
