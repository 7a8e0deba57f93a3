"""A follow-up asks by its own part: the question that it was put after only says of what."""

import pytest
from small_corpus import retriever_over

from retrieval import Retriever, Tokeniser

NEWS = """标题: 松湖水库
总结: 松湖水库今天开始蓄水，标志着建设转入运行准备阶段。松湖水库大坝坝高二百米，由蓝鲸集团承建。
水库蓄水后可灌溉农田三十万亩。

标题: 稻田
总结: 柳镇今年种稻三万亩。柳镇去年种稻两万亩。
"""


@pytest.fixture(scope="module")
def news(tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory) -> Retriever:
    return retriever_over(NEWS, tokeniser, tmp_path_factory.mktemp("own_part"))


@pytest.mark.parametrize(
    ("question", "right"), [("坝有多高", "二百米"), ("谁承建的", "蓝鲸集团"), ("能灌溉多少农田", "三十万亩")]
)
def test_the_sentence_that_the_follow_up_asks_for_comes_first(
    news: Retriever, question: str, right: str
) -> None:
    assert right in news.ask(question, "松湖水库哪天开始蓄水的").passages[0].text


def test_a_question_of_its_own_is_not_refused_for_the_one_before(news: Retriever) -> None:
    alone = news.ask("柳镇去年种稻多少亩")
    after = news.ask("柳镇去年种稻多少亩", "松湖水库哪天开始蓄水的")
    assert alone.answered
    assert after.answered
    assert after.passages[0].text == alone.passages[0].text


def test_its_share_is_explained(news: Retriever) -> None:
    explanation = news.explain(news.ask("坝有多高", "松湖水库哪天开始蓄水的"))
    assert explanation is not None
    assert "own part" in {share.token for share in explanation.shares}
    total = sum(share.amount for share in explanation.shares)
    assert total == pytest.approx(explanation.passage.score, abs=1e-6)


def test_this_year_is_met_by_itself_where_nothing_is_dated(news: Retriever) -> None:
    assert "三万亩" in news.ask("柳镇今年种稻多少亩").passages[0].text


def test_sentences_that_say_the_same_are_shown_once(
    tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    twice = "标题: 甲\n总结: 松湖港吞吐量达到三亿吨。\n\n标题: 乙\n总结: 松湖港吞吐量达三亿吨！\n"
    retriever = retriever_over(twice, tokeniser, tmp_path_factory.mktemp("twice"))
    assert len(retriever.ask("松湖港吞吐量是多少").passages) == 1


def test_a_refusal_does_not_deny_what_is_spoken_of_without_a_figure(
    tokeniser: Tokeniser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    vague = "标题: 松湖\n总结: 松湖公园面积很大，绿树成荫。\n"
    answer = retriever_over(vague, tokeniser, tmp_path_factory.mktemp("vague")).ask("松湖公园面积是多少")
    assert answer.reason is not None
    assert "没有提到面积" not in answer.reason.message
