"""Trying patterns only where they could begin finds what trying them everywhere finds, in each text alone."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import single
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Tokeniser
from retrieval.language.batch import Literals, Spans, Texts
from retrieval.language.mentions import dates, extraction, patterns, scanning
from retrieval.language.mentions.mention import ORDER, Mention
from retrieval.language.normalise import normalise_all

PIECES = [
    *"0123456789一二三百万年月日号世纪代正闰同去明汉唐古近朝初末时期间公元",
    *"西春秋季昨天约大早晚石器新第四 ",
    *"康熙 大中祥符 前寒武纪 西汉 上午 10:30 (民国 ) 到 ~ / - · 人民币 不超过 3.5 %".split(),
    *"多达 以上 半数 上海 。 ， x a １２ e\u0301 尼古拉·特斯拉 IBM Bob of York".split(),
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), max_size=5)


@settings(max_examples=300)
@given(texts=st.one_of(TEXTS, TEXTS.map(normalise_all)))
@pytest.mark.parametrize(
    ("spot", "pattern"),
    [
        (scanning.dates, dates.DATE),
        (scanning.quantities, patterns.QUANTITY),
        (scanning.foreign_names, patterns.FOREIGN_NAME),
        (scanning.latin_names, patterns.LATIN_NAME),
        (scanning.held_numbers, patterns.HELD_NUMBER),
        (scanning.held_dates, patterns.HELD_DATE),
    ],
    ids=["dates", "quantities", "foreign names", "Latin names", "numbers held", "dates held"],
)
def test_nothing_is_missed(
    spot: Callable[[Texts], Spans], pattern: re.Pattern[str], texts: list[str]
) -> None:
    together = Texts.of(texts)
    expected = [
        (first + match.start(), first + match.end())
        for text, first in zip(texts, together.first.tolist(), strict=False)
        for match in pattern.finditer(text)
    ]
    starts, ends = spot(together)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == expected


@given(text=st.text("因为此\U00020000"), literals=st.lists(st.text("因为此", min_size=1, max_size=3)))
def test_a_set_of_strings_marks_where_they_stand(text: str, literals: list[str]) -> None:
    marks = Literals(literals).marks(np.array([ord(character) for character in text], dtype=np.uint32))
    assert marks.tolist() == [text.startswith(tuple(literals), at) for at in range(len(text))]


@settings(max_examples=100)
@given(texts=TEXTS.filter(bool))
def test_what_a_sentence_mentions_does_not_depend_on_its_neighbours(
    tokeniser: Tokeniser, texts: list[str]
) -> None:
    normalised = Texts.of(normalise_all(texts))
    found = extraction.find_all(texts, normalised, tokeniser.tagged(normalised.text))
    columns = zip(
        found.sentences.tolist(),
        found.kinds.tolist(),
        found.starts.tolist(),
        found.ends.tolist(),
        strict=True,
    )
    together = [(row, Mention(ORDER[kind], start, end)) for row, kind, start, end in columns]
    for row, text in enumerate(texts):
        alone = single.find(text, tokeniser)
        assert [mention for at, mention in together if at == row] == list(alone.mentions)
        assert (found.bits[row], tuple(found.numbers[row]), tuple(found.dates[row])) == alone[1:]
