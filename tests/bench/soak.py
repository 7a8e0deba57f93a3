"""Three days of the running service in less than an hour: `python tests/bench/soak.py`.

`zhiwen serve` runs as a process of its own against the fake Bot API server. Readers in many chats ask one
question after the other; members of groups talk among themselves, now and then to the bot; one request in a
hundred meets a fault; now and then the corpus is reloaded. 200,000 updates are what 72 hours bring at 46 a
minute. Printed as JSON: answers lost and doubled, faults met, and memory, open files and tasks over time.
Exit status 1 when an answer was lost or doubled, or something grew.

Telegram's own limit of 30 messages a second is lifted (ZHIWEN_MESSAGE_RATE=0), or it would take two hours.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import fake_telegram as fake  # noqa: E402 - found by the line above
import httpx  # noqa: E402
from fake_telegram import Call, Chat, Fault, Json, Sent  # noqa: E402

WARM_UP: Final = 0.25
"""The share of the updates after which memory must be flat."""
PATIENCE: Final = 120.0
"""Seconds after which an answer counts as lost."""
START: Final = 300.0
"""Seconds that the service may take to start on a busy machine."""
GROUP_TALK: Final = 0.85
"""The share of updates that are said among members: the bot hears them and is silent."""
SAMPLES: Final = 200
MEGABYTES_PER_100_000: Final = 1.0
QUESTIONS: Final = (
    "上海规模以上AI企业有多少家？",
    "什么时候公布的条例？",
    "那产值呢？",
    "今天天气怎么样",
    "/help",
    "/more",
    "/context",
    "/why",
)
FAULTS: Final = {
    "429": fake.too_many(1),
    "502": fake.BAD_GATEWAY,
    "broken JSON": fake.BROKEN_JSON,
    "cut": fake.CUT,
    "slow": Fault(delay=1.0),
}


class Faulty(fake.FakeTelegram):
    """The server, some of whose requests meet a fault before they are carried out."""

    def __init__(self, rate: float, draw: random.Random) -> None:
        super().__init__()
        self.met: Counter[str] = Counter()
        self._rate = rate
        self._draw = draw

    def fault(self, call: Call) -> Fault:
        """What the request meets."""
        if self._draw.random() >= self._rate:
            return super().fault(call)
        name, fault = self._draw.choice(list(FAULTS.items()))
        if call.method == "getUpdates" and name == "slow":
            name, fault = "409", fake.CONFLICT
        self.met[f"{call.method} {name}"] += 1
        return fault


@dataclass
class Reader:
    """Somebody in a chat with the bot, and what came of the last question."""

    user: Json
    chat: Chat
    asked: int = 0
    answered: int = 0
    since: float = 0.0


@dataclass(frozen=True)
class Sample:
    """The service at one moment."""

    updates: int
    rss_mb: float
    files: int
    tasks: int
    threads: int


class Soak:
    """One run."""

    def __init__(self, telegram: Faulty, draw: random.Random, readers: int, groups: int) -> None:
        self.telegram = telegram
        self.sent = 0
        self.samples: list[Sample] = []
        self._draw = draw
        self._readers = [
            Reader(user, telegram.private(user)) for user in (telegram.user(f"r{n}") for n in range(readers))
        ]
        self._groups = [telegram.group(f"g{n}") for n in range(groups)]

    async def run(self, options: argparse.Namespace, pid: int, health: str) -> None:
        """Send updates, never more than `at_once` unanswered, until enough or too late; take samples."""
        updates, at_once = options.updates, options.at_once
        latest = time.monotonic() + 60 * options.minutes
        busy: list[Reader] = []
        idle = list(self._readers)
        every = max(updates // SAMPLES, 1)
        async with httpx.AsyncClient(base_url=health, timeout=30) as client:
            while self.sent < updates and time.monotonic() < latest:
                busy = self._collect(busy, idle)
                if len(busy) < at_once and self.telegram.pending < 2 * at_once:
                    for _ in range(at_once):
                        self._speak(busy, idle)
                        if self.sent % every == 0:
                            self.samples.append(await self._sample(client, pid))
                            print(self.samples[-1], file=sys.stderr)  # noqa: T201 - progress
                        if self.sent % (updates // 10) == 0:
                            os.kill(pid, signal.SIGHUP)
                else:
                    await asyncio.sleep(0.01)
            deadline = time.monotonic() + PATIENCE
            while busy and time.monotonic() < deadline:
                await asyncio.sleep(0.1)
                busy = self._collect(busy, idle)
            await asyncio.sleep(2.0)  # for what should not come
            self._collect(busy, idle)
            self.samples.append(await self._sample(client, pid))

    def _speak(self, busy: list[Reader], idle: list[Reader]) -> None:
        self.sent += 1
        if self._draw.random() < GROUP_TALK or not idle:
            group = self._draw.choice(self._groups)
            group.say(self._draw.choice(self._readers).user, "大家下午好，今天几点开会？")
            _forget(group)
            return
        reader = idle.pop(self._draw.randrange(len(idle)))
        reader.chat.say(reader.user, self._draw.choice(QUESTIONS))
        reader.asked += 1
        reader.since = time.monotonic()
        busy.append(reader)

    def _collect(self, busy: list[Reader], idle: list[Reader]) -> list[Reader]:
        """Those who still wait; whoever has an answer may ask again."""
        self.telegram.calls.clear()
        waiting: list[Reader] = []
        for reader in busy:
            reader.answered += len(list(_taken(reader.chat)))
            _forget(reader.chat)
            (idle if reader.answered >= reader.asked else waiting).append(reader)
        return waiting

    async def _sample(self, client: httpx.AsyncClient, pid: int) -> Sample:
        return sample(pid, self.sent, (await client.get("/metrics")).text)

    @property
    def lost(self) -> int:
        """Questions without an answer."""
        return sum(max(reader.asked - reader.answered, 0) for reader in self._readers)

    @property
    def doubled(self) -> int:
        """Answers nobody asked for."""
        for reader in self._readers:
            reader.answered += len(list(_taken(reader.chat)))
        return sum(max(reader.answered - reader.asked, 0) for reader in self._readers)

    @property
    def answered(self) -> int:
        """Answers in all."""
        return sum(reader.answered for reader in self._readers)


def sample(pid: int, updates: int, exposition: str) -> Sample:
    """The service's process as the system and its own metrics show it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return Sample(
        updates=updates,
        rss_mb=round(_number(r"VmRSS:\s+(\d+)", status) / 1024, 2),
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        tasks=int(_number(r"(?m)^zhiwen_tasks (\d+)", exposition)),
        threads=int(_number(r"Threads:\s+(\d+)", status)),
    )


def _taken(chat: Chat) -> Iterator[Sent]:
    """The bot's messages that have come."""
    while not chat.quiet:
        yield chat.next_sent()


def _forget(chat: Chat) -> None:
    """What is long past, so that the server does not grow."""
    for number in list(chat.messages)[:-20]:
        del chat.messages[number]


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else 0.0


def slope(samples: list[Sample]) -> float:
    """Megabytes that 100,000 updates add, by least squares."""
    if len(samples) < 2:
        return 0.0
    xs = [sample.updates / 1e5 for sample in samples]
    ys = [sample.rss_mb for sample in samples]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread


async def soak(options: argparse.Namespace, data: str) -> dict[str, object]:
    """Run the service through it; the figures."""
    draw = random.Random(options.seed)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    started = time.monotonic()
    async with Faulty(options.faults, draw) as telegram:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")
        } | {
            "ZHIWEN_TELEGRAM_TOKEN": telegram.token,
            "ZHIWEN_TELEGRAM_API": telegram.url,
            "ZHIWEN_DATA": data,
            "ZHIWEN_HEALTH": f"127.0.0.1:{port}",
            "ZHIWEN_MESSAGE_RATE": "0",
            "ZHIWEN_USER_RATE": "0",
            "ZHIWEN_GROUP_RATE": "0",
            "ZHIWEN_LOG_LEVEL": "warning",
        }
        with (Path(data) / "log").open("wb") as log:
            service = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment, stderr=log
            )
        try:
            run = Soak(telegram, draw, options.readers, options.groups)
            async with asyncio.timeout(START):
                while not telegram.called("getUpdates"):  # noqa: ASYNC110 - nothing else to do meanwhile
                    await asyncio.sleep(0.1)
            await run.run(options, service.pid, f"http://127.0.0.1:{port}")
            service.terminate()
            status = await asyncio.wait_for(service.wait(), 30)
        finally:
            if service.returncode is None:
                service.kill()
    flat = [sample for sample in run.samples if sample.updates >= WARM_UP * run.sent]
    return {
        "updates": run.sent,
        "answers": run.answered,
        "lost": run.lost,
        "doubled": run.doubled,
        "faults": dict(sorted(telegram.met.items())),
        "faults_in_all": telegram.met.total(),
        "mb_per_100000_updates": round(slope(flat), 3),
        "first_flat": asdict(flat[0]),
        "last": asdict(flat[-1]),
        "most_files": max(sample.files for sample in flat),
        "exit_status": status,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "samples": [list(asdict(sample).values()) for sample in run.samples[::10]],
    }


def main() -> int:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--updates", type=int, default=200_000)
    parser.add_argument("--faults", type=float, default=0.01, help="the share of requests that meet one")
    parser.add_argument("--readers", type=int, default=400)
    parser.add_argument("--groups", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=32, help="questions unanswered at a time")
    parser.add_argument("--minutes", type=float, default=120.0, help="send nothing more after so long")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        figures = asyncio.run(soak(options, data))
        log = Path(data, "log").read_text(encoding="utf-8").splitlines()
    kinds = Counter(re.sub(r"\d[\d.:, ]*", "N ", line.partition(" ")[2])[:160] for line in log)
    print(json.dumps(figures | {"log": dict(kinds.most_common(15))}, ensure_ascii=False, indent=1))  # noqa: T201
    grown = figures["mb_per_100000_updates"]
    assert isinstance(grown, float)
    return int(bool(figures["lost"] or figures["doubled"] or grown >= MEGABYTES_PER_100_000))


if __name__ == "__main__":
    sys.exit(main())
