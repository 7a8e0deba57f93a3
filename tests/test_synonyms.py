"""A word that the corpus lacks is looked up by another that it has, and only then."""

import pytest

from retrieval import Retriever
from retrieval.models import Stream
from retrieval.questions.synonyms import SAME, SHARE, Synonyms, load

GROUPS = ["上海 魔都 申城  # places", "", "# nothing", "人才 从业者 从业人员"]


def replaced(text: str, known: set[str]) -> str:
    return Synonyms(GROUPS).replaced(text, known.__contains__)


def test_an_unknown_word_is_put_otherwise() -> None:
    assert replaced("魔都的從業者有多少？", {"上海", "人才"}) == "上海的人才有多少？"


def test_the_longest_word_counts() -> None:
    assert replaced("从业人员多吗", {"人才"}) == "人才多吗"


@pytest.mark.parametrize("known", [{"魔都"}, set()])
def test_a_known_word_and_one_without_a_known_synonym_stay(known: set[str]) -> None:
    assert replaced("魔都的天气", known) == "魔都的天气"


def test_the_groups_that_ship_are_well_formed() -> None:
    assert load().replaced("狮城", {"新加坡"}.__contains__) == "新加坡"


def test_a_nickname_finds_the_city(retriever: Retriever) -> None:
    answer = retriever.ask("魔都规模以上AI企业有多少家？")
    assert answer.understood == "上海规模以上AI企业有多少家？"
    assert "350家" in answer.passages[0].text


def test_a_word_that_the_corpus_has_is_one_group_with_its_synonyms(retriever: Retriever) -> None:
    answer = retriever.ask("魔都的AI产业人才有多少？")
    assert answer.understood == "上海的AI产业人才有多少？"
    explanation = retriever.explain(answer)
    assert explanation is not None
    tokens = [share.token for share in explanation.shares if share.stream is Stream.WORD]
    assert "ai" in tokens
    assert "人工智能" not in tokens


def test_the_others_of_a_word_are_its_group() -> None:
    assert dict(Synonyms(GROUPS).of("魔都")) == {"上海": SHARE, "申城": SHARE}
    assert Synonyms(GROUPS).of("北京") == ()


def test_what_ships_is_well_formed() -> None:
    """Each line says something else than it asks, and nothing is written by one character alone."""
    shipped = load()
    for word in ("老板", "工钱", "谷歌"):
        assert shipped.of(word)
        assert all(len(other) > 1 and other != word for other, _ in shipped.of(word))
    assert "老板" not in dict(shipped.of("创始人"))
    assert dict(shipped.of("谷歌"))["google"] == SAME
    assert dict(shipped.of("google"))["谷歌"] == SAME


def test_names_of_one_and_the_same_count_wholly() -> None:
    groups = Synonyms(["月港局 = 月球港口局", "月港局 港口", "港口 > 码头"])
    assert dict(groups.of("月球港口局")) == {"月港局": SAME}
    assert dict(groups.of("月港局")) == {"月球港口局": SAME, "港口": SHARE}
    assert dict(groups.of("港口")) == {"月港局": SHARE, "码头": SHARE}
