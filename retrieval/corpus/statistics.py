"""A corpus in figures."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from retrieval.language.sentences import split
from retrieval.models import Article, Model, SentenceKind


class Statistics(Model):
    """How many articles there are, and what they have; labels and years with the articles of each.

    `sentences` are those that can be quoted.
    """

    articles: int = 0
    sentences: int = 0
    undated: int = 0
    without_link: int = 0
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    years: Mapping[str, int] = {}
    industries: Mapping[str, int] = {}
    technologies: Mapping[str, int] = {}
    keywords: Mapping[str, int] = {}
    formats: Mapping[str, int] = {}


def statistics(articles: Iterable[Article]) -> Statistics:
    """Count articles one by one, without keeping them."""
    count = sentences = undated = without_link = 0
    days: list[dt.date] = []
    years, formats = Counter[str](), Counter[str]()
    industries, technologies, keywords = Counter[str](), Counter[str](), Counter[str]()
    for article in articles:
        count += 1
        sentences += sum(sentence.kind is SentenceKind.TEXT for sentence in split(article.summary))
        without_link += article.url is None
        undated += article.published is None
        if article.published is not None:
            days = [min([*days, article.published]), max([*days, article.published])]
            years[str(article.published.year)] += 1
        industries.update(article.industries)
        technologies.update(article.technologies)
        keywords.update(article.keywords)
        formats[PurePosixPath(article.file).suffix.lower().removeprefix(".")] += 1
    return Statistics(
        articles=count,
        sentences=sentences,
        undated=undated,
        without_link=without_link,
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        years=dict(sorted(years.items(), reverse=True)),
        industries=dict(industries.most_common()),
        technologies=dict(technologies.most_common()),
        keywords=dict(keywords.most_common()),
        formats=dict(formats.most_common()),
    )
