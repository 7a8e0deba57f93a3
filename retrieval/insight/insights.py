"""What a retriever tells of many articles: figures beside an answer, a timeline, a trend, an overview."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from retrieval.index.evidence import Evidence, gather
from retrieval.index.protocol import ArticleIndex, StoredArticle
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import EVERYTHING, Answer, AnswerKind, Filters, Question
from retrieval.questions.interpreter import Interpreter
from retrieval.ranking import second_stage
from retrieval.ranking.bm25f import SentenceScores, Weights

if TYPE_CHECKING:
    from retrieval.insight.figures import Figure
    from retrieval.insight.overview import Overview
    from retrieval.insight.timeline import Event
    from retrieval.insight.trend import Trend

ARTICLES = 50
"""Articles whose sentences are ranked: the right one is among them for 99.9% of questions."""


class Looked(NamedTuple):
    """What was found for a question: where its answer, and all that is told of it, comes from."""

    question: Question
    evidence: Evidence
    scores: SentenceScores


class Insights(ABC):
    """Tells it; what finds each is loaded when it is first asked for, which for most questions it is not.

    Args:
        index: where the articles are.
        interpreter: of questions.
        tokeniser: the one that the index was made with.
        weights: of the sentences' scores.
    """

    def __init__(
        self, index: ArticleIndex, interpreter: Interpreter, tokeniser: Tokeniser, weights: Weights
    ) -> None:
        self._index = index
        self._interpreter = interpreter
        self._tokeniser = tokeniser
        self._weights = weights
        self._last = threading.local()

    @abstractmethod
    def ask(self, text: str, *, suggest: bool = True) -> Answer:
        """The answer to a question."""

    @abstractmethod
    def telling_of(self, subject: str, most: int) -> tuple[Question, Sequence[StoredArticle]]:
        """A subject as a question, and the articles that hold its words: the newest, as many as `most`."""

    def figures(self, answer: Answer, *, filters: Filters = EVERYTHING) -> "tuple[Figure, ...]":
        """The figure that an answer gives, then what other articles say of the same, the newest first.

        Nothing, where it gives none or no other article tells it.
        """
        if not answer.answered or answer.kind is not AnswerKind.NUMBER or not answer.passages[0].highlights:
            return ()
        from retrieval.insight.figures import SENTENCES, compared  # noqa: PLC0415  as above

        best = answer.passages[0]
        question, evidence, scores = self._looked_again(answer, filters)
        near = list(evidence.places(second_stage.nearest(evidence, scores, SENTENCES)))
        given = next((one for one in near if (one[0].id, one[1]) == (best.article, best.sentence)), None)
        return compared(question, given, best.highlights, near, self._tokeniser) if given else ()

    def _look(self, question: Question, filters: Filters, excluded: Collection[str] = ()) -> Looked:
        """What there is for a question; each thread keeps the last, for what is asked of its answer next."""
        evidence = gather(self._index, question, ARTICLES, excluded, filters)
        looked = Looked(question, evidence, SentenceScores(evidence, self._weights))
        if not excluded:
            self._last.of, self._last.looked = (question.text, question.understood, filters), looked
        return looked

    def _looked_again(self, answer: Answer, filters: Filters) -> Looked:
        """What there is for the question of an answer."""
        if getattr(self._last, "of", None) == (answer.question, answer.understood, filters):
            last: Looked = self._last.looked
            return last
        return self._look(self._interpreter.reinterpret(answer.question, answer.understood), filters)

    def timeline(self, subject: str) -> "tuple[Event, ...]":
        """What happened when, of a subject: see `retrieval.insight.timeline`."""
        from retrieval.insight.subjects import Subject  # noqa: PLC0415  as above
        from retrieval.insight.timeline import ARTICLES, timeline  # noqa: PLC0415

        question, articles = self.telling_of(subject, ARTICLES)
        return timeline(Subject.of(question), articles)

    def trend(self, subject: str) -> "Trend":
        """How the figure that is named went, or else how many articles a month tell of the subject."""
        from retrieval.insight.trend import ARTICLES, Trend, months, points  # noqa: PLC0415  as above

        found = self.figures(self.ask(f"{subject}是多少？", suggest=False))
        if shown := points(found):
            return Trend(subject=subject, unit=found[0].unit, points=shown)
        return Trend(subject=subject, months=months(self.telling_of(subject, ARTICLES)[1]))

    @cached_property
    def overview(self) -> "Overview":
        """What the corpus is about; found once, for the index stays as it is."""
        from retrieval.insight.overview import overview  # noqa: PLC0415  as above

        return overview(self._index, self._tokeniser)
