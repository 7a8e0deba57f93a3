"""From analysed articles to a segment: their tokens become numbers, and the numbers are counted.

Nothing in a segment depends on the rest of the corpus (no idf, no mean length), so segments can be added,
joined and left out without touching the others, and the scores stay the same however a corpus is divided.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import postings
from retrieval.index.segment.analysis import Analysed
from retrieval.index.segment.array_file import ArrayWriter
from retrieval.index.segment.facets import Borne
from retrieval.index.segment.lines import line_arrays
from retrieval.index.segment.packing import narrow, packed
from retrieval.index.segment.postings import Counted, Occurrences
from retrieval.index.segment.schema import (
    ARTICLE_STREAMS,
    HELD_BITS,
    QUOTABLE,
    STORED,
    article_order,
    place_of,
    stored_mentions,
    stored_record,
)
from retrieval.language.lexicon import Lexicon, Names, Numbered
from retrieval.language.streams import Streams, Tokens, pair_names
from retrieval.models import Stream
from retrieval.ragged import Array, offsets


def write(path: Path, analysed: Analysed) -> str:
    """Write a segment; its digest."""
    writer = ArrayWriter(path)
    for name, array in _article_arrays(analysed).items():
        writer.add(name, array)
    for name, array in _sentence_arrays(analysed).items():
        writer.add(name, array)
    tokens = {stream: _write_stream(writer, analysed, stream) for stream in Stream}
    return writer.close(
        {"articles": len(analysed.articles), "sentences": len(analysed.sentences.texts), "tokens": tokens}
    )


def _article_arrays(analysed: Analysed) -> dict[str, Array]:
    articles = analysed.articles
    records = [stored_record(article) for article in articles]
    ids = [article.id for article in articles]
    numbers = np.array([int(name, 16) for name in ids], dtype=np.uint64)
    published = [article.published.toordinal() if article.published else 0 for article in articles]
    return {
        "records": np.frombuffer(b"".join(records), dtype=np.uint8),
        "first_record": narrow(offsets(map(len, records))),
        "id": numbers,
        "by_id": np.argsort(numbers).astype(np.uint32),
        "order": np.array([article_order(name) for name in ids], dtype=np.uint64),
        "place": np.array([place_of(article) for article in articles], dtype=np.uint64),
        "published": np.array(published, dtype=np.uint32),
        "first": narrow(analysed.sentences.first),
        "title_line": analysed.title_lines,
        **line_arrays(analysed.lines, analysed.title_lines, analysed.sentences.first),
        **Borne.of(articles).arrays(),
    }


def _sentence_arrays(analysed: Analysed) -> dict[str, Array]:
    pieces, found = analysed.sentences, analysed.mentions
    counts = np.bincount(found.sentences, minlength=len(pieces.texts))
    return {
        "sentence_start": narrow(pieces.starts),
        "sentence_size": narrow(pieces.ends - pieces.starts),
        "paragraph": narrow(pieces.paragraphs),
        "line": analysed.lines,
        "flags": found.bits | pieces.kinds << HELD_BITS | analysed.is_quotable * np.uint8(QUOTABLE),
        "mentions": stored_mentions(found),
        "mention_count": narrow(counts),
        "first_mention": narrow(offsets(counts)[pieces.first]),
        **_text_arrays("numbers", analysed, found.numbers),
        **_text_arrays("dates", analysed, found.dates),
    }


def _text_arrays(name: str, analysed: Analysed, texts: Sequence[Sequence[str]]) -> dict[str, Array]:
    """What each sentence holds of a kind, a line a piece."""
    joined = ["\n".join(pieces).encode() for pieces in texts]
    sizes = np.fromiter(map(len, joined), dtype=np.int64)
    return {
        name: np.frombuffer(b"".join(joined), dtype=np.uint8),
        f"{name}_size": narrow(sizes),
        f"first_{name}": narrow(offsets(sizes)[analysed.sentences.first]),
    }


def _write_stream(writer: ArrayWriter, analysed: Analysed, stream: Stream) -> dict[str, int]:
    """Write one stream; how many tokens the sentences have, and the articles with their titles."""
    stored, names, rows = _tokens(analysed.streams, stream)
    _, title_names, title_articles = _tokens(analysed.titles, stream)
    numbered = Numbered.of(np.concatenate([names, title_names]))
    lexicon = numbered.lexicon
    tokens, titles = np.split(numbered.numbers, [len(names)])
    found = Occurrences.of(tokens, rows, numbered.order[numbered.order < len(names)])
    by_article = np.argsort(title_articles, kind="stable")
    titles, title_articles = titles[by_article], title_articles[by_article]
    count = len(analysed.articles)
    articles = np.repeat(np.arange(count), np.diff(analysed.sentences.first))
    lengths = np.bincount(rows, minlength=len(articles))
    title_sizes = np.bincount(title_articles, minlength=count)
    name = STORED[stream]
    add_numbers(writer, f"{name}_tokens", [tokens[len(tokens) - len(stored.names) :]], len(lexicon))
    writer.add(f"{name}_first_token", narrow(offsets(stored.lengths)[analysed.sentences.first]))
    writer.add(f"{name}_length", narrow(stored.lengths))
    if stream is Stream.BIGRAM:
        writer.add("pairs", np.packbits(analysed.streams.pairs, bitorder="little"))
        writer.add(f"{stream}_length", narrow(lengths))
    add_numbers(writer, f"{stream}_title_tokens", [titles], len(lexicon))
    writer.add(f"{stream}_first_title_token", narrow(offsets(title_sizes)))
    if stream not in ARTICLE_STREAMS:
        counted = postings.in_sentences(found, len(lexicon))
        return add_terms(writer, stream, lexicon, counted) | {"sentences": len(tokens)}
    counted = postings.count(found, articles, (titles, title_articles), len(lexicon))
    sizes = np.bincount(articles, lengths, count).astype(np.int64) + postings.TITLE_REPEATS * title_sizes
    return add_terms(writer, stream, lexicon, counted, sizes) | {"sentences": len(tokens)}


def _tokens(streams: Streams, stream: Stream) -> tuple[Tokens, Names, NDArray[np.int64]]:
    """The tokens of a stream that are stored, the names of all, those last, and the text of each."""
    stored = {Stream.WORD: streams.words, Stream.CHARACTER: streams.characters, Stream.BIGRAM: streams.whole}
    rows = stored[stream].rows()
    if stream is not Stream.BIGRAM:
        return stored[stream], stored[stream].names, rows
    pairs, places = pair_names(streams.characters.names, streams.pairs)
    return (
        streams.whole,
        np.concatenate([pairs, streams.whole.names]),
        np.concatenate([streams.characters.rows()[places], rows]),
    )


def add_numbers(writer: ArrayWriter, name: str, parts: Iterable[Array], terms: int) -> None:
    """Write numbers of so many terms (see `Numbers`), that come in parts: those are gone through twice."""
    low, high = packed(parts, max(terms - 1, 0))
    writer.add_parts(name, *low)
    writer.add_parts(f"{name}_high", *high)


def add_terms(
    writer: ArrayWriter,
    stream: Stream,
    lexicon: Lexicon,
    counted: Counted,
    article_length: NDArray[np.int64] | None = None,
) -> dict[str, int]:
    """Write the terms of a stream and, where articles are found by it, their postings.

    Returns how many tokens the articles have.
    """
    arrays: dict[str, Array] = {"short": lexicon.short, "long": lexicon.long, **postings.of_terms(counted)}
    if article_length is not None:
        arrays |= postings.of_articles(counted, article_length)
    for name, array in arrays.items():
        writer.add(f"{stream}_{name}", array)
    return {} if article_length is None else {"articles": int(article_length.sum())}
