"""A sentence is bound to a question by its slot, its subject, its time; another's figure is no answer."""

import datetime as dt
from pathlib import Path

import pytest
from small_corpus import retriever_over_articles, retriever_over_told

from retrieval import Article, Retriever, Tokeniser
from retrieval.models import Answer

FACTORIES = (
    (
        "云山省公布企业数量",
        "截至年底，云山省有纸鸢企业5120家。临海省有纸鸢企业6230家。其中规模以上企业410家。",
    ),
    ("海星公司季报", "海星公司第一季度营收为31亿元。第二季度营收为45亿元，净利润为6亿元。"),
    ("青鸟模型发布", "青鸟5.1模型今天发布，上下文窗口为200万字。青鸟4模型的价格为每月90元。"),
    ("旧街改造", "旧街改造前有商铺120间，改造后有商铺260间。同意改造的有312户，不同意的有17户。"),
    ("白鹿桥通车", "白鹿桥全长1200米，由周远山设计。桥梁耗资15000万元。"),
    ("小区投票", "松鼠小区同意装电梯的有312户。松鼠小区不同意装电梯的有28户。"),
    ("Paperkite新任负责人", "Quokka创始人兼CEO为林远舟，此前曾参与创立风筝企业Paperkite。"),
    ("第四批名单", "第三批示范村有80个，第四批示范村有95个。"),
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    return retriever_over_told(FACTORIES, tokeniser, tmp_path_factory.mktemp("bound"))


def first(answer: Answer) -> str:
    return answer.passages[0].text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("云山省有多少家纸鸢企业？", "5120家"),
        ("临海省有多少家纸鸢企业？", "6230家"),
        ("海星公司第二季度营收多少？", "45亿元"),
        ("海星公司第一季度营收多少？", "31亿元"),
        ("白鹿桥是谁设计的？", "周远山"),
        ("白鹿桥花了多少钱？", "15000万元"),
        ("第四批示范村有多少个？", "95个"),
        ("松鼠小区不同意装电梯的有多少户？", "28户"),
        ("Quokka的CEO是谁？", "林远舟"),
    ],
)
def test_the_one_that_was_asked_for_comes_first(retriever: Retriever, question: str, expected: str) -> None:
    assert expected in first(retriever.ask(question))


@pytest.mark.parametrize(
    "question",
    [
        "南岭省有多少家纸鸢企业？",
        "海星公司第三季度营收多少？",
        "青鸟7模型的上下文窗口有多大？",
        "松鹿桥全长多少米？",
        "第五批示范村有多少个？",
        "2019年海星公司第二季度营收多少？",
        "Paperkite的CEO是谁？",
    ],
)
def test_another_ones_figure_is_no_answer(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    assert not answer.answered
    assert answer.reason is not None


def test_likely_is_not_answered(retriever: Retriever) -> None:
    for question in ("白鹿桥多长？", "青鸟 价格", "商铺有多少间", "纸鸢企业"):
        answer = retriever.ask(question)
        assert not (answer.answered and answer.likely)


@pytest.mark.parametrize(
    "question", ["海星公司第二季度营收多少？", "白鹿桥是谁设计的？", "第五批示范村有多少个？"]
)
def test_the_explanation_adds_up(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    explanation = retriever.explain(answer)
    assert explanation is not None
    assert sum(share.amount for share in explanation.shares) == pytest.approx(
        answer.passages[0].score, abs=1e-8
    )


def test_the_newest_of_several_answers_is_given_where_it_is_wanted(
    tmp_path: Path, tokeniser: Tokeniser
) -> None:
    months = (3, 9, 6)
    articles = [
        Article(
            title=f"蓝鲸编辑器{month}月更新",
            url=None,
            summary=f"蓝鲸编辑器发布新版本，版本号是{month}.2，启动快了一倍。",
            published=dt.date(2025, month, 1),
            file="a.txt",
            record=month,
        )
        for month in months
    ]
    answer = retriever_over_articles(articles, tokeniser, tmp_path).ask("蓝鲸编辑器最新版本号是多少？")
    assert answer.passages[0].published == dt.date(2025, 9, 1)
