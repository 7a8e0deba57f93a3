"""The years of a text: in figures, and by reference to the text before or to the date of the article."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Article
from retrieval.language.mentions.years import ArticleYears, Reading, Years, resolved, spoken
from retrieval.language.sentences import split

YEARS = st.integers(1000, 2099)
REFERENCES = st.sampled_from([("同年", 0), ("那一年", 0), ("次年", 1), ("翌年", 1), ("上年", -1)])


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2016年至2022年期间", (2016, 2022)),
        ("1998-2000年", (1998, 2000)),
        ("公司成立,1929年改名", (1929,)),
        ("2023世界人工智能大会", (2023,)),
        ("一九九八年", (1998,)),
        ("有2000多家企业,投入1999万元", ()),
        ("19世纪80和90年代", ()),
        ("1990年代", ()),
        ("同年5月", ()),
        ("2016年成立,此后年均增长两成,过去年均不到一成", (2016,)),
        ("1990年上年纪的人和同年级的人", (1990,)),
    ],
)
def test_years_are_told_from_numbers(text: str, years: tuple[int, ...]) -> None:
    assert spoken(text) == years


@given(YEARS, st.lists(REFERENCES, max_size=5))
def test_references_count_from_the_year_before(year: int, references: list[tuple[str, int]]) -> None:
    reading = Reading()
    assert reading.read(f"{year}年成立。") == (year,)
    for reference, later in references:
        year += later
        assert reading.read(f"{reference}5月又发布。") == (year,)


@given(st.dates(dt.date(1000, 1, 1)))
def test_this_year_is_that_of_the_article(published: dt.date) -> None:
    year = published.year
    assert Reading(published).read("今年以来好于去年,更好于前年") == (year, year - 1, year - 2)
    assert Reading().read("今年以来好于去年") == ()


@pytest.mark.parametrize(
    ("number", "own", "around"),
    [(0, (2016,), (2023, 2021)), (1, (2017,), (2016, 2023, 2021)), (2, (), (2017, 2023, 2021))],
)
def test_a_sentence_without_a_year_is_about_that_around_it(
    number: int, own: tuple[int, ...], around: tuple[int, ...]
) -> None:
    article = Article(
        title="2021年回顾",
        url=None,
        summary="2016年被誉为元年。次年7月发布规划。规模不断扩大。",
        published=dt.date(2023, 7, 8),
        file="a.txt",
        record=1,
    )
    found = ArticleYears(article, split(article.summary)).of_sentence(number)
    assert found.own == own
    assert set(around) <= set(found.around) | set(own)
    assert found.meant == (own or found.around)


@given(st.dates(dt.date(1000, 1, 1), dt.date(2098, 12, 31)))
def test_a_question_counts_from_the_newest_article(today: dt.date) -> None:
    asked = resolved("去年規模有多大？今年呢？", today)
    assert asked == f"{today.year - 1}年規模有多大？{today.year}年呢？"
    assert resolved(asked, today) == asked
    assert resolved("去年规模有多大？", None) == "去年规模有多大？"


def test_a_question_that_names_a_year_may_count_from_it() -> None:
    question = "2022年规模比去年增长多少？"
    assert resolved(question, dt.date(2023, 7, 8)) == question


def test_what_a_sentence_names_itself_is_what_it_means() -> None:
    assert Years((2022,), (2023,)).meant == (2022,)


def test_a_text_is_read_once_however_many_sentences_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = "".join(f"第{number}年之后的规模不断扩大。" for number in range(200))
    article = Article(title="回顾", url=None, summary=summary, file="a.txt", record=1)
    read: list[str] = []

    def recorded(_reading: Reading, text: str) -> tuple[int, ...]:
        read.append(text)
        return ()

    monkeypatch.setattr(Reading, "read", recorded)
    found = ArticleYears(article, split(summary))
    for number in (*range(50, 150), *range(50, 150)):
        found.of_sentence(number)
    inside = [text for text in read if text != article.title]
    assert sum(map(len, inside)) <= len(summary)
    assert len(set(inside)) == len(inside) == 151


def test_this_year_in_an_article_without_a_date_is_kept_as_it_stands() -> None:
    text = "松湖今年种稻三万亩。松湖去年种稻两万亩。"
    sentences = split(text)
    undated = Article(title="稻", url=None, summary=text, file="a.txt", record=1)
    dated = undated.model_copy(update={"published": dt.date(2031, 5, 1)})
    assert ArticleYears(undated, sentences).of_sentence(0).unknown == {"今年"}
    assert ArticleYears(undated, sentences).of_sentence(1).unknown == {"去年"}
    assert not ArticleYears(dated, sentences).of_sentence(0).unknown


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("上半年,松塔港吞吐量3亿吨,延续去年下半年的势头。", (2025, 2024)),
        ("前三季度,松塔港吞吐量3亿吨,去年为2亿吨。", (2025, 2024)),
        ("去年上半年,松塔港吞吐量3亿吨。", (2024,)),
        ("2023年上半年,松塔港吞吐量3亿吨。", (2023,)),
        ("上半年,松塔港吞吐量3亿吨。", ()),
    ],
)
def test_a_period_named_first_is_of_the_year_of_the_article(text: str, own: tuple[int, ...]) -> None:
    article = Article(title="甲", url=None, summary=text, published=dt.date(2025, 7, 2), file="a", record=1)
    assert ArticleYears(article, split(text)).of_sentence(0).own == own
