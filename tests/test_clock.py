"""A clock that is set back while the service runs, and forward again: nothing waits, nothing is lost."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sample
import warm
from fake_telegram import FakeTelegram
from service_process import ROOT, free_address, service
from test_arrivals import QUESTION, record


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


def libfaketime() -> Path:
    """The library that shows a process another time of day; durations it leaves as they are."""
    found = sorted(Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed (apt-get install faketime)")
    return found[0]


async def test_a_clock_that_jumps_disturbs_nothing(telegram: FakeTelegram, tmp_path: Path) -> None:
    corpus, clock, health = tmp_path / "corpus", tmp_path / "clock", free_address()
    shutil.copytree(ROOT / "seeds", corpus)
    clock.write_text("+0", encoding="ascii")
    warm.indexed(tmp_path / "data", corpus)
    settings = {
        "LD_PRELOAD": str(libfaketime()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",  # seconds until it looks at the file again
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "ZHIWEN_CORPUS": str(corpus),
        "ZHIWEN_HEALTH": health,
        "ZHIWEN_USER_RATE": "3",
    }
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    async with service(telegram, tmp_path / "data", **settings) as started:
        await started.says("answering as")
        for number, offset in enumerate(("+0", "-400d", "-30y", "+0")):
            clock.write_text(offset, encoding="ascii")
            await asyncio.sleep(1.5)
            chat.say(reader, sample.QUESTION)
            await started.meanwhile(telegram.until(lambda: not chat.quiet))
            answer = await chat.sent()
            if number < 3:
                assert "350家" in answer.text
                await started.meanwhile(telegram.answer(chat.press(reader, answer.message, "上下文")))
                assert (await chat.sent()).edited
            else:  # the fourth within a minute, whatever the clock makes of it
                assert "350家" not in answer.text
            async with httpx.AsyncClient(base_url=f"http://{health}") as client:
                assert (await client.get("/readyz")).status_code == 200
        clock.write_text("-400d", encoding="ascii")
        (corpus / "moon.txt").write_text(record(12), encoding="utf-8")
        await started.says("corpus reloaded: 1 added")
        other = telegram.user("小红")
        asked = telegram.private(other)
        asked.say(other, QUESTION)
        await started.meanwhile(telegram.until(lambda: not asked.quiet))
        assert "12亿元" in (await asked.sent()).text
        assert await started.stop() == 0
    assert "Traceback" not in started.said
    years = {line[:4] for line in started.said.splitlines()}
    assert len(years) > 1, "the clock was not set"
