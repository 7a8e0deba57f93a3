"""The service that a soak works on: started, watched from outside, restarted as an operator would."""

import asyncio
import os
import re
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Self

import httpx

ROOT: Final = Path(__file__).parents[2]
START: Final = 300.0
"""Seconds that the service may take to start on a busy machine."""
STOP: Final = 30.0
WATCHDOG: Final = 2.0
"""Seconds within which the supervisor wants to hear from it."""


@dataclass(frozen=True)
class Sample:
    """The service at one moment.

    `anonymous_mb` is the memory that is its own (RssAnon): files that it maps are the system's to take back.
    """

    updates: int
    anonymous_mb: float
    resident_mb: float
    files: int
    tasks: int
    threads: int


class Supervisor(asyncio.DatagramProtocol):
    """Counts what the service tells its supervisor."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}

    def datagram_received(self, data: bytes, _sender: object) -> None:
        """Hear a message."""
        state = data.decode().partition("\n")[0]
        self.told[state] = self.told.get(state, 0) + 1


class Soaked:
    """A process that serves, one after the other.

    Args:
        folder: for its corpus, its data and its log.
        settings: beside those that follow from the folder.
    """

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        self.corpus = folder / "corpus"
        self.log = folder / "log"
        self.supervisor = Supervisor()
        with socket.create_server(("127.0.0.1", 0)) as free:
            health = f"127.0.0.1:{free.getsockname()[1]}"
        self._health = httpx.AsyncClient(base_url=f"http://{health}", timeout=30)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")}
        self._environment = {
            **inherited,
            "ZHIWEN_CORPUS": str(self.corpus),
            "ZHIWEN_DATA": str(folder / "data"),
            "ZHIWEN_HEALTH": health,
            "ZHIWEN_LOG_LEVEL": "warning",
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": str(int(WATCHDOG * 1e6)),
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._opened: BinaryIO | None = None
        self._hearing: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        """Start it."""
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(str(self.folder / "notify"))
        loop = asyncio.get_running_loop()
        self._hearing, _ = await loop.create_datagram_endpoint(lambda: self.supervisor, sock=receiver)
        self._opened = self.log.open("wb")
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End it, however it is."""
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self._health.aclose()
        if self._hearing:
            self._hearing.close()
        if self._opened:
            self._opened.close()

    async def start(self) -> None:
        """Start a process and wait until it is ready."""
        ready = self.supervisor.told.get("READY=1", 0)
        self._process = await self._run("serve")
        async with asyncio.timeout(START):
            while self.supervisor.told.get("READY=1", 0) == ready:  # noqa: ASYNC110 - nothing else to do meanwhile
                await asyncio.sleep(0.1)

    async def stop(self) -> int:
        """Tell it to end, and wait until it has; its exit status."""
        self._signal(signal.SIGTERM)
        assert self._process
        return await asyncio.wait_for(self._process.wait(), STOP)

    def reload(self) -> None:
        """Tell it to read the whole corpus again."""
        self._signal(signal.SIGHUP)

    async def purge(self) -> None:
        """Delete, while it runs, all that its store remembers, in a process of its own."""
        purging = await self._run("store", "purge", "--older-than", "0")
        if await purging.wait():
            raise RuntimeError(f"the store was not purged: see {self.log}")

    async def sample(self, updates: int) -> Sample:
        """The process as the system and its own metrics show it, after so many updates."""
        assert self._process
        exposition = (await self._health.get("/metrics")).text
        return _sample(self._process.pid, updates, exposition)

    async def _run(self, *command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._opened,
            stderr=self._opened,
        )

    def _signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)


def _sample(pid: int, updates: int, exposition: str) -> Sample:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return Sample(
        updates=updates,
        anonymous_mb=round(_number(r"RssAnon:\s+(\d+)", status) / 1024, 2),
        resident_mb=round(_number(r"VmRSS:\s+(\d+)", status) / 1024, 2),
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        tasks=int(_number(r"(?m)^zhiwen_tasks (\d+)", exposition)),
        threads=int(_number(r"Threads:\s+(\d+)", status)),
    )


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0
