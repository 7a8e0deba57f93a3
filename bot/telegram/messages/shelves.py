"""What a corpus can be narrowed down by, as it is offered: industries, technologies, years."""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from retrieval.models import Facet


class Shelf(StrEnum):
    """A way to order articles; its letter stands in the data of buttons."""

    ALL = "a"
    INDUSTRY = "i"
    TECHNOLOGY = "t"
    YEAR = "y"


FACETS: Final[Mapping[Shelf, Facet]] = {
    Shelf.INDUSTRY: Facet.INDUSTRY,
    Shelf.TECHNOLOGY: Facet.TECHNOLOGY,
    Shelf.YEAR: Facet.YEAR,
}
SHELVES: Final = {Shelf.INDUSTRY: "industries", Shelf.TECHNOLOGY: "technologies", Shelf.YEAR: "years"}
"""What the phrases call the shelves that have labels, in the order in which they are offered."""
OFFERED: Final = 24
"""Labels offered of a shelf."""


def offered(counts: Mapping[str, int], shelf: Shelf) -> list[str]:
    """Of the labels of a shelf those that most articles bear, the commonest first; years latest first.

    Args:
        counts: how many articles bear each label.
        shelf: that they are of.
    """
    if shelf is Shelf.YEAR:
        return sorted(counts, reverse=True)[:OFFERED]
    return sorted(counts, key=lambda label: (-counts[label], label))[:OFFERED]


def short(label: str) -> str:
    """Eight characters that stand for a label where there is no room for it."""
    return hashlib.blake2b(label.encode("utf-8", "replace"), digest_size=4).hexdigest()


def long(labels: Iterable[str], digest: str) -> str | None:
    """The label that `short` made this of; None where it is not among these any more."""
    return next((label for label in labels if short(label) == digest), None)
