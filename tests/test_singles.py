"""A single character is found within words, and nothing is said to be told of nowhere that is told of."""

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
from retrieval.questions import singles
from retrieval.questions.chinese import cut
from retrieval.questions.vocabulary import Vocabulary

NEWS = """标题: 集市
总结: 集市上卖食盐和绿茶。昨夜的暴雪封了山路。

标题: 港口
总结: 港口今天开放。
"""


@pytest.fixture(scope="module")
def index(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    folder = tmp_path_factory.mktemp("singles")
    (folder / "news.txt").write_text(NEWS)
    updates.update(folder / "index", reading.read([folder / "news.txt"]).articles, tokeniser)
    return EmbeddedIndex(folder / "index", tokeniser)


@pytest.mark.parametrize(
    ("question", "right"), [("盐", "食盐"), ("茶呢？", "绿茶"), ("雪", "暴雪"), ("鹽", "食盐")]
)
def test_a_character_is_found_within_words(
    index: EmbeddedIndex, tokeniser: Tokeniser, question: str, right: str
) -> None:
    assert right in Retriever(index, tokeniser).ask(question).passages[0].text


@pytest.mark.parametrize("question", ["鲸", "驴"])
def test_what_nobody_tells_of_is_said_to_be_told_of_nowhere(
    index: EmbeddedIndex, tokeniser: Tokeniser, question: str
) -> None:
    answer = Retriever(index, tokeniser).ask(question)
    assert answer.passages == ()
    assert answer.reason is not None
    assert answer.reason.code == "no_match"


def test_longer_questions_are_looked_up_by_their_words(index: EmbeddedIndex, tokeniser: Tokeniser) -> None:
    """It would cost thousands of look-ups for nothing."""
    vocabulary = Vocabulary(index.frequencies, index.sentence_count)
    assert not list(singles.said(cut("港口的盐", tokeniser), vocabulary, lambda: "食湖"))
    [salt] = singles.said(cut("盐", tokeniser), vocabulary, lambda: "食湖")
    assert [other for other, _ in salt.others] == ["食盐"]
