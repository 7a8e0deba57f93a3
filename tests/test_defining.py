"""What a name is of is said right behind it, where nothing but marks stands before it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.defining import BEFORE, SAYS_WHAT, defines

PIECES = (
    "纸鸢",
    "(kite)",
    "是一种",
    "就是",
    "指的是",
    "用于",
    "所谓",
    "那么",
    "玩具",
    "的",
    "技术",
    ",",
    "。",
    "“",
    "”",
    " ",
    "\n",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("纸鸢是一种玩具。", True),
        ("春天来了,“纸鸢”(kite)指的是风筝", True),
        ("所谓纸鸢,又称风筝", True),
        ("那么纸鸢就是会飞的纸的技术", True),
        ("他说纸鸢是一种玩具", False),
        ("纸鸢飞走了", False),
        ("风筝是一种玩具", False),
        ("", False),
    ],
)
def test_a_definition_begins_with_what_it_defines(text: str, *, expected: bool) -> None:
    assert defines(text, "纸鸢") is expected


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_it_is_found_as_one_pattern_of_it_all_would_find_it(text: str) -> None:
    whole = BEFORE.pattern.removesuffix(r"\Z") + "纸鸢" + SAYS_WHAT.pattern
    assert defines(text, "纸鸢") == (re.search(whole, text) is not None)
