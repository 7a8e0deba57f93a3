"""Where the newest is wanted: the newest of what answers alike, of versions the highest."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpus import retriever_over

from retrieval import Retriever, Tokeniser
from retrieval.questions.newest import wants_newest, wants_version
from retrieval.ranking.recency import newest_first
from retrieval.ranking.second_stage import Hit
from retrieval.ranking.versions import versions

MONTHS = "\n\n".join(
    f"标题: 鹦鹉螺港{month}月运行情况\n链接: https://port.example/2031/{month + 1:02}/09/a.html\n"
    f"总结: 港务局公布，{month}月鹦鹉螺港贝壳吞吐量为{300 + 7 * month}万吨。港口食堂供应了海带汤。"
    for month in range(1, 11)
)
RELEASES = """标题: 萤火模型上线
链接: https://lab.example/2031/03/02/a.html
总结: 灯塔实验室发布Luma 2.5，回答更短。Luma 2.5的价格没有变化。

标题: 萤火模型升级
链接: https://lab.example/2031/08/20/a.html
总结: 灯塔实验室推出了Luma 3，能看懂手写的乐谱。

标题: 用户来信
链接: https://lab.example/2031/09/15/a.html
总结: 一位读者说，她的收音机里仍然装着Luma 2.5，它已经陪伴她半年，读过12本书。

标题: 贝壳统计
链接: https://port.example/2031/09/01/b.html
总结: 截至8月底，全国贝壳登记商户达到930家。

标题: 贝壳集市
链接: https://port.example/2031/10/02/c.html
总结: 贝壳集市开张，有20家贝壳商户参加。

标题: 旧灯塔
链接: https://port.example/2029/01/02/d.html
总结: 雾角村最新的灯塔高31米。

标题: 纸船编辑器
链接: https://lab.example/2031/09/18/a.html
总结: 纸船编辑器4.1版本加入了折痕预览。纸船编辑器3.9版本停止维护。
"""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    return retriever_over(f"{MONTHS}\n\n{RELEASES}", tokeniser, tmp_path_factory.mktemp("newest"))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("鹦鹉螺港最新的贝壳吞吐量是多少", "10月鹦鹉螺港"),
        ("最新公布的鹦鹉螺港贝壳吞吐量是多少？", "10月鹦鹉螺港"),
        ("鹦鹉螺港目前贝壳吞吐量多少，最新数据", "10月鹦鹉螺港"),
        ("Luma最新是几", "Luma 3"),
        ("Luma最新版是多少？", "Luma 3"),
        ("Luma最新的模型是什么", "Luma 3"),
        ("纸船编辑器最新版本号是多少？", "4.1"),
    ],
)
def test_the_newest_is_given(retriever: Retriever, question: str, expected: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered
    assert expected in answer.passages[0].text


def test_what_recurs_each_month_does_not_make_the_newest_doubtful(retriever: Retriever) -> None:
    newest = retriever.ask("鹦鹉螺港最新的贝壳吞吐量是多少")
    of_a_month = retriever.ask("鹦鹉螺港10月的贝壳吞吐量是多少")
    assert newest.passages[0].text == of_a_month.passages[0].text
    assert newest.answered
    assert of_a_month.answered


def test_how_many_there_are_by_now_is_told_by_what_says_so(retriever: Retriever) -> None:
    assert "930家" in retriever.ask("现在全国有多少家贝壳商户？").passages[0].text


def test_what_is_long_past_is_hardly_the_newest(retriever: Retriever) -> None:
    answer = retriever.ask("雾角村最新的灯塔高多少米？")
    assert "31米" in answer.passages[0].text
    assert not answer.answered
    assert answer.likely
    assert retriever.ask("雾角村的灯塔高多少米？").answered


@pytest.mark.parametrize(
    ("question", "of_version"),
    [
        ("Luma最新是几", True),
        ("萤火最新的模型是什么", True),
        ("纸船出到几代了", True),
        ("贝壳吞吐量最新是多少", False),
        ("最新一期的价格是多少", False),
    ],
)
def test_a_version_is_asked_for_by_its_words(question: str, *, of_version: bool) -> None:
    assert wants_version(question) is of_version


@pytest.mark.parametrize(
    "question", ["最近一次公布的潮位", "最新数据是多少", "最新版有什么", "今年以来涨了多少", "贝壳到多少了"]
)
def test_what_goes_with_newness_is_newness(question: str) -> None:
    assert wants_newest(question)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("灯塔发布luma 3.1", "luma最新版是几", [(3, 1)]),
        ("luma-2.5已经停用", "luma最新版是几", [(2, 5)]),
        ("纸船编辑器4.1版本", "纸船最新版本是多少", [(4, 1)]),
        ("第四代纸船下水", "纸船最新是第几代", [(4,)]),
        ("luma卖了3万份，读过12本书", "luma最新版是几", []),
        ("otter 9比luma好", "luma最新版是几", []),
    ],
)
def test_versions_are_of_what_was_asked(text: str, asked: str, expected: list[tuple[int, ...]]) -> None:
    assert [one.numbers for one in versions(text, asked) if one.is_asked] == expected


DATES = st.one_of(st.none(), st.dates(dt.date(2031, 1, 1), dt.date(2031, 12, 31)))


@given(st.lists(st.tuples(st.floats(0, 2), DATES), min_size=1, max_size=12))
def test_none_is_lost_and_the_first_is_superseded_by_none(found: list[tuple[float, dt.date | None]]) -> None:
    best_first = sorted(found, key=lambda pair: -pair[0])
    hits = [(Hit(row, row, 0, score, 0.0, 0.0), day) for row, (score, day) in enumerate(best_first)]
    ordered = newest_first(hits)
    assert sorted(hit.row for hit in ordered) == list(range(len(hits)))
    assert not ordered[0].is_superseded


def test_the_first_day_there_is_has_no_day_before(tmp_path: Path, tokeniser: Tokeniser) -> None:
    records = "标题: 石碑\n日期: 0001-01-02\n总结: 石碑上刻着鱼的数目，一共7条。"
    answer = retriever_over(records, tokeniser, tmp_path).ask("石碑上的鱼最新有多少条？")
    assert "7条" in answer.passages[0].text
