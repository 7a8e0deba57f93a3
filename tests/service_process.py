"""`zhiwen serve` as it is deployed: a process of its own."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fake_telegram import FakeTelegram

ROOT: Final = Path(__file__).parents[1]
DEADLINE: Final = 90.0
"""Seconds after which a test gives up: a process that starts on a busy machine takes its time."""


class Service:
    """A running process and what it has said so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said = ""
        self._more = asyncio.Condition()
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said += line.decode()
            async with self._more:
                self._more.notify_all()

    async def says(self, text: str, times: int = 1) -> None:
        """Wait until a text stands in its log."""
        async with self._more:
            await self.meanwhile(self._more.wait_for(lambda: self.said.count(text) >= times))

    async def meanwhile(self, waiting: Awaitable[object]) -> None:
        """Wait for something that the process does, unless it ends."""
        tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(self.process.wait())]
        await asyncio.wait(tasks, timeout=DEADLINE, return_when=asyncio.FIRST_COMPLETED)
        tasks[1].cancel()
        assert tasks[0].done(), self.said
        await tasks[0]

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        async with asyncio.timeout(DEADLINE):
            status = await self.process.wait()
            await self._listening
        return status

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; the exit status."""
        self.process.send_signal(number)
        return await self.ended()


def free_address() -> str:
    """Where nothing listens at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


@asynccontextmanager
async def service(telegram: FakeTelegram, data: Path, **settings: str) -> AsyncIterator[Service]:
    """A process that serves with these settings beside the needed ones; killed at the end."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")}
    environment = inherited | {
        "ZHIWEN_TELEGRAM_TOKEN": telegram.token,
        "ZHIWEN_TELEGRAM_API": telegram.url,
        "ZHIWEN_DATA": str(data),
        "ZHIWEN_HEALTH": "127.0.0.1:0",
    }
    started = Service(
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment | settings, stderr=PIPE
        )
    )
    try:
        yield started
    finally:
        if started.process.returncode is None:
            started.process.kill()
        await started.ended()
