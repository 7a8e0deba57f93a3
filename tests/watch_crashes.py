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
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import warm
from fake_telegram import Chat, FakeTelegram
from service_process import Service, service

from bot.store import ChatSettings, NoticeState, Store

SUBJECTS = tuple(
    "月球港口 火星农场 海底隧道 云端电站 极地书院 沙漠船坞 雨林缆车 草原剧院 "
    "峡谷风洞 冰川酒窖 珊瑚学校 火山温室 竹海机场 盐湖磨坊 溶洞邮局 梯田钟楼".split()
)
"""One of them each chat watches."""
READERS = 6
BATCH = 24
"""Articles that come at once, at most."""
LONGEST = 2.5
"""Seconds that a process is left alone at most, from when articles came or it was started."""
MORE = re.compile(r"还有 (\d+) 篇新文章")
STOPPED = 0.25
"""Of so many processes, as a share, that are told to stop rather than killed."""
ANSWERED = 300.0
"""Seconds by which all must have been told once nothing is killed any more."""


Told = tuple[int, str]
"""A chat, and a text that it is told of: of copies it does not matter which."""


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
        self.watched: dict[int, list[str]] = {}

    async def run(self, articles: int, kills: int) -> Counter[Told]:
        """How often each chat was told of each text, when so many articles have come."""
        async with FakeTelegram(latency=0.02) as telegram:
            chats = [telegram.private(telegram.user(f"读者{number}")) for number in range(READERS)]
            self._begin([chat.id for chat in chats])
            killed = 0
            while killed < kills or len(self.arrivals.written) < articles:
                async with self._service(telegram) as running:
                    await running.says("answering as")
                    for _ in range(self._draw.randint(1, 4)):
                        await asyncio.sleep(self._draw.uniform(0, LONGEST))
                        if len(self.arrivals.written) < articles:
                            self.arrivals.arrive(BATCH)
                    await asyncio.sleep(self._draw.uniform(0, LONGEST))
                    if self._draw.random() < STOPPED:
                        await running.stop()
                killed += 1
            async with self._service(telegram):
                for _ in range(int(ANSWERED / 0.5)):
                    if self.wanted() <= (self._shown(chats) + self._counted(chats)).keys():
                        break
                    await asyncio.sleep(0.5)
            return self._shown(chats) + self._counted(chats)

    def _service(self, telegram: FakeTelegram) -> AbstractAsyncContextManager[Service]:
        """The service, killed at the end."""
        return service(
            telegram, self._data, ZHIWEN_CORPUS=str(self.arrivals.corpus), ZHIWEN_HEALTH="127.0.0.1:0"
        )

    def _shown(self, chats: Sequence[Chat]) -> Counter[Told]:
        """How often each chat was shown each text."""
        texts = {article.number: article.text for article in self.arrivals.written}
        return Counter(
            (chat.id, texts[int(found)])
            for chat in chats
            for message in chat.messages.values()
            for found in re.findall(r"news\.example/(\d+)/", message.get("markup", ""))
        )

    def _counted(self, chats: Sequence[Chat]) -> Counter[Told]:
        """The texts that a message only counts, because more were found than it can show."""
        store = Store(f"sqlite:///{self._data / 'store.sqlite3'}")
        told: Counter[Told] = Counter(
            (watch.chat, notice.passage.text)
            for watch in store.watches.all()
            for notice in store.watches.notices(watch.id)
            if notice.state is NoticeState.TOLD
        )
        waiting = store.letters.waiting()
        store.close()
        counted = told - self._shown(chats)
        lefts = [
            int(left)
            for chat in chats
            for message in chat.messages.values()
            for left in MORE.findall(message.get("markup", ""))
        ]
        # While letters are on their way, what they tell of was not told yet.
        return counted if not waiting and sum(lefts) == counted.total() else Counter()

    def _begin(self, chats: Sequence[int]) -> None:
        """Let each chat watch some subjects."""
        store = Store(f"sqlite:///{self._data / 'store.sqlite3'}")
        self.watched = {chat: self._draw.sample(SUBJECTS, 4) for chat in chats}
        for chat, subjects in self.watched.items():
            store.chats.save(chat, ChatSettings(quiet_from=0, quiet_until=0))
            for subject in subjects:
                assert store.watches.begin(chat, f"{subject}项目耗资多少亿元？", 20, user=chat)
        assert store.arrivals.unseen([]) == []
        store.close()

    def wanted(self) -> set[Told]:
        """Of which texts each chat must have been told."""
        return {
            (chat, article.text)
            for chat, subjects in self.watched.items()
            for article in self.arrivals.written
            if article.subject in subjects
        }


async def check(folder: Path, articles: int, kills: int, seed: int | None = None) -> str:
    """Let articles arrive and the service be killed; what came of it, in a line.

    Raises:
        AssertionError: an article was missed, told twice, or told to who does not wait for it.
    """
    crashes = Crashes(folder, seed)
    told = await crashes.run(articles, kills)
    wanted = crashes.wanted()
    missed, doubled = wanted - told.keys(), {place for place, times in told.items() if times > 1}
    others = told.keys() - wanted
    line = f"{len(crashes.arrivals.written)} articles, {kills} kills: {len(wanted)} to be told"
    line += f", {len(missed)} missed, {len(doubled)} told twice, {len(others)} told to who does not wait"
    assert (missed, doubled, others) == (set(), set(), set()), (line, sorted(missed | doubled | others)[:5])
    return line


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-watches-"))
    print(asyncio.run(check(folder, int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - a program's output
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
