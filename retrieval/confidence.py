"""How sure it is that the best sentence answers: a number from 0 to 1, from a few facts.

A logistic regression, fitted to half of the questions of CMRC 2018, DRCD and XQuAD (with and without titles),
each asked once as it is and once with its article taken out of the index.
"""

import math
from collections.abc import Sequence

from retrieval.demands import Demands
from retrieval.ranking import Hit

MATCHED, MARGIN, LEAD = 6.01, 7.0, 1.75
INTERCEPT = -5.15
MISSING_NAME = -2.0
"""The fit gives -1 over names that mostly go by several forms; a place that is not mentioned says more."""
LONE = 0.75
"""What a rival would have of the best score, where the corpus has only one article that matches."""


def confidence(hits: Sequence[Hit], unmet: Demands) -> float:
    """The probability that the first hit is an answer; 0 without hits.

    Args:
        hits: best first.
        unmet: what the question insists on and the first hit's surroundings do not mention.
    """
    if not hits:
        return 0.0
    matched = [hit.matched + hit.bonus for hit in hits]
    log_odds = (
        INTERCEPT
        + MATCHED * matched[0]
        + MARGIN * (matched[0] - _rival(hits, matched))
        + LEAD * (hits[0].score - _rival(hits, [hit.score for hit in hits]))
        + MISSING_NAME * len(unmet.names)
    )
    return 1 / (1 + math.exp(-log_odds))


def _rival(hits: Sequence[Hit], scores: Sequence[float]) -> float:
    """The best of another article; without any, what one would likely have."""
    others = [score for hit, score in zip(hits, scores, strict=True) if hit.article != hits[0].article]
    return max(others, default=LONE * scores[0])
