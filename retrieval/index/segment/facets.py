"""What articles are narrowed down by, as a segment has it: their industries, technologies and dates.

Each spelling of a label is stored, with the articles that bear it; its digest ignores script and case. So
labels are counted, and articles chosen by them, without reading one.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import schema
from retrieval.index.segment.schema import Field
from retrieval.language.lexicon import token_key
from retrieval.language.normalise import normalise
from retrieval.models import Article, Facet, FacetLabel, Filters
from retrieval.ragged import Array, distinct, offsets

EPOCH = dt.date(1970, 1, 1)
"""The day from which NumPy counts."""


class Borne(NamedTuple):
    """Which articles bear which labels: `labels[number[n]]` is borne by `article[n]`, in any order."""

    labels: Sequence[FacetLabel]
    number: NDArray[np.int64]
    article: NDArray[np.int64]

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Self:
        """The industries and technologies of some articles."""
        found = [(label, at) for at, article in enumerate(articles) for label in labels_of(article)]
        at = np.array([at for _, at in found], dtype=np.int64)
        return cls([label for label, _ in found], np.arange(len(found)), at)

    def arrays(self) -> dict[Field, Array]:
        """How they are stored: see `Facets`."""
        used = distinct(self.number)
        labels = sorted({self.labels[number] for number in used.tolist()})
        place = {label: at for at, label in enumerate(labels)}
        places = np.array([place[self.labels[number]] for number in used.tolist()], dtype=np.int64)
        pairs = distinct(places[used.searchsorted(self.number)] << 32 | self.article)
        return {
            schema.LABEL_NAMES: np.frombuffer(json.dumps(labels).encode(), dtype=np.uint8),
            schema.LABELS: _digests(labels),
            schema.FIRST_LABEL: offsets(np.bincount(pairs >> 32, minlength=len(labels))),
            schema.LABEL_ARTICLE: (pairs & 0xFFFFFFFF).astype(np.uint32),
        }


class Facets(NamedTuple):
    """The labels and dates of a segment's articles, as stored.

    `label_names` has the labels as JSON, each a facet and a name, ascending; `labels` their digests. The
    articles with label `n` are `label_article[first_label[n]:first_label[n + 1]]`. `published` are the
    ordinals of the articles' dates, 0 where there is none.
    """

    label_names: NDArray[np.uint8]
    labels: NDArray[np.uint64]
    first_label: NDArray[np.int64]
    label_article: NDArray[np.uint32]
    published: NDArray[np.uint32]

    def borne(self) -> Borne:
        """Which articles bear which labels."""
        number = np.repeat(np.arange(len(self.labels)), np.diff(self.first_label))
        return Borne(self._named(), number, self.label_article.astype(np.int64))

    def counts(self, facet: Facet, is_counted: NDArray[np.bool_]) -> Counter[str]:
        """The labels of a facet, and how many of some articles bear each."""
        if facet is Facet.YEAR:
            years, counts = np.unique(_years(self.published[is_counted]), return_counts=True)
            return Counter(
                {str(year): n for year, n in zip(years.tolist(), counts.tolist(), strict=True) if year}
            )
        borne = self.borne()
        counts = np.bincount(borne.number[is_counted[borne.article]], minlength=len(borne.labels))
        named = zip(borne.labels, counts.tolist(), strict=True)
        return Counter({label.name: count for label, count in named if label.facet is facet and count})

    def bearing(self, label: FacetLabel) -> NDArray[np.bool_]:
        """Which articles bear a label that is written just so."""
        if label.facet is Facet.YEAR:
            found: NDArray[np.bool_] = _years(self.published) == int(label.name)
            return found
        return self._with(number for number, named in enumerate(self._named()) if named == label)

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Which articles the filters let through."""
        allowed = np.ones(len(self.published), dtype=np.bool_)
        if filters.since:
            allowed &= self.published >= filters.since.toordinal()
        for facet, names in ((Facet.INDUSTRY, filters.industries), (Facet.TECHNOLOGY, filters.technologies)):
            if names:
                wanted = _digests([FacetLabel(facet, name) for name in names])
                allowed &= self._with(np.flatnonzero(np.isin(self.labels, wanted)).tolist())
        return allowed

    def _named(self) -> list[FacetLabel]:
        return [FacetLabel(Facet(facet), name) for facet, name in json.loads(self.label_names.tobytes())]

    def _with(self, labels: Iterable[int]) -> NDArray[np.bool_]:
        """Which articles bear any of the labels of some numbers."""
        found = np.zeros(len(self.published), dtype=np.bool_)
        for number in labels:
            found[self.label_article[int(self.first_label[number]) : int(self.first_label[number + 1])]] = (
                True
            )
        return found


def joined(parts: Iterable[tuple[Facets, NDArray[np.int64]]]) -> Borne:
    """Which articles bear which labels, of some articles of each of several segments, ascending."""
    labels: list[FacetLabel] = []
    numbers, articles = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    before = 0
    for facets, kept in parts:
        borne = facets.borne()
        is_kept = np.isin(borne.article, kept)
        numbers.append(borne.number[is_kept] + len(labels))
        articles.append(kept.searchsorted(borne.article[is_kept]) + before)
        labels += borne.labels
        before += len(kept)
    return Borne(labels, np.concatenate(numbers), np.concatenate(articles))


def labels_of(article: Article) -> list[FacetLabel]:
    """The industries and technologies of an article."""
    return [
        *(FacetLabel(Facet.INDUSTRY, name) for name in article.industries),
        *(FacetLabel(Facet.TECHNOLOGY, name) for name in article.technologies),
    ]


def _digests(labels: Sequence[FacetLabel]) -> NDArray[np.uint64]:
    return np.array([label_digest(label) for label in labels], dtype=np.uint64)


def label_digest(label: FacetLabel) -> int:
    """What a label is compared by: the same in either script, any case, any width."""
    return token_key(f"{label.facet} {normalise(label.name).strip()}")


def _years(published: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The years of dates by their ordinals; 0 for none."""
    days = (published.astype(np.int64) - EPOCH.toordinal()).astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(np.int64) + EPOCH.year
    return np.where(published > 0, years, 0)
