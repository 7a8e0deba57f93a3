"""What became old is deleted while the service runs; a store that fails is told of and tried again."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
import sample
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.replies import State
from bot.store import Exchange, Store
from bot.store.retention import AHEAD, LEAP, Moment, keep
from bot.telegram.clock import TelegramClock


def remember(store: Store, message: int, days: int) -> None:
    answer = sample.answer(sample.passage())
    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    store.exchanges.remember(Exchange(chat=1, answered=message, state=State(answer=answer, shown=1), at=at))


async def keep_until(
    store: Store, days: int, done: Callable[[], bool], now: Callable[[], Moment] = Moment.now
) -> None:
    """Keep a store in order until something is so; fails if it never is."""
    keeping = asyncio.create_task(keep(store, days, every=0.01, now=now))
    try:
        async with asyncio.timeout(30):
            while not done():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.01)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def kept(store: Store) -> set[int]:
    return {message for message in range(5) if store.exchanges.of_answer(1, message)}


async def test_what_became_old_is_deleted(store: Store) -> None:
    remember(store, 1, days=91)
    remember(store, 2, days=89)
    await keep_until(store, 90, lambda: kept(store) == {2})


async def test_a_clock_set_ahead_is_not_believed_at_once(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    remember(store, 1, days=91)
    found: list[set[int]] = []

    def now() -> Moment:
        found.append(kept(store))
        return Moment(by_date=len(found) + (2 * LEAP if len(found) > 1 else 0), by_running=len(found))

    await keep_until(store, 90, lambda: len(found) > 3, now)
    assert found[:4] == [{1}, {1}, {1}, set()]
    assert "set ahead by 2 days" in caplog.text


async def test_no_retention_keeps_everything(store: Store) -> None:
    remember(store, 1, days=9000)
    keeping = asyncio.create_task(keep(store, 0, every=0.01))
    await asyncio.sleep(0.2)
    keeping.cancel()
    assert store.exchanges.of_answer(1, 1) is not None


async def test_a_store_that_fails_is_told_of_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "store.sqlite3"
    file.write_bytes(b"no database " * 1000)
    store = Store(f"sqlite:///{file}")
    await keep_until(store, 90, lambda: bool(caplog.records))
    assert caplog.records[0].levelno == logging.ERROR
    assert str(file) in caplog.text
    assert "nothing is remembered" in caplog.text
    file.unlink()
    remember(store, 1, days=91)
    remember(store, 2, days=89)
    await keep_until(store, 90, lambda: kept(store) == {2})
    store.close()


@given(st.floats(-1e8, 1e8), st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 86_400)), min_size=1))
def test_how_far_the_clock_is_ahead_is_known_to_a_days_delay(
    wrong: float, messages: list[tuple[float, float]]
) -> None:
    true = 1_700_000_000.0
    clock = TelegramClock(by_date=lambda: true + wrong, by_running=lambda: true - 1_600_000_000)
    assert clock.ahead() is None
    for passed, delay in messages:
        true += passed
        clock.note(dt.datetime.fromtimestamp(true - delay, dt.UTC))
    ahead = clock.ahead()
    assert ahead is not None
    assert wrong - 1 <= ahead <= wrong + 86_401


@pytest.mark.parametrize(("ahead", "left"), [(None, {1, 2}), (AHEAD + 1, {1, 2}), (0.0, {2})])
async def test_a_clock_that_was_wrong_from_the_start_deletes_nothing(
    store: Store, ahead: float | None, left: set[int]
) -> None:
    remember(store, 1, days=91)
    remember(store, 2, days=89)
    looks = 0

    def asked() -> float | None:
        nonlocal looks
        looks += 1
        return ahead

    keeping = asyncio.create_task(keep(store, 90, every=0.01, ahead=asked))
    async with asyncio.timeout(30):
        while looks < 3:  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert kept(store) == left
