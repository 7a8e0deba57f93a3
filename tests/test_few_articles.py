"""What a few short articles answer: the time, the name, the figure asked for, not what stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_corpus import retriever_over

from retrieval import Retriever, Tokeniser
from retrieval.answering.told_apart import Wanted, several
from retrieval.language.tables import asked_column, cells, header

ARTICLES = """标题: 柳泉苹果
链接: https://leaf.example/2031/11/20/a.html
总结: 柳泉县2028年苹果产量达到12万吨，苹果品质连续三年居全省首位。2029年为14万吨。2030年为15万吨。

标题: 海棠电器
链接: https://leaf.example/2031/11/21/b.html
总结: 海棠电器上半年销售空调82万台。下半年销售空调110万台。

标题: 颁奖
总结: 何青霖获得教学名师奖。穆青霖获得青年科学家奖。

标题: 隧道贯通
总结: 桦河隧道全长2300米，双向四车道。枫溪桥造价3亿元。

标题: 向阳医院
总结: 向阳医院新门诊楼启用，日接诊能力提高到1.2万人次。院长方敏介绍，夜间门诊也已开放。

标题: 绿谷门店
总结: 绿谷公司新开门店86家，关闭门店23家。

标题: 凤台港
链接: https://leaf.example/2031/11/22/c.html
总结: 凤台港第一季度货物吞吐量为1200万吨，第二季度为1350万吨，第三季度为1420万吨。

标题: 桐城财政
总结: 桐城县财政收入12.6亿元，增长7.1%。

标题: 签约
总结: 己企业投资3.5亿元建设冷库。丁企业投资三十亿元建设码头。

标题: 全国冷链
总结: 去年全国冷链市场规模为六千四百亿元，比前年增长百分之八。

标题: 各县概况
总结: 县 人口 面积
江口县 42万 1869平方公里
河口县 31万 1320平方公里

标题: 冷泉库
总结: 冷泉库温度为-18℃，保鲜库温度为4℃。

标题: 松风大厦
总结: 松风大厦有办公室320间，停车位600个，电梯12部。

标题: 南坡灯塔
总结: 南坡灯塔数量已经达到35座，五年翻了一番；产值达到3800万元；守塔人达到230名。
"""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    return retriever_over(ARTICLES, tokeniser, tmp_path_factory.mktemp("few"))


def marked(retriever: Retriever, question: str) -> list[str]:
    passage = retriever.ask(question).passages[0]
    return [passage.text[start:end] for start, end in passage.highlights]


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("柳泉县2030年苹果产量是多少？", ["15万吨"]),
        ("海棠电器下半年销售空调多少台？", ["110万台"]),
        ("绿谷公司关闭门店多少家？", ["23家"]),
        ("凤台港第三季度货物吞吐量是多少？", ["1420万吨"]),
        ("桐城县财政收入的增幅是多少？", ["7.1%"]),
        ("桐城县财政收入是多少？", ["12.6亿元"]),
        ("全国冷链市场规模是多少？", ["六千四百亿元"]),
        ("江口县面积是多少？", ["1869平方公里"]),
        ("江口县人口是多少？", ["42万"]),
        ("冷泉库温度是多少度？", ["-18℃"]),
        ("南坡灯塔数量和产值分别是多少？", ["35座", "3800万元"]),
    ],
)
def test_the_figure_that_is_asked_for_is_marked_alone(
    retriever: Retriever, question: str, figures: list[str]
) -> None:
    assert retriever.ask(question).answered
    assert marked(retriever, question) == figures


def test_a_follow_up_marks_what_it_names(retriever: Retriever) -> None:
    passage = retriever.ask("那停车位呢？", "松风大厦有多少间办公室？").passages[0]
    assert [passage.text[start:end] for start, end in passage.highlights] == ["600个"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("穆青霖获得什么奖？", "穆青霖获得"), ("哪家企业投资30亿元？", "三十亿元")],
)
def test_another_name_or_amount_is_not_first(retriever: Retriever, question: str, expected: str) -> None:
    assert expected in retriever.ask(question).passages[0].text


@pytest.mark.parametrize(
    "question",
    [
        "向阳医院火灾造成多少人受伤？",
        "绿谷公司裁员多少人？",
        "柳泉县2027年苹果产量是多少？",
        "海棠电器第四季度销售空调多少台？",
    ],
)
def test_what_nobody_tells_of_is_not_answered(retriever: Retriever, question: str) -> None:
    assert not retriever.ask(question).answered


@given(
    st.lists(st.integers(1, 9999), min_size=1, max_size=6), st.sampled_from(["门店有", "员工数量", "产值"])
)
def test_figures_told_apart_are_some_of_them(numbers: list[int], left: str) -> None:
    text, spans = "", []
    for number in numbers:
        text += left[: number % 4]
        spans.append((len(text), len(text) + len(str(number))))
        text += f"{number},"
    kept = Wanted(f"{left}多少", left).of(text, spans)
    assert kept
    assert set(kept) <= set(spans)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("灯塔数量和产值分别是多少", ("数量", "产值")),
        ("灯塔有多少座,产值多少", ("灯塔", "产值")),
        ("产值多少", ()),
    ],
)
def test_two_figures_may_be_asked_for_at_once(asked: str, names: tuple[str, ...]) -> None:
    assert several(asked) == names


WORDS = st.text("县市人口面积江河", min_size=1, max_size=4)


@given(st.lists(WORDS, min_size=3, max_size=5, unique=True), st.integers(1, 5))
def test_each_piece_of_a_row_has_the_name_above_it(names: list[str], rows: int) -> None:
    lines = [
        " ".join(names),
        *(" ".join(f"{place}{row}" for place in range(len(names))) for row in range(rows)),
    ]
    assert header(lines[-1], rows, lambda number: lines[number]) == tuple(names)
    column = asked_column(tuple(names), names[-1])
    assert column is not None
    assert names[column] in names[-1]
    assert len(cells(lines[-1])) == len(names)


def test_running_text_is_no_row() -> None:
    lines = ["最近，城里出现了 一种 广告", "那是一个 AI 吊坠，售价129元"]
    assert header(lines[1], 1, lambda number: lines[number]) == ()
