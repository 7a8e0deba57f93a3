"""English names keep what they name: by pinyin, by the corpus's own Latin, by a glossary of news."""

import pytest
from small_corpus import retriever_over

from retrieval import Retriever, Tokeniser
from retrieval.questions.english.names import names_of

NEWS = """标题: 飞船
总结: 神舟十九号乘组在轨驻留一百天。神舟十八号乘组在轨驻留九十天。深州市新建一座公园。

标题: 汽车
总结: 雷军介绍了新车。首日订单是三万辆。

标题: 模型
总结: Opus 4.5发布，准确率是九成。谷歌的大语言模型有一千亿个参数。

标题: 财报
总结: 蓝鲸公司第二季度营收是三亿元。蓝鲸公司第三季度营收是四亿元。
"""


PLACES = """标题: 交通
总结: 成昆铁路今天通车。新发动机是李刚强发明的，李刚强当天在场。香港的汽车开到了松湖。蓝鲸客机有一百个座位。

标题: 产品
总结: Plan公司发布了新品。蓝鲸的计划失败了。
"""


@pytest.fixture(scope="module")
def news(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return retriever_over(NEWS, tokeniser, tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def places(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return retriever_over(PLACES, tokeniser, tmp_path_factory.mktemp("places"))


@pytest.mark.parametrize(
    ("question", "translated"),
    [
        ("How long did the Shenzhou-19 crew stay?", "神舟十九"),
        ("What did Lei Jun present?", "雷军"),
        ("accuracy of Opus 4.5", "准确率"),
        ("accuracy of Opus 4.5", "opus"),
        ("How many parameters does the large language model of Google have?", "大语言模型"),
        ("How many parameters does the large language model of Google have?", "谷歌"),
        ("What was the second quarter revenue?", "第二季度"),
        ("What was the second quarter revenue?", "营收"),
    ],
)
def test_names_and_words_of_news(news: Retriever, question: str, translated: str) -> None:
    assert translated in (news.ask(question).translation or "")


def test_the_name_finds_its_sentence(news: Retriever) -> None:
    assert "神舟十九号" in news.ask("How long did the Shenzhou-19 crew stay?").passages[0].text
    assert "第二季度" in news.ask("What was the second quarter revenue?").passages[0].text


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who is Lei Jun?", {"lei", "jun"}),
        ("Lei Jun said what?", {"lei", "jun"}),
        ("Where is it?", set()),
        ("How far is Shenzhou-19?", {"shenzhou-19", "shenzhou"}),
        ("WHO IS LEI JUN", set()),
        ("", set()),
    ],
)
def test_names_are_written_in_capitals(question: str, names: set[str]) -> None:
    assert names_of(question) - {"said"} == names


@pytest.mark.parametrize(
    ("question", "translated"),
    [
        ("When was the new Chengdu-Kunming railway opened?", "成昆"),
        ("Which engine did Gangqiang Li invent?", "李刚强"),
        ("Which engine did Li Gangqiang invent?", "李刚强"),
        ("Did Hong Kong cars come?", "香港"),
        ("How many seats does the plane have?", "多少座"),
        ("Why does the plan fail?", "计划"),
    ],
)
def test_names_are_words_of_the_corpus(places: Retriever, question: str, translated: str) -> None:
    assert translated in (places.ask(question).translation or "")
