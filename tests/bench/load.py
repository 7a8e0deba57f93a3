"""The running bot under load: `python tests/bench/load.py`.

`zhiwen serve` runs as a process of its own against the fake Bot API server, which takes 50 ms a request.
First a steady stream: questions at a rate, from many chats in turn. Then a burst: many chats ask within one
second, and the answers come as fast as Telegram lets one bot send. Measured is the time in the bot: from the
update on the server to the arrival of the request that answers it. Printed as JSON; exit status 1 when an
answer was lost or doubled, or the 99th percentile of the stream is not under 250 ms.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_telegram import Call, Chat, FakeTelegram, Fault, Json
from service_process import Service, service

QUESTIONS: Final = (
    "上海规模以上AI企业有多少家？",
    "2022年中国人工智能核心产业规模有多大？",
    "2023世界人工智能大会是哪几天举行的？",
    "新增AI企业最多的城市是哪里？",
    "今天天气怎么样",
)
LATENCY: Final = 0.05
PATIENCE: Final = 60.0
"""Seconds after the last question in which its answer must have come."""
P99_MS: Final = 250.0


class Timed(FakeTelegram):
    """A server that notes when each answer arrives."""

    def __init__(self) -> None:
        super().__init__(latency=LATENCY)
        self.arrived: defaultdict[int, list[float]] = defaultdict(list)

    def fault(self, call: Call) -> Fault:
        """What goes wrong with a call: nothing, but it is noted."""
        if call.method == "sendMessage":
            self.arrived[int(call.parameters["chat_id"])].append(time.perf_counter())
        return super().fault(call)


@dataclass(frozen=True)
class Outcome:
    """What came of many questions.

    `seconds` is from the first question to the last answer; `cpu_ms` is the bot's processor time a question,
    which tells on a busy machine what the other times do not.
    """

    questions: int
    lost: int
    doubled: int
    p50_ms: float
    p99_ms: float
    longest_ms: float
    seconds: float
    cpu_ms: float


async def ask(
    telegram: Timed, started: Service, readers: list[tuple[Json, Chat]], count: int, seconds: float
) -> Outcome:
    """Ask so many questions evenly over some seconds, from the chats in turn."""
    spent = _processor_seconds(started)
    before = {chat.id: len(telegram.arrived[chat.id]) for _, chat in readers}
    asked: defaultdict[int, list[float]] = defaultdict(list)
    start = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(start + number * seconds / count - time.perf_counter(), 0))
        reader, chat = readers[number % len(readers)]
        asked[chat.id].append(time.perf_counter())
        chat.say(reader, QUESTIONS[number % len(QUESTIONS)])

    def missing() -> int:
        return sum(max(len(times) - _come(telegram, chat, before), 0) for chat, times in asked.items())

    await telegram.wait(PATIENCE, lambda: missing() == 0)
    await asyncio.sleep(2.0)  # a doubled answer would come now
    times = sorted(
        1e3 * (there - then)
        for chat, moments in asked.items()
        for then, there in zip(moments, telegram.arrived[chat][before[chat] :], strict=False)
    )
    last = max(there for chat in asked for there in telegram.arrived[chat])
    return Outcome(
        questions=count,
        lost=missing(),
        doubled=sum(max(_come(telegram, chat, before) - len(moments), 0) for chat, moments in asked.items()),
        p50_ms=round(statistics.median(times), 1),
        p99_ms=round(times[min(int(len(times) * 0.99), len(times) - 1)], 1),
        longest_ms=round(times[-1], 1),
        seconds=round(last - start, 1),
        cpu_ms=round(1e3 * (_processor_seconds(started) - spent) / count, 1),
    )


def _processor_seconds(started: Service) -> float:
    """The processor time that the process has taken so far, its children apart."""
    fields = Path(f"/proc/{started.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _come(telegram: Timed, chat: int, before: dict[int, int]) -> int:
    return len(telegram.arrived[chat]) - before[chat]


async def measure(options: argparse.Namespace) -> dict[str, Outcome]:
    """Run the stream and the burst."""
    with tempfile.TemporaryDirectory() as data:
        async with Timed() as telegram, service(telegram, Path(data)) as started:
            readers = [_reader(telegram, n) for n in range(max(options.chats, options.burst))]
            await _warm(telegram, started, readers[0])
            stream = await ask(
                telegram, started, readers[: options.chats], options.rate * options.seconds, options.seconds
            )
            burst = await ask(telegram, started, readers[: options.burst], options.burst, 1.0)
            await started.stop()
    return {"stream": stream, "burst": burst}


def _reader(telegram: Timed, number: int) -> tuple[Json, Chat]:
    reader = telegram.user(f"读者{number}")
    return reader, telegram.private(reader)


async def _warm(telegram: Timed, started: Service, first: tuple[Json, Chat]) -> None:
    """Wait until the bot answers."""
    reader, chat = first
    chat.say(reader, QUESTIONS[0])
    await started.meanwhile(telegram.wait(PATIENCE, lambda: bool(telegram.arrived[chat.id])))
    await asyncio.sleep(2.0)


def main() -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=int, default=30, help="questions a second of the stream")
    parser.add_argument("--seconds", type=int, default=60, help="length of the stream")
    parser.add_argument("--chats", type=int, default=200, help="chats that the stream comes from")
    parser.add_argument("--burst", type=int, default=500, help="questions of the burst, each from a chat")
    found = asyncio.run(measure(parser.parse_args()))
    print(json.dumps({name: asdict(outcome) for name, outcome in found.items()}, indent=2))  # noqa: T201
    faults = sum(outcome.lost + outcome.doubled for outcome in found.values())
    return int(bool(faults) or found["stream"].p99_ms >= P99_MS)


if __name__ == "__main__":
    sys.exit(main())
