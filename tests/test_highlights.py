"""The asked-for number, date or name is marked, on the text as it is stored."""

import pytest

from retrieval import Tokeniser, mentions
from retrieval.highlights import answer_spans, matched_spans, merged
from retrieval.question import understand


def marked(question: str, text: str, tokeniser: Tokeniser) -> list[str]:
    found = mentions.find(text, tokeniser).mentions
    return [text[start:end] for start, end in answer_spans(understand(question, tokeniser), text, found)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("上海有多少家企业？", "上海企业达到350家，五年翻了一番；人才达到23万。", "350家"),
        ("产值是多少？", "企业达到350家；产值达到3800多亿元。", "3800多亿元"),
        ("什么时候公布的？", "２０２２年９月２２日，條例正式公佈。", "２０２２年９月２２日"),
        ("上海規模多大？", "上海的规模达到5080亿元。", "5080亿元"),
        ("谁说的？", "李开复说，未来已来。", "李开复"),
    ],
)
def test_what_is_asked_for_is_marked(tokeniser: Tokeniser, question: str, text: str, expected: str) -> None:
    assert marked(question, text, tokeniser) == [expected]


def test_what_the_question_says_itself_is_not_marked(tokeniser: Tokeniser) -> None:
    assert marked("2022年规模是多少？", "2022年规模达5080亿元。", tokeniser) == ["5080亿元"]


def test_matches_fall_on_the_stored_text(tokeniser: Tokeniser) -> None:
    text = "ＡＩ企業在臺灣。"
    spans = matched_spans(understand("台湾的AI企业", tokeniser), text)
    assert [text[start:end] for start, end in spans] == ["ＡＩ企業", "臺灣"]


def test_touching_spans_are_one() -> None:
    assert merged([(5, 7), (0, 2), (2, 4), (6, 9)]) == [(0, 4), (5, 9)]
