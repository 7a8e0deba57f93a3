"""How often a question reaches its index: each time may be a trip to another machine."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.protocol import Candidates, Cursor, Page, StoredArticle, Tokens
from retrieval.index.query import Query
from retrieval.models import EVERYTHING, Facet, Filters, Selection, Stream

MOST = 3
"""Trips that a question in Chinese takes at most: one for its words, one for a slip in them, the search."""


class Counted:
    """An index that counts what reaches it; what was found is read without another trip."""

    def __init__(self, index: EmbeddedIndex) -> None:
        self._index = index
        self.trips: list[str] = []

    @property
    def article_count(self) -> int:
        return self._index.article_count

    @property
    def sentence_count(self) -> int:
        return self._index.sentence_count

    @property
    def newest(self) -> dt.date | None:
        return self._index.newest

    @property
    def digest(self) -> str:
        return self._index.digest

    def frequencies(self, tokens: Tokens) -> Mapping[Stream, Sequence[float]]:
        self.trips.append("frequencies")
        return self._index.frequencies(tokens)

    def search(
        self, query: Query, limit: int, excluded: Collection[str] = (), filters: Filters = EVERYTHING
    ) -> Candidates:
        self.trips.append("search")
        return self._index.search(query, limit, excluded, filters)

    def find(self, article: str) -> StoredArticle | None:
        self.trips.append("find")
        return self._index.find(article)

    def labels(self, facet: Facet) -> Mapping[str, int]:
        self.trips.append("labels")
        return self._index.labels(facet)

    def select(self, selection: Selection, limit: int, after: Cursor | None = None) -> Page:
        self.trips.append("select")
        return self._index.select(selection, limit, after)

    def sample(self, most: int) -> Sequence[StoredArticle]:
        self.trips.append("sample")
        return self._index.sample(most)


@pytest.mark.parametrize(
    "question",
    [
        "上海有多少家人工智能企业？",
        "魔都的AI企业有多少家",
        "2023年规模以上企业的产值是多少亿元，比去年增长了百分之几？",
        "谁是国内AI产业第一城",
        "chatgtp 是谁发布的",
        "月球上的发电站什么时候建成？",
        "规模以上企業的產值有多少",
    ],
)
def test_a_question_takes_few_trips(seed_index: EmbeddedIndex, tokeniser: Tokeniser, question: str) -> None:
    counted = Counted(seed_index)
    answer = Retriever(counted, tokeniser).ask(question, suggest=False)
    assert answer.passages or answer.reason
    assert counted.trips.count("search") == 1
    assert counted.trips[-1] == "search"
    assert len(counted.trips) <= MOST


def test_what_a_reader_asks_of_a_passage_is_one_trip(seed_index: EmbeddedIndex, tokeniser: Tokeniser) -> None:
    counted = Counted(seed_index)
    retriever = Retriever(counted, tokeniser)
    answer = retriever.ask("上海有多少家人工智能企业？")
    counted.trips.clear()
    assert retriever.context(answer.passages[0])
    assert counted.trips == ["find"]
