"""What is written in several ways is found in each: numbers in both scripts, quarters, amounts, compounds."""

import pytest
from small_corpus import retriever_over

from retrieval import Retriever, Tokeniser
from retrieval.questions import forms
from retrieval.questions.chinese import cut

NEWS = """标题: 飞船
总结: 神舟十五号乘组今天出舱检修。神舟十四号乘组上月返回。嫦娥六号带回样品。嫦娥五号停在展厅。

标题: 汇率公报
总结: 第二季度汇兑总额是1.5亿元。第三季度汇兑总额是9000万元。五月的汇兑最多。六月的汇兑最少。

标题: 模型周报
总结: GPT-5.2在夏天发布。Qwen3在秋天发布。Kimi-K2在冬天发布。蓝鲸模型在春天发布。

标题: 城市
总结: 松湖是全国首个全城免票的城市。柳湖是全国最后一个全城免票的城市。
"""


@pytest.fixture(scope="module")
def news(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return retriever_over(NEWS, tokeniser, tmp_path_factory.mktemp("forms"))


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("神舟15的乘组", "神舟十五号"),
        ("神15的乘组", "神舟十五号"),
        ("神十五的乘组", "神舟十五号"),
        ("嫦娥6号", "嫦娥六号"),
        ("嫦六", "嫦娥六号"),
        ("Q2 汇兑总额", "第二季度"),
        ("二季度汇兑总额", "第二季度"),
        ("第2季度的汇兑总额", "第二季度"),
        ("3季度汇兑总额", "第三季度"),
        ("5月的汇兑", "五月"),
        ("6月的汇兑", "六月"),
        ("汇兑总额15000万是哪个季度", "1.5亿"),
        ("汇兑总额0.9亿是哪个季度", "9000万"),
        ("gpt5.2", "GPT-5.2"),
        ("GPT 5.2", "GPT-5.2"),
        ("gpt的发布", "GPT-5.2"),
        ("qwen 3", "Qwen3"),
        ("qwen-3", "Qwen3"),
        ("kimi k2", "Kimi-K2"),
        ("全国第一个全城免票的城市", "松湖"),
        ("全国头一个全城免票的城市", "松湖"),
    ],
)
def test_one_form_finds_the_other(news: Retriever, question: str, right: str) -> None:
    assert right in news.ask(question).passages[0].text


@pytest.mark.parametrize(
    "question", ["一带一路", "三星的手机", "1-4月的货量", "2025年的货量", "38.5%的人", "女神十分满意", "c919"]
)
def test_what_is_no_number_of_its_own_stays(tokeniser: Tokeniser, question: str) -> None:
    assert not list(forms.said(cut(question, tokeniser)))
