"""What is asked of a cluster, as the JSON that it takes."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from retrieval.bm25 import ArticleWeights, PositiveBM25
from retrieval.index.opensearch.layout import SOFT, SOFT_K1
from retrieval.index.opensearch.names import token_names
from retrieval.index.opensearch.state import State
from retrieval.index.opensearch.vocabulary import Standing
from retrieval.index.protocol import Cursor
from retrieval.index.query import Query
from retrieval.index.segment.encoding import ARTICLE_STREAMS
from retrieval.index.segment.facets import label_digest
from retrieval.models import EVERYTHING, Facet, FacetLabel, Filters, Period, Selection, Stream

FIELDS: Final = {Stream.WORD: "words", Stream.BIGRAM: "bigrams"}
"""Where the tokens of articles stand."""
FACETS: Final = {Facet.INDUSTRY: "industries", Facet.TECHNOLOGY: "technologies", Facet.YEAR: "year"}
MOST_CLAUSES: Final = 1_000
"""Tokens that articles are found by, those that tell most: more are refused by the cluster."""
SMALL: Final = 0.39
"""A share below this saturates rather as `SOFT_K1` does: .9 / .39 is midway to it, by their ratio."""
WITHOUT_FACTOR: Final = 3
"""From this version on a cluster leaves out the factor 1 + k1, which is not the same in both fields."""
ID: Final = "id"
CARRIED: Final = {"stored_fields": ["blob"], "docvalue_fields": [ID]}
"""What is read of an article that is found."""

Clause = dict[str, Any]


def search(
    state: State,
    query: Query,
    scorers: Mapping[Stream, PositiveBM25],
    standing: Mapping[Stream, Standing],
    limit: int,
    *,
    excluded: Collection[str],
    filters: Filters,
) -> Clause | None:
    """A search for the best articles by a query's tokens; None when no article has any."""
    tokens = sorted(_tokens(query, scorers, standing, state.server), key=lambda token: -token.boost)[
        :MOST_CLAUSES
    ]
    if not tokens:
        return None
    clauses = state.visible_articles()
    clauses["must_not"].append({"term": {"is_empty": True}})
    if excluded:
        clauses["must_not"].append({"terms": {ID: sorted(excluded)}})
    if filters != EVERYTHING:
        clauses["filter"] = list(_passing(filters))
    clauses["should"] = [{"term": {field: {"value": name, "boost": boost}}} for field, name, boost in tokens]
    clauses["minimum_should_match"] = 1
    return {
        "query": {"bool": clauses},
        "size": limit,
        "sort": ["_score", {"order": "asc"}],
        "track_total_hits": False,
        **CARRIED,
    }


class _Token(NamedTuple):
    """A token that some article has: in which field it is looked up, and what it weighs."""

    field: str
    name: str
    boost: float


def _tokens(
    query: Query, scorers: Mapping[Stream, PositiveBM25], standing: Mapping[Stream, Standing], server: int
) -> Iterator[_Token]:
    """The tokens that any article has.

    The cluster multiplies by the rarity of the token; what counts is that of its term, and an alternative
    counts less inside the saturated frequency than outside of it: a share of a frequency saturates as all of
    it would with a k1 that is so much greater. That those of one term saturate together is passed over.
    """
    weights = ArticleWeights()
    soft = softened(server)
    for stream in ARTICLE_STREAMS:
        of_stream, scorer = query.columns[stream], scorers[stream]
        place = {token: number for number, token in enumerate(of_stream.tokens)}
        held = standing[stream].articles.tolist()
        names = token_names(of_stream.tokens)
        boosts: dict[tuple[str, str], float] = {}
        for term, repeats in zip(of_stream.terms, of_stream.weights.tolist(), strict=True):
            for token, share in term.alternatives:
                at = place[token]
                boost = weights.streams[stream] * repeats * scorer.idf[term.token]
                if held[at] and boost > 0 and share > 0:
                    boost *= share * (1 + weights.k1) / (share + weights.k1) / scorer.rarity(held[at])
                    found = FIELDS[stream], names[at]
                    if share < SMALL:
                        found, boost = (f"{FIELDS[stream]}.{SOFT}", names[at]), boost * soft
                    boosts[found] = boosts.get(found, 0.0) + boost
        yield from (_Token(field, name, boost) for (field, name), boost in boosts.items())


def softened(server: int) -> float:
    """What makes a score of one occurrence in the soft field as much as in the other."""
    return (1 + SOFT_K1) / (1 + ArticleWeights().k1) if server >= WITHOUT_FACTOR else 1.0


def is_spread(query: Query) -> bool:
    """Whether terms have alternatives that each count for little: the cluster weighs them less exactly."""
    return any(
        0 < share < SMALL
        for stream in ARTICLE_STREAMS
        for term in query.columns[stream].terms
        for _, share in term.alternatives
    )


def _passing(filters: Filters) -> Iterator[Clause]:
    """What articles have to meet."""
    if filters.since:
        yield {"range": {"published": {"gte": filters.since.toordinal()}}}
    for facet, names in ((Facet.INDUSTRY, filters.industries), (Facet.TECHNOLOGY, filters.technologies)):
        if names:
            yield {"terms": {"labels": [f"{label_digest(FacetLabel(facet, name)):016x}" for name in names]}}


def select(state: State, selection: Selection, limit: int, after: Cursor | None) -> Clause:
    """A search for the next articles of a selection: newest first, the undated at the end."""
    clauses = of_articles(state)
    clauses["filter"] += _selected(selection)
    body = {
        "query": {"bool": clauses},
        "size": limit,
        "sort": [{"published": "desc"}, {ID: "desc"}],
        "track_total_hits": True,
        **CARRIED,
    }
    if after is not None:
        day, _, article = after.partition("-")
        body["search_after"] = [int(day), article]
    return body


def of_articles(state: State) -> Clause:
    """The clauses of a boolean query for all articles that count."""
    clauses = state.visible_articles()
    clauses["filter"] = [{"exists": {"field": ID}}]
    return clauses


def _selected(selection: Selection) -> Iterator[Clause]:
    if selection.label is not None:
        yield {"term": {FACETS[selection.label.facet]: selection.label.name}}
    yield from _within(selection.period)
    for words in selection.words:
        yield {"terms": {FIELDS[Stream.WORD]: token_names(words)}}


def _within(period: Period) -> Iterator[Clause]:
    if period.since:
        yield {"range": {"published": {"gte": period.since.toordinal()}}}
    if period.until:
        yield {"range": {"published": {"gt": 0, "lte": period.until.toordinal()}}}


def labels(state: State, facet: Facet, most: int) -> Clause:
    """How many articles bear each label of a facet."""
    return {
        "query": {"bool": state.visible_articles()},
        "size": 0,
        "aggs": {"labels": {"terms": {"field": FACETS[facet], "size": most}}},
    }
