"""Bots on one cluster: each as a process of its own, while another one writes; and what readers are told."""

import asyncio
import os
import shutil
import sys
import uuid
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import warm
from cluster_front import Front, Trouble, standing_before
from conftest import ROOT
from fake_telegram import Chat, FakeTelegram, Json
from service_process import Service, free_address, service
from test_arrivals import QUESTION, record
from test_live import Watching

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever, ReloadError
from bot.layout.language import Language, phrases
from bot.settings import Settings
from retrieval.errors import IndexUnavailableError, IndexUnusableError
from retrieval.index.opensearch.place import Cluster

SEEDS_QUESTION = "上海规模以上AI企业有多少家？"


@pytest.fixture
def front(cluster: Cluster) -> Iterator[Front]:
    with standing_before(cluster.hosts[0]) as there:
        yield there


@pytest.fixture
def keeper(cluster: Cluster, tmp_path: Path) -> Settings:
    """A copy of the seeds, whose index is on the cluster."""
    shutil.copytree(ROOT / "seeds", tmp_path / "corpus")
    return Settings(
        corpus=tmp_path / "corpus",
        data=warm.warm(tmp_path / "data"),
        index=cluster.hosts,
        index_prefix=cluster.name,
    )


def reading(keeper: Settings, *hosts: str) -> Settings:
    """Those of a bot that only reads."""
    return keeper.model_copy(update={"index_keeper": False, "index": hosts or keeper.index})


class Reached(Watching):
    """An observer that remembers whether the cluster could be reached."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bool] = []

    def reached(self, *, is_reached: bool) -> None:
        self.told.append(is_reached)


def test_a_reader_follows_what_another_process_writes(keeper: Settings, front: Front) -> None:
    with pytest.raises(IndexUnusableError, match="zhiwen index"):
        LiveRetriever(CorpusInUse(reading(keeper)))
    writing = CorpusInUse(keeper)
    writing.update_here()
    watching = Reached()
    live = LiveRetriever(CorpusInUse(reading(keeper, front.url)), watching)
    assert live.ask(SEEDS_QUESTION).answered
    assert not live.ask(QUESTION).answered
    moon = keeper.corpus / "moon.txt"
    moon.write_text(record(12), encoding="utf-8")
    assert writing.index_changed([moon]) is not None
    assert live.follow()
    assert not live.follow()
    assert "12亿元" in live.ask(QUESTION).passages[0].text
    with pytest.raises(ReloadError, match="ZHIWEN_INDEX_KEEPER"):
        live.reload()
    front.meddle = lambda _request: Trouble(503)
    for _ in range(2):
        with pytest.raises(IndexUnavailableError):
            live.ask(SEEDS_QUESTION)
        assert not live.follow()
        assert not live.is_reached
    front.meddle = lambda _request: None
    assert live.ask(SEEDS_QUESTION).answered
    live.follow()
    assert live.is_reached
    assert watching.told == [False, True]
    writing.update_here(rebuild=True)  # and what was before is gone with the end of it
    assert "12亿元" in live.ask(QUESTION).passages[0].text


@dataclass
class Bot:
    """A process that serves, and somebody who asks it."""

    process: Service
    chat: Chat
    reader: Json
    health: str

    async def ask(self, question: str) -> str:
        """What is answered."""
        self.chat.say(self.reader, question)
        text: str = (await self.chat.sent()).message["text"]
        return text

    async def readiness(self) -> tuple[int, str]:
        """The status of its readiness probe, and what it says of the index."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://{self.health}/readyz")
        return answer.status_code, answer.json()["index"]


@asynccontextmanager
async def bot(settings: Settings, folder: Path) -> AsyncIterator[Bot]:
    """A bot with a token, and a data folder, of its own."""
    address = free_address()
    asked = {
        "ZHIWEN_CORPUS": str(settings.corpus),
        "ZHIWEN_INDEX": ",".join(settings.index),
        "ZHIWEN_INDEX_PREFIX": settings.index_prefix,
        "ZHIWEN_INDEX_KEEPER": "false",
        "ZHIWEN_USER_RATE": "0",
        "ZHIWEN_HEALTH": address,
    }
    token = f"{uuid.uuid4().int % 10**9}:of-{folder.name}"
    async with FakeTelegram(token) as telegram, service(telegram, warm.warm(folder), **asked) as process:
        reader = telegram.user("小明")
        await process.says("answering as")
        yield Bot(process, telegram.private(reader), reader, address)


async def indexed(settings: Settings, *arguments: str) -> None:
    """`zhiwen index`, a process of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")}
    given |= {"ZHIWEN_DATA": str(settings.data), "ZHIWEN_CORPUS": str(settings.corpus)}
    given |= {"ZHIWEN_INDEX": ",".join(settings.index), "ZHIWEN_INDEX_PREFIX": settings.index_prefix}
    command = [sys.executable, "-m", "bot", "index", *arguments]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=given, stdout=DEVNULL, stderr=PIPE)
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


@pytest.mark.chaos
async def test_two_bots_answer_from_one_cluster_while_a_third_process_writes(
    keeper: Settings, front: Front, tmp_path: Path
) -> None:
    await indexed(keeper)
    async with (
        bot(reading(keeper), tmp_path / "first") as first,
        bot(reading(keeper, front.url), tmp_path / "second") as second,
    ):
        for one in (first, second):
            assert "350家" in await one.ask(SEEDS_QUESTION)
        moon = keeper.corpus / "moon.txt"
        moon.write_text(record(12), encoding="utf-8")
        for arguments in ((), ("--rebuild",), ("--rebuild",)):
            indexing = asyncio.create_task(indexed(keeper, *arguments))
            while not indexing.done():
                for one in (first, second):
                    assert "350家" in await one.ask(SEEDS_QUESTION)
            await indexing
        for one in (first, second):
            await one.process.says("another process wrote the index")
            assert "12亿元" in await one.ask(QUESTION)
        front.meddle = lambda _request: Trouble(503)
        away = phrases(Language.HANS)["archive_away"]
        assert await second.ask(SEEDS_QUESTION) == away
        await second.process.says("cannot be reached")
        assert await second.readiness() == (503, "away")
        assert "350家" in await first.ask(SEEDS_QUESTION)
        assert await first.readiness() == (200, "open")
        front.meddle = lambda _request: None
        await second.process.says("can be read again")
        assert "350家" in await second.ask(SEEDS_QUESTION)
        assert await second.readiness() == (200, "open")
