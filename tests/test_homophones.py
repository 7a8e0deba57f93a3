"""A word that was typed for another that sounds alike is looked up by that one too."""

import pytest
from vocabularies import vocabulary

from retrieval import Tokeniser
from retrieval.models import Stream
from retrieval.questions import homophones
from retrieval.questions.chinese import cut
from retrieval.questions.pinyin import Typed

KNOWN = Typed(["小鹏汽车", "千问", "华为", "发布", "百度"])


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("小朋汽车卖了多少", {"小鹏汽车"}),
        ("千文的参数", {"千问"}),
        ("华为发部了什么", {"发布"}),
        ("华为发布了什么", set()),
        ("华为的手机", set()),
        ("Huawei", set()),
        ("", set()),
    ],
)
def test_what_sounds_like_a_known_word(tokeniser: Tokeniser, question: str, meant: set[str]) -> None:
    found = homophones.alike(cut(question, tokeniser), KNOWN)
    assert {other for piece in found for other, _ in piece.others} == meant


def test_a_word_that_the_corpus_has_is_meant_itself(tokeniser: Tokeniser) -> None:
    has_the_ferry = vocabulary(lambda stream, word: stream is Stream.WORD and word == "摆渡")
    has_nothing = vocabulary(lambda _stream, _word: False)
    asked = cut("摆渡的船", tokeniser)
    alike = list(homophones.alike(asked, KNOWN))
    assert not list(homophones.unknown(asked, alike, has_the_ferry))
    assert alike
    assert list(homophones.unknown(asked, alike, has_nothing)) == alike
