"""Normalisation keeps a map back to the original; tokens keep numbers and names whole."""

import importlib.resources
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import warm
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.language.normalise import align, folded, normalise, normalise_all
from retrieval.language.tokeniser import Tokeniser, bigrams, characters

MIXED = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("臺灣發佈ＧＰＴ４ﬁ①㎡ガｶﾞÅİǅß한각\u0301\u3099\u200dé"),
    ),
    max_size=40,
)


@given(MIXED)
@example("ｶﾞ")
@example("e\u0301İstanbul")
@example("\u1112\u1161\u11ab한")
def test_aligned_text_is_the_normalised_text(text: str) -> None:
    aligned, spans = align(text)
    assert aligned == normalise(text)
    assert len(spans) == len(aligned)


@given(MIXED)
def test_spans_go_forward_and_lie_within_the_text(text: str) -> None:
    _, spans = align(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(MIXED)
def test_tokens_stand_in_the_normalised_text_in_order(text: str) -> None:
    normalised = normalise(text).replace(",", "")
    position = 0
    for token in characters(normalised):
        position = normalised.index(token, position) + len(token)


@given(MIXED)
def test_a_folded_text_has_a_character_for_each(text: str) -> None:
    alone = [normalise(character) for character in text]
    pieces = [new if len(new) == 1 else old for old, new in zip(text, alone, strict=True)]
    assert len(folded(text)) == len(text)
    assert folded("".join(pieces)) == folded(text)


def test_scripts_forms_and_cases_are_folded() -> None:
    assert normalise("臺灣發佈ＧＰＴ－４") == normalise("台湾发布gpt-4")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("发布GPT-4模型", "gpt-4"),
        ("版本v0.3.1上线", "v0.3.1"),
        ("增长88.5%左右", "88.5%"),
        ("用C++写的", "c++"),
        ("用C#写的", "c#"),
        ("从27.95万家", "27.95"),
        ("共1,234,567家", "1234567"),
        ("ＧＰＴ－４ｏ", "gpt-4o"),
    ],
)
def test_latin_words_and_numbers_stay_whole(tokeniser: Tokeniser, text: str, whole: str) -> None:
    assert whole in tokeniser.words(normalise(text))
    assert whole in bigrams(normalise(text))


def test_a_version_is_found_however_it_is_written() -> None:
    assert characters("gpt-4") == characters("gpt4") == characters("gpt 4")


@given(st.lists(MIXED, max_size=4))
def test_many_texts_are_normalised_as_each_is(texts: list[str]) -> None:
    assert normalise_all(texts) == [normalise(text) for text in texts]


def test_a_user_dictionary_changes_the_cut_and_the_fingerprint(tokeniser: Tokeniser, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("智联世界 1000 nz\n", encoding="utf-8")
    other = Tokeniser(warm.warm(tmp_path) / "cache", words)
    assert "智联世界" not in tokeniser.words("智联世界大会")
    assert "智联世界" in other.words("智联世界大会")
    assert other.fingerprint != tokeniser.fingerprint


def test_the_cache_is_private_and_jieba_silent(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    elsewhere = tmp_path / "shared"
    elsewhere.mkdir()
    code = (
        "from pathlib import Path; from retrieval.language.tokeniser import Tokeniser; "
        f"Tokeniser(Path({str(cache)!r}))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "TMPDIR": str(elsewhere)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (run.stdout, run.stderr) == ("", "")
    assert list(cache.iterdir())
    assert stat.S_IMODE(cache.stat().st_mode) == stat.S_IRWXU
    assert not list(elsewhere.iterdir())


def test_each_word_of_the_dictionary_has_its_tag(tokeniser: Tokeniser) -> None:
    lines = (importlib.resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    for line in [*lines[:: len(lines) // 500], lines[0], lines[-1]]:
        word, _, tag = line.split()
        assert tokeniser.part_of_speech(word) == tag
        assert tokeniser.part_of_speech(f"{word}\u0001") == ""


def test_rjieba_cuts_and_tags_and_says_so(tmp_path: Path) -> None:
    fast, usual = Tokeniser(warm.cache(), cutter="rjieba"), warm.tokeniser()
    assert fast.words("上海的人工智能企业gpt-4") == usual.words("上海的人工智能企业gpt-4")
    for cutter in (fast, usual):
        tagged = cutter.tagged("在上海，")
        assert [tagged.flags[number] for number in tagged.numbers] == ["p", "ns", "x"]
        assert list(tagged.spans.pairs()) == [(0, 1), (1, 3), (3, 4)]
    assert fast.fingerprint != usual.fingerprint
    (tmp_path / "words.txt").touch()
    with pytest.raises(ValueError, match="dictionary"):
        Tokeniser(dictionary=tmp_path / "words.txt", cutter="rjieba")
