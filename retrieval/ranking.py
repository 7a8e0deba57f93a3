"""The second stage: the sentences of the articles found, best first.

BM25F gives each sentence a share of the most the question could score; a small bonus goes to one that holds
the kind of answer asked for. The margin is a sentence's lead over every other article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval import mentions
from retrieval.bm25 import SentenceScores, Weights
from retrieval.evidence import Evidence
from retrieval.models import AnswerKind, Question

ANSWER_BONUS = 0.04
"""For holding what is asked for; .1 or more was measured to hurt."""
RERANKED = 50
"""Sentences that are looked at for the bonus."""
DECIMALS = 6
"""Scores that are equal so far are equal, and the article's and the sentence's order decide."""

Text = Callable[[int], str]
"""The stored text of a row of the evidence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the evidence with its score, what of that is the bonus, and its lead over other articles."""

    row: int
    article: int
    sentence: int
    score: float
    bonus: float


def rank(evidence: Evidence, question: Question, text: Text, weights: Weights, limit: int) -> list[Hit]:
    """The best sentences that can be quoted, best first; none without a token in common."""
    if not len(evidence.quotable):
        return []
    scores = np.where(evidence.quotable, SentenceScores(evidence, weights).scores, 0.0)
    article = np.repeat(np.arange(len(evidence.articles)), np.diff(evidence.first))
    top = _contenders(scores, limit)
    hits = []
    for row in top.tolist():
        bonus = ANSWER_BONUS if holds_answer(evidence, question, text, row) else 0.0
        place = int(article[row])
        hits.append(Hit(row, place, row - int(evidence.first[place]), float(scores[row]) + bonus, bonus))
    hits.sort(key=lambda hit: (-round(hit.score, DECIMALS), int(evidence.order[hit.article]), hit.sentence))
    return hits[:limit]


def _contenders(scores: NDArray[np.float64], limit: int) -> NDArray[np.int64]:
    """The rows that the bonus could still bring among the first `limit`."""
    top = np.argsort(-scores, kind="stable")[:RERANKED]
    top = top[scores[top] > 0]
    if len(top) > limit:
        top = top[scores[top] >= scores[top[limit - 1]] - ANSWER_BONUS - 10.0**-DECIMALS]
    return top


def holds_answer(evidence: Evidence, question: Question, text: Text, row: int) -> bool:
    """Whether a sentence holds the kind of answer that the question asks for."""
    kind = question.kind
    if kind in mentions.BITS:
        return bool(evidence.holds[row] & mentions.BITS[kind])
    if kind in (AnswerKind.DATE, AnswerKind.NUMBER):
        return mentions.is_new(kind, text(row), question.normalised)
    return False


def margin(hits: Sequence[Hit]) -> float:
    """The lead of the best sentence over the best one of any other article.

    Without any other it leads by half its score: less than a lone article among many would.
    """
    if not hits:
        return 0.0
    rival = next((hit.score for hit in hits if hit.article != hits[0].article), hits[0].score / 2)
    return hits[0].score - rival
