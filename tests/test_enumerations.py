"""Lists: a sentence with as many items as a question asks for fills it best."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.enumerations import longest, several

ITEM = st.text("松柳竹梅兰菊", min_size=1, max_size=4)


@given(st.lists(ITEM, min_size=2, max_size=9))
def test_all_items_of_an_enumeration_are_counted(items: list[str]) -> None:
    assert longest("、".join(items)) == len(items)
    assert longest(f"包括{'、'.join(items)}和竹,其他") == len(items) + 1


@given(st.text("松柳竹梅,。", max_size=20))
def test_without_marks_nothing_is_enumerated(text: str) -> None:
    assert longest(text) == 1
    assert longest(f"{text}和松") == len(("它", "松"))


@pytest.mark.parametrize(
    ("asked", "number"), [("是哪三样", 3), ("六大口岸是哪几个", 6), ("有哪些", None), ("两个城市", 2)]
)
def test_how_many_are_asked_for(asked: str, number: int | None) -> None:
    assert several(asked) == number
