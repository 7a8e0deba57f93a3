"""What many articles tell of: every article is counted, copies are one report, subjects are no labels."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from retrieval import Article
from retrieval.insight.roundup import Roundup, roundup

NAMES = st.lists(
    st.sampled_from(["金融", "医疗", "AI", "ai", "大模型", "星河智能", "", " "]), max_size=3
).map(tuple)
ARTICLES = st.lists(
    st.builds(
        Article,
        title=st.sampled_from(["甲", "乙", "丙"]),
        url=st.none(),
        summary=st.text("一二三四五六七八九十", min_size=1, max_size=20),
        keywords=NAMES,
        industries=NAMES,
        technologies=NAMES,
        published=st.one_of(st.none(), st.dates(dt.date(2030, 1, 1), dt.date(2031, 1, 1))),
        file=st.just("a.txt"),
        record=st.just(1),
    ),
    max_size=12,
)


@given(ARTICLES)
def test_counts_add_up_and_the_newest_comes_first(articles: list[Article]) -> None:
    found = roundup(articles)
    assert found.total == len(articles)
    assert sum(1 + report.copies for report in found.reports) == len(articles)
    days = [report.article.published or dt.date.min for report in found.reports]
    assert days == sorted(days, reverse=True)
    for counts in (found.industries, found.technologies):
        assert [one.count for one in counts] == sorted((one.count for one in counts), reverse=True)
        assert all(1 <= one.count <= len(articles) for one in counts)
    labels = {one.name.lower() for one in (*found.industries, *found.technologies)}
    for subject in found.subjects:
        assert 2 <= subject.count <= len(articles)
        assert labels.isdisjoint(name.lower() for name in subject.names)
    assert len({subject.names for subject in found.subjects}) == len(found.subjects)


def test_nothing_tells_of_nothing() -> None:
    assert roundup([]) == Roundup()


def test_a_report_that_others_carry_is_shown_once() -> None:
    article = Article(
        title="星河智能完成融资",
        url=None,
        summary="星河智能今天宣布完成8亿元C轮融资，由澜江资本领投。",
        keywords=("星河智能", "融资"),
        industries=("金融",),
        published=dt.date(2031, 1, 8),
        file="a.txt",
        record=1,
    )
    copy = article.model_copy(
        update={"title": "转载：星河智能完成融资", "file": "b.txt", "published": dt.date(2031, 1, 9)}
    )
    other = article.model_copy(
        update={"title": "北辰芯片投产", "summary": "北辰芯片的工厂今天投产。", "keywords": ("北辰芯片",)}
    )
    found = roundup([article, copy, other])
    assert [(report.article.title, report.copies) for report in found.reports] == [
        ("转载：星河智能完成融资", 1),
        ("北辰芯片投产", 0),
    ]
    assert [(subject.names, subject.count) for subject in found.subjects] == [(("星河智能", "融资"), 2)]
    assert [(one.name, one.count) for one in found.industries] == [("金融", 3)]
