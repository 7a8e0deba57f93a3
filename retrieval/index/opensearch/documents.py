"""From a segment of analysed articles to the documents of a cluster, and to what they add to its counts."""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch import blob, term_counts
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.opensearch.names import term_names
from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.opensearch.requests import FACETS, FIELDS
from retrieval.index.opensearch.state import CONTENT_BITS, Totals
from retrieval.index.opensearch.term_counts import Counts, TermCounts
from retrieval.index.segment import schema
from retrieval.index.segment.encoding import ARTICLE_STREAMS, place_of
from retrieval.index.segment.facets import label_digest, labels_of
from retrieval.index.segment.postings import TITLE_REPEATS
from retrieval.index.segment.reader import Segment
from retrieval.models import Article, Facet, Stream
from retrieval.ragged import Array, offsets

POSITIVE: Final = (1 << 63) - 1
"""Masks a number of 64 bits to one that the cluster's signed ones can hold."""
Document = tuple[str, dict[str, Any]]
"""The id of a document, and its fields."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What some articles add to an index: terms, totals, lines, and the latest date among them.

    `lines` are the distinct lines of each article, all of them together, ascending.
    """

    counts: Counts
    totals: Totals
    lines: NDArray[np.int64]
    newest: int


def contribution(segment: Segment) -> Contribution:
    """What the articles of a segment add."""
    totals = segment.totals
    empty = int(np.count_nonzero(np.diff(segment.first.astype(np.int64)) == 0))
    return Contribution(
        counts={stream: TermCounts.of_segment(segment, stream) for stream in Stream},
        totals=Totals(
            articles=totals.articles,
            empty=empty,
            sentences=totals.sentences,
            article_tokens={s: totals.article_tokens.get(s, 0) for s in Stream},
            sentence_tokens=dict(totals.sentence_tokens),
            content=sum(content_digest(segment.id(n), place) for n, place in enumerate(_places(segment)))
            % (1 << CONTENT_BITS),
        ),
        lines=np.repeat(
            segment.array(schema.LINES).astype(np.int64), segment.array(schema.LINE_ARTICLES).astype(np.int64)
        ),
        newest=int(segment.array(schema.PUBLISHED).max(initial=0)),
    )


def content_digest(article: str, place: int) -> int:
    """What an article that stands in a place adds to the digest of an index."""
    content = f"{article}\n{place & POSITIVE}".encode()
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest())


def _places(segment: Segment) -> list[int]:
    places: list[int] = segment.array(schema.PLACE).tolist()
    return places


def documents(segment: Segment, revision: int, batch: str) -> Iterator[Document]:
    """The articles of a segment as documents that come by a revision."""
    words, bigrams = (_texts(segment, stream) for stream in ARTICLE_STREAMS)
    lines = segment.array(schema.LINE).astype(np.int64)
    titles = segment.array(schema.TITLE_LINE).tolist()
    order, places = segment.order.tolist(), _places(segment)
    for number, content in enumerate(blob.blobs(segment)):
        article = segment.article(number)
        first, end = int(segment.first[number]), int(segment.first[number + 1])
        yield (
            document_id(segment.id(number), revision),
            {
                "id": segment.id(number),
                "added": revision,
                "batch": batch,
                "place": places[number] & POSITIVE,
                "order": order[number] >> 1,
                "digest": zlib.crc32(content),
                "lines": [_signed(line) for line in {*lines[first:end].tolist(), titles[number]}],
                "blob": base64.b64encode(content).decode(),
                FIELDS[Stream.WORD]: words[number],
                FIELDS[Stream.BIGRAM]: bigrams[number],
                **_facets(article),
                **({} if end > first else {"is_empty": True}),
            },
        )


def document_id(article: str, revision: int) -> str:
    """The id of the document of an article that comes by a revision."""
    return f"{article}-{revision}"


def _signed(line: int) -> int:
    return line - (1 << 32) if line >= 1 << 31 else line


def signed(lines: NDArray[np.int64]) -> list[int]:
    """Lines as the cluster has them."""
    return [_signed(line) for line in lines.tolist()]


def _facets(article: Article) -> dict[str, Any]:
    year = {FACETS[Facet.YEAR]: article.published.year} if article.published else {}
    return {
        "published": article.published.toordinal() if article.published else 0,
        FACETS[Facet.INDUSTRY]: list(article.industries),
        FACETS[Facet.TECHNOLOGY]: list(article.technologies),
        "labels": [f"{label_digest(label):016x}" for label in labels_of(article)],
        **year,
    }


def _texts(segment: Segment, stream: Stream) -> list[str]:
    """The tokens of each article, those of its title as often as they count."""
    names = np.array([*term_names(segment.lexicons[stream].every()), ""], dtype=object)
    every = np.arange(segment.article_count)
    terms, rows = segment.tokens(stream, every, segment.rows(every))
    owners = np.repeat(every, _sizes(segment.first))[rows]
    fields = schema.STREAMS[stream].titles
    titles = segment.numbers(fields).at(slice(None)).astype(np.int64)
    of_titles = np.repeat(every, _sizes(segment.array(fields.first)))
    tokens = np.concatenate([terms, *[titles] * TITLE_REPEATS])
    articles = np.concatenate([owners, *[of_titles] * TITLE_REPEATS])
    order = articles.argsort(kind="stable")
    words = names[tokens[order]].tolist()
    borders = offsets(np.bincount(articles, minlength=segment.article_count)).tolist()
    return [" ".join(words[start:end]) for start, end in pairwise(borders)]


def _sizes(first: Array) -> NDArray[np.int64]:
    """How many of something each article has, from where those of each begin."""
    borders = first.astype(np.int64)
    return borders[1:] - borders[:-1]


def removed(articles: Sequence[ClusterArticle]) -> Contribution:
    """What articles that are taken out had added."""
    counts: dict[Stream, list[TermCounts]] = {stream: [] for stream in Stream}
    lines, totals = [np.zeros(0, dtype=np.int64)], Totals()
    for article in articles:
        arrays = article.arrays
        flags = arrays[schema.FLAGS.name]
        tokens = {stream: _own_terms(arrays, stream) for stream in Stream}
        lengths = {s: int(arrays[schema.STREAMS[s].lengths.name].sum(dtype=np.int64)) for s in Stream}
        titles = {s: TITLE_REPEATS * len(arrays[blob.titles_of(s)]) for s in Stream}
        for stream, of in tokens.items():
            counts[stream].append(of)
        lines.append(np.unique(np.append(arrays[schema.LINE.name], arrays[blob.TITLE]).astype(np.int64)))
        totals = totals.plus(
            Totals(
                articles=1,
                empty=int(not len(flags)),
                sentences=len(flags),
                article_tokens={s: lengths[s] + titles[s] if s in ARTICLE_STREAMS else 0 for s in Stream},
                sentence_tokens=lengths,
                content=content_digest(article.id, place_of(article.record)),
            )
        )
    return Contribution(
        counts={stream: term_counts.total(of) for stream, of in counts.items()},
        totals=totals,
        lines=np.sort(np.concatenate(lines)),
        newest=0,
    )


def _own_terms(arrays: PackedArrays, stream: Stream) -> TermCounts:
    """The terms of one article, and in how many of its sentences each stands."""
    short, long = arrays[blob.short_of(stream)], arrays[blob.long_of(stream)]
    keys = blob.lexicon(short, long).every()
    tokens, sizes = arrays[blob.tokens_of(stream)].astype(np.int64), arrays[schema.STREAMS[stream].sizes.name]
    rows = np.repeat(np.arange(len(sizes)), sizes)
    names = keys[tokens]
    if stream is Stream.BIGRAM:
        pairs, places = blob.pairs(arrays)
        names = np.concatenate([pairs, names])
        rows = np.concatenate([places, rows])
    titles = keys[arrays[blob.titles_of(stream)].astype(np.int64)]
    every = np.unique(np.concatenate([names, titles]))
    held = np.unique(every.searchsorted(names) * max(len(sizes), 1) + rows) // max(len(sizes), 1)
    sentences = np.bincount(held, minlength=len(every))
    held_by = np.ones(len(every), dtype=np.int64) if stream in ARTICLE_STREAMS else np.zeros_like(sentences)
    return TermCounts(every, sentences, held_by)


def spool(of: Contribution) -> bytes:
    """A contribution as a batch leaves it on the cluster."""
    arrays = {
        f"{stream}_{name}": getattr(counts, name)
        for stream, counts in of.counts.items()
        for name in ("keys", "sentences", "articles")
    }
    totals = np.frombuffer(of.totals.model_dump_json().encode(), dtype=np.uint8)
    newest = np.array([of.newest])
    return zlib.compress(
        pack(SPOOLED, {**arrays, "lines": of.lines, "totals": totals, "newest": newest}), level=1
    )


def unspooled(content: bytes) -> Contribution:
    """The contribution that a batch left."""
    arrays = PackedArrays(SPOOLED, zlib.decompress(content))
    return Contribution(
        counts={
            stream: TermCounts(
                arrays[f"{stream}_keys"].astype(np.uint64),
                arrays[f"{stream}_sentences"].astype(np.int64),
                arrays[f"{stream}_articles"].astype(np.int64),
            )
            for stream in Stream
        },
        totals=Totals.model_validate_json(arrays.bytes_of("totals")),
        lines=arrays["lines"].astype(np.int64),
        newest=int(arrays["newest"][0]),
    )


SPOOLED: Final = numbered(
    [
        *(f"{stream}_{name}" for stream in Stream for name in ("keys", "sentences", "articles")),
        *("lines", "totals", "newest"),
    ]
)


def together(parts: Iterable[Contribution]) -> Contribution:
    """Contributions added up."""
    known = list(parts)
    totals = Totals()
    for part in known:
        totals = totals.plus(part.totals)
    return Contribution(
        counts={stream: term_counts.total(part.counts[stream] for part in known) for stream in Stream},
        totals=totals,
        lines=np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *(part.lines for part in known)])),
        newest=max((part.newest for part in known), default=0),
    )
