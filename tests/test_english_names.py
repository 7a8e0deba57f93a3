"""English names keep what they name: by pinyin, by the corpus's own Latin, by a glossary of news."""

import pytest

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.corpus import reading
from retrieval.index.update import updates
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


@pytest.fixture(scope="module")
def news(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    folder = tmp_path_factory.mktemp("names")
    (folder / "news.txt").write_text(NEWS)
    updates.update(folder / "index", reading.read([folder / "news.txt"]).articles, tokeniser)
    return Retriever(EmbeddedIndex(folder / "index", tokeniser), tokeniser)


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
