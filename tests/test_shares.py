"""How much of a question's words texts have: to know some of it saves looking, and changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Retriever
from retrieval.ranking.asked import Asked
from retrieval.ranking.binding import CLAUSE
from retrieval.ranking.words import Weights, Word

QUESTIONS = (
    "人形机器人去年的产量是多少台？",
    "gpt-5 nano的上下文窗口有多大？",
    "苔原市新能源汽车的销量增长了多少？",
)
PIECES = st.sampled_from(
    [
        "人形",
        "机器",
        "人",
        "产量",
        "gpt",
        "5",
        "-",
        " ",
        "nano",
        "上下文",
        "窗口",
        "新能源",
        "汽车",
        "销量",
        ",",
        "的",
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.fixture(scope="module")
def asked(retriever: Retriever) -> dict[str, Asked]:
    return {question: retriever.asked(question) for question in QUESTIONS}


@given(st.sampled_from(QUESTIONS), st.lists(TEXTS, min_size=1, max_size=4), st.lists(TEXTS, max_size=4))
def test_the_best_of_several_texts_is_what_one_of_them_has(
    asked: dict[str, Asked], question: str, texts: list[str], further: list[str]
) -> None:
    of = asked[question]
    every = [of.shares(text) for text in (*texts, *further)]
    most = tuple(map(max, zip(*every, strict=True)))
    assert of.shares(*texts, *further) == most
    assert of.shares_with(of.shares(*texts), *further) == most


@given(st.sampled_from(QUESTIONS), st.lists(st.lists(PIECES, max_size=6), min_size=3, max_size=3))
def test_a_part_has_nothing_that_the_whole_lacks(
    asked: dict[str, Asked], question: str, pieces: list[list[str]]
) -> None:
    of = asked[question]
    before, part, after = map("".join, pieces)
    assert of.shares_of_part(part, of.shares(before + part + after)) == of.shares(part)


@given(st.text("0123,:，：。;a云\n", max_size=20))
def test_a_clause_ends_at_every_mark_but_those_within_figures(text: str) -> None:
    inner = [
        0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit()
        for at in range(len(text))
    ]
    marks = [one in "，。;\n" or (one in ",:：" and not inner[at]) for at, one in enumerate(text)]
    apart = "".join("\n" if is_mark else one for is_mark, one in zip(marks, text, strict=True))
    assert CLAUSE.findall(text) == [clause for clause in apart.split("\n") if clause]


@given(st.lists(st.tuples(st.floats(0.05, 20) | st.just(0.0), st.floats(0, 1)), max_size=8))
def test_what_weighs_nothing_is_left_out_of_the_mean(words: list[tuple[float, float]]) -> None:
    total, held = 0.0, 0.0
    for weight, share in words:
        total += weight
        held += weight * share
    mean = Weights.of([weight for weight, _ in words]).mean(tuple(share for _, share in words))
    assert mean == (held / total if total else 0.0)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("新能源汽车", 1.0),
        ("新能源的汽车", 0.8 * 3 / 4),
        ("汽车", 0.2),
        ("nev-2 上市", 1.0),
        ("nev2", 1.0),
        ("", 0.0),
    ],
)
def test_a_long_word_is_held_in_pairs_and_a_latin_one_however_it_is_spaced(text: str, share: float) -> None:
    word = Word("新能源汽车", ("新能源汽车", "nev 2"), 1.0, "n")
    assert word.share((text, "无关")) == pytest.approx(share)
