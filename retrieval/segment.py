"""A segment: some articles of an index as flat arrays in a folder, written once and memory-mapped.

Nothing in a segment depends on the rest of the corpus (no idf, no mean length), so segments can be added,
joined and left out without touching the others, and the scores stay the same however a corpus is divided.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis import AnalysedArticle, TokenStream, token_hash
from retrieval.mentions import Mention
from retrieval.models import (
    AnswerKind,
    Article,
    Filters,
    IndexUnusableError,
    Sentence,
    SentenceKind,
    Span,
    Stream,
)
from retrieval.text import normalise

ARTICLE_STREAMS = (Stream.WORD, Stream.BIGRAM)
"""The streams by which whole articles are found."""
TITLE_REPEATS = 3
"""How often a token of the title counts in its article."""
KINDS = tuple(SentenceKind)
MENTION_KINDS = tuple(AnswerKind)
ARTICLE_ARRAYS = (
    "records",
    "first_record",
    "ids",
    "order",
    "published",
    "labels",
    "first_label",
    "label_article",
    "first",
    "sentences",
    "quotable",
    "holds",
    "mentions",
    "first_mention",
)
STREAM_ARRAYS = (
    "vocabulary",
    "tokens",
    "first_token",
    "title_tokens",
    "first_title_token",
    "sentence_frequency",
)
POSTING_ARRAYS = ("posting_article", "posting_frequency", "first_posting", "article_length")
EMPTY_FILE = 128
"""Bytes of an .npy file's header: an array of nothing has no more, and nothing cannot be mapped."""
SENTENCE_TYPE = np.dtype([("start", "<u4"), ("end", "<u4"), ("paragraph", "<u4"), ("kind", "u1")])
MENTION_TYPE = np.dtype([("start", "<u2"), ("end", "<u2"), ("kind", "u1")])

Array: TypeAlias = NDArray[Any]
"""An array of a segment: its type is the one it was written with, known by its name."""


def write(folder: Path, articles: Sequence[AnalysedArticle]) -> None:
    """Write a segment; a reader can only ever see it whole, since the folder is named by its caller last."""
    folder.mkdir(parents=True)
    arrays = {**_sentence_arrays(articles)}
    for stream in Stream:
        arrays |= {f"{stream}_{name}": array for name, array in _stream_arrays(articles, stream).items()}
    for name, array in arrays.items():
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())


def digest(folder: Path) -> str:
    """A digest of a segment's files, to tell whether they are still what was written."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                found.update(block)
    return found.hexdigest()


def article_order(article: Article) -> int:
    """A number that orders articles the same way in every index: by content, not by when they came."""
    return int.from_bytes(hashlib.blake2b(article.id.encode(), digest_size=8).digest())


def _sentence_arrays(articles: Sequence[AnalysedArticle]) -> dict[str, Array]:
    sentences = [
        (piece.start, piece.end, piece.paragraph, KINDS.index(piece.kind))
        for analysed in articles
        for piece in analysed.sentences
    ]
    records = [analysed.article.model_dump_json().encode() for analysed in articles]
    mentions = [
        (mention.start, mention.end, MENTION_KINDS.index(mention.kind))
        for analysed in articles
        for found in analysed.mentions
        for mention in found
    ]
    return {
        **_filtered_by(articles),
        "records": np.frombuffer(b"".join(records), dtype=np.uint8),
        "first_record": _offsets(len(record) for record in records),
        "ids": np.array([analysed.article.id for analysed in articles], dtype="S12"),
        "order": np.array([article_order(analysed.article) for analysed in articles], dtype=np.uint64),
        "first": _offsets(len(analysed.sentences) for analysed in articles),
        "sentences": np.array(sentences, dtype=SENTENCE_TYPE),
        "quotable": np.concatenate([_quotable(analysed) for analysed in articles]),
        "holds": np.concatenate([analysed.holds for analysed in articles]),
        "mentions": np.array(mentions, dtype=MENTION_TYPE),
        "first_mention": _offsets(len(found) for analysed in articles for found in analysed.mentions),
    }


def _filtered_by(articles: Sequence[AnalysedArticle]) -> dict[str, Array]:
    """When each article was published (0: unknown), and for each label the articles that bear it."""
    published = [analysed.article.published for analysed in articles]
    pairs = {
        (label, number) for number, analysed in enumerate(articles) for label in _labels(analysed.article)
    }
    ordered = np.array(sorted(pairs), dtype=np.uint64).reshape(-1, 2)
    labels, first = np.unique(ordered[:, 0], return_index=True)
    return {
        "published": np.array([date.toordinal() if date else 0 for date in published], dtype=np.uint32),
        "labels": labels,
        "first_label": np.append(first, len(ordered)).astype(np.int64),
        "label_article": ordered[:, 1].astype(np.uint32),
    }


def _labels(article: Article) -> Iterator[int]:
    yield from (_label("industry", name) for name in article.industries)
    yield from (_label("technology", name) for name in article.technologies)


def _label(kind: Literal["industry", "technology"], name: str) -> int:
    return token_hash(f"{kind} {normalise(name).strip()}")


def _quotable(analysed: AnalysedArticle) -> NDArray[np.bool_]:
    """Which sentences can be an answer: no headings, captions or questions, nothing without a letter."""
    summary = analysed.article.summary
    statements = [
        piece.kind is SentenceKind.TEXT and not summary.startswith(("?", "？"), piece.end - 1)
        for piece in analysed.sentences
    ]
    return np.array(statements, dtype=np.bool_) & (analysed.streams[Stream.CHARACTER].lengths > 0)


def _stream_arrays(articles: Sequence[AnalysedArticle], stream: Stream) -> dict[str, Array]:
    parts = [analysed.streams[stream] for analysed in articles]
    tokens = np.concatenate([part.hashes for part in parts])
    titles = np.concatenate([part.title for part in parts])
    vocabulary, ids = np.unique(np.concatenate([tokens, titles]), return_inverse=True)
    lengths = np.concatenate([part.lengths for part in parts])
    sentence_ids, title_ids = ids[: len(tokens)], ids[len(tokens) :]
    title_lengths = [len(part.title) for part in parts]
    arrays: dict[str, Array] = {
        "vocabulary": vocabulary,
        "tokens": sentence_ids.astype(np.uint32),
        "first_token": _offsets(lengths),
        "title_tokens": title_ids.astype(np.uint32),
        "first_title_token": _offsets(title_lengths),
        "sentence_frequency": _document_frequency(sentence_ids, lengths, len(vocabulary)),
    }
    if stream in ARTICLE_STREAMS:
        sizes = [len(part.hashes) for part in parts]
        arrays |= _postings(sentence_ids, sizes, title_ids, title_lengths, len(vocabulary))
    return arrays


def _offsets(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.fromiter(lengths, dtype=np.int64))]).astype(np.int64)


def _document_frequency(
    ids: NDArray[np.int64],
    lengths: NDArray[np.int64],
    terms: int,
) -> NDArray[np.uint32]:
    """In how many documents each term stands, documents lying one after another in `ids`."""
    documents = np.repeat(np.arange(len(lengths)), lengths)
    pairs = np.unique(ids * np.int64(len(lengths)) + documents)
    return np.bincount(pairs // max(len(lengths), 1), minlength=terms).astype(np.uint32)


def _postings(
    ids: NDArray[np.int64],
    sizes: Sequence[int],
    title_ids: NDArray[np.int64],
    title_sizes: Sequence[int],
    terms: int,
) -> dict[str, Array]:
    """For each term, the articles that hold it and how often, the title counted several times."""
    count = len(sizes)
    numbers = np.arange(count)
    pairs = np.concatenate(
        [ids * np.int64(count) + np.repeat(numbers, sizes)]
        + [title_ids * np.int64(count) + np.repeat(numbers, title_sizes)] * TITLE_REPEATS,
    )
    distinct, frequencies = np.unique(pairs, return_counts=True)
    return {
        "posting_article": (distinct % count).astype(np.uint32),
        "posting_frequency": frequencies.astype(np.uint32),
        "first_posting": np.searchsorted(distinct // count, np.arange(terms + 1)).astype(np.int64),
        "article_length": (np.array(sizes) + TITLE_REPEATS * np.array(title_sizes)).astype(np.uint32),
    }


@dataclass(frozen=True, slots=True)
class Totals:
    """What a segment adds to the statistics of its index: token counts a stream."""

    articles: int
    sentences: int
    article_tokens: Mapping[Stream, int]
    sentence_tokens: Mapping[Stream, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """Frequencies (sentences x terms), token counts of the sentences, and which titles hold which terms."""

    frequencies: NDArray[np.float64]
    lengths: NDArray[np.float64]
    titles: NDArray[np.float64]


class Segment:
    """A segment, memory-mapped: nothing is read before it is asked for.

    Raises:
        IndexUnusableError: a file is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        # All are mapped at once: after a merge the files are gone, but not for who has them mapped.
        self._arrays = {name: _map(folder / f"{name}.npy") for name in _names()}
        self.first = self.array("first")
        self.order = self.array("order")

    def array(self, name: str) -> Array:
        """One of the arrays that `write` names."""
        return self._arrays[name]

    def totals(self) -> Totals:
        """The segment's share of the statistics."""
        return Totals(
            articles=len(self.order),
            sentences=len(self.array("sentences")),
            article_tokens={s: int(self.array(f"{s}_article_length").sum()) for s in ARTICLE_STREAMS},
            sentence_tokens={s: len(self.array(f"{s}_tokens")) for s in Stream},
        )

    def terms(self, stream: Stream, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The numbers of terms in this segment's vocabulary; -1 for one that it does not hold."""
        vocabulary = self.array(f"{stream}_vocabulary")
        places = np.searchsorted(vocabulary, hashes)
        known = places < len(vocabulary)
        known[known] = vocabulary[places[known]] == hashes[known]
        return np.where(known, places, -1)

    def postings(self, stream: Stream, term: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The articles that hold a term, ascending, and how often each does."""
        offsets = self.array(f"{stream}_first_posting")
        here = slice(int(offsets[term]), int(offsets[term + 1]))
        return (
            self.array(f"{stream}_posting_article")[here],
            self.array(f"{stream}_posting_frequency")[here],
        )

    def count(self, stream: Stream, numbers: Sequence[int], terms: NDArray[np.int64]) -> Counts:
        """How often the sentences and titles of some articles hold each of some terms (-1: none does)."""
        spans = [(int(self.first[number]), int(self.first[number + 1])) for number in numbers]
        offsets = self.array(f"{stream}_first_token")
        tokens = self.array(f"{stream}_tokens")
        lengths = np.concatenate([np.diff(offsets[start : end + 1]) for start, end in spans])
        held = np.concatenate([tokens[int(offsets[start]) : int(offsets[end])] for start, end in spans])
        title_offsets = self.array(f"{stream}_first_title_token")
        title_tokens = self.array(f"{stream}_title_tokens")
        title_spans = [(int(title_offsets[number]), int(title_offsets[number + 1])) for number in numbers]
        return Counts(
            frequencies=_tally(held, lengths, terms),
            lengths=lengths.astype(np.float64),
            titles=np.minimum(
                _tally(
                    np.concatenate([title_tokens[start:end] for start, end in title_spans]),
                    np.array([end - start for start, end in title_spans]),
                    terms,
                ),
                1.0,
            ),
        )

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Which articles the filters let through, one truth value an article."""
        allowed = np.ones(len(self.order), dtype=np.bool_)
        if filters.since:
            allowed &= self.array("published") >= dt.date.toordinal(filters.since)
        if filters.industries:
            allowed &= self._labelled([_label("industry", name) for name in filters.industries])
        if filters.technologies:
            allowed &= self._labelled([_label("technology", name) for name in filters.technologies])
        return allowed

    def _labelled(self, labels: Sequence[int]) -> NDArray[np.bool_]:
        """Which articles bear any of some labels."""
        offsets = self.array("first_label")
        found = np.zeros(len(self.order), dtype=np.bool_)
        for place in np.flatnonzero(np.isin(self.array("labels"), np.array(labels, dtype=np.uint64))):
            found[self.array("label_article")[int(offsets[place]) : int(offsets[place + 1])]] = True
        return found

    def ids(self) -> list[str]:
        """The ids of the articles, by number."""
        return [name.decode() for name in self.array("ids").tolist()]

    def id(self, number: int) -> str:
        """The id of the article of a number."""
        name: bytes = self.array("ids")[number]
        return name.decode()

    def span(self, number: int, sentence: int) -> Span:
        """Where a sentence of an article stands in its summary."""
        row = self.array("sentences")[int(self.first[number]) + sentence]
        return int(row["start"]), int(row["end"])

    def article(self, number: int) -> Article:
        """The article of a number."""
        offsets = self.array("first_record")
        record = self.array("records")[int(offsets[number]) : int(offsets[number + 1])]
        return Article.model_validate_json(record.tobytes())

    def sentences(self, number: int) -> list[Sentence]:
        """The sentences of an article."""
        rows = self.array("sentences")[int(self.first[number]) : int(self.first[number + 1])]
        return [
            Sentence(start=int(start), end=int(end), paragraph=int(paragraph), kind=KINDS[int(kind)])
            for start, end, paragraph, kind in rows.tolist()
        ]

    def mentions(self, number: int, sentence: int) -> tuple[Mention, ...]:
        """What a sentence of an article mentions."""
        row = int(self.first[number]) + sentence
        offsets = self.array("first_mention")
        rows = self.array("mentions")[int(offsets[row]) : int(offsets[row + 1])]
        return tuple(Mention(MENTION_KINDS[kind], start, end) for start, end, kind in rows.tolist())

    def analysed(self, articles: Mapping[int, Article]) -> Iterator[AnalysedArticle]:
        """The articles of the given numbers as they were analysed, to be written into another segment."""
        for number, article in articles.items():
            rows = slice(int(self.first[number]), int(self.first[number + 1]))
            yield AnalysedArticle(
                article=article,
                sentences=tuple(self.sentences(number)),
                streams={stream: self._token_stream(stream, number, rows) for stream in Stream},
                mentions=tuple(self.mentions(number, i) for i in range(rows.stop - rows.start)),
                holds=np.asarray(self.array("holds")[rows], dtype=np.uint8),
            )

    def _token_stream(self, stream: Stream, number: int, rows: slice) -> TokenStream:
        vocabulary = self.array(f"{stream}_vocabulary")
        offsets = self.array(f"{stream}_first_token")[rows.start : rows.stop + 1]
        titles = self.array(f"{stream}_first_title_token")
        title = self.array(f"{stream}_title_tokens")[int(titles[number]) : int(titles[number + 1])]
        tokens = self.array(f"{stream}_tokens")[int(offsets[0]) : int(offsets[-1])]
        return TokenStream(
            hashes=np.asarray(vocabulary[tokens], dtype=np.uint64),
            lengths=np.diff(offsets),
            title=np.asarray(vocabulary[title], dtype=np.uint64),
        )


def _tally(
    tokens: NDArray[np.uint32],
    lengths: NDArray[np.int64],
    terms: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Rows of token counts, a row for each of the documents that lie one after another in `tokens`."""
    order = np.argsort(terms)
    ascending = terms[order]
    places = np.minimum(np.searchsorted(ascending, tokens), len(terms) - 1)
    matches = ascending[places] == tokens
    rows = np.repeat(np.arange(len(lengths)), lengths)[matches]
    cells = rows * len(terms) + order[places[matches]]
    return np.bincount(cells, minlength=len(lengths) * len(terms)).reshape(-1, len(terms)).astype(np.float64)


def _names() -> Iterator[str]:
    yield from ARTICLE_ARRAYS
    for stream in Stream:
        for name in (*STREAM_ARRAYS, *(POSTING_ARRAYS if stream in ARTICLE_STREAMS else ())):
            yield f"{stream}_{name}"


def _map(path: Path) -> Array:
    try:
        mode: Literal["r"] | None = "r" if path.stat().st_size > EMPTY_FILE else None
        # As a plain array: each slice of a memmap costs a microsecond more.
        array: Array = np.asarray(np.load(path, mmap_mode=mode, allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexUnusableError(
            f"The index is damaged ({path.parent.name}/{path.name}): run 'zhiwen index --rebuild'.",
        ) from error
    return array
