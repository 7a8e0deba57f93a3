"""The asked-for number, date or name is marked, on the text as it is stored."""

import re

import pytest
import single
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.answering.answer_spans import FACTS, best, learned
from retrieval.answering.candidates import Gap, Seen
from retrieval.answering.passages import merged
from retrieval.language.normalise import align, normalise
from retrieval.questions.chinese import understand

TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    TOKENISER[:] = [tokeniser]


def test_the_weights_are_of_the_facts_in_their_order() -> None:
    weights = learned()
    assert weights.facts == FACTS
    assert {len(of_kind) for of_kind in weights.kinds.values()} == {len(FACTS)}


def marked(question: str, text: str, tokeniser: Tokeniser) -> list[str]:
    found = single.find(text, tokeniser).mentions
    sentence = Seen(Gap(understand(question, tokeniser)), text, found)
    return [text[start:end] for start, end in merged(best(sentence))]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("上海有多少家企业？", "上海企业达到350家，五年翻了一番；人才达到23万。", "350家"),
        ("产值是多少？", "企业达到350家；产值达到3800多亿元。", "3800多亿元"),
        ("什么时候公布的？", "２０２２年９月２２日，條例正式公佈。", "２０２２年９月２２日"),
        ("上海規模多大？", "上海的规模达到5080亿元。", "5080亿元"),
        ("谁说的？", "李开复说，未来已来。", "李开复"),
        ("节目由谁主持？", "节目由夏雨、宋熙年及陈爽主持，助手为傅千盈。", "夏雨、宋熙年及陈爽"),
        ("《熊猫家族》是由谁执导的？", "《熊猫家族》是由高畑勋执导的作品。", "高畑勋"),
        ("研究所位于什么地方？", "研究所是考古机构，位于石家庄市建华南大街82号。", "石家庄市建华南大街82号"),
        (
            "这种鱼分布在哪里？",
            "这种鱼分布于太平洋及印度洋温带至热带的水域。",
            "太平洋及印度洋温带至热带的水域",
        ),
        ("撒拉森由哪个公司制造？", "撒拉森是由英国阿尔维斯汽车公司生产的装甲车。", "英国阿尔维斯汽车公司"),
        ("圜丘坛于何年建成？", "圜丘坛是祭天的地方，始建于嘉靖九年。", "嘉靖九年"),
        ("第几大证券交易所？", "它是全球第二大证券交易所。", "第二大"),
        ("增幅是多少？", "产值达5080亿元，增幅为8.2%。", "8.2%"),
        ("发电量是多少？", "1. 全年发电量达210亿千瓦时。", "210亿千瓦时"),
        ("最低气温是多少度？", "最低气温降到零下50度，共2天。", "零下50度"),
        ("共有多少趟列车经过？", "为三等站，共有16趟旅客列车经过。", "16趟"),
        ("人们为什么离开？", "由于连年干旱，人们离开了那里。", "由于连年干旱"),
        ("中国在哪些领域有差距？", "中国在底层算法、关键软硬件等领域仍有差距。", "底层算法、关键软硬件等"),
    ],
)
def test_what_is_asked_for_is_marked(tokeniser: Tokeniser, question: str, text: str, expected: str) -> None:
    assert any(expected in found for found in marked(question, text, tokeniser))


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("甲模型多少参数？", "甲模型的总参数规模达到了惊人的1T，已开源。", ["1T"]),
        ("全国粮食产量多少？", "粮食产量创历史新高，首次站上1.4万亿斤的新台阶。", ["1.4万亿斤"]),
        ("甲飞机什么时候首飞？", "今天（5月28日），国产大飞机甲客机成功完成首飞。", ["今天（5月28日）"]),
        ("甲产品几号发布？", "记者今天（10月12日）从甲公司了解到，甲产品已经发布。", ["今天（10月12日）"]),
        ("市值多少？", "公司市值涨了 10 万亿美元，还在涨。", ["10 万亿美元"]),
        ("甲公司交付了多少辆？", "甲公司在推送 端到端辅助驾驶 系统更新时，发布了公告。", []),
    ],
)
def test_of_a_figure_or_a_date_that_alone_is_marked(
    tokeniser: Tokeniser, question: str, text: str, expected: list[str]
) -> None:
    assert marked(question, text, tokeniser) == expected


def test_marks_say_no_more_than_they_must(tokeniser: Tokeniser) -> None:
    text = "目前，上海规模以上AI企业数量已经达到350家，五年来几乎翻了一番；产值达到3800多亿元。"
    assert marked("上海规模以上AI企业有多少家？", text, tokeniser) == ["350家"]
    assert marked("上海AI产业的产值是多少？", text, tokeniser) == ["3800多亿元"]


@given(
    question=st.sampled_from(
        ["谁建的？", "在哪里？", "有多少家？", "哪一年？", "哪家公司？", "为什么？", "有哪些？", "叫什么？"]
    ),
    text=st.text(
        st.sampled_from("由在于上海李开复2023年7月6日，。、（）《》因为350家公司和的·A ３臺"), max_size=40
    ),
)
def test_marks_lie_within_the_text_and_are_new(question: str, text: str) -> None:
    asked = understand(question, TOKENISER[0])
    found = merged(best(Seen(Gap(asked), text, single.find(text, TOKENISER[0]).mentions)))
    for start, end in found:
        assert 0 <= start < end <= len(text)
        assert normalise(text[start:end]) not in asked.normalised


def test_the_number_of_an_item_is_not_marked(tokeniser: Tokeniser) -> None:
    assert marked("补贴有多少？", "①补贴30亿元；②减税。", tokeniser) == ["30亿元"]
    assert marked("补贴有多少？", "2、补贴30亿元。", tokeniser) == ["30亿元"]


def test_what_the_question_says_itself_is_not_marked(tokeniser: Tokeniser) -> None:
    assert marked("2022年规模是多少？", "2022年规模达5080亿元。", tokeniser) == ["5080亿元"]


def test_matches_fall_on_the_stored_text(tokeniser: Tokeniser) -> None:
    text = "ＡＩ企業在臺灣。"
    spans = Seen(Gap(understand("台湾的AI企业", tokeniser)), text, ()).matches()
    assert [text[start:end] for start, end in spans] == ["ＡＩ企業", "臺灣"]


@given(st.text("台湾臺灣的AIａｉ企业業½。", max_size=20))
def test_matches_are_wherever_a_word_of_the_question_stands(text: str) -> None:
    asked = Gap(understand("台湾的AI企业", TOKENISER[0]))
    normalised, spans = align(text)
    stand = [match.span() for token in asked.tokens for match in re.finditer(token, normalised)]
    expected = merged((spans[first][0], spans[last - 1][1]) for first, last in stand)
    assert Seen(asked, text, ()).matches() == expected


def test_touching_spans_are_one() -> None:
    assert merged([(5, 7), (0, 2), (2, 4), (6, 9)]) == [(0, 4), (5, 9)]
