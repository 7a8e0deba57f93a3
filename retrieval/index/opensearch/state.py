"""What an index on a cluster holds, in one small document that is replaced whole.

It is to the cluster what a manifest is to the segments on disk: what its revision does not name does not
exist, so that a change is one write; a reader sees the index before it or after it, never between.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from retrieval.errors import IndexUnusableError
from retrieval.index.opensearch.layout import FORMAT
from retrieval.models import Model, Stream

CONTENT_BITS = 64


class Totals(Model):
    """Sums over articles; they can be added to and taken from.

    `empty` are articles without a sentence. `content` is a sum of digests of the articles, so that it is the
    same for the same articles, in whatever order they came.
    """

    articles: int = 0
    empty: int = 0
    sentences: int = 0
    article_tokens: Mapping[Stream, int] = dict.fromkeys(Stream, 0)
    sentence_tokens: Mapping[Stream, int] = dict.fromkeys(Stream, 0)
    content: int = 0

    def plus(self, other: "Totals", sign: int = 1) -> "Totals":
        """Both together; or what is left without the other, with the sign -1."""
        return Totals(
            articles=self.articles + sign * other.articles,
            empty=self.empty + sign * other.empty,
            sentences=self.sentences + sign * other.sentences,
            article_tokens={s: self.article_tokens[s] + sign * other.article_tokens[s] for s in Stream},
            sentence_tokens={s: self.sentence_tokens[s] + sign * other.sentence_tokens[s] for s in Stream},
            content=(self.content + sign * other.content) % (1 << CONTENT_BITS),
        )


class State(Model):
    """An index as it is at a revision.

    `buckets` says into how many its terms are put; `newest` is the ordinal of its latest date (0: none).
    `removed` are the documents of articles that no longer count, though they are there; `abandoned` the
    revisions that never became whole; `leavings` those that left something behind to be cleared away.
    `tables` is the revision that wrote the tables which hold. `server` is the major version of the cluster
    that made the indices: from 3 on it leaves out a constant factor of BM25.
    """

    format: int = FORMAT
    tokeniser: str
    revision: int
    articles: str
    terms: str
    buckets: Mapping[Stream, int]
    totals: Totals
    newest: int = 0
    removed: tuple[str, ...] = ()
    abandoned: tuple[int, ...] = ()
    leavings: tuple[int, ...] = ()
    tables: int
    server: int = 2

    @property
    def newest_date(self) -> dt.date | None:
        """When the article published last was."""
        return dt.date.fromordinal(self.newest) if self.newest else None

    @property
    def digest(self) -> str:
        """Names what the index holds and who made it, whatever way it came there."""
        parts = [str(self.format), self.tokeniser, str(self.totals.articles), str(self.totals.content)]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()

    def visible(self) -> dict[str, Any]:
        """A query for what counts at this revision, as the clauses of a boolean one."""
        hidden: list[dict[str, Any]] = [{"range": {"added": {"gt": self.revision}}}]
        if self.abandoned:
            hidden.append({"terms": {"added": list(self.abandoned)}})
        return {"must_not": hidden}

    def visible_articles(self) -> dict[str, Any]:
        """The same for articles."""
        clauses = self.visible()
        if self.removed:
            clauses["must_not"].append({"ids": {"values": list(self.removed)}})
        return clauses


def checked(content: bytes, fingerprint: str, name: str) -> State:
    """A state as it was read, made by this format and this tokeniser.

    Raises:
        IndexUnusableError: it is of another format or tokeniser.
    """
    state = parsed(content, name)
    if state.tokeniser != fingerprint:
        raise IndexUnusableError(
            f"The index {name} was made by another tokeniser ({state.tokeniser}; now {fingerprint}): "
            "run 'zhiwen index --rebuild'.",
        )
    return state


def parsed(content: bytes, name: str) -> State:
    """A state as it was read, made by whatever tokeniser.

    Raises:
        IndexUnusableError: it is of another format, or cannot be read.
    """
    try:
        state = State.model_validate_json(content)
    except ValueError as error:
        raise _of_another_format(name) from error
    if state.format != FORMAT:
        raise _of_another_format(name)
    return state


def _of_another_format(name: str) -> IndexUnusableError:
    return IndexUnusableError(
        f"The index {name} has another format than this version reads ({FORMAT}): "
        "run 'zhiwen index --rebuild'.",
    )
