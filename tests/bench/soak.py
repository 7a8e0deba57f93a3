"""72 hours of the running service in less than one: `python tests/bench/soak.py`.

`zhiwen serve` runs as a process of its own against the fake Bot API server. Readers in many chats ask one
question after the other; members of groups talk among themselves; one request in a hundred meets a fault.
200,000 updates are what 72 hours bring at 46 a minute. They are divided into 72 hours, with the works
of an operator:

- each hour an article comes, changes or goes, and the service takes it in while it answers;
- every three hours SIGHUP has it read the whole corpus again;
- every 24 hours all that the store remembers is purged by a process of its own, as retention does with what
  has become old;
- in the sixth and the twelfth hour the service is stopped and started again, with questions in flight; from
  then on it is one process, whose memory must not grow once a quarter of the updates is over;
- a supervisor wants to hear from its watchdog every two seconds.

Not compressed, since they would not be the same, are the seconds of time limits, pauses and rates. Telegram's
own limit of 30 messages a second is lifted (ZHIWEN_MESSAGE_RATE=0), or it would take two hours; that of each
reader is not.

Printed as JSON: answers lost and doubled, faults met, and memory, open files and tasks over time. Exit status
1 when an answer was lost or doubled, or something grew.
"""

import argparse
import asyncio
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

import fake_telegram as fake
from bench.soaked import ROOT, Sample, Soaked
from fake_telegram import Call, Chat, Fault, Json, Sent

HOURS: Final = 72
RELOADED_EVERY: Final = 3
PURGED_EVERY: Final = 24
RESTARTED_AT: Final = (6, 12)
WARM_UP: Final = 0.25
"""The share of the updates after which memory must be flat."""
PATIENCE: Final = 120.0
"""Seconds after which an answer counts as lost."""
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
NEWS: Final = (
    "标题: 月球港口第{hour}号公报\n链接: https://example.org/moon/{hour}\n"
    "总结: 月球港口第{hour}号公报昨日发布。据介绍，月球港口已投入{hour}亿元，工期三年。\n"
)
FAULTS: Final = {
    "429": fake.too_many(1),
    "502": fake.BAD_GATEWAY,
    "broken JSON": fake.BROKEN_JSON,
    "cut": fake.CUT,
    "dropped": fake.DROPPED,
    "garbled": fake.GARBLED,
    "slow": Fault(delay=1.0),
}


class Faulty(fake.FakeTelegram):
    """The server, some of whose requests meet a fault, before or after they are carried out."""

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


class Soak:
    """One run."""

    def __init__(
        self, telegram: Faulty, service: Soaked, draw: random.Random, *, readers: int, groups: int
    ) -> None:
        self.telegram = telegram
        self.service = service
        self.sent = self.hour = 0
        self.samples: list[Sample] = []
        self._draw = draw
        self._readers = [
            Reader(user, telegram.private(user)) for user in (telegram.user(f"r{n}") for n in range(readers))
        ]
        self._busy: list[Reader] = []
        self._idle = list(self._readers)
        self._groups = [telegram.group(f"g{n}") for n in range(groups)]

    async def run(self, updates: int, at_once: int, latest: float) -> None:
        """Send updates, never more than `at_once` unanswered, until enough or too late; take samples."""
        every = max(updates // SAMPLES, 1)
        while self.sent < updates and time.monotonic() < latest:
            self._collect()
            if len(self._busy) >= at_once or self.telegram.pending >= 2 * at_once:
                await asyncio.sleep(0.01)
                continue
            for _ in range(at_once):
                self._speak()
                if self.sent % every == 0:
                    self.samples.append(await self.service.sample(self.sent))
                    print(self.samples[-1], file=sys.stderr)  # noqa: T201 - progress
                if self.sent * HOURS // updates > self.hour:
                    self.hour += 1
                    await self._strike(self.hour)
        deadline = time.monotonic() + PATIENCE
        while self._busy and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            self._collect()
        await asyncio.sleep(2.0)  # for what should not come
        self._collect()
        self.samples.append(await self.service.sample(self.sent))

    async def _strike(self, hour: int) -> None:
        """Do what is due at an hour."""
        news = self.service.corpus / f"news{hour % 5}.txt"
        if hour % 7 and news.exists():
            news.unlink()
        else:
            news.write_text(NEWS.format(hour=hour), encoding="utf-8")
        if hour % RELOADED_EVERY == 0:
            self.service.reload()
        if hour % PURGED_EVERY == 0:
            await self.service.purge()
        if hour in RESTARTED_AT:
            status = await self.service.stop()
            if status:
                raise RuntimeError(f"the service ended with status {status}: see {self.service.log}")
            await self.service.start()

    def _speak(self) -> None:
        self.sent += 1
        if self._draw.random() < GROUP_TALK or not self._idle:
            group = self._draw.choice(self._groups)
            group.say(self._draw.choice(self._readers).user, "大家下午好，今天几点开会？")
            _forget(group)
            return
        reader = self._idle.pop(self._draw.randrange(len(self._idle)))
        reader.chat.say(reader.user, self._draw.choice(QUESTIONS))
        reader.asked += 1
        self._busy.append(reader)

    def _collect(self) -> None:
        """See who has an answer and may ask again."""
        self.telegram.calls.clear()
        waiting: list[Reader] = []
        for reader in self._busy:
            reader.answered += len(list(_taken(reader.chat)))
            _forget(reader.chat)
            (self._idle if reader.answered >= reader.asked else waiting).append(reader)
        self._busy = waiting

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


def _taken(chat: Chat) -> Iterator[Sent]:
    """The bot's messages that have come."""
    while not chat.quiet:
        yield chat.next_sent()


def _forget(chat: Chat) -> None:
    """What is long past, so that the server does not grow."""
    for number in list(chat.messages)[:-20]:
        del chat.messages[number]


def slope(samples: list[Sample]) -> float:
    """Megabytes that 100,000 updates add, by least squares."""
    if len(samples) < 2:
        return 0.0
    xs = [sample.updates / 1e5 for sample in samples]
    ys = [sample.anonymous_mb for sample in samples]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread


async def soak(options: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Run the service through it; the figures."""
    draw = random.Random(options.seed)
    started = time.monotonic()
    shutil.copytree(ROOT / "seeds", folder / "corpus")
    async with Faulty(options.faults, draw) as telegram:
        settings = {
            "ZHIWEN_TELEGRAM_TOKEN": telegram.token,
            "ZHIWEN_TELEGRAM_API": telegram.url,
            "ZHIWEN_MESSAGE_RATE": "0",
        }
        async with Soaked(folder, settings) as service:
            run = Soak(telegram, service, draw, readers=options.readers, groups=options.groups)
            await run.run(options.updates, options.at_once, started + 60 * options.minutes)
            status = await service.stop()
    flat = [sample for sample in run.samples if sample.updates >= WARM_UP * run.sent]
    return {
        "updates": run.sent,
        "hours": run.hour,
        "answers": run.answered,
        "lost": run.lost,
        "doubled": run.doubled,
        "faults": dict(sorted(telegram.met.items())),
        "faults_in_all": telegram.met.total(),
        "mb_per_100000_updates": round(slope(flat), 3),
        "first_flat": asdict(flat[0]),
        "last": asdict(flat[-1]),
        "supervisor_told": service.supervisor.told,
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
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        figures = asyncio.run(soak(options, folder))
        log = (folder / "log").read_text(encoding="utf-8").splitlines()
    kinds = Counter(re.sub(r"\d[\d.:, ]*", "N ", line.partition(" ")[2])[:160] for line in log)
    print(json.dumps(figures | {"log": dict(kinds.most_common(15))}, ensure_ascii=False, indent=1))  # noqa: T201
    grown = figures["mb_per_100000_updates"]
    assert isinstance(grown, float)
    return int(bool(figures["lost"] or figures["doubled"] or grown >= MEGABYTES_PER_100_000))


if __name__ == "__main__":
    sys.exit(main())
