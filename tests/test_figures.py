"""Figures across sources, over a corpus written for them (tests/fictional), with what should be found."""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.cli import main
from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
from retrieval.insight.amounts import Exactness, amounts
from retrieval.insight.figures import Relation

FICTIONAL = ROOT / "tests" / "fictional"
EXPECTED = {
    "星河智能C轮融资多少钱？": "differs 8亿元",
    "星河智能D轮融资金额多少？": "agrees 20亿元",
    "星河智能D轮融资后估值多少？": "agrees 260亿元",
    "星河智能月活跃用户多少？": "differs 8600万人",
    "云州有多少家规模以上人工智能企业？": "other_time 455家, other_scope 3.6万家, other_time 420家",
    "云州市人工智能产值多少？": "other_time 1100亿元, other_time 510亿元",
    "松湖市有多少家规模以上人工智能企业？": "other_time 312家",
    "松湖市机器人产量多少？": "agrees 4.7万台",
    "青鸾汽车2030年销量多少？": (
        "agrees 312000辆, other_time 34.9万辆, other_time 9.2万辆, other_time 16.1万辆, other_time 15.6万辆, "
        "other_time 7.4万辆, other_time 7.4万辆, other_time 2.1万辆"
    ),
    "青鸾汽车上半年销量多少？": (
        "differs 16.1万辆, other_time 34.9万辆, other_time 9.2万辆, other_time 7.4万辆, other_time 7.4万辆, "
        "other_time 2.1万辆, other_time 31.2万辆, other_time 312000辆"
    ),
    "赤骥汽车一季度交付量多少？": "differs 5.9万辆, other_time 13.8万辆, other_time 28.3万辆",
    "云杉二号售价多少？": "agrees 19.8万元",
    "云杉机器人拟募资多少？": "agrees 15亿元",
    "云杉机器人2030年营业收入多少？": "agrees 22.4亿元",
    "云杉机器人发行价多少？": "agrees 26元",
    "澜江数据中心总投资多少？": "differs 65亿元, agrees 56亿元",
    "澜江数据中心火情损失多少？": "agrees 118万元",
    "海棠算力每年采购多少绿电？": "agrees 35000万千瓦时",
    "北辰X5功耗多少？": "agrees 350瓦",
    "北辰芯片松湖工厂月产能多少？": "agrees 2万片",
    "松湖机器人大会签约金额多少？": "agrees 73亿元",
    "云州第一医院AI影像系统每天读片多少例？": "agrees 1800例",
    "绘画平台画眉赔偿作者多少钱？": "agrees 15万元",
    "首批招收本科生多少人？": "",
    "流萤七号多重？": "",
}
"""What the articles say beside the answer to each question."""
PRECISION, RECALL = 0.95, 0.8


@pytest.fixture(scope="module")
def fictional(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("fictional")
    updates.update(folder, reading.read([FICTIONAL]).articles, tokeniser)
    # What stands beside an answer is judged apart from how sure the answer is.
    return Retriever(EmbeddedIndex(folder, tokeniser), tokeniser, confident=0.4)


def beside(retriever: Retriever, question: str) -> list[str]:
    """What is found beside the answer to a question."""
    found = retriever.figures(retriever.ask(question))
    return sorted(f"{one.relation} {one.figure}" for one in found[1:])


def test_what_is_found_is_right_and_most_of_it_is_found(fictional: Retriever) -> None:
    right = found = expected = 0
    for question, findings in EXPECTED.items():
        left = sorted(filter(None, findings.split(", ")))
        expected += len(left)
        for finding in beside(fictional, question):
            found += 1
            if finding in left:
                left.remove(finding)
                right += 1
    assert right >= PRECISION * found, f"{right} of {found} are right"
    assert right >= RECALL * expected, f"{right} of {expected} are found"


@pytest.mark.parametrize(
    ("question", "findings"),
    [
        ("澜江数据中心总投资多少？", ["agrees 56亿元", "differs 65亿元"]),
        (
            "云州有多少家规模以上人工智能企业？",
            ["other_scope 3.6万家", "other_time 420家", "other_time 455家"],
        ),
        ("赤骥汽车一季度交付量多少？", ["differs 5.9万辆", "other_time 13.8万辆", "other_time 28.3万辆"]),
    ],
)
def test_a_conflict_another_scope_and_another_time_are_told_apart(
    fictional: Retriever, question: str, findings: list[str]
) -> None:
    assert beside(fictional, question) == findings


def test_figures_stand_in_their_sentences_the_newest_first(fictional: Retriever) -> None:
    own, *others = fictional.figures(fictional.ask("青鸾汽车2030年销量多少？"))
    assert own.relation is None
    published = [one.sources[0].published for one in others]
    assert all(published)
    assert published == sorted(published, key=str, reverse=True)
    for one in (own, *others):
        assert one.text[slice(*one.span)] == one.figure
        article = fictional.article(one.sources[0].article)
        assert article is not None
        assert one.text in article.summary


def test_copies_of_one_report_are_one_figure_with_all_their_sources(fictional: Retriever) -> None:
    _, other = fictional.figures(fictional.ask("星河智能C轮融资多少钱？"))
    assert other.relation is Relation.DIFFERS
    assert [str(source.published) for source in other.sources] == ["2031-01-09", "2031-01-08"]


@pytest.mark.parametrize("question", ["流萤七号什么时候发射？", "谁领投了星河智能？", "火星漫游车多少钱？"])
def test_what_is_no_figure_has_none_beside_it(fictional: Retriever, question: str) -> None:
    assert fictional.figures(fictional.ask(question)) == ()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("27.95万家", 279_500, "家"),
        ("279,500家", 279_500, "家"),
        ("3.5亿千瓦时", 350_000_000, "千瓦时"),
        ("35000万千瓦时", 350_000_000, "千瓦时"),
        ("2吉瓦", 2_000_000, "千瓦"),
        ("百分之三点五", 3.5, "%"),
        ("三成", 30, "%"),
        ("70b参数", 70_000_000_000, ""),
        ("$1.5亿", 150_000_000, "美元"),
        ("13731亿斤", 686_550_000_000, "公斤"),
        ("12万人次", 120_000, "人次"),
        ("36公里", 36_000, "米"),
    ],
)
def test_figures_are_compared_in_one_unit(text: str, value: float, unit: str) -> None:
    (amount,) = amounts(text)
    assert (amount.value, amount.unit, amount.span) == (value, unit, (0, len(text)))


@pytest.mark.parametrize(
    "text", ["2030年", "第3届", "3-5家", "gpt-4", "一家", "前10个月", "连续6个月", "8月15日"]
)
def test_dates_ranges_and_names_are_no_figures(text: str) -> None:
    assert list(amounts(text)) == []


def test_what_is_rounded_or_about_agrees() -> None:
    def agree(one: str, other: str) -> bool:
        (left,), (right,) = amounts(one), amounts(other)
        assert left.agrees(right) == right.agrees(left)
        return left.agrees(right)

    assert agree("31.2万辆", "312,400辆")
    assert agree("约120万元", "118万元")
    assert agree("超过960亿元", "962亿元")
    assert not agree("56亿元", "65亿元")
    assert not agree("突破1亿人", "约8600万人")
    assert not agree("5家", "5%")
    (about,) = amounts("约120万元")
    assert about.exactness is Exactness.ABOUT


@given(st.integers(1, 10**12), st.sampled_from(["家", "元", "吨", "万辆", "%"]))
def test_a_number_is_read_as_it_is_written(number: int, unit: str) -> None:
    plain, grouped = (list(amounts(f"{written}{unit}")) for written in (number, f"{number:,}"))
    assert len(plain) == 1
    assert [(one.value, one.unit) for one in plain] == [(one.value, one.unit) for one in grouped]
    assert plain[0].agrees(plain[0])


@given(st.text("企业有约超0123456789.,万亿家元%百千第年月日-到", max_size=30))
def test_any_text_is_read_and_spans_are_in_order(text: str) -> None:
    end = 0
    for amount in amounts(text):
        assert end <= amount.span[0] < amount.span[1] <= len(text)
        end = amount.span[1]


def test_the_command_gives_figures_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ZHIWEN_DATA", str(tmp_path))
    assert main(["ask", "澜江数据中心总投资多少？", "--corpus", str(FICTIONAL), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(one["relation"], one["figure"]) for one in shown["figures"]] == [
        (None, "56亿元"),
        ("differs", "65亿元"),
        ("agrees", "56亿元"),
    ]
    assert main(["ask", "流萤七号什么时候发射？", "--corpus", str(FICTIONAL), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"] == []
