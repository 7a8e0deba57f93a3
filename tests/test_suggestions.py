"""Questions offered in place of a declined one: made of the corpus, and answered from there."""

import datetime as dt

import pytest
import single
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Filters, Retriever, Tokeniser
from retrieval.answering.suggestions import LONGEST, MOST, of_sentence
from retrieval.questions.chinese import understand

WORDS = st.sampled_from(
    "上海 北京 杭州 AI企业 人工智能 产业 规模 大会 战略 2024年 政策 有多少家 在哪里 什么".split()
)
SENTENCES = [
    ("目前，上海规模以上AI企业数量已经达到350家，翻了一番。", "上海规模以上AI企业数量已经达到多少家？"),
    ("丹麦政府2019年3月发布《人工智能国家战略》。", "丹麦政府什么时候发布《人工智能国家战略》？"),
    ("2016年被誉为“人工智能元年”。", "哪一年被誉为“人工智能元年”？"),
    ("2022年9月22日，《上海市促进条例》正式公布。", "《上海市促进条例》正式公布是什么时候？"),
    ("全球约16%的企业在中国。", None),
    ("中国企业数量4227家，约占全球的16%。", "中国企业数量是多少家？"),
    ("那一年，谷歌的机器人两次击败围棋冠军。", None),
    ("那么上海有哪些政策？", None),
    ("追加三百个名额，总数达到500个。", None),
    ("公司股价2019年3月大涨两成。", None),
    ("青霜省今天新增5座水库。", None),
    ("青霜省新增5座水库。", "青霜省新增多少座水库？"),
    ("青霜省队以10米跳台夺冠。", None),
    ("青霜省九成的村庄实现5G网络覆盖。", None),
    ("本届大会在（上海）举行。", None),
    ("尼西亞帝國什麼時候擊敗聯軍？", None),
    ("谷正倫在1949年6月離開貴陽。", "谷正倫在什麼時候離開貴陽？"),
]


@pytest.mark.parametrize(("sentence", "asked"), SENTENCES)
def test_a_sentence_becomes_a_question(sentence: str, asked: str | None, tokeniser: Tokeniser) -> None:
    question = understand("什么？", tokeniser)
    assert of_sentence(question, sentence, single.find(sentence, tokeniser).mentions) == asked


def test_of_several_the_nearest_to_what_was_asked(tokeniser: Tokeniser) -> None:
    sentence = "上海企业达到350家，北京产值达到3800亿元。"
    found = single.find(sentence, tokeniser).mentions
    near = of_sentence(understand("广州产值是多少？", tokeniser), sentence, found)
    assert near == "北京产值达到多少亿元？"


@settings(max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_what_is_offered_is_answered(retriever: Retriever, words: list[str]) -> None:
    answer = retriever.ask("".join(words))
    assert len(answer.suggestions) <= (0 if answer.answered else MOST)
    assert len(set(answer.suggestions)) == len(answer.suggestions)
    assert retriever.ask("".join(words)).suggestions == answer.suggestions
    for suggestion in answer.suggestions:
        assert len(suggestion) <= LONGEST
        assert retriever.ask(suggestion).answered


@pytest.mark.parametrize("question", ["", "怎么办理护照？", "上海规模以上AI企业有多少家？"])
def test_nothing_is_offered_without_need_or_nearness(retriever: Retriever, question: str) -> None:
    assert retriever.ask(question).suggestions == ()


def test_what_is_offered_keeps_to_the_filters(
    seeds: tuple[Article, ...], seed_index: EmbeddedIndex, tokeniser: Tokeniser
) -> None:
    retriever = Retriever(seed_index, tokeniser)
    question = "杭州规模以上AI企业有多少家？"
    assert retriever.ask(question).suggestions
    assert not retriever.ask(question, filters=Filters(since=dt.date(2100, 1, 1))).suggestions
    assert not retriever.ask(question, excluded={article.id for article in seeds}).suggestions
