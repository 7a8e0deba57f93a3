"""How sure it is that the first hit answers the question: one number from 0 to 1, from facts.

A logistic regression over how the first hit fills the question's slot (`retrieval.ranking.binding`), how much
of the question stands in and around it, and how far it leads. It was fitted to questions of readers about
news, to encyclopaedia questions with and without their articles, and to adversarial ones without an answer
(`tests/bench/train_binding.py`): what it learned of some corpora holds on others, so that no corpus needs a
calibration of its own.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.answering.unmet import Unmet
from retrieval.models import DemandKind, Model
from retrieval.ranking import order
from retrieval.ranking.binding import Binding
from retrieval.ranking.fitting import EXACT
from retrieval.ranking.order import shares
from retrieval.ranking.second_stage import Hit

FILE = "confidence.json"
DECLINED = 0.2
"""What confidence is at most where the text speaks of another than was asked for, or has but a word of it."""
LIKELY_AT_BEST = 0.45
"""What it is at most where nothing of the kind and measure asked for stands, or nowhere near whose it is."""
INSISTED = frozenset({DemandKind.YEAR, DemandKind.PLACE, DemandKind.ORGANISATION})
"""Demands that another passage cannot meet for the one that is given."""
INDISPENSABLE = frozenset(
    {"first", "scope", "latin", "slot", "reason", "growth", "quantity", "more than two"}
)
"""Lacks of what was asked for, of which ones are meant, of a very name: likely at best."""
MISREAD = frozenset({"slot"})
"""Lacks that the reading of an unusual question may be at fault for."""
FAR_AHEAD = 0.6
"""Share of a question that a sentence has more of than any other article, from which it is about that."""
ALONE = 0.3
"""A lead where there is no other article to compare with, chosen by questions about a single article."""
LEAST = -50.0
"""Log odds below which nothing is left of a probability."""
LONGEST_LEAD = 1.0
"""A lead beyond which the rival does not matter."""
MANY = 3
"""Other articles that say the same from which more of them tell nothing."""
FEW = 3
"""Values of a sentence up to which it says one of them: of many, some agree by chance."""
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
    content = Path(__file__).with_name(FILE).read_bytes()
    return Regression.model_validate_json(content)


def confidence(
    hits: Sequence[Hit], unmet: Sequence[Unmet] = (), *, is_alone: bool = False, is_old: bool = False
) -> float:
    """The probability that the first hit is an answer; 0 without hits.

    Args:
        hits: bound to the question, best first.
        unmet: what the question insists on and the first hit does not speak of.
        is_alone: whether no other article was found.
        is_old: whether the newest was wanted, and the first hit is long past: likely at best.
    """
    if not hits or hits[0].binding is None:  # order.bound gives each hit its own
        return 0.0
    found = facts(hits, unmet, is_alone=is_alone)
    sure = probability(fitted().log_odds(found))
    return min(sure, most(hits[0].binding, unmet, found["ahead"]), LIKELY_AT_BEST if is_old else 1.0)


def most(binding: Binding, unmet: Sequence[Unmet], ahead: float) -> float:
    """How sure an answer can be at most that lacks or contradicts something.

    Args:
        binding: of the first hit.
        unmet: what the question insists on and the first hit does not speak of.
        ahead: how much more of the question it has than the best of any other article (0..1).
    """
    if binding.conflicts or "more" in binding.lacks:
        return DECLINED
    if any(missed.demand.kind in INSISTED for missed in unmet):
        return DECLINED
    lacking = set(INDISPENSABLE.intersection(binding.lacks))
    if binding.lacks.get("leading", 0.0) >= 1:
        lacking.add("leading")
    return LIKELY_AT_BEST if lacking - (MISREAD if ahead >= FAR_AHEAD else set()) else 1.0


def but_for_lacks(hits: Sequence[Hit], *, is_alone: bool = False) -> float:
    """How sure an answer the first hit would be, if it lacked nothing and contradicted nothing."""
    if not hits:
        return 0.0
    without = dict.fromkeys(("flags", "flags rivalled", "conflicts", "missing", "missing noun", "role"), 0.0)
    return probability(fitted().log_odds(facts(hits, is_alone=is_alone) | without))


def probability(log_odds: float) -> float:
    """The probability of some log odds."""
    return 1 / (1 + math.exp(-max(log_odds, LEAST)))


def facts(
    hits: Sequence[Hit],
    unmet: Sequence[Unmet] = (),
    *,
    is_alone: bool,
    learned: order.Order | None = None,
) -> dict[str, float]:
    """What confidence is judged by: how the first hit is bound, what it lacks, how far it leads.

    Args:
        hits: bound to the question, best first.
        unmet: what the question insists on and the first hit does not speak of.
        is_alone: whether no other article was found.
        learned: the order that they were put in; by default, the one that ships.
    """
    best, binding = hits[0], hits[0].binding
    if binding is None:
        return {}
    # What says the same of an earlier time is no rival.
    others = [hit for hit in hits[1:] if not hit.is_superseded]
    agree = [_agrees(hit, binding) for hit in others]
    # Of one day, what being the newest adds to each makes them equal: they lead by what they were before.
    worth = [hit.score - hit.recency + (best.recency if hit.recency else 0.0) for hit in (best, *others)]
    rivals = [
        score
        for hit, score, agrees in zip(others, worth[1:], agree, strict=True)
        if hit.article != best.article and not agrees
    ]
    lead = min(worth[0] - max(rivals), LONGEST_LEAD) if rivals else LONGEST_LEAD
    among = shares(worth, (learned or order.learned()).score)
    matched = [hit.matched + hit.bonus for hit in (best, *others)]
    elsewhere = (share for hit, share in zip(others, matched[1:], strict=True) if hit.article != best.article)
    ahead = ALONE if is_alone else max(matched[0] - max(elsewhere, default=0.0), 0.0)
    agreeing = {hit.article for hit, agrees in zip(others, agree, strict=True) if agrees} - {best.article}
    lacking = {missed.demand.kind for missed in unmet}
    coverage = binding.coverage()
    found = {
        **order.facts(binding),
        **coverage,
        "unrelated": float(binding.fit.degree < EXACT and not any(binding.relation)),
        "role": binding.lacks.get("role", 0.0),
        "unmet measure": float(DemandKind.MEASURE in lacking and binding.fit.degree < EXACT),
        "unmet name": float(DemandKind.NAME in lacking),
        "share": math.fsum(
            [among[0], *(share for share, agrees in zip(among[1:], agree, strict=True) if agrees)]
        ),
        "lead": ALONE if is_alone else lead,
        "agree": min(len(agreeing), MANY) / MANY,
        "mass": math.log1p(coverage["mass"]),
        "matched": matched[0],
        "ahead": ahead,
        # What it lacks counts for less where no other article comes near to speaking of it.
        "flags rivalled": binding.flags * (1 - ahead),
        "none rivalled": float(binding.fit.degree < 0) * (1 - ahead),
    }
    return {name: round(value, DECIMALS) for name, value in found.items()}


def _agrees(hit: Hit, first: Binding) -> bool:
    """Whether a hit says the same value as the first: then it is no rival, but bears it out."""
    other = hit.binding
    if other is None or min(other.fit.degree, first.fit.degree) < EXACT:
        return False
    return max(len(other.values), len(first.values)) <= FEW and bool(other.values & first.values)
