"""What of new articles answers a question, over the real retriever: each once, and no copy."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.update import updates
from retrieval.insight.watching import Answers, new_answers
from retrieval.models import EVERYTHING, Filters

QUESTION = "月球港口项目耗资多少亿元？"


def article(number: int, subject: str = "月球港口", **fields: object) -> Article:
    values = {
        "title": f"第{number}则",
        "url": f"https://news.example/{number}",
        "summary": f"据工程方介绍，{subject}项目耗资{number}亿元，比计划多出不少。",
        "file": f"{number}.txt",
        "record": 1,
    }
    return Article.model_validate(values | fields)


@pytest.fixture
def ask(tokeniser: Tokeniser, tmp_path: Path) -> "Asking":
    return Asking(tmp_path, tokeniser)


class Asking:
    def __init__(self, folder: Path, tokeniser: Tokeniser) -> None:
        self._folder, self._tokeniser = folder, tokeniser

    def __call__(
        self, before: Sequence[Article], new: Sequence[Article], filters: Filters = EVERYTHING
    ) -> Answers:
        updates.update(self._folder, [*before, *new], self._tokeniser)
        retriever = Retriever(EmbeddedIndex(self._folder, self._tokeniser), self._tokeniser)
        return new_answers(retriever, QUESTION, filters, {one.id for one in new}, (), seen=frozenset)


def test_each_new_article_that_answers_is_found(ask: Asking) -> None:
    before = [article(1), article(2, "火星农场")]
    new = [article(3), article(4, "火星农场"), article(5), article(6, "海底隧道")]
    found = ask(before, new)
    assert {passage.title for passage in found.new} == {"第3则", "第5则"}
    assert [passage.title for passage in found.known] == ["第1则"]
    assert found.copies == ()


@pytest.mark.parametrize("count", [2, 4, 10, 11, 22, 33])
def test_many_at_once_that_differ_are_all_found_though_none_leads(ask: Asking, count: int) -> None:
    others = [article(n, subject) for n, subject in enumerate(("火星农场", "海底隧道", "云端电站") * 20)]
    new = [article(100 + number) for number in range(count)]
    assert {passage.title for passage in ask(others, new).new} == {one.title for one in new}


def test_what_an_old_or_a_new_one_said_is_a_copy(ask: Asking) -> None:
    said = article(1).summary
    new = [article(3), article(4, summary=said), article(5, summary=f"本报讯　{article(3).summary}")]
    found = ask([article(1)], new)
    assert len(found.new) == 1
    assert {passage.title for passage in found.new + found.copies} == {"第3则", "第4则", "第5则"}
    assert "第4则" in {passage.title for passage in found.copies}


def test_what_the_filters_keep_out_is_not_found(ask: Asking) -> None:
    finance = Filters(industries=("金融",))
    new = [article(3), article(4, industries=("金融",))]
    assert [passage.title for passage in ask([], new, finance).new] == ["第4则"]


def test_nothing_is_found_in_nothing(ask: Asking) -> None:
    assert ask([article(2, "火星农场")], []) == Answers()
