"""What tells one of several alike apart is one thing, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.mentions.designations import FOUND, designations
from retrieval.language.mentions.numerals import value


def said(text: str) -> set[tuple[str, str, str]]:
    return {(one.kind, one.of, one.which) for one in designations(text)}


@pytest.mark.parametrize(
    "alike",
    [
        ("第二季度", "二季度", "q2", "第2季度", "2季度"),
        ("上半年", "1至6月", "前六个月", "1-6月", "1—6月份", "1到6月"),
        ("6月份", "六月"),
        ("第三批", "第3批"),
        ("第十二届", "12届", "第12届"),
        ("嫦娥六号", "嫦娥6号"),
        ("神舟十五号", "神十五", "神舟15", "神州十五号"),
        ("gpt-5.1", "gpt 5.1", "gpt5.1", "gpt-5.1,新版"),
        ("10月5日", "十月五日", "10月5号"),
    ],
)
def test_one_thing_in_several_forms(alike: tuple[str, ...]) -> None:
    common = set.intersection(*(said(text) for text in alike))
    assert len(common) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第一季度", "第二季度"),
        ("上半年", "下半年"),
        ("第五届", "第六届"),
        ("c轮", "b轮"),
        ("gpt-5", "gpt-5.1"),
        ("嫦娥六号", "嫦娥七号"),
        ("女子组", "男子组"),
        ("6月", "6月5日"),
    ],
)
def test_two_that_are_not_the_same(one: str, other: str) -> None:
    assert said(one)
    assert not said(one) & said(other)


@pytest.mark.parametrize("counted", ["新建小区2.58万个", "今年1到6月", "今年1至6月", "2024届毕业生"])
def test_a_count_a_month_or_a_year_tells_nothing_apart(counted: str) -> None:
    assert not {"version", "ordinal"} & {kind for kind, _, _ in said(counted)}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("二十亿", 2e9),
        ("20亿", 2e9),
        ("15000万", 1.5e8),
        ("1.5亿", 1.5e8),
        ("一万五千", 15000),
        ("十五", 15),
        ("二〇二四", 2024),
        ("1,234", 1234),
        ("万", None),
        ("好", None),
    ],
)
def test_numbers_have_one_value(written: str, expected: float | None) -> None:
    assert value(written) == expected


TEXTS = st.text(
    alphabet="第一二三四五六七八九十百千万亿零两首0123456789.,季度半年月日届号批次版本企业vqgptabc轮天使上下前"
    "男女子组团体单打规划末神舟嫦娥天问遥感 -至",
    max_size=30,
)


@given(TEXTS)
def test_any_text_can_be_read(text: str) -> None:
    for one in designations(text):
        assert one.text in text
        assert one.which


@given(TEXTS, st.none() | st.sets(st.sampled_from([kind for kind, _, _ in FOUND])))
def test_all_that_is_found_has_a_mark_of_its_kind(text: str, kinds: set[str] | None) -> None:
    found = [one for kind, _, find in FOUND if kinds is None or kind in kinds for one in find(text)]
    assert designations(text, kinds) == tuple(dict.fromkeys(found))
