"""How sure it is that what is offered answers the question: one number from 0 to 1, from facts.

A logistic regression over how much of the question the best sentence and its article hold, and how much more
than any other article. It was fitted to the questions of CMRC 2018, DRCD and XQuAD, each asked once with and
once without its article, ranked by what the other half of the articles taught: where as many questions can be
answered as cannot, of ten with a confidence of 0.8 eight are to have a right sentence among the first three.
A corpus of one article has no others to compare with, so that its questions have a regression of their own.
What an index learned of itself (`retrieval.calibration`) shifts the log odds.
"""

import functools
import importlib.resources
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.unmet import Unmet
from retrieval.index.evidence import Evidence
from retrieval.models import DemandKind, Model, Stream
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.second_stage import Hit

FILE = "confidence.json"
UNMET = {
    DemandKind.YEAR: (-8.0, -8.0),
    DemandKind.PLACE: (-3.5, -1.25),
    DemandKind.ORGANISATION: (-3.5, -1.25),
    DemandKind.NAME: (-3.5, -1.25),
    DemandKind.MEASURE: (-1.5, -1.5),
    DemandKind.SUPERLATIVE: (-1.0, -1.0),
}
"""What an unmet demand adds to the log odds: with another of its kind in its place, and without.

Fitted beside the facts, on a third of CMRC and DRCD and on XQuAD, they come to less (a year -0.8, a name that
its article lacks -1.6, a measure -0.4): there, what is unmet mostly goes by other words, and no question is
about something that its article does not tell, which these are for.
"""
LEAST = -50.0
"""Log odds below which nothing is left of a probability."""
BEST_SENTENCES = 3
"""Sentences that an article's mean score is taken of."""
DECIMALS = 6
"""Digits of a fact: further ones could differ between machines."""


class Regression(Model):
    """A logistic regression: the log odds are the intercept and the weighted facts."""

    intercept: float
    weights: Mapping[str, float]

    def log_odds(self, facts: Mapping[str, float]) -> float:
        """What some facts come to."""
        return self.intercept + sum(weight * facts[name] for name, weight in self.weights.items())


class Line(Model):
    """What to take from the log odds, by those that most questions made of a corpus stay below.

    `few` is for a corpus of which too few questions can be made.
    """

    slope: float
    level: float
    few: float

    def at(self, quantile: float) -> float:
        """What to take."""
        return self.slope * quantile + self.level


class Fitted(Model):
    """What was fitted: for a question that several articles match, for one of one, and for a corpus."""

    among_several: Regression
    alone: Regression
    doubt: Line


@functools.cache
def fitted() -> Fitted:
    """The regressions that ship."""
    content = (importlib.resources.files("retrieval.answering") / FILE).read_bytes()
    return Fitted.model_validate_json(content)


def confidence(
    evidence: Evidence,
    scores: SentenceScores,
    hits: Sequence[Hit],
    unmet: Sequence[Unmet],
    doubt: float = 0.0,
) -> float:
    """The probability that one of the first three hits is an answer; 0 without hits.

    Args:
        evidence: that was ranked.
        scores: of its sentences.
        hits: best first.
        unmet: what the question insists on and the first hit does not speak of.
        doubt: bias subtracted from the log odds.
    """
    if not hits:
        return 0.0
    found = facts(evidence, scores, hits)
    several = len(evidence.articles) > 1
    regression = fitted().among_several if several else fitted().alone
    log_odds = regression.log_odds(found) + of_unmet(unmet) - doubt
    return 1 / (1 + math.exp(-max(log_odds, LEAST)))


def but_for(unmet: Sequence[Unmet], sure: float) -> float:
    """Confidence if every demand were met."""
    if not 0 < sure < 1:
        return sure
    log_odds = math.log(sure / (1 - sure)) - of_unmet(unmet)
    return 1 / (1 + math.exp(-log_odds))


def of_unmet(unmet: Sequence[Unmet]) -> float:
    """What unmet demands add to the log odds."""
    return sum(UNMET[missed.demand.kind][0 if missed.instead else 1] for missed in unmet)


def facts(evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit]) -> dict[str, float]:
    """What confidence is judged by: of the first hit, of its article, and how far that leads.

    A lead is over the best of the other articles, 0 being the least that these can have.
    """
    best = hits[0]
    matched = [hit.matched + hit.bonus for hit in hits]
    found = {
        "score": best.score,
        "score lead": best.score - _rival(hits, [hit.score for hit in hits]),
        "matched": matched[0],
        "matched lead": matched[0] - _rival(hits, matched),
    }
    for stream in Stream:
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
        "idf": float(np.cumsum(idf)[-1]) / len(idf),
        "terms": float(np.cumsum(stored.weights)[-1]),
    }
    return {f"{stream} {name}": value for name, value in found.items()}


def _shares(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(np.cumsum(values)[-1])
    return values / max(total, 10.0**-DECIMALS)


def _dot(holds: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights held, row by row; a cumulative sum adds in the same order on every machine."""
    held: NDArray[np.float64] = np.cumsum(holds * weights, axis=1)[:, -1]
    return held


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
    article = np.repeat(np.arange(len(sizes)), sizes)
    ascending = scores[np.lexsort((scores, article))]
    total, count = np.zeros(len(sizes)), np.minimum(sizes, BEST_SENTENCES)
    for place in range(BEST_SENTENCES):
        # From the least of them to the best, one by one: the same on every machine.
        is_there = place < count
        at = np.minimum(starts + sizes - count + place, len(scores) - 1)
        total += np.where(is_there, ascending[at], 0.0)
    mean: NDArray[np.float64] = total / count
    return mean
