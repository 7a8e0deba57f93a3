"""Articles arrive while the service is killed and restarted: each is told once, to each who waits for it.

python tests/watch_crashes.py ARTICLES KILLS

The whole of it is real: `zhiwen serve` as a process, a folder of record files, the store, the fake Telegram.
Of the articles some answer a question that a chat watches, each with a figure of its own, some are copies of
these, and the rest tells of other things.
"""

import asyncio
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import warm
from fake_telegram import FakeTelegram
from service_process import service

from bot.store import ChatSettings, Store

SUBJECTS = tuple(
    "月球港口 火星农场 海底隧道 云端电站 极地书院 沙漠船坞 雨林缆车 草原剧院 "
    "峡谷风洞 冰川酒窖 珊瑚学校 火山温室 竹海机场 盐湖磨坊 溶洞邮局 梯田钟楼".split()
)
"""One of them each chat watches."""
READERS = 6
BATCH = 8
"""Articles that come at once, at most."""
LONGEST = 2.5
"""Seconds that a process is left alone at most, from when articles came or it was started."""
ANSWERED = 60.0
"""Seconds by which all must have been told once nothing is killed any more."""


@dataclass(frozen=True)
class Arriving:
    """An article that arrives: its number, what it is about, whether it is a copy."""

    number: int
    subject: str
    text: str
    is_copy: bool

    @property
    def record(self) -> str:
        """The record as it is written."""
        link = f"https://news.example/{self.number}/"
        return f"标题: 第{self.number}则\n链接: {link}\n总结: {self.text}\n日期: 2031-05-06\n"


class Arrivals:
    """Writes articles into a corpus.

    Args:
        corpus: the folder.
        draw: what is drawn by.
    """

    def __init__(self, corpus: Path, draw: random.Random) -> None:
        self.corpus = corpus
        self._draw = draw
        self._numbers = count(1)
        self.written: list[Arriving] = []
        corpus.mkdir()
        (corpus / "begin.txt").write_text(
            "标题: 开篇\n链接: https://news.example/0/\n总结: 这里还没有新闻，明天再来看看。\n",
            encoding="utf-8",
        )

    def arrive(self, most: int) -> None:
        """Some articles, each in a file that appears whole."""
        for _ in range(self._draw.randint(1, most)):
            article = self._next(next(self._numbers))
            self.written.append(article)
            draft = self.corpus.parent / "draft"
            draft.write_text(article.record, encoding="utf-8")
            draft.rename(self.corpus / f"{article.number}.txt")

    def _next(self, number: int) -> Arriving:
        subject = self._draw.choice(SUBJECTS)
        told = [one for one in self.written if one.subject == subject and not one.is_copy]
        kind = self._draw.random()
        if kind < 0.2 and told:
            return Arriving(number, subject, self._draw.choice(told).text, is_copy=True)
        if kind < 0.5:
            return Arriving(
                number, "", f"第{number}届茶叶博览会昨天落幕，共有{number}家茶庄参加。", is_copy=False
            )
        text = f"据工程方介绍，{subject}项目耗资{number}亿元，比计划多出不少。"
        return Arriving(number, subject, text, is_copy=False)


class Crashes:
    """The service over these articles, killed again and again."""

    def __init__(self, folder: Path, seed: int | None = None) -> None:
        self._draw = random.Random(seed)
        self._folder = folder
        self._data = warm.warm(folder / "data")
        self.arrivals = Arrivals(folder / "corpus", self._draw)

    async def run(self, articles: int, kills: int) -> Counter[tuple[int, int]]:
        """How often each chat was told of each article (by its number), when so many articles have come."""
        async with FakeTelegram(latency=0.02) as telegram:
            readers = [telegram.user(f"读者{number}") for number in range(READERS)]
            chats = {telegram.private(reader).id: telegram.private(reader) for reader in readers}
            watched = self._begin(list(chats))
            killed = 0
            while killed < kills or len(self.arrivals.written) < articles:
                async with service(
                    telegram, self._data, ZHIWEN_CORPUS=str(self.arrivals.corpus), ZHIWEN_USER_RATE="0"
                ) as running:
                    await running.says("answering as")
                    for _ in range(self._draw.randint(1, 4)):
                        await asyncio.sleep(self._draw.uniform(0, LONGEST))
                        if len(self.arrivals.written) < articles:
                            self.arrivals.arrive(BATCH)
                    await asyncio.sleep(self._draw.uniform(0, LONGEST))
                killed += 1
            wanted = self.wanted(watched)
            told: Counter[tuple[int, int]] = Counter()
            async with service(telegram, self._data, ZHIWEN_CORPUS=str(self.arrivals.corpus)):
                for _ in range(int(ANSWERED / 0.5)):
                    told = Counter(
                        (number, int(found))
                        for number, chat in chats.items()
                        for message in chat.messages.values()
                        for found in re.findall(r"news\.example/(\d+)/", message.get("markup", ""))
                    )
                    if wanted <= told.keys():
                        break
                    await asyncio.sleep(0.5)
            return told

    def _begin(self, chats: list[int]) -> dict[int, list[str]]:
        """Let each chat watch some subjects; which."""
        store = Store(f"sqlite:///{self._data / 'store.sqlite3'}")
        watched = {chat: self._draw.sample(SUBJECTS, 4) for chat in chats}
        for chat, subjects in watched.items():
            store.chats.save(chat, ChatSettings(quiet_from=0, quiet_until=0))
            for subject in subjects:
                assert store.watches.begin(chat, f"{subject}项目耗资多少亿元？", 20, user=chat)
        assert store.arrivals.unseen([]) == []
        store.close()
        self.watched = watched
        return watched

    def wanted(self, watched: dict[int, list[str]]) -> set[tuple[int, int]]:
        """Of which articles each chat must have been told."""
        return set(self._wanted(watched))

    def _wanted(self, watched: dict[int, list[str]]) -> Iterator[tuple[int, int]]:
        for chat, subjects in watched.items():
            for article in self.arrivals.written:
                if article.subject in subjects and not article.is_copy:
                    yield chat, article.number


async def check(folder: Path, articles: int, kills: int, seed: int | None = None) -> str:
    """Let articles arrive and the service be killed; what came of it, in a line.

    Raises:
        AssertionError: an article was missed, told twice, or told to who does not wait for it.
    """
    crashes = Crashes(folder, seed)
    told = await crashes.run(articles, kills)
    wanted = crashes.wanted(crashes.watched)
    missed, doubled = wanted - told.keys(), {place for place, times in told.items() if times > 1}
    others = told.keys() - wanted
    written = len(crashes.arrivals.written)
    line = f"{written} articles, {kills} kills: {len(wanted)} to be told, {len(missed)} missed"
    line += f", {len(doubled)} told twice, {len(others)} told to who does not wait"
    assert (missed, doubled, others) == (set(), set(), set()), (
        line,
        _shown(crashes, missed | doubled | others),
    )
    return line


def _shown(crashes: Crashes, places: set[tuple[int, int]]) -> list[tuple[int, list[str], str]]:
    """Chats with what they watch, and what was wrong there."""
    texts = {article.number: article.record for article in crashes.arrivals.written}
    return [(chat, crashes.watched[chat], texts.get(number, "")) for chat, number in sorted(places)]


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-watches-"))
    print(asyncio.run(check(folder, int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - a program's output
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
