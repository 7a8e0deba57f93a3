"""From analysed articles to a segment: their tokens become numbers, and the numbers are counted.

Nothing in a segment depends on the rest of the corpus (no idf, no mean length), so segments can be added,
joined and left out without touching the others, and the scores stay the same however a corpus is divided.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval import postings
from retrieval.analysis import AnalysedArticle
from retrieval.arrays import Array, ArrayWriter
from retrieval.mentions import Held
from retrieval.models import AnswerKind, Article, SentenceKind, Stream
from retrieval.text import normalise

ARTICLE_STREAMS = (Stream.WORD, Stream.BIGRAM)
"""The streams by which whole articles are found."""
KINDS = tuple(SentenceKind)
MENTION_KINDS = tuple(AnswerKind)
SENTENCE_TYPE = np.dtype([("start", "<u4"), ("size", "<u2"), ("paragraph", "<u4"), ("kind", "u1")])
MENTION_TYPE = np.dtype([("start", "<u2"), ("end", "<u2"), ("kind", "u1")])
FEW = 1 << 16
"""Of so many terms the numbers fit in two bytes."""


class _Numbers(dict[str, int]):
    """Numbers distinct tokens in the order in which they come."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


def token_hash(token: str) -> int:
    """A token's name in an index: 64 bits, so that no dictionary need be loaded to look it up.

    One or two characters are their own name; of a longer token it is a digest, with the highest bit set.
    """
    if len(token) == 1:
        return ord(token)
    if len(token) == 2:  # noqa: PLR2004
        return ord(token[0]) << 32 | ord(token[1])
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest()) | 1 << 63


def article_order(article: str) -> int:
    """A number that orders articles the same way in every index: by their ids, not by when they came."""
    return int.from_bytes(hashlib.blake2b(article.encode(), digest_size=8).digest())


def place_of(article: Article) -> int:
    """A number that changes when a record moves to another place of the corpus, though not its content."""
    return token_hash(f"{article.file}\n{article.record}")


def label(kind: Literal["industry", "technology"], name: str) -> int:
    """The name in an index of what articles are filtered by."""
    return token_hash(f"{kind} {normalise(name).strip()}")


def write(path: Path, articles: Sequence[AnalysedArticle]) -> str:
    """Write a segment; its digest."""
    writer = ArrayWriter(path)
    for name, array in _article_arrays(articles).items():
        writer.add(name, array)
    for name, array in _sentence_arrays(articles).items():
        writer.add(name, array)
    tokens = {stream: _write_stream(writer, articles, stream) for stream in Stream}
    sentences = sum(len(analysed.sentences) for analysed in articles)
    return writer.close({"articles": len(articles), "sentences": sentences, "tokens": tokens})


def _article_arrays(articles: Sequence[AnalysedArticle]) -> dict[str, Array]:
    records = [zlib.compress(analysed.article.model_dump_json().encode()) for analysed in articles]
    ids = [analysed.article.id for analysed in articles]
    published = [analysed.article.published for analysed in articles]
    numbers = np.array([int(name, 16) for name in ids], dtype=np.uint64)
    return {
        "records": np.frombuffer(b"".join(records), dtype=np.uint8),
        "first_record": offsets(map(len, records)),
        "id": numbers,
        "by_id": np.argsort(numbers).astype(np.uint32),
        "order": np.array([article_order(name) for name in ids], dtype=np.uint64),
        "place": np.array([place_of(analysed.article) for analysed in articles], dtype=np.uint64),
        "published": np.array([date.toordinal() if date else 0 for date in published], dtype=np.uint32),
        "first": offsets(len(analysed.sentences) for analysed in articles),
        **label_arrays(
            [(name, at) for at, analysed in enumerate(articles) for name in _labels(analysed.article)]
        ),
    }


def _labels(article: Article) -> Iterator[int]:
    yield from (label("industry", name) for name in article.industries)
    yield from (label("technology", name) for name in article.technologies)


def label_arrays(pairs: Iterable[tuple[int, int]]) -> dict[str, Array]:
    """For each label the articles that bear it, from pairs of a label and an article's number."""
    ordered = np.array(sorted(set(pairs)), dtype=np.uint64).reshape(-1, 2)
    labels, first = np.unique(ordered[:, 0], return_index=True)
    return {
        "labels": labels,
        "first_label": np.append(first, len(ordered)).astype(np.int64),
        "label_article": ordered[:, 1].astype(np.uint32),
    }


def _sentence_arrays(articles: Sequence[AnalysedArticle]) -> dict[str, Array]:
    sentences = [
        (piece.start, piece.end - piece.start, piece.paragraph, KINDS.index(piece.kind))
        for analysed in articles
        for piece in analysed.sentences
    ]
    held = [found for analysed in articles for found in analysed.held]
    mentions = [
        (mention.start, mention.end, MENTION_KINDS.index(mention.kind))
        for found in held
        for mention in found.mentions
    ]
    return {
        "sentences": np.array(sentences, dtype=SENTENCE_TYPE),
        "quotable": np.array([quotable for a in articles for quotable in _quotable(a)], dtype=np.bool_),
        "holds": np.array([found.bits for found in held], dtype=np.uint8),
        "mentions": np.array(mentions, dtype=MENTION_TYPE),
        "mention_count": np.array([len(found.mentions) for found in held], dtype=np.uint16),
        "first_mention": offsets(sum(len(found.mentions) for found in a.held) for a in articles),
        **_text_arrays("numbers", articles, lambda found: found.numbers),
        **_text_arrays("dates", articles, lambda found: found.dates),
    }


def _quotable(analysed: AnalysedArticle) -> Iterator[bool]:
    """Which sentences can be an answer: no headings, captions or questions, nothing without a letter."""
    summary = analysed.article.summary
    lengths = analysed.streams[Stream.CHARACTER].lengths
    for piece, length in zip(analysed.sentences, lengths, strict=True):
        asks = summary.startswith(("?", "？"), piece.end - 1)
        yield length > 0 and piece.kind is SentenceKind.TEXT and not asks


def _text_arrays(
    name: str, articles: Sequence[AnalysedArticle], texts: Callable[[Held], Sequence[str]]
) -> dict[str, Array]:
    """What each sentence holds of a kind, a line a piece."""
    joined = [["\n".join(texts(found)).encode() for found in analysed.held] for analysed in articles]
    return {
        name: np.frombuffer(b"".join(line for found in joined for line in found), dtype=np.uint8),
        f"{name}_size": np.array([len(line) for found in joined for line in found], dtype=np.uint16),
        f"first_{name}": offsets(sum(map(len, found)) for found in joined),
    }


def _write_stream(writer: ArrayWriter, articles: Sequence[AnalysedArticle], stream: Stream) -> dict[str, int]:
    """Write one stream; how many tokens the sentences have, and the articles with their titles."""
    parts = [analysed.streams[stream] for analysed in articles]
    numbers = _Numbers()
    tokens = np.array([numbers[token] for part in parts for token in part.tokens], dtype=np.uint32)
    titles = np.array([numbers[token] for part in parts for token in part.title], dtype=np.uint32)
    hashes = np.array([token_hash(token) for token in numbers], dtype=np.uint64)
    ascending = np.argsort(hashes)
    renumbered = np.empty(len(hashes), dtype=np.uint32)
    renumbered[ascending] = np.arange(len(hashes), dtype=np.uint32)
    tokens, titles = renumbered[tokens], renumbered[titles]
    sizes = np.array([len(part.tokens) for part in parts], dtype=np.int64)
    title_sizes = np.array([len(part.title) for part in parts], dtype=np.int64)
    lengths = np.array([length for part in parts for length in part.lengths], dtype=np.int64)
    writer.add(f"{stream}_vocabulary", hashes[ascending])
    writer.add_parts(f"{stream}_tokens", number_type(len(hashes)), [tokens])
    writer.add(f"{stream}_first_token", offsets(sizes))
    writer.add(f"{stream}_length", lengths.astype(np.uint16))
    writer.add(f"{stream}_title_tokens", titles)
    writer.add(f"{stream}_first_title_token", offsets(title_sizes))
    writer.add(f"{stream}_sentence_frequency", postings.document_frequency(tokens, lengths, len(hashes)))
    counts = {"sentences": len(tokens)}
    if stream in ARTICLE_STREAMS:
        found = postings.count(tokens, sizes, titles, title_sizes, len(hashes))
        for name, array in found.arrays().items():
            writer.add(f"{stream}_{name}", array)
        counts["articles"] = int(found.article_length.sum())
    return counts


def number_type(terms: int) -> np.dtype[Any]:
    """The type of the numbers of so many terms."""
    return np.dtype(np.uint16 if terms <= FEW else np.uint32)


def offsets(lengths: Iterable[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of some pieces begins that lie one after another, and where the last ends."""
    counted = np.fromiter(lengths, dtype=np.int64)
    return np.concatenate([[0], np.cumsum(counted)]).astype(np.int64)
