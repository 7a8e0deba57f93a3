"""A filter by the labels that a reader writes, or takes in and out one by one."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from retrieval.models import EVERYTHING, Facet, Filters

OFF: Final = frozenset(
    {"off", "none", "all", "clear", "关", "關", "关闭", "關閉", "清除", "无", "無", "全部"}
)
"""Words that take the filter away."""


def named(labels: Mapping[Facet, Collection[str]], wanted: Sequence[str]) -> Filters | None:
    """The filter that words name: labels of the facets in their order; None where one names nothing."""
    filters = EVERYTHING
    if " ".join(wanted).lower() in OFF:
        return filters
    for word in wanted:
        for facet, held in labels.items():
            if word in held:
                filters = changed(filters, facet, word)
                break
        else:
            return None
    return filters


def changed(filters: Filters, facet: Facet, label: str) -> Filters:
    """A filter with a label taken in, or out where it was in; of years there is one."""
    if facet is Facet.YEAR:
        since = dt.date(int(label), 1, 1)
        return filters.model_copy(update={"since": None if filters.since == since else since})
    name = "industries" if facet is Facet.INDUSTRY else "technologies"
    values: tuple[str, ...] = getattr(filters, name)
    after = tuple(value for value in values if value != label) if label in values else (*values, label)
    return filters.model_copy(update={name: after})
