"""What an upload would change of the corpus: what is new, what is there, what it could take the place of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.models import Article


class Corpus(Protocol):
    """What is asked of the corpus as it is."""

    def article(self, article: str) -> Article | None:
        """The article of this id."""

    def under_links(self, urls: Collection[str]) -> tuple[Article, ...]:
        """The articles that have one of these links."""


@dataclass(frozen=True)
class Comparison:
    """Articles that came, beside the corpus: how many are not in it, and those in it that have their links.

    Of one that is in it already, word for word, nothing is replaced.
    """

    new: int
    replaceable: tuple[Article, ...]


def compared(came: Sequence[Article], corpus: Corpus) -> Comparison:
    """How articles that came compare with the corpus."""
    new = [article for article in came if corpus.article(article.id) is None]
    ids = {article.id for article in came}
    others = corpus.under_links({article.url for article in new if article.url})
    return Comparison(len(new), tuple(article for article in others if article.id not in ids))
