"""The second stage: the sentences of the articles found, best first.

BM25F gives each sentence a share of the most the question could score; a small bonus goes to one that holds
the kind of answer asked for; what was learned from other questions corrects the order of the best.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.index.evidence import Evidence
from retrieval.language.normalise import normalise
from retrieval.models import Question
from retrieval.questions.newest import wants_version
from retrieval.ranking.binding import Binding
from retrieval.ranking.bm25f import SentenceScores
from retrieval.ranking.features import Candidate, features, hold_answer
from retrieval.ranking.reranker import Reranker
from retrieval.ranking.versions import versions

ANSWER_BONUS = 0.04
"""For holding what is asked for; .1 or more was measured to hurt."""
CONTENDERS = 50
"""Sentences that are looked at for the bonus."""
CONTENDERS_FOR_VERSION = 200
"""The same where the last version of something is asked for: its name stands in many."""
RERANKED = 20
"""Sentences whose order is corrected; the rest is left out."""
DECIMALS = 6
"""Scores that are equal so far are equal, and the article's and the sentence's order decide."""


class Hit(NamedTuple):
    """A row of the evidence and its score: BM25F's share, the bonus and the correction, added up.

    Of those bound to the question (`retrieval.ranking.order`), also what their binding adds, what being the
    newest does, and what answering does where the best contradicts the question, defines nothing or has but a
    part. `is_superseded` tells that it is no rival of the first: of an earlier time, contradicted, no
    definition, or answered with it; `part` is the one of a list or a comparison that it tells of.
    """

    row: int
    article: int
    sentence: int
    matched: float
    bonus: float
    correction: float
    agreement: float = 0.0
    recency: float = 0.0
    consent: float = 0.0
    is_superseded: bool = False
    part: str = ""
    binding: Binding | None = None

    @property
    def score(self) -> float:
        """What hits are ordered by."""
        return self.matched + self.bonus + self.correction + self.agreement + self.recency + self.consent


def rank(
    evidence: Evidence,
    question: Question,
    scores: SentenceScores,
    reranker: Reranker | None,
) -> list[Hit]:
    """The best sentences that can be quoted, best first; none without a token in common.

    Without a reranker the order is that of BM25F (the scores of the evidence) and the bonus.
    """
    best = candidates(evidence, question, scores)
    if not best:
        return []
    corrections = np.zeros(len(best))
    if reranker is not None:
        corrections = reranker.corrections(features(evidence, scores, question, best))
    rows = np.array([candidate.row for candidate in best])
    matched = scores.scores[rows].tolist()
    article, sentence = _places(evidence, scores, rows)
    columns = zip(best, article.tolist(), sentence.tolist(), matched, corrections.tolist(), strict=True)
    hits = [
        Hit(candidate.row, place, number, base, candidate.score - base, correction)
        for candidate, place, number, base, correction in columns
    ]
    return [hits[at] for at in _order(evidence, scores, rows, [hit.score for hit in hits])]


def candidates(
    evidence: Evidence,
    question: Question,
    scores: SentenceScores,
) -> list[Candidate]:
    """The best sentences by BM25F and the bonus."""
    of_version = bool(evidence.recent) and wants_version(question.normalised)
    most = CONTENDERS_FOR_VERSION if of_version else CONTENDERS
    rows = _contenders(np.where(evidence.quotable, scores.scores, 0.0), most)
    bonus = ANSWER_BONUS * hold_answer(evidence, question, rows)
    found = (scores.scores[rows] + bonus).tolist()
    order = _order(evidence, scores, rows, found)
    if evidence.recent:
        order = _half_newest(evidence, question, rows, order, of_version=of_version)
    best = order[:RERANKED]
    ordered = rows[best]
    columns = zip(ordered.tolist(), best, evidence.places(ordered), strict=True)
    return [Candidate(row, found[at], *place) for row, at, place in columns]


def _half_newest(
    evidence: Evidence, question: Question, rows: NDArray[np.int64], order: Sequence[int], *, of_version: bool
) -> list[int]:
    """The order in which half of those reranked are of what was looked for among the newest.

    Where a version is asked for, these are such as name one, the highest first.
    """
    is_newest = rows < evidence.first[evidence.recent]
    newest = [at for at in order if is_newest[at]]
    if of_version:
        texts = (article.text(sentence) for article, sentence in evidence.places(rows[newest]))
        highest = {at: _highest(text, question.normalised) for at, text in zip(newest, texts, strict=True)}
        newest.sort(key=lambda at: highest[at], reverse=True)
    half = set(newest[: RERANKED // 2])
    others = [at for at in order if at not in half][: RERANKED - len(half)]
    return [at for at in order if at in half or at in others]


def _highest(text: str, asked: str) -> tuple[int, ...]:
    """The numbers of the highest version that a stored text names of what was asked for."""
    return max((one.numbers for one in versions(normalise(text), asked) if one.is_asked), default=())


def nearest(evidence: Evidence, scores: SentenceScores, most: int) -> NDArray[np.int64]:
    """The rows that can be quoted, best first by BM25F alone, as many as `most`."""
    quotable = np.where(evidence.quotable, scores.scores, 0.0)
    rows = np.flatnonzero(quotable > 0)
    return rows[_order(evidence, scores, rows, quotable[rows].tolist())[:most]]


def _contenders(scores: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """The rows that the bonus could bring among those reranked; equals at the border all stay."""
    best = np.sort(scores)[::-1]
    least = float(best[:most].min(initial=np.inf))
    if len(best) > RERANKED and most == CONTENDERS:
        least = max(least, float(best[RERANKED - 1]) - ANSWER_BONUS - 10.0**-DECIMALS)
    return np.flatnonzero((scores > 0) & (scores >= least))


def _order(
    evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64], found: Sequence[float]
) -> list[int]:
    """The order of rows by their scores, and between equals by what is the same in every index."""
    article, sentence = _places(evidence, scores, rows)
    # Python rounds a number as it is written, NumPy one that it multiplied first.
    descending = [-round(score, DECIMALS) for score in found]
    ordered: list[int] = np.lexsort((sentence, evidence.order[article], np.array(descending))).tolist()
    return ordered


def _places(
    evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The article of each row, and the number of its sentence there."""
    article = scores.article[rows]
    return article, rows - evidence.first[article]
