"""Articles as record text, the form that is kept: what is written reads back as the same article."""

from collections.abc import Iterable, Iterator

from retrieval.corpus import reading
from retrieval.corpus.labels import Label
from retrieval.models import Article

DAY = "日期"
WIDE_GAP = "\u3000\u3000"
"""Parts paragraphs on one line, where no line can be taken for a field."""


def record_text(article: Article) -> str:
    """One record, with a line feed at its end."""
    text = _text(article, article.summary)
    if _is_read_back(text, article):
        return text
    return _text(article, WIDE_GAP.join(article.summary.split("\n")))


def records_text(articles: Iterable[Article]) -> str:
    """Several records, an empty line between them."""
    return "\n".join(map(record_text, articles))


def _text(article: Article, summary: str) -> str:
    return "".join(f"{label}: {value}\n" for label, value in _fields(article, summary) if value)


def _fields(article: Article, summary: str) -> Iterator[tuple[str, str]]:
    yield Label.TITLE, article.title
    yield Label.LINK, article.url or ""
    yield DAY, article.published.isoformat() if article.published else ""
    for label, value in article.extra.items():
        yield label, " ".join(value.split())
    yield Label.SUMMARY, summary
    yield Label.KEYWORDS, ", ".join(article.keywords)
    yield Label.TECHNOLOGIES, ", ".join(article.technologies)
    yield Label.INDUSTRIES, ", ".join(article.industries)


def _is_read_back(text: str, article: Article) -> bool:
    found = reading.parse(text.encode(errors="replace"), "a.txt").articles
    return len(found) == 1 and found[0].summary == article.summary and found[0].title == article.title
