"""What a corpus is about: what its articles name most, their labels, and when they were published."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from retrieval.index.protocol import ArticleIndex, StoredArticle
from retrieval.insight.trend import Month, months
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Facet, Model

LOOKED_AT = 500
"""Articles that are looked at for subjects, months and copies, spread evenly over the corpus."""
SUBJECTS = 12
LABELS = 8
NAMES = ("nr", "nt", "nz", "ns")
SHORTEST = 2
FEWEST = 2
"""Articles that name a subject at least."""


class Count(Model):
    """Something that articles have, and how many."""

    name: str
    articles: int


class Overview(Model):
    """What is in a corpus of so many articles.

    `subjects`, `months` and `copies` (articles with the text of another) were counted in `looked_at` of them.
    """

    articles: int
    looked_at: int
    newest: dt.date | None
    subjects: tuple[Count, ...] = ()
    industries: tuple[Count, ...] = ()
    technologies: tuple[Count, ...] = ()
    months: tuple[Month, ...] = ()
    copies: int = 0


def overview(index: ArticleIndex, tokeniser: Tokeniser) -> Overview:
    """What is in an index."""
    articles = index.sample(LOOKED_AT)
    return Overview(
        articles=index.article_count,
        looked_at=len(articles),
        newest=index.newest,
        subjects=_subjects(articles, tokeniser),
        industries=_most(index.labels(Facet.INDUSTRY), LABELS),
        technologies=_most(index.labels(Facet.TECHNOLOGY), LABELS),
        months=months(articles),
        copies=_copies(articles),
    )


def _subjects(articles: Sequence[StoredArticle], tokeniser: Tokeniser) -> tuple[Count, ...]:
    """What most articles name: by their keywords, or where they have none, by the names in their titles."""
    counted: Counter[str] = Counter()
    for article in articles:
        record = article.record
        named = {keyword for keyword in record.keywords if not keyword.isdigit()}
        counted.update(named or _names(normalise(record.title), tokeniser))
    return _most({name: count for name, count in counted.items() if count >= FEWEST}, SUBJECTS)


def _names(title: str, tokeniser: Tokeniser) -> set[str]:
    words = (word for word in tokeniser.words(title) if len(word) >= SHORTEST and not word.isdigit())
    return {word for word in words if tokeniser.part_of_speech(word)[:2] in NAMES or word.isascii()}


def _most(counts: Mapping[str, int], most: int) -> tuple[Count, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(name=name, articles=count) for name, count in ordered[:most])


def _copies(articles: Sequence[StoredArticle]) -> int:
    """How many articles have the text of another one, as it is compared."""
    texts = Counter(normalise(article.record.summary) for article in articles)
    return sum(count - 1 for count in texts.values())
