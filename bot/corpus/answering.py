"""What a retriever does, by whichever is in use at the moment."""

import datetime as dt
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from retrieval import Answer, Article, Filters, Passage, Retriever
from retrieval.index.protocol import StoredArticle
from retrieval.models import (
    EVERYTHING,
    ContextSentence,
    Explanation,
    Facet,
    FacetLabel,
    Listing,
    NewsRequest,
    Question,
)

if TYPE_CHECKING:
    from retrieval.insight.figures import Figure
    from retrieval.insight.overview import Overview
    from retrieval.insight.timeline import Event
    from retrieval.insight.trend import Trend
    from retrieval.insight.watching import Answers, Seen

logger = logging.getLogger(__name__)

Found = TypeVar("Found")


class Observer(Protocol):
    """Is told what a retriever does; called in whichever thread does it."""

    def answered(self, answer: Answer) -> None:
        """A question was answered or declined."""

    def indexed(self, articles: int) -> None:
        """An index of so many articles answers from now on."""

    def reloaded(self) -> None:
        """The corpus was read anew."""

    def reload_failed(self) -> None:
        """A reload came to nothing."""

    def reached(self, *, is_reached: bool) -> None:
        """The cluster that has the index can be reached, or cannot any more."""


class Answering(ABC):
    """Answers as a `Retriever` does, from several threads at once.

    What one call returns comes from one index; the next call may see a newer one.

    Args:
        observer: is told of answers.
    """

    def __init__(self, observer: Observer | None) -> None:
        self._observer = observer

    @property
    @abstractmethod
    def _in_use(self) -> Retriever:
        """The retriever of this moment."""

    @abstractmethod
    def _read(self, reading: Callable[[Retriever], Found]) -> Found:
        """What is read from an index.

        Raises:
            IndexUnusableError: it is damaged, and already being made anew.
            ReloadError: it is damaged and cannot be made anew.
        """

    def new_answers(
        self,
        question: str,
        filters: Filters,
        arrived: Collection[str],
        known: Sequence[Passage],
        *,
        seen: "Seen",
    ) -> "Answers":
        """See `retrieval.insight.watching`; nobody is told that a question was asked."""
        from retrieval.insight.watching import new_answers  # noqa: PLC0415  only a service watches

        return self._read(
            lambda retriever: new_answers(retriever, question, filters, arrived, known, seen=seen)
        )

    def look_up(self, text: str) -> Answer:
        """The best passage for a question; nobody is told that it was asked."""
        return self._read(lambda retriever: retriever.ask(text, limit=1, suggest=False))

    def groups(self, questions: Sequence[str]) -> Sequence[Sequence[int]]:
        """The places of the questions that are alike: see `retrieval.insight.likeness`."""
        from retrieval.insight.likeness import groups  # noqa: PLC0415  only a service groups

        return self._read(lambda retriever: groups([retriever.asked(text) for text in questions]))

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """See `Retriever.ask`."""
        answer = self._read(
            lambda retriever: retriever.ask(text, previous, limit, filters=filters, suggest=suggest)
        )
        if self._observer:
            self._observer.answered(answer)
        logger.debug("asked: %s", text)
        outcome = "answered" if answer.reason is None else f"declined, {answer.reason.code}"
        logger.info("%s, confidence %.2f, %.0f ms", outcome, answer.confidence, answer.elapsed_ms)
        return answer

    def passage(self, answer: Answer, article: str, sentence: int) -> Passage | None:
        """See `Retriever.passage`."""
        return self._read(lambda retriever: retriever.passage(answer, article, sentence))

    def context(self, passage: Passage, around: int = 2) -> tuple[ContextSentence, ...]:
        """See `Retriever.context`."""
        return self._read(lambda retriever: retriever.context(passage, around))

    def explain(self, answer: Answer, rank: int = 1, *, filters: Filters = EVERYTHING) -> Explanation | None:
        """See `Retriever.explain`."""
        return self._read(lambda retriever: retriever.explain(answer, rank, filters=filters))

    def examples(self, limit: int) -> tuple[str, ...]:
        """See `Retriever.examples`."""
        return self._read(lambda retriever: retriever.examples(limit))

    def linked(self, url: str) -> Article | None:
        """See `Retriever.linked`."""
        return self._read(lambda retriever: retriever.linked(url))

    def under_links(self, urls: Collection[str]) -> tuple[Article, ...]:
        """See `Retriever.under_links`."""
        return self._read(lambda retriever: retriever.under_links(urls))

    def related(self, answer: Answer, *, filters: Filters = EVERYTHING) -> tuple[str, ...]:
        """See `Retriever.related`."""
        return self._read(lambda retriever: retriever.related(answer, filters=filters))

    def news_request(self, text: str, today: dt.date) -> NewsRequest | None:
        """See `Retriever.news_request`."""
        return self._in_use.news_request(text, today)

    def news(self, wanted: NewsRequest, limit: int | None = None, start: int = 0) -> Listing:
        """See `Retriever.news`."""
        return self._read(lambda retriever: retriever.news(wanted, limit, start))

    def figures(self, answer: Answer, *, filters: Filters = EVERYTHING) -> "tuple[Figure, ...]":
        """See `Retriever.figures`."""
        return self._read(lambda retriever: retriever.figures(answer, filters=filters))

    def timeline(self, subject: str) -> "tuple[Event, ...]":
        """See `Retriever.timeline`."""
        return self._read(lambda retriever: retriever.timeline(subject))

    def trend(self, subject: str) -> "Trend":
        """See `Retriever.trend`."""
        return self._read(lambda retriever: retriever.trend(subject))

    @property
    def overview(self) -> "Overview":
        """See `Retriever.overview`."""
        return self._read(lambda retriever: retriever.overview)

    def telling_of(self, subject: str, most: int) -> tuple[Question, Sequence[StoredArticle]]:
        """See `Retriever.telling_of`."""
        return self._read(lambda retriever: retriever.telling_of(subject, most))

    @property
    def article_count(self) -> int:
        """See `Retriever.article_count`."""
        return self._in_use.article_count

    def article(self, article: str) -> Article | None:
        """See `Retriever.article`."""
        return self._read(lambda retriever: retriever.article(article))

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """See `Retriever.labels`."""
        return self._read(lambda retriever: retriever.labels(facet))

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> Sequence[Article]:
        """See `Retriever.articles`."""
        return self._read(lambda retriever: retriever.articles(limit, start=start, label=label))
