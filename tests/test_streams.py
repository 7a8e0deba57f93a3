"""The tokens of many texts at once are those of each, whatever stands beside it."""

import numpy as np
import pytest
import warm
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.index.segment.packing import Numbers, packed
from retrieval.language import lexicon
from retrieval.language.batch import Texts
from retrieval.language.lexicon import pair_keys
from retrieval.language.normalise import normalise
from retrieval.language.streams import Streams, streams
from retrieval.language.tokeniser import bigrams, characters

MIXED = st.lists(
    st.one_of(
        st.text(st.sampled_from("上海的人工智能企业有三百家京一的，。 -.%_a5"), max_size=12),
        st.sampled_from(
            "gpt-4 v0.3.1 1,500 88.5% c++ a T恤 卡拉OK 5g x 2023年 のシャツai 한국 𠮷野家 〇".split()
        ),
        st.text(max_size=5),
    ),
    max_size=8,
).map("".join)


@pytest.fixture(params=["jieba", "rjieba"], scope="module")
def cutter(request: pytest.FixtureRequest) -> Tokeniser:
    return Tokeniser(warm.cache(), cutter=request.param)


def named(tokens: list[list[str]]) -> list[list[int]]:
    return [sorted(lexicon.token_keys(found).tolist()) for found in tokens]


def of_texts(found: Streams) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """Words, characters and bigrams of each text."""
    pairs, places = pair_keys(found.characters.names, found.pairs)
    rows = np.concatenate([found.characters.rows()[places], found.whole.rows()])
    both = np.concatenate([pairs, found.whole.names])
    count = len(found.words.lengths)

    def split(names: lexicon.TokenKeys, of: np.ndarray) -> list[list[int]]:
        return [sorted(names[of == row].tolist()) for row in range(count)]

    return (
        split(found.words.names, found.words.rows()),
        split(found.characters.names, found.characters.rows()),
        split(both, rows),
    )


@settings(max_examples=150)
@given(texts=st.lists(MIXED.map(normalise), max_size=5))
def test_tokens_of_many_are_those_of_each(cutter: Tokeniser, texts: list[str]) -> None:
    expected = (
        named([cutter.words(text) for text in texts]),
        named([characters(text) for text in texts]),
        named([bigrams(text) for text in texts]),
    )
    together = Texts.of(texts)
    assert of_texts(streams(together, cutter)) == expected
    assert of_texts(streams(together, cutter, cutter.tagged(together.text))) == expected


def test_tokens_stand_in_the_order_of_the_text(cutter: Tokeniser) -> None:
    text = normalise("上海的GPT-4企业")
    found = streams(Texts.of([text]), cutter)
    assert found.words.names.tolist() == lexicon.token_keys(cutter.words(text)).tolist()
    assert found.characters.names.tolist() == lexicon.token_keys(characters(text)).tolist()
    assert found.pairs.tolist() == [True, True, False, False, False, True, False]


@given(st.lists(st.one_of(st.text(max_size=3), st.sampled_from(["𠮷野", "gpt-4", "上海"])), max_size=20))
def test_a_lexicon_knows_what_it_was_made_of(tokens: list[str]) -> None:
    wanted = lexicon.token_keys(tokens)
    made = lexicon.Lexicon.of(wanted[::2])
    numbers = made.numbers(wanted)
    assert (numbers[::2] >= 0).all()
    assert made.names(numbers[numbers >= 0]).tolist() == wanted[numbers >= 0].tolist()
    assert made.numbers(made.every()).tolist() == list(range(len(made)))
    assert {int(name) for name in wanted[numbers < 0]}.isdisjoint(made.every().tolist())


@pytest.mark.parametrize("most", [0, 65_535, 65_536, 1 << 24, (1 << 32) - 1])
def test_numbers_of_any_size_are_read_as_they_were_stored(most: int) -> None:
    given_numbers = np.array([0, most // 2, most], dtype=np.int64)
    (_, low), (kind, high) = packed([given_numbers], most)
    stored = Numbers(np.concatenate([*low]), np.concatenate([np.zeros(0, dtype=kind), *high]))
    assert stored.at(slice(None)).tolist() == given_numbers.tolist()


@given(st.lists(st.one_of(st.text(max_size=3), st.sampled_from(["𠮷野", "gpt-4", "上海"])), max_size=20))
def test_numbered_tokens_have_their_numbers_and_are_in_order(tokens: list[str]) -> None:
    found = lexicon.token_keys(tokens)
    numbered = lexicon.Numbered.of(found)
    assert numbered.lexicon.every().tolist() == lexicon.Lexicon.of(found).every().tolist()
    assert numbered.numbers.tolist() == numbered.lexicon.numbers(found).tolist()
    assert numbered.order.tolist() == np.argsort(numbered.numbers, kind="stable").tolist()
