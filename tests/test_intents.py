"""A wish about the last answer is told from a question, in every script."""

import pytest

from bot.conversation.intents import Intent, Wish, intent


@pytest.mark.parametrize(
    "text",
    """再多几条 再来几句 更多 还有吗？ 还有呢 還有嗎？ 还有别的吗 再看几条 多来几条 继续 下一页 再多幾條
    还有没有 請再多給我幾條 more MORE next""".split(),
)
def test_more(text: str) -> None:
    assert intent(text) == Intent(Wish.MORE, 1)


@pytest.mark.parametrize(
    "text",
    """为什么 为什么？ 為什麼？ 为什么是这句 为什么是这一句？ 為什麼是這一句 为什么选这条 为啥 怎么得出的
    why Why? 解释一下""".split(),
)
def test_why(text: str) -> None:
    assert intent(text) == Intent(Wish.WHY, 1)


@pytest.mark.parametrize("text", "上下文 前后文 前後文 看看上下文 语境 上下文呢 context".split())
def test_context(text: str) -> None:
    assert intent(text) == Intent(Wish.CONTEXT, 1)


def test_words_in_english() -> None:
    assert intent("show more") == intent("more please") == Intent(Wish.MORE, 1)
    assert intent("why this one?") == Intent(Wish.WHY, 1)
    assert intent("show the context") == Intent(Wish.CONTEXT, 1)


def test_a_passage_is_named_by_its_number() -> None:
    assert intent("为什么是第2句？") == Intent(Wish.WHY, 2)
    assert intent("第3句的上下文") == Intent(Wish.CONTEXT, 3)


@pytest.mark.parametrize(
    "text",
    "怎么用|怎么用你？|如何使用|使用说明|帮助|幫助|help|Help!|用法|usage|How do I use this?".split("|"),
)
def test_help(text: str) -> None:
    assert intent(text) == Intent(Wish.HELP, 1)


@pytest.mark.parametrize("text", "退出 exit q quit 离开 結束對話".split())
def test_leaving(text: str) -> None:
    assert intent(text) == Intent(Wish.LEAVE, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "？",
        "为什么上海领先？",
        "还有哪些城市？",
        "更多企业在哪里？",
        "产值呢？",
        "why is Shanghai first?",
        "上下文学习是什么？",
        "这句话是谁说的？",
        "怎么用DeepSeek写代码？",
        "帮助中心上线了吗？",
        "退出中国市场的公司有哪些？",
        "Q1 收入多少？",
        "exit 8 是什么？",
    ],
)
def test_questions_are_no_wishes(text: str) -> None:
    assert intent(text) is None
