"""The process that is killed: changes a corpus, indexes it, reloads it, stores, and so on for ever.

    python tests/crash_worker.py CORPUS DATA

A line of its output says what it begins to do, or is the number of a feedback that the store has taken.
"""

import datetime as dt
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import Settings
from bot.store import Exchange, Store

ARTICLES = 5
QUESTION = "月球港口3号工程耗资多少亿元？"
CHAT = 7
INDEXING, RELOADING, STORING = "indexing", "reloading", "storing"
INDEXED_PER_RELOAD = 3
"""A reload takes long, and most of it is a process starting."""


def main() -> None:
    settings = Settings(corpus=Path(sys.argv[1]), data=Path(sys.argv[2]))
    store = Store.of(settings)
    corpus = CorpusInUse(settings)
    live = LiveRetriever(corpus)
    for number in count(1 + max(stored(store), default=0)):
        write_edition(settings.corpus, number)
        if number % INDEXED_PER_RELOAD:
            print(INDEXING, flush=True)  # noqa: T201 - how it is watched
            corpus.update_here(rebuild=number % 7 == 0)
        else:
            print(RELOADING, flush=True)  # noqa: T201
            live.reload()
        conversation = Conversation(live)
        conversation.ask(QUESTION)
        print(STORING, flush=True)  # noqa: T201
        at = dt.datetime.now(dt.UTC)
        store.exchanges.remember(Exchange(chat=CHAT, answered=number % 9, state=conversation.state, at=at))
        store.feedback.write(CHAT, None, str(number))
        print(number, flush=True)  # noqa: T201
        if number % 11 == 0:
            store.purge(30)


def stored(store: Store) -> Iterator[int]:
    """The numbers of the feedback in a store."""
    with store._database.reading() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM feedback").scalars().all()
    yield from map(int, texts)


def write_edition(corpus: Path, number: int) -> None:
    """Articles that all name the number of their edition, in one step."""
    records = (
        f"标题: 月球港口{article}号工程\n链接: https://example.org/{article}\n"
        f"总结: 月球港口{article}号工程昨日开工。据介绍，月球港口{article}号工程耗资{number}亿元。\n"
        for article in range(1, ARTICLES + 1)
    )
    corpus.mkdir(exist_ok=True)
    written = corpus / "records.new"
    written.write_text("---\n".join(records), encoding="utf-8")
    written.replace(corpus / "records.txt")


if __name__ == "__main__":
    main()
