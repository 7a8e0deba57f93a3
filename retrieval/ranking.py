"""The second stage: the sentences of the articles found, best first.

BM25F gives each sentence a share of the most the question could score; a small bonus goes to one that holds
the kind of answer asked for; what was learned from other questions corrects the order of the best.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval import mentions
from retrieval.bm25 import SentenceScores
from retrieval.evidence import Evidence, Reader
from retrieval.features import Candidate, features
from retrieval.models import AnswerKind, Question
from retrieval.reranker import Reranker

ANSWER_BONUS = 0.04
"""For holding what is asked for; .1 or more was measured to hurt."""
CONTENDERS = 50
"""Sentences that are looked at for the bonus."""
RERANKED = 20
"""Sentences whose order is corrected; the rest is left out."""
DECIMALS = 6
"""Scores that are equal so far are equal, and the article's and the sentence's order decide."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the evidence and its score: BM25F's share, the bonus and the correction, added up."""

    row: int
    article: int
    sentence: int
    matched: float
    bonus: float
    correction: float

    @property
    def score(self) -> float:
        """What hits are ordered by."""
        return self.matched + self.bonus + self.correction


def rank(
    evidence: Evidence,
    question: Question,
    reader: Reader,
    scores: SentenceScores,
    reranker: Reranker | None,
) -> list[Hit]:
    """The best sentences that can be quoted, best first; none without a token in common.

    Without a reranker the order is that of BM25F (the scores of the evidence) and the bonus.
    """
    best = candidates(evidence, question, reader, scores)
    if not best:
        return []
    corrections = np.zeros(len(best))
    if reranker is not None:
        corrections = reranker.corrections(features(evidence, scores, question, best))
    article = np.searchsorted(evidence.first, [candidate.row for candidate in best], side="right") - 1
    hits = [
        Hit(
            row=candidate.row,
            article=int(place),
            sentence=candidate.row - int(evidence.first[place]),
            matched=float(scores.scores[candidate.row]),
            bonus=candidate.score - float(scores.scores[candidate.row]),
            correction=float(correction),
        )
        for candidate, place, correction in zip(best, article, corrections, strict=True)
    ]
    return sorted(hits, key=lambda hit: _order(evidence, hit.score, hit.row))


def candidates(
    evidence: Evidence,
    question: Question,
    reader: Reader,
    scores: SentenceScores,
) -> list[Candidate]:
    """The best sentences by BM25F and the bonus."""
    found = []
    for row in _contenders(np.where(evidence.quotable, scores.scores, 0.0)).tolist():
        bonus = ANSWER_BONUS if holds_answer(evidence, question, reader, row) else 0.0
        found.append((row, float(scores.scores[row]) + bonus))
    found.sort(key=lambda candidate: _order(evidence, candidate[1], candidate[0]))
    return [Candidate(row, score, reader) for row, score in found[:RERANKED]]


def _contenders(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rows that the bonus could bring among those reranked; equals at the border all stay."""
    best = np.sort(scores)[::-1]
    least = float(best[:CONTENDERS].min(initial=np.inf))
    if len(best) > RERANKED:
        least = max(least, float(best[RERANKED - 1]) - ANSWER_BONUS - 10.0**-DECIMALS)
    return np.flatnonzero((scores > 0) & (scores >= least))


def _order(evidence: Evidence, score: float, row: int) -> tuple[float, int, int]:
    """What rows are sorted by: the score, and between equals what is the same in every index."""
    place = int(evidence.first.searchsorted(row, side="right")) - 1
    return -round(score, DECIMALS), int(evidence.order[place]), row - int(evidence.first[place])


def holds_answer(evidence: Evidence, question: Question, reader: Reader, row: int) -> bool:
    """Whether a sentence holds the kind of answer that the question asks for.

    A date or a number must be new: one that the question does not hold itself.
    """
    kind = question.kind
    if kind in mentions.BITS:
        return bool(evidence.holds[row] & mentions.BITS[kind])
    if kind in (AnswerKind.DATE, AnswerKind.NUMBER):
        return any(figure not in question.normalised for figure in reader.figures(row, kind))
    return False
