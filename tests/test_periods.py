"""The days that a text speaks of: said, taken from the text before, or from the date of publication."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.mentions.periods import PeriodReader

PUBLISHED = dt.date(2024, 7, 10)  # a Wednesday


def spoken(text: str, published: dt.date | None = PUBLISHED) -> list[tuple[str, str]]:
    return [(str(period.first), str(period.last)) for period in PeriodReader(published).read(text)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023年7月6日开幕", "2023-07-06", "2023-07-06"),
        ("二〇二三年七月六日开幕", "2023-07-06", "2023-07-06"),
        ("7月6日开幕", "2024-07-06", "2024-07-06"),
        ("12月20日开幕", "2023-12-20", "2023-12-20"),
        ("6日开幕", "2024-07-06", "2024-07-06"),
        ("28日开幕", "2024-06-28", "2024-06-28"),
        ("5月25号开幕", "2024-05-25", "2024-05-25"),
        ("昨天开幕", "2024-07-09", "2024-07-09"),
        ("今日上线", "2024-07-10", "2024-07-10"),
        ("去年底投产", "2023-12-01", "2023-12-31"),
        ("去年12月投产", "2023-12-01", "2023-12-31"),
        ("今年上半年销量", "2024-01-01", "2024-06-30"),
        ("上半年销量", "2024-01-01", "2024-06-30"),
        ("2023年第三季度营收", "2023-07-01", "2023-09-30"),
        ("二季度营收", "2024-04-01", "2024-06-30"),
        ("前三季度营收", "2024-01-01", "2024-09-30"),
        ("前5个月出口", "2024-01-01", "2024-05-31"),
        ("1至6月出口", "2024-01-01", "2024-06-30"),
        ("今年以来新增", "2024-01-01", "2024-07-10"),
        ("7月6日至8日举行", "2024-07-06", "2024-07-08"),
        ("6月30日至7月2日举行", "2024-06-30", "2024-07-02"),
        ("2021年至2023年", "2021-01-01", "2023-12-31"),
        ("上个月发布", "2024-06-01", "2024-06-30"),
        ("5月中旬发布", "2024-05-11", "2024-05-20"),
        ("5月底发布", "2024-05-21", "2024-05-31"),
        ("本周一发布", "2024-07-08", "2024-07-08"),
        ("上周发布", "2024-07-01", "2024-07-07"),
        ("明年春季发布", "2025-03-01", "2025-05-31"),
    ],
)
def test_a_period_is_resolved(text: str, first: str, last: str) -> None:
    assert spoken(text) == [(first, last)]


@pytest.mark.parametrize(
    "text",
    [
        "第6号文件",
        "10号线通车",
        "一个月内",
        "15日均销量",
        "3000年历史",
        "年产3万吨",
        "2月30日",
        "十十月开始",
        "五十十日",
        "当日本队",
        "神舟二十号返回",
        "嫦娥6号",
    ],
)
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert spoken(text) == []


def test_the_text_before_tells_what_is_not_said() -> None:
    reader = PeriodReader(PUBLISHED)
    assert [str(one.first) for one in reader.read("2022年10月3日，飞船发射。5日，飞船返回。")] == [
        "2022-10-03",
        "2022-10-05",
    ]
    assert [str(one.first) for one in reader.read("同年12月再次发射。次年3月返回。")] == [
        "2022-12-01",
        "2023-03-01",
    ]

    assert spoken("2021年公司成立，5月获融资") == [("2021-01-01", "2021-12-31"), ("2021-05-01", "2021-05-31")]
    assert spoken("2023年公司成立。") + spoken("8日上市") == [
        ("2023-01-01", "2023-12-31"),
        ("2024-07-08", "2024-07-08"),
    ]


def test_without_a_date_of_publication_nothing_relative_is_resolved() -> None:
    assert spoken("昨天，去年底，6日，7月6日", None) == []
    assert spoken("2023年7月6日", None) == [("2023-07-06", "2023-07-06")]


@given(
    st.text(alphabet="0123456789一二三十年月日号上下半周去今昨同次前至 底初中旬的qQ季度天以来", max_size=40),
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)) | st.none(),
)
def test_whatever_is_written_periods_are_in_order_and_in_place(text: str, published: dt.date | None) -> None:
    periods = PeriodReader(published).read(text)
    assert all(period.first <= period.last for period in periods)
    assert all(0 <= period.span[0] < period.span[1] <= len(text) for period in periods)
    assert all(one.span[1] <= other.span[0] for one, other in pairwise(periods))
