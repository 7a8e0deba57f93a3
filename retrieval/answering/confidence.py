"""How sure it is that the first hit answers the question: one number from 0 to 1, from facts.

A logistic regression over how the first hit fills the question's slot (`retrieval.ranking.binding`), how much
of the question stands in and around it, and how far it leads. It was fitted to questions of readers about
news, to encyclopaedia questions with and without their articles, and to adversarial ones without an answer
(`tests/bench/train_binding.py`): what it learned of some corpora holds on others, so that no corpus needs a
calibration of its own.
"""

import functools
import importlib.resources
import math
from collections.abc import Collection, Mapping, Sequence

from retrieval.answering import coverage
from retrieval.answering.unmet import Unmet
from retrieval.index.evidence import Evidence
from retrieval.models import DemandKind, Model
from retrieval.ranking import order
from retrieval.ranking.binding import Binding
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.order import shares
from retrieval.ranking.second_stage import Hit

FILE = "confidence.json"
CONTRADICTED = 0.3
"""What confidence is at most where the text speaks of another than was asked for: that is never given."""
UNNAMED = 0.45
"""What it is at most where whose matter it is stands nowhere near, but the rest does: likely at best."""
INSISTED = frozenset({DemandKind.YEAR, DemandKind.PLACE, DemandKind.ORGANISATION})
"""Demands that another passage cannot meet for the one that is given."""
DESIGNATED = frozenset({"ordinal", "period", "day", "numbered", "round", "plan", "group"})
"""Lacks of the one among several alike that was asked for."""
ALONE = 0.0
"""A lead where there is no other article to compare with: nothing tells that another would not do as well."""
LEAST = -50.0
"""Log odds below which nothing is left of a probability."""
LONGEST_LEAD = 1.0
"""A lead beyond which the rival does not matter."""
DECIMALS = 6
"""Digits of a fact: further ones could differ between machines."""


class Regression(Model):
    """A logistic regression: the log odds are the intercept and the weighted facts."""

    intercept: float
    weights: Mapping[str, float]

    def log_odds(self, facts: Mapping[str, float]) -> float:
        """What some facts come to."""
        return self.intercept + math.fsum(weight * facts[name] for name, weight in self.weights.items())


@functools.cache
def fitted() -> Regression:
    """The regression that ships."""
    content = (importlib.resources.files("retrieval.answering") / FILE).read_bytes()
    return Regression.model_validate_json(content)


def confidence(
    evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit], unmet: Sequence[Unmet] = ()
) -> float:
    """The probability that the first hit is an answer; 0 without hits.

    Args:
        evidence: that was ranked.
        scores: of its sentences.
        hits: bound to the question, best first.
        unmet: what the question insists on and the first hit does not speak of.
    """
    if not hits or hits[0].binding is None:  # order.bound gives each hit its own
        return 0.0
    sure = probability(fitted().log_odds(facts(evidence, scores, hits)))
    return min(sure, _most(hits[0].binding, unmet))


def _most(binding: Binding, unmet: Sequence[Unmet]) -> float:
    """How sure an answer can be at most that lacks or contradicts something."""
    if binding.conflicts or any(missed.demand.kind in INSISTED for missed in unmet):
        return CONTRADICTED
    if DESIGNATED.intersection(binding.lacks):
        return CONTRADICTED
    if binding.lacks.get("leading", 0.0) < 1:
        return 1.0
    return UNNAMED if binding.where else CONTRADICTED


def but_for_lacks(evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit]) -> float:
    """How sure an answer the first hit would be, if it lacked nothing and contradicted nothing."""
    if not hits:
        return 0.0
    without = {"flags": 0.0, "conflicts": 0.0, "missing": 0.0, "missing noun": 0.0}
    return probability(fitted().log_odds(facts(evidence, scores, hits) | without))


def probability(log_odds: float) -> float:
    """The probability of some log odds."""
    return 1 / (1 + math.exp(-max(log_odds, LEAST)))


def facts(
    evidence: Evidence, scores: SentenceScores, hits: Sequence[Hit], wanted: Collection[str] | None = None
) -> dict[str, float]:
    """What confidence is judged by: the first hit's binding, what its article holds, how far it leads.

    Args:
        evidence: that was ranked.
        scores: of its sentences.
        hits: bound to the question, best first.
        wanted: names of facts; by default, those that something was learned of.
    """
    best, binding = hits[0], hits[0].binding
    if binding is None:
        return {}
    # Where the newest is wanted, what it was put before says the same of an earlier time: that is no rival.
    others = [hit for hit in hits[1:] if not best.recency or hit.score < best.score - 10.0**-DECIMALS]
    reached = [hit.score for hit in (best, *others)]
    rivals = [hit.score for hit in others if hit.article != best.article]
    lead = min(best.score - max(rivals), LONGEST_LEAD) if rivals else LONGEST_LEAD
    found = {
        **coverage.facts(evidence, scores, hits, fitted().weights if wanted is None else wanted),
        **order.facts(binding),
        **binding.coverage,
        "share": shares(reached, order.learned().score),
        "lead": lead,
    }
    if len(evidence.articles) == 1:
        found |= dict.fromkeys((name for name in found if name.endswith("lead")), ALONE)
    return {name: round(value, DECIMALS) for name, value in found.items()}
