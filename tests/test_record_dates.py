"""The date of a record: its field's, else its link's, its file's name or its dateline."""

import datetime as dt

import pytest
from record_cases import record
from test_records import parse

from retrieval.corpus import reading


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2023/07/08/a.shtml", dt.date(2023, 7, 8)),
        ("2023-7-8/a", dt.date(2023, 7, 8)),
        ("20230708/a", dt.date(2023, 7, 8)),
        ("t20230708_1.html", dt.date(2023, 7, 8)),
        ("a?date=2023-07-08", dt.date(2023, 7, 8)),
        ("2023-02-30/2023-03-01", dt.date(2023, 3, 1)),
        ("2024/13/45/a", None),
        ("120230708", None),
        ("a", None),
    ],
)
def test_the_date_in_a_link(path: str, expected: dt.date | None) -> None:
    [article] = parse(record(link=f"https://a.example/{path}")).articles
    assert article.published == expected


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("日期: 2023-07-08", dt.date(2023, 7, 8)),
        ("发布时间：2023年7月8日 10:00", dt.date(2023, 7, 8)),
        ("發布日期：２０２３／７／８", dt.date(2023, 7, 8)),
        ("Date: 20230708", dt.date(2023, 7, 8)),
        ("日期: 昨天", None),
        ("日期: 2023-02-30", None),
        ("备注: 2023-07-08", None),
    ],
)
def test_the_date_in_a_field(written_as: str, expected: dt.date | None) -> None:
    [article] = parse(record() + written_as).articles
    assert article.published == expected


@pytest.mark.parametrize(
    ("file", "link", "rest", "expected"),
    [
        ("2022-02-02.txt", "https://a.example/2023/07/08/", "日期: 2024-01-01", dt.date(2024, 1, 1)),
        ("2022-02-02.txt", "https://a.example/2023/07/08/", "日期: 昨天", dt.date(2023, 7, 8)),
        ("2022-02-02.txt", "https://a.example/1", "", dt.date(2022, 2, 2)),
        ("news.txt", "https://a.example/1", "", None),
    ],
)
def test_a_date_is_taken_from_the_field_else_the_link_else_the_name(
    file: str, link: str, rest: str, expected: dt.date | None
) -> None:
    [article] = reading.parse((record(link=link) + rest).encode(), file).articles
    assert article.published == expected


@pytest.mark.parametrize(
    ("file", "summary", "expected"),
    [
        ("2022-02-02.txt", "新华社北京2024年5月6日电 上海发布新政。", dt.date(2024, 5, 6)),
        ("2022-02.txt", "新华社北京5月6日电 上海发布新政。", dt.date(2022, 5, 6)),
        ("news.txt", "新华社北京5月6日电 上海发布新政。", None),
        ("news.txt", "上海2024年5月6日发布新政。", None),
    ],
)
def test_a_dateline_tells_the_date(file: str, summary: str, expected: dt.date | None) -> None:
    [article] = reading.parse(record(summary=summary).encode(), file).articles
    assert article.published == expected


def test_only_a_date_that_says_more_than_the_day_stays_a_further_field() -> None:
    [article] = parse(record() + "发布时间: 2024-05-06 10:30 +0800\n日期: 2024年5月6日\n").articles
    assert article.published == dt.date(2024, 5, 6)
    assert article.extra == {"发布时间": "2024-05-06 10:30 +0800"}
