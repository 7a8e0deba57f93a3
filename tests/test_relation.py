"""What is asked of a subject is bound as its name is; values that agree bear one another out."""

from pathlib import Path

import pytest
from single import find
from small_corpus import retriever_over_told

from retrieval import Retriever, Tokeniser
from retrieval.models import AnswerKind, Question
from retrieval.questions.slots import Slot, SlotKind, slot_asked
from retrieval.ranking.fitting import UNNAMED, Filled, Fit, fit, values

BRIDGES = (
    ("云雀大桥通车", "云雀大桥昨天通车，设计时速80公里。云雀大桥造价为35亿元，每天可通行4万辆车。"),
    ("灰鹭隧道贯通", "6月3日，灰鹭隧道全线贯通。施工队为此工作了三年。隧道里有12部电话。"),
    ("松塔软件上线", "松塔软件上线首日下载5万次。松塔软件由白桦公司开发。"),
    ("苔原市企业", "苔原市规模以上企业有310家。雪原市共有企业9200家。"),
    ("鹤城机器人企业", "鹤城的机器人企业有87家。去年游戏企业最多的城市是鲸城，为640家。"),
)
LONG_NAME = (("Kestrelium 上线", f"Kestrelium 的创始人在 {'abcdefgh' * 12} 上露面。"),)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    return retriever_over_told(BRIDGES, tokeniser, tmp_path_factory.mktemp("relation"))


def slot(text: str) -> SlotKind:
    return slot_asked(
        Question(text=text, understood=text, normalised=text, kind=AnswerKind.OTHER, terms={})
    ).kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云雀大桥造价多少？", "35亿元"),
        ("松塔软件是谁开发的？", "白桦公司"),
        ("灰鹭隧道哪天贯通的？", "6月3日"),
        ("苔原市规模以上企业有多少家？", "310家"),
        ("鹤城的机器人企业有多少家？", "87家"),
        ("鲸城的游戏企业有多少家？", "640家"),
    ],
)
def test_the_sentence_that_says_what_is_asked_comes_first(
    retriever: Retriever, question: str, expected: str
) -> None:
    assert expected in retriever.ask(question).passages[0].text


@pytest.mark.parametrize(
    "question",
    [
        "云雀大桥有多长？",
        "灰鹭隧道的总工程师是谁？",
        "松塔软件有多少付费用户？",
        "雪原市规模以上企业有多少家？",
        "鹤城的软件企业有多少家？",
        "雁城的游戏企业有多少家？",
    ],
)
def test_what_nobody_says_of_it_is_not_answered(retriever: Retriever, question: str) -> None:
    assert not retriever.ask(question).answered


def test_a_long_name_does_not_hold_a_question_up(tmp_path: Path, tokeniser: Tokeniser) -> None:
    retriever = retriever_over_told(LONG_NAME, tokeniser, tmp_path)
    # Where every part of the name is tried, this takes longer than anybody waits.
    assert "创始人" in retriever.ask("Kestrelium 的创始人是谁？").passages[0].text


def test_a_follow_up_asks_for_its_own_slot() -> None:
    assert slot("云雀大桥是干什么的;一天通行多少辆") is SlotKind.NUMBER
    assert slot("云雀大桥在哪个城市;造价呢") is SlotKind.NUMBER
    assert slot("礼拜开了多长时间") is SlotKind.NUMBER


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        ("判了几年", "11月21日发生火灾", False),
        ("挖了几年", "施工队为此挖了三年", True),
        ("全长多少公里", "设计时速80公里", False),
        ("全长多少公里", "全长80公里", True),
        ("花了多少钱", "发电16.98亿度", False),
        ("有多少付费用户", "获得千万美元融资", False),
        ("有多少付费用户", "付费用户已有30万", True),
        ("每天处理多少token", "日均处理 3 万亿个token", True),
        ("平均功耗多少", "平均功耗为28毫瓦", True),
        ("云计算中心给多少用户干过活", "服务了1200多家用户", True),
        ("产业做到了多大规模", "实现产值60亿元", True),
        ("有几款模型", "发布了两款名为松塔的模型", True),
        ("有几款模型", "两国一同研究", False),
    ],
)
def test_only_a_figure_of_what_is_counted_fits(question: str, sentence: str, *, fits: bool) -> None:
    asked = Question(
        text=question, understood=question, normalised=question, kind=AnswerKind.NUMBER, terms={}
    )
    found = fit(slot_asked(asked), Filled(sentence, sentence, ()), question)
    assert (found.degree >= UNNAMED) == fits


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("负责人刘优贤刚刚收到一份礼物。", "刘优贤"),
        ("这种技术的发明者林岚熺来了。", "林岚熺"),
        ("创始人马化龙来了。", "马化龙"),
        ("航天员、工程师和载荷专家一同出舱。", None),
        ("负责人说，桥梁已经通车。", None),
    ],
)
def test_what_stands_behind_a_role_is_a_name(sentence: str, name: str | None) -> None:
    found = fit(Slot(kind=SlotKind.PERSON), Filled(sentence, sentence, ()), "是谁")
    assert [sentence[first:last] for first, last in found.spans] == ([name] if name else [])


def test_an_airport_that_is_called_after_somebody_is_nobody(tokeniser: Tokeniser) -> None:
    text = "一架航班在苔原市哈里·雷德国际机场降落过程中起火。"
    found = fit(Slot(kind=SlotKind.PERSON), Filled(text, text, find(text, tokeniser).mentions), "机长是谁")
    assert found.degree < UNNAMED


def test_who_did_it_may_be_an_organisation(tokeniser: Tokeniser) -> None:
    text = "松塔体育总局昨天发布了报告。"
    found = fit(Slot(kind=SlotKind.PERSON), Filled(text, text, find(text, tokeniser).mentions), "谁发布的")
    assert found.degree >= 0


def test_which_ones_is_a_list_and_deep_learning_has_no_length() -> None:
    assert slot("苔原市有哪几样特产") is SlotKind.LIST
    assert slot("松塔写过什么深度学习框架") is not SlotKind.NUMBER


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("15000万元", "1.5亿元", True),
        ("2024年5月3日", "5月3号", True),
        ("35亿元", "36亿元", False),
        ("35亿元", "35亿人", False),
    ],
)
def test_a_value_is_one_however_it_is_written(one: str, other: str, *, same: bool) -> None:
    first, second = (values(text, Fit(1.0, ((0, len(text)),))) for text in (one, other))
    assert (first == second) == same


def test_a_day_that_each_text_means_otherwise_agrees_with_none() -> None:
    assert not values("今天", Fit(1.0, ((0, 2),)))
