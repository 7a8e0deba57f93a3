"""What an index hands to the ranker: for one question, the best articles and what their sentences hold.

Any engine that finds articles can fill it in; the ranking above it is the same for all.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import Statistics
from retrieval.language.mentions.extraction import Mention
from retrieval.models import (
    EVERYTHING,
    AnswerKind,
    Article,
    Facet,
    FacetLabel,
    Filters,
    Listing,
    Question,
    Selection,
    Sentence,
    Stream,
)

Key: TypeAlias = tuple[str, int]
"""Where an article lies in its index: a segment and a number in it. Good until the index changes."""


@dataclass(frozen=True, slots=True)
class StreamEvidence:
    """One stream: how often each of the question's terms stands in each sentence.

    `terms` are their distinct names, `weights` what each weighs with all its occurrences; `frequencies` is
    sentences x terms, `lengths` counts each sentence's tokens, `titles` (articles x terms) is 1 where a
    title holds the term (and a share of 1 where it holds only some of its alternatives).
    """

    terms: tuple[str, ...]
    weights: NDArray[np.float64]
    statistics: Statistics
    frequencies: NDArray[np.float64]
    lengths: NDArray[np.float64]
    titles: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences of the articles found: those of article `a` are rows `first[a]` to `first[a + 1]`.

    `order` (one number an article) breaks ties the same way in every index of the same articles; `quotable`
    is false for headings and captions; `holds` has one bit an answer kind (see `retrieval.mentions`).
    """

    articles: tuple[Key, ...]
    first: NDArray[np.int64]
    order: NDArray[np.uint64]
    quotable: NDArray[np.bool_]
    holds: NDArray[np.uint8]
    streams: Mapping[Stream, StreamEvidence]


class Reader:
    """Reads the sentences of the evidence: their stored text, what they mention, their numbers or dates."""

    def __init__(
        self,
        text: Callable[[int], str],
        mentioned: Callable[[int], Sequence[Mention]],
        figures: Callable[[int, AnswerKind], Sequence[str]],
    ) -> None:
        self.text = text
        self.mentioned = mentioned
        self.figures = figures


class ArticleIndex(Protocol):
    """Where articles are found: in files of our own, or on a cluster."""

    @property
    def article_count(self) -> int:
        """How many articles there are."""

    @property
    def digest(self) -> str:
        """Names what is in it: the same for the same index, whoever opens it."""

    def search(
        self,
        question: Question,
        limit: int,
        excluded: Collection[str] = (),
        filters: Filters = EVERYTHING,
    ) -> Evidence:
        """The evidence of the `limit` best articles that the filters let through, some ids left aside.

        Of none, when no article shares a token with the question.
        """

    @property
    def sentence_count(self) -> int:
        """How many sentences they have."""

    @property
    def newest(self) -> dt.date | None:
        """When the article published last was; None where none has a date."""

    def find(self, article: str) -> Key | None:
        """Where the article with an id lies; None when it is gone."""

    def frequencies(self, stream: Stream, tokens: Sequence[str]) -> Sequence[float]:
        """In how many sentences each token of a stream stands."""

    def id(self, key: Key) -> str:
        """The id of the article at a key."""

    def text(self, key: Key, sentence: int) -> str:
        """The stored text of one of its sentences."""

    def article(self, key: Key) -> Article:
        """The article at a key of this index."""

    def sentences(self, key: Key) -> Sequence[Sentence]:
        """Its sentences, in the order of the text."""

    def mentions(self, key: Key, sentence: int) -> Sequence[Mention]:
        """What one of its sentences mentions."""

    def figures(self, key: Key, sentence: int, kind: AnswerKind) -> Sequence[str]:
        """The numbers, or the dates, of one of its sentences, normalised; `kind` says which."""

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""

    def articles(
        self, limit: int | None = None, *, start: int = 0, label: FacetLabel | None = None
    ) -> Sequence[Article]:
        """All articles, or as many from `start`, newest first; with a label, of those that bear it."""

    def select(self, selection: Selection, limit: int | None = None, start: int = 0) -> Listing:
        """The articles of a selection, or as many from `start`: newest first, the undated at the end."""

    def ids(self) -> Sequence[str]:
        """The ids of all articles, ascending."""
