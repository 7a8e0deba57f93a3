"""Words that only ask are not looked up; those that turn a meaning are; greetings and thanks are neither."""

import pytest

from retrieval import Tokeniser
from retrieval.models import AnswerKind, Stream
from retrieval.questions.chinese import understand
from retrieval.questions.courtesies import without_courtesies


def words(question: str, tokeniser: Tokeniser) -> set[str]:
    return {term.token for term in understand(question, tokeniser).terms[Stream.WORD]}


@pytest.mark.parametrize(
    ("question", "turning"),
    [
        ("不同意改造的有多少户？", "不"),
        ("没有电梯的楼有几栋", "没有"),
        ("非公路客车有多少辆", "非"),
        ("改造前有多少户", "前"),
        ("改造后有多少户", "后"),
        ("除海运以外的货量", "以外"),
        ("六十岁以上的住户", "以上"),
        ("三岁以下的幼儿", "以下"),
        ("未通过检测的车有几辆", "未"),
    ],
)
def test_what_turns_a_meaning_is_looked_up(question: str, turning: str, tokeniser: Tokeniser) -> None:
    assert any(turning in word for word in words(question, tokeniser))


@pytest.mark.parametrize("question", ["那座桥通车了没", "通车了没有？", "通没通车"])
def test_a_choice_denies_nothing(question: str, tokeniser: Tokeniser) -> None:
    assert not any("没" in word for word in words(question, tokeniser))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("蓝鲸号啥时候下水", AnswerKind.DATE),
        ("蓝鲸号哪天下水", AnswerKind.DATE),
        ("蓝鲸号几号下水", AnswerKind.DATE),
        ("蓝鲸号 上线日期", AnswerKind.DATE),
        ("蓝鲸号为啥停航", AnswerKind.REASON),
        ("蓝鲸号 价格", AnswerKind.NUMBER),
        ("蓝鲸号卖多少", AnswerKind.NUMBER),
        ("蓝鲸号是哪家搞的", AnswerKind.ORGANISATION),
        ("蓝鲸号是哪个团队做的", AnswerKind.ORGANISATION),
        ("蓝鲸号是谁家的", AnswerKind.ORGANISATION),
        ("那艘船叫啥", AnswerKind.NAME),
    ],
)
def test_asking_words_as_they_are_spoken(question: str, kind: AnswerKind, tokeniser: Tokeniser) -> None:
    understood = understand(question, tokeniser)
    assert understood.kind is kind
    assert not {"啥", "咋", "为啥", "哪天", "啥时候"} & words(question, tokeniser)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("你好，想问一下蓝鲸号什么时候下水？谢谢", "蓝鲸号什么时候下水？"),
        ("请问一下蓝鲸号多长", "蓝鲸号多长"),
        ("麻烦帮我查一下蓝鲸号的船长，謝謝啦！", "蓝鲸号的船长"),
        ("Hi, how long is it? Thanks", "how long is it?"),
        ("蓝鲸号多长，谢谢？", "蓝鲸号多长?"),
        ("感谢信写给谁", "感谢信写给谁"),
        ("急诊室有多少间", "急诊室有多少间"),
        ("Hide and seek", "Hide and seek"),
        ("谢谢", "谢谢"),
        ("你好", "你好"),
        ("", ""),
    ],
)
def test_courtesies_are_left_out(said: str, asked: str) -> None:
    assert without_courtesies(said) == asked


@pytest.mark.parametrize(
    "question",
    [
        "蓝鲸号最新的进展",
        "蓝鲸号最近去了哪",
        "蓝鲸号目前在哪",
        "蓝鲸号现在出海到几次了",
        "截至目前有几艘",
        "latest voyage",
    ],
)
def test_newest_is_a_demand_on_time(question: str, tokeniser: Tokeniser) -> None:
    understood = understand(question, tokeniser)
    assert understood.wants_newest
    assert not {"最新", "最近", "目前", "现在", "截至"} & words(question, tokeniser)
    assert understood.demands == ()


@pytest.mark.parametrize("question", ["离蓝鲸港最近的城市", "最新鲜的鱼在哪", "蓝鲸号何时下水"])
def test_what_is_near_or_fresh_is_not_newest(question: str, tokeniser: Tokeniser) -> None:
    assert not understand(question, tokeniser).wants_newest


@pytest.mark.parametrize("courtesy", ["谢谢", "谢", "急", "你好，", "请问", "麻烦了"])
def test_courtesies_without_end_are_gone_through_once(courtesy: str) -> None:
    """A pattern that could divide them in many ways would never come back."""
    for end in ("", "盐"):
        assert without_courtesies(courtesy * 250 + end)
