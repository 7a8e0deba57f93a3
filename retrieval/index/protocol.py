"""What an engine is that finds articles and keeps them: files of our own, or a cluster.

An engine finds, it does not judge: for a question it hands over the best articles whole, with their stored
tokens and the statistics of its collection. Counting, scoring and all that follows is done once, above, so
that every engine answers alike. Each method of `ArticleIndex` may be a trip to another machine; what belongs
to an article that was found is read without another one.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.index.query import Codes, Query
from retrieval.language.mentions.mention import Mention
from retrieval.models import (
    EVERYTHING,
    AnswerKind,
    Article,
    Facet,
    Filters,
    Model,
    Selection,
    Sentence,
    Stream,
)

Tokens: TypeAlias = Mapping[Stream, Sequence[str]]
"""Tokens of each stream."""
Cursor: TypeAlias = str
"""Where a listing goes on; only the engine that gave it can read it."""
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many articles are analysed, of how many (0: unknown)."""


def untold(_done: int, _all: int) -> None:
    """Progress that nobody is told of."""


class StoredArticle(Protocol):
    """An article of an index; each part is read when it is asked for. Sentences go by their numbers in it."""

    @property
    def id(self) -> str:
        """What the article is called in every index."""

    @property
    def record(self) -> Article:
        """The article itself."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Where its sentences lie, in the order of the text."""

    def heading(self, sentence: int) -> int | None:
        """The heading above a sentence, by its number; None where there is none."""

    def text(self, sentence: int) -> str:
        """The stored text of a sentence."""

    def mentions(self, sentence: int) -> Sequence[Mention]:
        """What a sentence mentions."""

    def figures(self, sentence: int, kind: AnswerKind) -> Sequence[str]:
        """The numbers, or the dates, of a sentence, normalised; `kind` says which."""


class StoredTokens(NamedTuple):
    """The tokens of one stream in some articles, in the order of the text, as codes of a query.

    `sizes` says how many of the codes each sentence has, `lengths` how many tokens: these are more for
    bigrams, of which only those are stored that no two characters make. `title_codes` are the tokens of the
    titles, `title_sizes` how many each article has.
    """

    codes: Codes
    sizes: NDArray[np.int64]
    lengths: NDArray[np.int64]
    title_codes: Codes
    title_sizes: NDArray[np.int64]


class StreamStatistics(NamedTuple):
    """One stream of the whole collection.

    `mean_length` is that of a sentence in tokens; `frequencies` has in how many sentences each token of the
    query stands.
    """

    mean_length: float
    frequencies: NDArray[np.float64]


class Candidates(NamedTuple):
    """The articles found for a query, in any order, and what their sentences hold.

    The sentences of article `a` are rows `first[a]` to `first[a + 1]`. `order` (one number an article) breaks
    ties the same way in every index of the same articles; `quotable` is false for headings and captions;
    `holds` has one bit an answer kind (see `retrieval.language.mentions`). `is_pair` tells of each stored
    token of the stream of characters whether it and the next are of the query and make a bigram. `sentences`
    counts those of the whole collection.
    """

    articles: Sequence[StoredArticle]
    first: NDArray[np.int64]
    order: NDArray[np.uint64]
    quotable: NDArray[np.bool_]
    holds: NDArray[np.uint8]
    tokens: Mapping[Stream, StoredTokens]
    is_pair: NDArray[np.bool_]
    sentences: int
    statistics: Mapping[Stream, StreamStatistics]


class Page(NamedTuple):
    """Articles of a selection, how many it has in all, and where the next page begins (None: nowhere)."""

    articles: Sequence[StoredArticle]
    total: int
    following: Cursor | None


class ArticleIndex(Protocol):
    """Where articles are found: a collection as it was when it was opened."""

    @property
    def article_count(self) -> int:
        """How many articles there are."""

    @property
    def sentence_count(self) -> int:
        """How many sentences they have."""

    @property
    def newest(self) -> dt.date | None:
        """When the article published last was; None where none has a date."""

    @property
    def digest(self) -> str:
        """Names what is in it: the same for the same index, whoever opens it."""

    @property
    def is_far(self) -> bool:
        """Whether each method is a trip to another machine."""

    def frequencies(self, tokens: Tokens) -> Mapping[Stream, Sequence[float]]:
        """In how many sentences each token stands."""

    def search(
        self, query: Query, limit: int, excluded: Collection[str] = (), filters: Filters = EVERYTHING
    ) -> Candidates:
        """The `limit` best articles by BM25 that the filters let through, some ids left aside.

        None, when no article shares a token with the query.
        """

    def find(self, article: str) -> StoredArticle | None:
        """The article with an id; None when it is gone."""

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""

    def select(self, selection: Selection, limit: int, after: Cursor | None = None) -> Page:
        """The next `limit` articles of a selection: the last published first, the undated at the end."""

    def sample(self, most: int) -> Sequence[StoredArticle]:
        """At most so many articles, spread evenly over the ids; the same for the same collection."""


class Update(Model):
    """What bringing an index up to date came to: articles, and what the index holds then.

    `bytes` is its size on disk, `seconds` the time it took.
    """

    added: int
    removed: int
    kept: int
    sentences: int = 0
    bytes: int = 0
    seconds: float = 0.0


class IndexWriter(Protocol):
    """Where an index is made and kept; one writer at a time, readers never wait.

    Every method that changes the index raises IndexingError where it cannot be written, and all but
    `update(rebuild=True)` IndexUnusableError where what is there cannot be read. An engine on other machines
    raises IndexUnavailableError from any method, and from those of its indices, while it cannot be reached.
    """

    @property
    def is_there(self) -> bool:
        """Whether there is an index, in whatever state."""

    def open(self) -> ArticleIndex:
        """The index as it is now.

        Raises:
            IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
        """

    def is_latest(self, index: ArticleIndex) -> bool:
        """Whether nothing was changed since an index was opened here.

        Raises:
            IndexUnusableError: what is there now cannot be read.
        """

    def update(
        self,
        articles: Iterable[Article],
        progress: Progress = ...,
        *,
        rebuild: bool = False,
        workers: int = 1,
    ) -> Update:
        """Make the index hold exactly these articles; of those with the same content the first counts.

        Args:
            articles: the corpus.
            progress: called as articles are analysed.
            rebuild: take nothing from an index that is there, whatever state it is in.
            workers: processes that analyse, when there is enough for several.
        """

    def change(self, added: Sequence[Article], removed: Collection[str]) -> None:
        """Put some articles in and take others out (by their ids), in milliseconds, whatever is there."""

    def settle(self) -> bool:
        """Put in order what changes left behind, as far as it takes milliseconds; whether there was any."""

    def is_compact(self) -> bool:
        """Whether `compact` would leave the index as it is."""

    def compact(self) -> None:
        """Put in order all that changes left behind; nothing is kept of what was removed."""

    def verify(self, *, touched_only: bool = False) -> None:
        """Compare what is stored with the digests that were written.

        Args:
            touched_only: pass over what nobody touched since it was last found whole.

        Raises:
            IndexUnusableError: something is missing or was changed, or there is no index.
        """

    def save_note(self, name: str, content: bytes) -> None:
        """Keep something beside the index, in place of what has this name, in one step."""

    def load_note(self, name: str) -> bytes | None:
        """What is kept under a name; None where there is nothing, or it cannot be read."""
