"""A follow-up is completed from the question before; a question with a subject of its own is left alone."""

import pytest

from retrieval import Tokeniser
from retrieval.followup import complete


@pytest.mark.parametrize(
    ("previous", "question", "understood"),
    [
        ("深圳新增了多少家AI企业？", "北京呢？", "北京新增了多少家AI企业？"),
        ("深圳新增了多少家AI企业？", "那北京呢", "北京新增了多少家AI企业？"),
        ("2021年的规模是多少？", "2022年呢？", "2022年的规模是多少？"),
        ("上海有多少家企业？", "产值呢？", "上海有多少家企业，产值呢？"),
        ("条例什么时候公布的？", "是全国第一部吗？", "条例什么时候公布的，是全国第一部吗？"),
        ("上海有多少家企业，产值呢？", "人才呢？", "上海有多少家企业，人才呢？"),
        ("大会在哪里举行？", "什么时候办的？", "大会在哪里举行，什么时候办的？"),
    ],
)
def test_follow_ups_are_completed(
    tokeniser: Tokeniser, previous: str, question: str, understood: str
) -> None:
    assert complete(question, previous, tokeniser) == understood


@pytest.mark.parametrize(
    "question",
    ["", "丹麦政府什么时候发布国家战略？", "谁是李开复？", "ChatGPT是哪家公司研发的？", "深圳有多少家企业？"],
)
def test_other_questions_stand_alone(tokeniser: Tokeniser, question: str) -> None:
    assert complete(question, "上海有多少家企业？", tokeniser) == question
