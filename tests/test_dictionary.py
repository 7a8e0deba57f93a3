"""Over the trie jieba cuts as it does over its own dictionary, whatever befalls the trie's file."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.language.jieba_trie import Frequencies, jieba_over

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba

SENTENCE = "上海规模以上人工智能企业有多少家，小明硕士毕业于中国科学院计算所"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401  jieba is untyped
    tokeniser = jieba.Tokenizer()
    tokeniser.tmp_dir = str(tmp_path_factory.mktemp("plain"))
    return tokeniser


@given(
    text=st.text(st.sampled_from("上海人工智能企业有多少家的了在中国大学生活动物种类a1 ，。"), max_size=40)
)
def test_the_cut_is_that_of_the_plain_dictionary(text: str, plain: Any) -> None:  # noqa: ANN401
    assert jieba_over(None, None).lcut(text) == plain.lcut(text)


def test_every_word_keeps_its_frequency(plain: Any) -> None:  # noqa: ANN401
    tokeniser = jieba_over(None, None)
    plain.initialize()
    frequencies: Frequencies = tokeniser.FREQ
    assert tokeniser.total == plain.total
    assert frequencies.sum == plain.total
    loaded = frequencies.loaded()
    assert loaded == plain.FREQ
    assert frequencies.get("上海") == plain.FREQ["上海"]
    assert frequencies.get("没有的词") is None


def test_words_know_their_part_of_speech() -> None:
    frequencies: Frequencies = jieba_over(None, None).FREQ
    assert frequencies.part_of_speech("上海") == "ns"
    assert frequencies.part_of_speech("没有的词") == ""


@pytest.mark.parametrize("damaged", [b"", b"no trie"])
def test_a_damaged_file_is_made_anew(damaged: bytes, tmp_path: Path) -> None:
    whole = jieba_over(tmp_path, None).lcut(SENTENCE)
    [place] = tmp_path.iterdir()
    place.write_bytes(damaged)
    jieba_over.cache_clear()
    assert jieba_over(tmp_path, None).lcut(SENTENCE) == whole
    assert place.stat().st_size > len(damaged)
    assert list(tmp_path.iterdir()) == [place]


def test_a_tokeniser_made_after_another_has_indexed_knows_the_same_words(tmp_path: Path) -> None:
    first = Tokeniser(tmp_path)
    list(first.tagged(SENTENCE))
    assert Tokeniser(tmp_path).part_of_speech("上海") == first.part_of_speech("上海") != ""
