"""What a corpus can be narrowed down by: industries, technologies, years; and the articles of each."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from retrieval.models import Article, Filters


class Shelf(StrEnum):
    """A way to order articles; its letter stands in the data of buttons."""

    ALL = "a"
    INDUSTRY = "i"
    TECHNOLOGY = "t"
    YEAR = "y"


def _years(article: Article) -> tuple[str, ...]:
    return (str(article.published.year),) if article.published else ()


LABELS: Final[Mapping[Shelf, Callable[[Article], tuple[str, ...]]]] = {
    Shelf.ALL: lambda _article: (),
    Shelf.INDUSTRY: lambda article: article.industries,
    Shelf.TECHNOLOGY: lambda article: article.technologies,
    Shelf.YEAR: _years,
}


def labels(articles: Iterable[Article], shelf: Shelf, most: int) -> list[str]:
    """The labels of a shelf that most articles have, the commonest first; years latest first."""
    counts = Counter(label for article in articles for label in LABELS[shelf](article) if label.strip())
    if shelf is Shelf.YEAR:
        return sorted(counts, reverse=True)[:most]
    return sorted(counts, key=lambda label: (-counts[label], label))[:most]


def labelled(articles: Sequence[Article], shelf: Shelf, label: str | None) -> Sequence[Article]:
    """The articles with a label, in the order they had; all for None."""
    return articles if label is None else [one for one in articles if label in LABELS[shelf](one)]


def short(label: str) -> str:
    """Eight characters that stand for a label where there is no room for it."""
    return hashlib.blake2b(label.encode("utf-8", "replace"), digest_size=4).hexdigest()


def long(articles: Iterable[Article], shelf: Shelf, digest: str) -> str | None:
    """The label that `short` made this of; None where no article has it any more."""
    every = (label for article in articles for label in LABELS[shelf](article))
    return next((label for label in every if short(label) == digest), None)


def toggled(filters: Filters, shelf: Shelf, label: str) -> Filters:
    """A filter with a label taken in, or out where it was in."""
    name = "industries" if shelf is Shelf.INDUSTRY else "technologies"
    values: tuple[str, ...] = getattr(filters, name)
    changed = tuple(v for v in values if v != label) if label in values else (*values, label)
    return filters.model_copy(update={name: changed})
