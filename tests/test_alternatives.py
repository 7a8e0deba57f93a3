"""What a reader says is found also by what may be written instead, in every stream, and for a share."""

import warm
from hypothesis import given
from hypothesis import strategies as st
from vocabularies import vocabulary

from retrieval import Tokeniser
from retrieval.models import Stream
from retrieval.questions.alternatives import Cut, Said, placed, terms
from retrieval.questions.chinese import cut
from retrieval.questions.synonyms import SHARE, Synonyms
from retrieval.questions.vocabulary import Vocabulary

ONE_WAY = Synonyms(["老板 > 创始人 ceo", "上线 发布", "什么意思 > 是指", "涨 > 增长"])
EVERYTHING = vocabulary(lambda _, __: True, 100)
NOTHING = vocabulary(lambda _, __: False, 100)


def found(
    text: str, tokeniser: Tokeniser, vocabulary: Vocabulary = EVERYTHING
) -> dict[Stream, dict[str, float]]:
    """What a question is found by, with the greatest share of each token."""
    asked = cut(text, tokeniser)
    of_streams = terms(asked, ONE_WAY.said(asked), tokeniser, vocabulary)
    return {
        stream: {token: share for term in of_stream for token, share in term.alternatives}
        for stream, of_stream in of_streams.items()
    }


def test_an_alternative_acts_in_all_three_streams(tokeniser: Tokeniser) -> None:
    shares = found("星河公司的老板是谁", tokeniser)
    assert shares[Stream.WORD]["老板"] == 1
    assert shares[Stream.WORD]["创始人"] == SHARE
    assert shares[Stream.WORD]["ceo"] == SHARE
    assert shares[Stream.BIGRAM]["创始"] == SHARE / 2
    assert shares[Stream.CHARACTER]["创"] == SHARE / 3


def test_what_is_written_is_not_looked_up_by_what_readers_say(tokeniser: Tokeniser) -> None:
    assert "老板" not in found("星河公司的创始人", tokeniser)[Stream.WORD]
    assert found("新版何时发布", tokeniser)[Stream.WORD]["上线"] == SHARE


def test_what_the_corpus_lacks_is_no_alternative(tokeniser: Tokeniser) -> None:
    assert found("星河公司的老板", tokeniser, NOTHING)[Stream.WORD].keys() == {"星河", "公司", "老板"}


def test_words_that_only_ask_are_found_by_what_answers_them(tokeniser: Tokeniser) -> None:
    assert found("锂硫是什么意思", tokeniser)[Stream.BIGRAM]["是指"] == SHARE


def test_a_part_of_a_word_is_not_that_word(tokeniser: Tokeniser) -> None:
    assert "增长" in found("油价涨多少", tokeniser)[Stream.WORD]
    assert "增长" not in found("通货膨涨", tokeniser)[Stream.WORD]


@given(st.text("星河公司老板上线涨a1. ", max_size=12))
def test_a_question_keeps_its_own_tokens(text: str) -> None:
    """Whatever is added, each token of the question is a term that counts wholly, as often as it was said."""
    tokeniser = warm.tokeniser()
    asked = cut(text, tokeniser)
    for stream, of_stream in terms(asked, ONE_WAY.said(asked), tokeniser, EVERYTHING).items():
        own = [one.token for one in asked.tokens[stream]]
        assert [term.token for term in of_stream][: len(own)] == own
        assert all(term.alternatives[0] == (term.token, 1.0) for term in of_stream)
        assert all(0 < share <= 1 for term in of_stream for _, share in term.alternatives)


def test_a_piece_in_one_has_all_that_touches_it() -> None:
    tokens = placed(["第三", "三届"], "第三届", overlapping=True)
    assert Said(1, 2, (), in_one=True).among(tokens) == ["第三", "三届"]
    assert Said(1, 2, ()).among(tokens) == []


def test_borders_are_those_of_words() -> None:
    words = tuple(placed(["老板", "是"], "老板是"))
    assert Cut("老板是", words, 0, {}).borders == {0, 2, 3}
