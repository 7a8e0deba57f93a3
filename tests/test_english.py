"""English questions on a Chinese corpus: what the words become, and that the right sentence comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import EmbeddedIndex, Retriever, Tokeniser
from retrieval.models import AnswerKind, Stream
from retrieval.questions.english.answer_type import asking
from retrieval.questions.english.dictionary import shipped
from retrieval.questions.english.lemmas import lemmas
from retrieval.questions.english.numerals import numeral, roman, scaled
from retrieval.questions.english.translation import abbreviated, expressions, is_english
from retrieval.questions.english.translation import shipped as translator
from retrieval.questions.expansion import shares, terms
from retrieval.questions.numerals import chinese
from retrieval.questions.vocabulary import Vocabulary

WORDS = (
    "shanghai ai industry companies how many the 2022 20th century investment zzzz world-class war".split()
)


@pytest.fixture
def vocabulary(seed_index: EmbeddedIndex) -> Vocabulary:
    return Vocabulary(seed_index.frequencies, seed_index.sentence_count)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [("studies", "study"), ("planned", "plan"), ("largest", "large"), ("women", "woman"), ("using", "use")],
)
def test_words_are_traced_to_their_lemmas(word: str, lemma: str) -> None:
    assert lemma in lemmas(word)


@given(st.text("abcdefgisy", max_size=12))
def test_no_lemma_is_empty_or_longer_than_a_letter_more(word: str) -> None:
    assert all(lemma and len(lemma) <= len(word) + 1 for lemma in lemmas(word))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("20th century", "20世纪"),
        ("1.2 million people", "120万"),
        ("3 billion", "30亿"),
        ("march", "3月"),
        ("xiv", "十四世"),
        ("1970s", "70年代"),
        ("1,200", "1200"),
        ("seven", "七"),
        ("21st", "第二十一"),
    ],
)
def test_numbers_are_written_as_in_chinese(words: str, expected: str) -> None:
    found = numeral(words.split(), 0)
    assert found is not None
    assert expected in [form for form, _ in found.forms]


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789,.%", min_size=1, max_size=8))
def test_any_word_is_a_number_or_none(word: str) -> None:
    found = numeral([word], 0)
    assert found is None or (found.words == 1 and all(form for form, _ in found.forms))


def test_numbers_in_other_scripts() -> None:
    assert [chinese(number) for number in (0, 10, 14, 20, 99)] == ["零", "十", "十四", "二十", "九十九"]
    assert [roman(numeral) for numeral in ("iv", "xiv", "xxxiii", "mcmxc")] == [4, 14, 33, 1990]
    assert [scaled(value) for value in (1.5, 12_000, 5e8, 2e12)] == ["1.5", "1.2万", "5亿", "2万亿"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many companies are there", "多少"),
        ("how much did it cost", "多少钱"),
        ("who is the founder", "谁"),
        ("when was it held", "何时"),
        ("in which chinese city", "哪里"),
        ("which company developed it", "哪家公司"),
        ("what is it", ""),
    ],
)
def test_what_is_asked_for(question: str, expected: str) -> None:
    assert asking(question) == expected


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("who made chatgpt?", True),
        ("chatgpt", True),
        ("openai公司是做什么的", False),
        ("ai是什么", False),
        ("2022", False),
        ("", False),
        ("これは何", False),
    ],
)
def test_one_character_of_another_script_makes_it_no_english(question: str, english: bool) -> None:  # noqa: FBT001
    assert is_english(question) is english


def test_the_dictionary_knows_words_and_phrases() -> None:
    assert shipped().exact("artificial intelligence")[0][0] == "人工智能"
    assert shipped().phrase(("output", "values"))[0][0] == "产值"
    assert "公司" in [text for text, _ in shipped().word("companies")]
    assert shipped().word("zzzzzz") == ()


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_shares_add_up_to_one(seed_index: EmbeddedIndex, tokeniser: Tokeniser, words: list[str]) -> None:
    vocabulary = Vocabulary(seed_index.frequencies, seed_index.sentence_count)
    found = expressions(" ".join(words), translator(), vocabulary)
    for expression in found:
        assert sum(share for _, share in expression.alternatives) == pytest.approx(1)
    for of_stream in terms(found, tokeniser, vocabulary).values():
        for term in of_stream:
            assert sum(share for _, share in term.alternatives) == pytest.approx(1)
            assert term.weight > 0


def test_what_the_corpus_lacks_takes_no_share(vocabulary: Vocabulary) -> None:
    found = shares([("上海", 1.0), ("廷巴克图", 3.0), ("北京", 1.0)], vocabulary)
    assert dict(found) == {"上海": 0.5, "北京": 0.5}


@pytest.mark.parametrize(
    ("word", "translation"),
    [("shanghia", "上海"), ("inudstry", "产业"), ("artificialintelligence", "人工智能")],
)
def test_a_word_with_a_slip_is_looked_up_as_what_it_is_near_to(
    vocabulary: Vocabulary, word: str, translation: str
) -> None:
    (found,) = expressions(word, translator(), vocabulary)
    assert translation in [text for text, _ in found.alternatives]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("the US economy", "the U.S economy"), ("WHO IS IT", "WHO IS IT"), ("AI of NASA", "AI of NASA")],
)
def test_stop_words_in_capitals_are_abbreviations(text: str, expected: str) -> None:
    assert abbreviated(text) == expected


def test_every_word_counts_once_a_stream(vocabulary: Vocabulary, tokeniser: Tokeniser) -> None:
    found = expressions("the ai industry of shanghai", translator(), vocabulary)
    assert [expression.name for expression in found] == ["ai", "industry", "shanghai"]
    of_streams = terms(found, tokeniser, vocabulary)
    assert all(
        [term.token for term in of_streams[stream]] == ["ai", "industry", "shanghai"] for stream in Stream
    )


@pytest.mark.parametrize(
    ("question", "kind", "expected", "highlight"),
    [
        (
            "When was the 2023 World AI Conference held?",
            AnswerKind.DATE,
            "7月6日至8日在上海举行",
            "7月6日至8日",
        ),
        (
            "How much did Singapore plan to invest in its national AI strategy?",
            AnswerKind.NUMBER,
            "5亿新加坡元",
            "5亿新加坡元",
        ),
        ("Which company developed ChatGPT?", AnswerKind.ORGANISATION, "OpenAI公司研发的", "OpenAI"),
        (
            "What is the output value of Shanghai's AI industry?",
            AnswerKind.NUMBER,
            "产值达到3800多亿元",
            "3800多亿元",
        ),
        ("When did Denmark publish its national AI strategy?", AnswerKind.DATE, "丹麦政府", "2019年3月"),
    ],
)
def test_english_questions_find_the_chinese_sentence(
    retriever: Retriever, question: str, kind: AnswerKind, expected: str, highlight: str
) -> None:
    answer = retriever.ask(question)
    best = answer.passages[0]
    assert answer.answered
    assert answer.kind is kind
    assert expected in best.text
    assert any(highlight in best.text[start:end] for start, end in best.highlights)


def test_a_reader_sees_the_chinese_words(retriever: Retriever) -> None:
    answer = retriever.ask("What is the theme of the conference?")
    assert answer.understood == answer.question
    assert answer.translation == "主题 大会"
    assert retriever.ask("大会的主题是什么？").translation is None


@pytest.mark.parametrize("question", ["How do I apply for a passport?", "Who won the world cup?"])
def test_what_the_corpus_lacks_is_declined(retriever: Retriever, question: str) -> None:
    assert not retriever.ask(question).answered
