"""How much of a question the best sentence and its article hold, and how far they lead."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import added
from retrieval.index.evidence import Evidence
from retrieval.models import Stream
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.second_stage import Hit

BEST_SENTENCES = 3
"""Sentences that an article's mean score is taken of."""
DECIMALS = 6
"""Digits of a fact: further ones could differ between machines."""


def facts(
    evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit], wanted: Collection[str]
) -> dict[str, float]:
    """What confidence is judged by: of the first hit, of its article, and how far that leads.

    A lead is over the best of the other articles, 0 being the least that these can have. Of a stream that no
    fact is wanted of, none is worked out.
    """
    best = hits[0]
    matched = [hit.matched + hit.bonus for hit in hits]
    found = {
        "matched": matched[0],
        "matched lead": matched[0] - _rival(hits, matched),
    }
    for stream in Stream:
        if any(name.startswith(f"{stream} ") for name in wanted):
            found |= _of_stream(evidence, scores, stream, best)
    columns = {
        "best sentence": np.maximum.reduceat(scores.scores, evidence.first[:-1]),
        "best sentences": _mean_of_best(evidence, scores.scores),
    }
    found |= _with_lead(columns, best.article)
    return {name: round(value, DECIMALS) for name, value in found.items()}


def _rival(hits: Sequence[Hit], scores: Sequence[float]) -> float:
    """The best of another article, 0 where there is none."""
    others = (score for hit, score in zip(hits, scores, strict=True) if hit.article != hits[0].article)
    return max(others, default=0.0)


def _of_stream(evidence: Evidence, scores: SentenceScores, stream: Stream, best: Hit) -> dict[str, float]:
    """How much of the question's terms the sentence and its article hold, and what the corpus lacks."""
    held = scores.streams.get(stream)
    names = ("sentence coverage", "coverage", "coverage lead", "rare coverage", "rare coverage lead")
    if held is None:
        return {f"{stream} {name}": 0.0 for name in (*names, "unknown", "idf", "terms")}
    stored = evidence.streams[stream]
    weight = _shares(held.weighted_idf)
    in_article = np.maximum.reduceat(stored.frequencies, evidence.first[:-1], axis=0) + stored.titles > 0
    statistics = stored.statistics
    frequency = np.array([statistics.document_frequency.get(term, 0.0) for term in stored.terms])
    idf = np.log((statistics.documents + 1) / (frequency + 0.5))
    rare = _shares(idf**3)
    columns = {"coverage": _dot(in_article, weight), "rare coverage": _dot(in_article, rare)}
    found = {
        "sentence coverage": float(_dot(stored.frequencies[[best.row]] > 0, weight)[0]),
        **_with_lead(columns, best.article),
        "unknown": float(_dot((frequency == 0)[None, :], weight)[0]),
        "idf": float(added(idf)) / len(idf),
        "terms": float(added(stored.weights)),
    }
    return {f"{stream} {name}": value for name, value in found.items()}


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(added(values))
    return values / max(total, 10.0**-DECIMALS)


def _dot(holds: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights held, row by row."""
    return added((holds * weights).T)


def _with_lead(columns: Mapping[str, NDArray[np.float64]], article: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, values in columns.items():
        others = np.delete(values, article)
        found[name] = float(values[article])
        found[f"{name} lead"] = float(values[article]) - float(np.max(others, initial=0.0))
    return found


def _mean_of_best(evidence: Evidence, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each article's best sentences."""
    starts, sizes = evidence.first[:-1], np.diff(evidence.first)
    article = np.repeat(np.arange(len(sizes), dtype=np.uint16), sizes)
    order = scores.argsort()
    # Few bits are sorted digit by digit, many by comparing.
    ascending = scores[order[article[order].argsort(kind="stable")]]
    total, count = np.zeros(len(sizes)), np.minimum(sizes, BEST_SENTENCES)
    for place in range(BEST_SENTENCES):
        # From the least of them to the best, one by one: the same on every machine.
        is_there = place < count
        at = np.minimum(starts + sizes - count + place, len(scores) - 1)
        total += np.where(is_there, ascending[at], 0.0)
    mean: NDArray[np.float64] = total / count
    return mean
