"""Names spelt in Chinese characters: only what the corpus has, the likeliest first."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vocabularies import vocabulary

from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream
from retrieval.questions.english.transliteration import MOST, Transliterator, shipped
from retrieval.questions.vocabulary import Vocabulary

NAMES = {
    "piketty": "皮凯蒂",
    "sheepshanks": "希普尚克斯",
    "perotti": "佩罗蒂",
    "donna": "唐娜",
}


def of_texts(texts: Sequence[str]) -> Vocabulary:
    """Of a corpus of these texts."""
    pairs = {pair for text in texts for pair in bigrams(text)}
    return vocabulary(lambda stream, token: stream is Stream.BIGRAM and token in pairs)


@pytest.mark.parametrize(("name", "chinese"), NAMES.items())
def test_names_that_no_dictionary_has_are_spelt(name: str, chinese: str) -> None:
    assert shipped().spelt(name, of_texts(list(NAMES.values())))[0][0] == chinese


@pytest.mark.parametrize("word", ["surprise", "paleoclimatologists", "ctenophores", "businessmen", "esc"])
def test_what_is_no_name_is_not_spelt(word: str) -> None:
    assert shipped().spelt(word, of_texts(list(NAMES.values()))) == ()


@given(st.text("abek", min_size=4, max_size=9), st.lists(st.text("阿贝克卡", min_size=2, max_size=4)))
def test_only_spellings_that_the_corpus_has_come_the_likeliest_first(name: str, texts: list[str]) -> None:
    chunks = {"a": [("阿", 0.3)], "be": [("贝", 0.3)], "k": [("克", 0.2)], "ka": [("卡", 0.2), ("克", 0.1)]}
    has = of_texts(texts)
    found = Transliterator(chunks).spelt(name, has)
    assert len(found) <= MOST
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
    assert all(has.has_pair(pair) for text, _ in found for pair in bigrams(text) if len(pair) == 2)
