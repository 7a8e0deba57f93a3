"""A slip in a Latin name is put right where the corpus has the name, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabularies import vocabulary

from retrieval import EmbeddedIndex, Retriever
from retrieval.questions.english.dictionary import shipped
from retrieval.questions.spelling import corrected, slips
from retrieval.questions.vocabulary import Vocabulary

WORDS = st.text("abc", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("chatgtp是谁开发的", "chatgpt是谁开发的"),
        ("ＣｈａｔＧＴＰ是谁开发的", "chatgpt是谁开发的"),
        ("alphgo击败了谁", "alphago击败了谁"),
        ("OpenIA公司", "openai公司"),
        ("ChatGPT是谁开发的", "ChatGPT是谁开发的"),
        ("Goolge和apple", "Goolge和apple"),
        ("AL和上海", "AL和上海"),
        ("", ""),
    ],
)
def test_slips_are_put_right(seed_index: EmbeddedIndex, question: str, expected: str) -> None:
    found = Vocabulary(seed_index.frequencies, seed_index.sentence_count)
    assert corrected(question, found, lambda word: bool(shipped().word(word))) == expected


@given(WORDS, WORDS)
def test_a_slip_one_way_is_one_back(word: str, other: str) -> None:
    assert (other in slips(word)) == (word in slips(other))


@given(WORDS)
def test_no_word_is_a_slip_of_itself(word: str) -> None:
    assert word not in slips(word)
    assert all(abs(len(other) - len(word)) <= 1 for other in slips(word))


def test_the_reader_sees_what_was_put_right(retriever: Retriever) -> None:
    answer = retriever.ask("chatgtp是哪家公司研发的？")
    assert answer.understood == "chatgpt是哪家公司研发的？"
    assert "OpenAI公司研发" in answer.passages[0].text


def test_full_width_letters_are_the_same(retriever: Retriever) -> None:
    wide, narrow = (
        retriever.ask("ＣｈａｔＧＰＴ是哪家公司研发的？"),
        retriever.ask("ChatGPT是哪家公司研发的？"),
    )
    assert [passage.text for passage in wide.passages] == [passage.text for passage in narrow.passages]


def test_a_letter_alone_at_the_end_of_a_name_is_no_slip() -> None:
    has_another = vocabulary(lambda _, token: token.endswith("lium-x"))
    assert corrected("kestrelium-z是谁的", has_another, lambda _: False) == "kestrelium-z是谁的"
    assert corrected("kestrelum-x是谁的", has_another, lambda _: False) == "kestrelium-x是谁的"


@pytest.mark.parametrize(
    "question", ["gpt4是谁的", "gpt-6是谁的", "3dgpt是谁的", "chatgpt3是谁的", "gpt4.1是谁的"]
)
def test_a_slip_never_changes_a_digit(question: str) -> None:
    """Whatever the corpus has, another number is another thing."""
    digits = [character for character in question if character.isdigit()]
    has_most = vocabulary(lambda _, __: True)
    found = corrected(question, has_most, lambda _: False)
    assert [character for character in found if character.isdigit()] == digits
    lacks_it = vocabulary(lambda _, token: token in {"gpt", "gpt-5", "chatgpt"})
    assert corrected(question, lacks_it, lambda _: False) == question
