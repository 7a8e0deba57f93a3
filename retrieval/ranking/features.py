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
from retrieval.ranking.alignment import Asked, Column, Columns
from retrieval.ranking.bm25f import Field, SentenceScores

AROUND: tuple[Field, ...] = ("previous", "next", "article", "title")
ASKED_KINDS = (AnswerKind.DATE, AnswerKind.PLACE, AnswerKind.OTHER)
TINY = 1e-9
DECIMALS = 6
"""Digits of a feature: further ones could differ between machines."""


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
    found = _overall(scores, rows, candidates) | _place(evidence, scores, rows)
    found |= _Near(evidence, scores, rows).columns()
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
    article = scores.article.take(rows)
    first_row = evidence.first.take(article)
    number, size = rows - first_row, evidence.first.take(article + 1) - first_row
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
    """The candidates and all sentences of their articles, as columns of the terms of all streams.

    `first` has where each of these articles begins among these sentences, `article` the place of each
    candidate's article, `at` that of the candidate itself; `stream` has the place of each term's stream among
    those that have terms.
    """

    def __init__(self, evidence: Evidence, scores: SentenceScores, rows: NDArray[np.int64]) -> None:
        of_rows = scores.article.take(rows)
        articles = distinct(of_rows)
        self.article = articles.searchsorted(of_rows)
        starts = evidence.first.take(articles)
        self.sizes = evidence.first.take(articles + 1) - starts
        ends = self.sizes.cumsum()
        self.first = ends - self.sizes
        self.article_of_row = np.arange(len(articles)).repeat(self.sizes)
        shift = starts - self.first
        self.rows = np.arange(int(ends[-1])) + shift.take(self.article_of_row)
        self.candidates = rows
        self.at = rows - shift.take(self.article)
        self.before = np.maximum(self.at - 1, self.first.take(self.article))
        self.after = np.minimum(self.at + 1, ends.take(self.article) - 1)
        self.scores = scores
        self.spans = [held.span for held in scores.streams.values()]
        self.stream = np.arange(len(self.spans)).repeat([span.stop - span.start for span in self.spans])

    def columns(self) -> Columns:
        """The features of each stream, and what surrounds the sentences adds in all of them together."""
        found = self._of_streams()
        around = {field: added(found.pop(field)) / self.scores.mass for field in AROUND}
        found["own"] = found.pop("sentence") / self.scores.mass
        place = {stream: number for number, stream in enumerate(self.scores.streams)}
        nothing = np.zeros(len(self.candidates))
        of_streams = {
            f"{stream} {name}": columns[place[stream]] if stream in place else nothing
            for stream in Stream
            for name, columns in found.items()
        }
        return of_streams | around

    def _of_streams(self) -> dict[str, Column]:
        """How much of the question's tokens a sentence holds, and how much its article has nowhere else.

        A token is rare in an article by the idf of BM25 with the article's sentences as the collection;
        "local" is the share of the tokens that the article holds at all, weighted by that and by their
        usual idf. Each is streams x candidates.
        """
        rows, article, fields = self.candidates, self.article, self.scores.fields
        held = self.scores.streams.values()
        weighted_idf = np.concatenate([of.weighted_idf for of in held])[:, None]
        weight = weighted_idf / np.maximum(self._added(weighted_idf), TINY).take(self.stream, axis=0)
        holds = (fields.own.take(self.rows, axis=1) > 0).astype(np.float64)
        count = np.add.reduceat(holds, self.first, axis=1)
        rarity = np.log1p((self.sizes - count + 0.5) / (count + 0.5)) * weighted_idf * (count > 0)
        local_mass = np.maximum(self._added(rarity), TINY).take(self.stream, axis=0)
        local = self._added(holds * (rarity / local_mass).take(self.article_of_row, axis=1))
        best_local = np.maximum.reduceat(local, self.first, axis=1)
        own_holds = holds.take(self.at, axis=1)
        own_rarity = rarity.take(article, axis=1)
        gains = np.concatenate([of.gains.take(rows, axis=1) for of in held])
        gains /= np.maximum(fields.frequencies.take(rows, axis=1), TINY)
        found = {name: fields.of(name, rows) for name in ("sentence", *AROUND)}
        is_only_here = count.take(article, axis=1) == 1
        parts = {
            **{str(name): gains * frequencies for name, frequencies in found.items()},
            "coverage": own_holds * weight,
            "coverage with previous": ((own_holds + found["previous"]) > 0) * weight,
            "gain over previous": (own_holds > found["previous"]) * weight,
            "only here": (is_only_here * own_holds) * weight,
        }
        summed = self._added(np.concatenate(list(parts.values()), axis=1))
        own_local = local.take(self.at, axis=1)
        return {
            **dict(zip(parts, summed.reshape(len(summed), len(parts), -1).swapaxes(0, 1), strict=True)),
            "local": own_local,
            "local relative": own_local / np.maximum(best_local.take(article, axis=1), TINY),
            "previous local": np.where(self.before < self.at, local.take(self.before, axis=1), 0.0),
            "next local": np.where(self.after > self.at, local.take(self.after, axis=1), 0.0),
            "rarest": self._most(own_holds * own_rarity) / np.maximum(self._most(own_rarity), TINY),
        }

    def _added(self, terms: NDArray[np.float64]) -> NDArray[np.float64]:
        """What terms add up to in each stream: streams x anything."""
        return np.array([added(terms[span]) for span in self.spans])

    def _most(self, terms: NDArray[np.float64]) -> NDArray[np.float64]:
        """The most of the terms of each stream."""
        most: NDArray[np.float64] = np.maximum.reduceat(terms, [span.start for span in self.spans], axis=0)
        return most


def _of_texts(question: Question, candidates: Sequence[Candidate]) -> Columns:
    texts = [candidate.text for candidate in candidates]
    columns = Asked(question).features(texts, [candidate.mentions for candidate in candidates])
    of_question = {f"asks for {kind}": float(question.kind is kind) for kind in ASKED_KINDS}
    of_question |= {"translated": float(question.translation is not None)}
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
        says = question.normalised.__contains__
        figures = [article.figures(sentence, kind) for article, sentence in evidence.places(rows)]
        return np.array([not all(map(says, found)) for found in figures], dtype=np.bool_)
    return np.zeros(len(rows), dtype=np.bool_)
