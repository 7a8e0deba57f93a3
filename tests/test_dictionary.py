"""Over the trie jieba cuts as it does over its own dictionary, whatever befalls the trie's file."""

import functools
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import warm
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.language.jieba_trie import Frequencies, jieba_over
from retrieval.language.parts_of_speech import of_unknown
from retrieval.language.tagging import DictionaryTags
from retrieval.language.word_cutter import WordCutter, loaded

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba
    import jieba.posseg

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
    assert jieba_over(warm.cache(), None).lcut(text) == plain.lcut(text)


@given(
    text=st.lists(
        st.text(st.sampled_from("上海人工智能企业有多少家的了在中国大学生活动物种类a1 ，。"), max_size=12)
        | st.sampled_from("T恤 卡拉OK gpt-4 88.5% c++ \r\n \u3000 𠮷野家 龘靐 李治平".split(" "))
        | st.text(max_size=3),
        max_size=6,
    ).map("".join)
)
def test_whoever_cuts_cuts_as_jieba_does(text: str, plain: Any) -> None:  # noqa: ANN401
    plain.initialize()
    assert cutter(plain).cut(text) == warm.tokeniser().cut(text) == plain.lcut(text)


@functools.cache
def cutter(plain: Any) -> WordCutter:  # noqa: ANN401
    return WordCutter(loaded(plain.FREQ, plain.total), plain.total, jieba.finalseg.cut)


def test_words_of_a_user_are_cut_by_whoever_cuts_much(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("月球港口局 1000 nt\n", encoding="utf-8")
    tokeniser = Tokeniser(warm.cache(), tmp_path / "words.txt")
    before = tokeniser.cut("月球港口局昨日开工")
    tokeniser.load()
    assert tokeniser.cut("月球港口局昨日开工") == before == ["月球港口局", "昨日", "开工"]
    tagged = tokeniser.tagged("月球港口局昨日开工")
    assert tagged.flags[int(tagged.numbers[0])] == "nt"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("88.5%", "m"), ("gpt4", "eng"), ("c++", "x"), ("李明睿", "nrfg"), ("千问", "n"), ("高畑勋", "nr")],
)
def test_a_word_that_no_dictionary_has_is_of_the_likeliest_kind(word: str, expected: str) -> None:
    assert of_unknown(word) == expected


def test_a_word_that_the_model_divides_no_further_is_of_its_kind() -> None:
    """Where jieba's own tagger finds the same word, it mostly finds the same part of speech."""
    names = "萨利赫 张治平 李明博 蒂姆 库克 拉赫曼 亨德森 阿尔特曼 王小川 周鸿祎 福建省 赛力斯".split()
    found = [jieba.posseg.lcut(name) for name in names]
    alike = [of_unknown(pairs[0].word) == pairs[0].flag for pairs in found if len(pairs) == 1]
    assert len(alike) >= 6
    assert sum(alike) >= 0.75 * len(alike)


def test_every_word_keeps_its_frequency(plain: Any) -> None:  # noqa: ANN401
    tokeniser = jieba_over(warm.cache(), None)
    plain.initialize()
    frequencies: Frequencies = tokeniser.FREQ
    assert tokeniser.total == plain.total
    assert frequencies.sum == plain.total
    loaded = frequencies.loaded()
    assert loaded == plain.FREQ
    assert frequencies.get("上海") == plain.FREQ["上海"]
    assert frequencies.get("没有的词") is None


def test_words_know_their_part_of_speech() -> None:
    frequencies: Frequencies = jieba_over(warm.cache(), None).FREQ
    assert frequencies.part_of_speech("上海") == "ns"
    assert frequencies.part_of_speech("没有的词") == ""
    assert frequencies.part_of_speech("上海\0") == ""


@pytest.mark.parametrize("damaged", [b"", b"no trie"])
def test_a_damaged_file_is_made_anew(damaged: bytes, tmp_path: Path) -> None:
    whole = warm.tokeniser().cut(SENTENCE)
    cache = warm.warm(tmp_path) / "cache"
    [place] = cache.iterdir()
    place.write_bytes(damaged)
    assert jieba_over(cache, None).lcut(SENTENCE) == whole
    assert place.stat().st_size > len(damaged)
    assert list(cache.iterdir()) == [place]


def test_a_tokeniser_made_after_another_has_indexed_knows_the_same_words(tmp_path: Path) -> None:
    cache = warm.warm(tmp_path) / "cache"
    first = Tokeniser(cache)
    first.tagged(SENTENCE)
    assert Tokeniser(cache).part_of_speech("上海") == first.part_of_speech("上海") != ""


def test_no_thread_forgets_what_another_one_reads() -> None:
    def tag(word: str) -> str:
        time.sleep(0)  # another thread's turn
        return word

    tags = DictionaryTags(list, tag, most=2)

    def read(number: int) -> bool:
        text = "".join(chr(0x4E00 + (number + step) % 40) for step in range(8))
        tagged = tags.tagged(text)
        return "".join(tagged.flags[number] for number in tagged.numbers) == text

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(read, range(400)))
