"""What asks for news, and what only looks like it; which days are meant; what is listed."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.index.update import updates
from retrieval.models import NewsRequest, Period
from retrieval.questions.news import news_request
from retrieval.questions.periods import period

TODAY = dt.date(2026, 3, 4)
NEWEST = dt.date(2025, 5, 20)


def days(since: str, until: str | None = None) -> Period:
    return Period(since=dt.date.fromisoformat(since), until=dt.date.fromisoformat(until or since))


@pytest.mark.parametrize(
    ("asked", "subject", "when"),
    [
        ("最近有什么新闻", "", Period()),
        ("有什么新闻吗？", "", Period()),
        ("最近發生了什麼", "", Period()),
        ("新闻", "", Period()),
        ("昨天的新闻", "", days("2026-03-03")),
        ("今天有什么大事？", "", days("2026-03-04")),
        ("上周发生了什么", "", days("2026-02-23", "2026-03-01")),
        ("上个月有什么新闻", "", days("2026-02-01", "2026-02-28")),
        ("去年的新闻", "", days("2025-01-01", "2025-12-31")),
        ("6月有什么新闻", "", days("2024-06-01", "2024-06-30")),
        ("松果最近怎么样了", "松果", Period()),
        ("松果公司最近咋了", "松果公司", Period()),
        ("松果最近有啥动静", "松果", Period()),
        ("5月有什么", "", days("2025-05-01", "2025-05-31")),
        ("2024年2月的新闻", "", days("2024-02-01", "2024-02-29")),
        ("2023年7月6日有什么新闻", "", days("2023-07-06")),
        ("2023-07的新闻", "", days("2023-07-01", "2023-07-31")),
        ("华为最近发布了什么", "华为", Period()),
        ("關於華為的新聞", "華為", Period()),
        ("OpenAI 最近在干嘛？", "OpenAI", Period()),
        ("最近AI圈有什么大事", "AI", Period()),
        ("具身智能最新进展", "具身智能", Period()),
        ("昨天的AI新闻有哪些", "AI", days("2026-03-03")),
        ("What's new?", "", Period()),
        ("latest news about Huawei", "Huawei", Period()),
        ("the latest on DeepSeek", "DeepSeek", Period()),
        ("news from yesterday", "", days("2026-03-03")),
        ("any news in June 2024?", "", days("2024-06-01", "2024-06-30")),
        ("What did Huawei release recently?", "Huawei", Period()),
        ("what happened last week", "", days("2026-02-23", "2026-03-01")),
    ],
)
def test_news_are_asked_for(asked: str, subject: str, when: Period) -> None:
    assert news_request(asked, TODAY, NEWEST) == NewsRequest(subject=subject, period=when)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "？",
        "新闻联播什么时候播出？",
        "谷歌新闻是什么",
        "哪家公司最近发布了大模型？",
        "最近发布的手机多少钱",
        "6月的销量是多少",
        "上海2017年发布了什么？",
        "谁最近发布了什么",
        "华为发布了什么",
        "你最近怎么样",
        "最近天气怎么样",
        "有什么功能",
        "目前有多少家企业？",
        "最新的模型是什么",
        "百度最近融资了多少",
        "霍布斯在1647年的时候发生了什么事？",
        "what is new energy",
        "What did Sam Altman do in 2015?",
        "how many news articles are there",
        "what is the latest model of OpenAI",
    ],
)
def test_other_questions_are_for_a_sentence_to_answer(asked: str) -> None:
    assert news_request(asked, TODAY, NEWEST) is None


def test_a_day_that_no_month_has_means_the_month() -> None:
    assert period("2025年2月30日", TODAY) == days("2025-02-01", "2025-02-28")


@given(
    st.dates(dt.date(2001, 1, 31), dt.date(2100, 1, 1)),
    st.sampled_from("今天 昨天 本周 上周 本月 上个月 去年".split()),
)
def test_a_time_counted_from_today_does_not_lie_after_it(today: dt.date, words: str) -> None:
    found = period(words, today)
    assert found.since is not None
    assert found.until is not None
    assert found.since <= min(found.until, today)


def article(title: str, published: str | None, text: str, **labels: tuple[str, ...]) -> Article:
    day = dt.date.fromisoformat(published) if published else None
    return Article(
        title=title, url=None, summary=text, published=day, file=f"{title}.txt", record=1, **labels
    )


@pytest.fixture
def news(tokeniser: Tokeniser, tmp_path: Path) -> Retriever:
    articles = [
        article("甲", "2025-03-01", "松果公司发布了新的云图芯片。", industries=("半导体",)),
        article("乙", "2025-05-20", "松果公司开设了第三家工厂。"),
        article("丙", "2024-12-31", "青禾机器人开始量产。", technologies=("机器人",)),
        article("丁", None, "松果公司成立于一个春天。"),
    ]
    updates.update(tmp_path / "index", articles, tokeniser)
    return Retriever(EmbeddedIndex(tmp_path / "index", tokeniser), tokeniser)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (NewsRequest(), "乙甲丙丁"),
        (NewsRequest(subject="松果"), "乙甲丁"),
        (NewsRequest(subject="松果 芯片"), "甲"),
        (NewsRequest(subject="松果", period=days("2025-01-01", "2025-04-30")), "甲"),
        (NewsRequest(period=days("2024-01-01", "2024-12-31")), "丙"),
        (NewsRequest(subject="半導體"), "甲"),
        (NewsRequest(subject="不存在的公司"), ""),
    ],
)
def test_the_newest_articles_are_listed_first(news: Retriever, wanted: NewsRequest, titles: str) -> None:
    found = news.news(wanted)
    assert "".join(one.title for one in found.articles) == titles
    assert found.total == len(titles)
    assert news.news(wanted, 1, 1).articles == found.articles[1:2]


def test_a_month_without_its_year_is_the_latest_that_the_corpus_has(news: Retriever) -> None:
    assert news.news_request("12月有什么新闻", TODAY) == NewsRequest(period=days("2024-12-01", "2024-12-31"))
