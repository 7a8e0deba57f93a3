"""What tells the right sentence of the right article from its neighbours: numbers for each of the best hits.

Each is a fact that a reader could check: how much of the question a sentence holds, and how much of that no
other sentence of its article holds; whether it names something new of the kind asked for, and how near to the
question's words; where it stands.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import added
from retrieval.index.evidence import Evidence
from retrieval.index.protocol import StoredArticle
from retrieval.language.mentions.mention import BITS, Mention
from retrieval.models import AnswerKind, Question, Stream
from retrieval.ragged import distinct
from retrieval.ranking.alignment import FACTS, Asked
from retrieval.ranking.bm25f import Field, SentenceScores, StreamScores

AROUND: tuple[Field, ...] = ("previous", "next", "article", "title")
ASKED_KINDS = (AnswerKind.DATE, AnswerKind.PLACE, AnswerKind.OTHER)
TINY = 1e-9
DECIMALS = 6
"""Digits of a feature: further ones could differ between machines."""

Column = NDArray[np.float64]
Columns = dict[str, Column]


class Candidate:
    """A row of the evidence with its score, the bonus included; what it says is read when it is looked at."""

    def __init__(self, row: int, score: float, article: StoredArticle, sentence: int) -> None:
        self.row = row
        self.score = score
        self._article = article
        self._sentence = sentence

    @property
    def text(self) -> str:
        """The stored text."""
        return self._article.text(self._sentence)

    @property
    def mentions(self) -> Sequence[Mention]:
        """What it mentions."""
        return self._article.mentions(self._sentence)


def features(
    evidence: Evidence,
    scores: SentenceScores,
    question: Question,
    candidates: Sequence[Candidate],
) -> Columns:
    """The features by name, each a number for every candidate."""
    rows = np.array([candidate.row for candidate in candidates])
    near = _Near(evidence, scores, rows)
    found = _overall(scores, rows, candidates) | _place(evidence, scores, rows)
    around = dict.fromkeys(AROUND, np.zeros(len(rows)))
    for stream in Stream:
        held = scores.streams.get(stream)
        columns = near.of_stream(held) if held else _nothing(rows)
        for field in AROUND:
            around[field] = around[field] + columns.pop(field, 0.0)
        columns["own"] = columns["own"] / scores.mass
        found |= {f"{stream} {name}": column for name, column in columns.items()}
    found |= {field: column / scores.mass for field, column in around.items()}
    found |= _of_texts(question, candidates)
    found["previous holds kind"] = _previous_holds(evidence, question, scores, rows)
    return dict(zip(found, np.round(np.array(list(found.values())), DECIMALS), strict=True))


def _overall(scores: SentenceScores, rows: NDArray[np.int64], candidates: Sequence[Candidate]) -> Columns:
    """The scores."""
    total = scores.scores[rows]
    best = max(float(total.max()), TINY)
    return {
        "score": total,
        "relative score": total / best,
        "gap to best": best - total,
        "score with bonus": np.array([candidate.score for candidate in candidates]),
    }


def _place(evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> Columns:
    """Where the sentences stand in their articles, and the articles among each other."""
    article = scores.article[rows]
    size = np.diff(evidence.first)[article]
    number = rows - evidence.first[article]
    best = np.maximum.reduceat(scores.scores, evidence.first[:-1])
    first = int(best.argmax())
    second = max(float(best[:first].max(initial=0.0)), float(best[first + 1 :].max(initial=0.0)))
    rivals = np.where(article == first, second, max(float(best[first]), 0.0))
    sizes = np.log1p(
        np.array([number, size - 1 - number, size, evidence.streams[Stream.CHARACTER].lengths[rows]])
    )
    return {
        "number": sizes[0],
        "from end": sizes[1],
        "article size": sizes[2],
        "article lead": best[article] - rivals,
        "length": sizes[3],
    }


class _Near:
    """The candidates and all sentences of their articles, as columns of each stream's terms.

    `first` has where each of these articles begins among these sentences, `article` the place of each
    candidate's article, `at` that of the candidate itself.
    """

    def __init__(self, evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> None:
        of_rows = scores.article[rows]
        articles = distinct(of_rows)
        self.article = articles.searchsorted(of_rows)
        starts = evidence.first[articles]
        self.sizes = evidence.first[articles + 1] - starts
        ends = np.cumsum(self.sizes)
        self.first = ends - self.sizes
        self.article_of_row = np.repeat(np.arange(len(articles)), self.sizes)
        self.rows = np.arange(int(ends[-1])) + (starts - self.first)[self.article_of_row]
        self.candidates = rows
        self.at = rows - (starts - self.first)[self.article]
        self.before = np.maximum(self.at - 1, self.first[self.article])
        self.after = np.minimum(self.at + 1, (ends - 1)[self.article])

    def of_stream(self, held: StreamScores) -> Columns:
        """How much of the question's tokens a sentence holds, and how much its article has nowhere else.

        A token is rare in an article by the idf of BM25 with the article's sentences as the collection;
        "local" is the share of the tokens that the article holds at all, weighted by that and by their
        usual idf.
        """
        rows, article, weighted_idf = self.candidates, self.article, held.weighted_idf[:, None]
        holds = (held.own.take(self.rows, axis=1) > 0).astype(np.float64)
        weight = weighted_idf / max(float(added(held.weighted_idf)), TINY)
        count = np.add.reduceat(holds, self.first, axis=1)
        rarity = np.log1p((self.sizes - count + 0.5) / (count + 0.5)) * weighted_idf * (count > 0)
        local_mass = np.maximum(added(rarity), TINY)
        local = added(holds * (rarity / local_mass).take(self.article_of_row, axis=1))
        best_local = np.maximum.reduceat(local, self.first)
        own_holds = holds.take(self.at, axis=1)
        own_rarity = rarity.take(article, axis=1)
        gains = held.gains.take(rows, axis=1) / np.maximum(held.frequencies.take(rows, axis=1), TINY)
        fields = {name: held.field(name, rows) for name in ("sentence", *AROUND)}
        summed = added(
            np.concatenate(
                [
                    *(gains * frequencies for frequencies in fields.values()),
                    own_holds * weight,
                    ((own_holds + fields["previous"]) > 0) * weight,
                    (own_holds > fields["previous"]) * weight,
                    ((count.take(article, axis=1) == 1) * own_holds) * weight,
                ],
                axis=1,
            )
        ).reshape(-1, len(rows))
        return {
            "own": summed[0],
            "coverage": summed[-4],
            "coverage with previous": summed[-3],
            "gain over previous": summed[-2],
            "local": local[self.at],
            "local relative": local[self.at] / np.maximum(best_local[article], TINY),
            "previous local": np.where(self.before < self.at, local[self.before], 0.0),
            "next local": np.where(self.after > self.at, local[self.after], 0.0),
            "rarest": (own_holds * own_rarity).max(axis=0) / np.maximum(own_rarity.max(axis=0), TINY),
            "only here": summed[-1],
            **dict(zip(AROUND, summed[1:-4], strict=True)),
        }


def _nothing(rows: NDArray[np.int64]) -> Columns:
    """The features of a stream that the question has no token of."""
    names = ("own", "coverage", "coverage with previous", "gain over previous", "local", "local relative")
    around = ("previous local", "next local", "rarest", "only here")
    return {name: np.zeros(len(rows)) for name in (*names, *around)}


def _of_texts(question: Question, candidates: Sequence[Candidate]) -> Columns:
    asked = Asked(question)
    texts = [candidate.text for candidate in candidates]
    facts = [asked.facts(text, one.mentions) for text, one in zip(texts, candidates, strict=True)]
    columns = dict(zip(FACTS, np.array(facts, dtype=np.float64).T, strict=True))
    columns["novel"] = asked.novel(texts).astype(np.float64)
    columns["names lead"] = columns["names held"] - columns["names held"].max()
    of_question = {f"asks for {kind}": float(question.kind is kind) for kind in ASKED_KINDS}
    of_question |= {"translated": float(question.translation is not None), "question length": asked.length}
    return columns | {name: np.full(len(texts), value) for name, value in of_question.items()}


def _previous_holds(
    evidence: Evidence,
    question: Question,
    scores: SentenceScores,
    rows: NDArray[np.int64],
) -> Column:
    """1 where the sentence before holds the kind of answer asked for; -1 for the first of an article."""
    is_first = rows == evidence.first[scores.article[rows]]
    before = np.where(is_first, rows, rows - 1)
    held = hold_answer(evidence, question, before)
    return np.where(is_first, -1.0, held.astype(np.float64))


def hold_answer(evidence: Evidence, question: Question, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which sentences hold the kind of answer that the question asks for.

    A date or a number must be new: one that the question does not hold itself.
    """
    kind = question.kind
    if kind in BITS:
        return (evidence.holds[rows] & BITS[kind]).astype(np.bool_)
    if kind in (AnswerKind.DATE, AnswerKind.NUMBER):
        figures = (article.figures(sentence, kind) for article, sentence in evidence.places(rows))
        return np.array(
            [any(f not in question.normalised for f in found) for found in figures], dtype=np.bool_
        )
    return np.zeros(len(rows), dtype=np.bool_)
