"""How often a question reaches its index: each time may be a trip to another machine."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.protocol import Candidates, Cursor, Page, StoredArticle, Tokens
from retrieval.index.query import Query
from retrieval.models import EVERYTHING, Facet, Filters, Selection, Stream

MOST = 3
"""Trips that a question takes at most: one for its words, one for a slip or a name in them, the search."""
IN_CHINESE = 2
"""Trips that a question in Chinese without a slip takes."""


class Counted:
    """An index on another machine that counts what reaches it; what was found is read without another trip.

    Each token is asked for once, and characters are known without a trip, as on a cluster.
    """

    def __init__(self, index: EmbeddedIndex) -> None:
        self._index = index
        self._known: set[tuple[Stream, str]] = set()
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

    @property
    def is_far(self) -> bool:
        return True

    def _look_up(self, tokens: Tokens) -> None:
        wanted = {(stream, token) for stream, of_stream in tokens.items() for token in of_stream}
        if any(stream is not Stream.CHARACTER for stream, _ in wanted - self._known):
            self.trips.append("frequencies")
        self._known |= wanted

    def frequencies(self, tokens: Tokens) -> Mapping[Stream, Sequence[float]]:
        self._look_up(tokens)
        return self._index.frequencies(tokens)

    def search(
        self, query: Query, limit: int, excluded: Collection[str] = (), filters: Filters = EVERYTHING
    ) -> Candidates:
        self._look_up(query.tokens)
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


CHINESE = [
    "上海有多少家人工智能企业？",
    "魔都的AI企业有多少家",
    "2023年规模以上企业的产值是多少亿元，比去年增长了百分之几？",
    "谁是国内AI产业第一城",
    "月球上的发电站什么时候建成？",
    "哪家公司给出了最大的订单？",
    "上海人工只能产业怎么说",
    "規模以上企業的產值有多少",
    "誰給了機器人公司投資？",
    "大模型訓練要用多少張顯示卡",
]
WITH_SLIPS = ["chatgtp 是谁发布的", "哪家公司的 robto 最多"]
ENGLISH = [
    "How many AI companies are there in Shanghai?",
    "When did the World Artificial Intelligence Conference take place?",
    "How much did the output value of the industry grow in the first half of 2023?",
    "Who is the second largest shareholder of the Amazon rainforest?",
    "What does Piketty say about the name of the game?",
    "Which large language model did Zhipu and Moonshot release in March?",
    "What was the name of the two robots that were shown in the 1990s?",
    "How many users does chatgtp have?",
    "What did Lei Jun and Yangqing Jia announce at Shenzhou-19?",
    "Who founded Stratigraphers United in the XIV century?",
]
IN_PINYIN = ["shanghai you duoshao jia qiye"]


@pytest.mark.parametrize("question", [*CHINESE, *WITH_SLIPS, *ENGLISH])
def test_a_question_takes_few_trips(seed_index: EmbeddedIndex, tokeniser: Tokeniser, question: str) -> None:
    counted = Counted(seed_index)
    answer = Retriever(counted, tokeniser).ask(question, suggest=False)
    assert answer.passages or answer.reason
    assert counted.trips.count("search") == 1
    assert counted.trips[-1] == "search"
    assert len(counted.trips) <= (IN_CHINESE if question in CHINESE else MOST)


@pytest.mark.parametrize("question", [*CHINESE, *WITH_SLIPS, *ENGLISH, *IN_PINYIN])
def test_a_question_is_the_same_whether_look_ups_are_trips(
    seed_index: EmbeddedIndex, tokeniser: Tokeniser, question: str
) -> None:
    far, near = Retriever(Counted(seed_index), tokeniser), Retriever(seed_index, tokeniser)
    for previous in (None, CHINESE[0], ENGLISH[0]):
        answers = [one.ask(question, previous, suggest=False) for one in (far, near)]
        assert (
            len({answer.model_copy(update={"elapsed_ms": 0.0}).model_dump_json() for answer in answers}) == 1
        )


def test_what_a_reader_asks_of_a_passage_is_one_trip(seed_index: EmbeddedIndex, tokeniser: Tokeniser) -> None:
    counted = Counted(seed_index)
    retriever = Retriever(counted, tokeniser)
    answer = retriever.ask("上海有多少家人工智能企业？")
    counted.trips.clear()
    assert retriever.context(answer.passages[0])
    assert counted.trips == ["find"]
