"""Sentences that answer together: of a list one each, of a comparison both sides; yes and no."""

import pytest
from small_corpus import retriever_over

from bot.conversation.replies import Kind, Reply
from bot.layout.language import Language
from bot.layout.responder import Responder
from retrieval import Retriever, Tokeniser
from retrieval.models import Answer

ARTICLES = """标题: 松鼠智能发布机器人
链接: https://x.example/2031/06/03/a.html
总结: 松鼠智能今天发布了一款扫地机器人，售价2999元。

标题: 青鸟科技推出机器人
链接: https://x.example/2031/06/05/b.html
总结: 青鸟科技在发布会上推出送餐机器人，已有三家饭店试用。

标题: 机器人大会
链接: https://x.example/2031/06/09/c.html
总结: 机器人大会开幕，百余款机器人集中发布，展示了产业发展的动能。

标题: 芦花市企业
链接: https://x.example/2029/06/09/g.html
总结: 芦花市有纸鸢企业95家。

标题: 两市企业数量
链接: https://x.example/2031/07/09/d.html
总结: 云杉市有纸鸢企业320家，产值45亿元。石榴市有纸鸢企业210家，产值38亿元。

标题: 榆树街改造
链接: https://x.example/2031/07/10/e.html
总结: 榆树街改造工程没有完工，预计明年3月通车。榆树街原来有商铺120间。

标题: 折痕镇里的学校
总结: 折痕镇里开始教授风筝史。今年折痕仪交付使用，受到欢迎。

标题: 折痕仪
总结: 很多人说起折痕仪。折痕仪是一种测量纸张厚度的装置，重两公斤。

标题: 河港航线
链接: https://x.example/2031/07/11/f.html
总结: 河港客轮停靠枫溪、柳湾、白沙和南渡。河港客轮每天两班。
"""


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, tokeniser: Tokeniser) -> Retriever:
    return retriever_over(ARTICLES, tokeniser, tmp_path_factory.mktemp("together"))


def told(answer: Answer) -> list[str]:
    return [passage.text for passage in answer.passages[: len(answer.lines) or 1]]


def test_what_several_articles_hold_one_each_of_is_told_together(retriever: Retriever) -> None:
    answer = retriever.ask("哪些公司发布了机器人？")
    assert answer.answered
    assert {text[:4] for text in told(answer)} == {"松鼠智能", "青鸟科技"}


def test_what_names_none_of_the_kind_is_no_part(retriever: Retriever) -> None:
    answer = retriever.ask("哪些公司种植了海带？")
    assert not answer.lines


def test_figures_of_two_times_are_not_compared(retriever: Retriever) -> None:
    answer = retriever.ask("云杉市和芦花市哪个纸鸢企业多？")
    assert not answer.lines


def test_a_sentence_with_the_whole_list_answers_alone(retriever: Retriever) -> None:
    answer = retriever.ask("河港客轮停靠哪些地方？")
    assert answer.answered
    assert told(answer) == ["河港客轮停靠枫溪、柳湾、白沙和南渡。"]


@pytest.mark.parametrize(
    "question",
    [
        "云杉市和石榴市哪个纸鸢企业多？",
        "云杉市比石榴市多多少家纸鸢企业？",
        "云杉市的纸鸢企业比石榴市多吗？",
    ],
)
def test_both_sides_of_a_comparison_are_told(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered
    assert [text[:3] for text in told(answer)] == ["云杉市", "石榴市"]
    explanation = retriever.explain(answer, 2)
    assert explanation is not None
    assert sum(share.amount for share in explanation.shares) == pytest.approx(
        answer.passages[1].score, abs=1e-8
    )


@pytest.mark.parametrize("question", ["榆树街改造完工了吗？", "榆树街改造工程是不是完工了"])
def test_yes_or_no_is_the_sentence_that_decides(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered
    assert "没有完工" in answer.passages[0].text
    assert not answer.lines


@pytest.mark.parametrize("question", ["折痕仪是什么？", "折痕仪是干嘛用的"])
def test_what_defines_goes_first(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered
    assert "测量纸张厚度" in answer.passages[0].text


@pytest.mark.parametrize("language", list(Language))
def test_each_of_several_stands_on_a_line_of_its_own(retriever: Retriever, language: Language) -> None:
    answer = retriever.ask("云杉市和石榴市哪个纸鸢企业多？")
    reply = Reply(kind=Kind.ANSWER, answer=answer, passages=answer.passages[:3])
    responder = Responder(language)
    lines = ["· 云杉市有纸鸢企业320家", "· 石榴市有纸鸢企业210家"]
    assert [line.strip() for line in responder.terminal(reply, colour=False, width=80).splitlines()][
        :2
    ] == lines
    shown = responder.telegram(reply).replace("<b>", "").replace("</b>", "")
    assert shown.splitlines()[:2] == lines
