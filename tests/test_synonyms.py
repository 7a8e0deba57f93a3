"""A word that the corpus lacks is looked up by another that it has, and only then."""

import pytest
import warm
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Retriever
from retrieval.models import Stream
from retrieval.questions.chinese import cut
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


FEW = ["上海 魔都 申城", "市人 都市", "人才 从业者", "从业 上海人 > 工作"]


@given(st.text("上海魔都市申城人才从业者的", max_size=12), st.sets(st.sampled_from(" ".join(FEW).split())))
def test_the_longest_words_are_replaced_first_and_where_they_first_stand(text: str, known: set[str]) -> None:
    groups = {word: line.split() for line in FEW[:3] for word in line.split()}
    expected, taken = list(text), [False] * len(text)
    for word in sorted(groups, key=lambda word: (-len(word), word)):
        start = text.find(word)
        if start < 0 or any(taken[start : start + len(word)]):
            continue
        taken[start : start + len(word)] = [True] * len(word)
        other = next((other for other in groups[word] if other != word and other in known), None)
        if word not in known and other:
            expected[start : start + len(word)] = [other, *[""] * (len(word) - 1)]
    assert Synonyms(FEW).replaced(text, known.__contains__) == "".join(expected)


@given(st.text("上海魔都市申城人才从业者的", max_size=12))
def test_what_is_related_is_all_of_the_groups_of_its_words(text: str) -> None:
    groups = [line.split() for line in FEW[:3]]
    held = [group for group in groups if any(word in text for word in group)]
    assert Synonyms(FEW).related(text) == {word for group in held for word in group}


@given(st.text("上海魔都市申城人才从业者的", max_size=12))
def test_the_longest_pieces_of_whole_words_are_said_otherwise(text: str) -> None:
    asked = cut(text, warm.tokeniser())
    groups, expected, at = Synonyms(FEW), list[tuple[int, int]](), 0
    for start in sorted(asked.borders):
        ends = [end for end in asked.borders if end > start >= at and groups.of(asked.text[start:end])]
        if ends:
            at = max(ends)
            expected.append((start, at))
    assert [(piece.start, piece.end) for piece in groups.said(asked)] == expected
