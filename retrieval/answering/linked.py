"""The article that a link leads to."""

from collections.abc import Collection, Iterator
from typing import Final

from retrieval.corpus import dates, links
from retrieval.index.protocol import ArticleIndex, StoredArticle
from retrieval.models import Article, Period, Selection

AT_ONCE: Final = 500
LOOKED_AT: Final = 4_000
"""Articles whose links are compared at most, the newest; of a link that tells its date, those of that day."""


def linked(index: ArticleIndex, url: str) -> Article | None:
    """The newest article with a link to the same page; None where there is none."""
    page = links.same_page(url)
    day = dates.of_link(url)
    found = (
        article.record
        for selection in ([Selection(period=Period(since=day, until=day))] if day else []) + [Selection()]
        for article in _newest(index, selection)
        if article.record.url and links.same_page(article.record.url) == page
    )
    return next(found, None)


def under_links(index: ArticleIndex, urls: Collection[str]) -> tuple[Article, ...]:
    """The articles with links to the same pages as some, those of the same days and the newest looked at."""
    pages = {links.same_page(url) for url in urls if url}
    days = {day for url in urls if (day := dates.of_link(url))}
    selections = [Selection(period=Period(since=day, until=day)) for day in sorted(days)]
    found = {
        article.record.id: article.record
        for selection in [*selections, Selection()] * bool(pages)
        for article in _newest(index, selection)
        if article.record.url and links.same_page(article.record.url) in pages
    }
    return tuple(found.values())


def _newest(index: ArticleIndex, selection: Selection) -> Iterator[StoredArticle]:
    after = None
    for _ in range(LOOKED_AT // AT_ONCE):
        articles, _, after = index.select(selection, AT_ONCE, after)
        yield from articles
        if after is None:
            break
