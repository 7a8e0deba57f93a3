"""From analysed articles to a segment: their tokens become numbers, and the numbers are counted.

Nothing in a segment depends on the rest of the corpus (no idf, no mean length), so segments can be added,
joined and left out without touching the others, and the scores stay the same however a corpus is divided.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment import postings, schema
from retrieval.index.segment.analysis import Analysed
from retrieval.index.segment.array_file import ArrayWriter
from retrieval.index.segment.encoding import (
    ARTICLE_STREAMS,
    HELD_BITS,
    QUOTABLE,
    article_order,
    place_of,
    stored_mentions,
    stored_record,
)
from retrieval.index.segment.facets import Borne
from retrieval.index.segment.lines import line_arrays
from retrieval.index.segment.packing import narrow, packed
from retrieval.index.segment.postings import Counted, Occurrences
from retrieval.index.segment.schema import Field
from retrieval.language.lexicon import Lexicon, Numbered, TokenKeys, pair_keys
from retrieval.language.streams import Streams, Tokens
from retrieval.models import Stream
from retrieval.ragged import Array, offsets


def write(path: Path, analysed: Analysed) -> str:
    """Write a segment; its digest."""
    writer = ArrayWriter(path)
    for field, array in (_article_arrays(analysed) | _sentence_arrays(analysed)).items():
        writer.add(field, array)
    tokens = {stream: _write_stream(writer, analysed, stream) for stream in Stream}
    return writer.close(
        {"articles": len(analysed.articles), "sentences": len(analysed.sentences.texts), "tokens": tokens}
    )


def _article_arrays(analysed: Analysed) -> dict[Field, Array]:
    articles = analysed.articles
    records = [stored_record(article) for article in articles]
    ids = [article.id for article in articles]
    numbers = np.array([int(name, 16) for name in ids], dtype=np.uint64)
    published = [article.published.toordinal() if article.published else 0 for article in articles]
    return {
        schema.RECORDS: np.frombuffer(b"".join(records), dtype=np.uint8),
        schema.FIRST_RECORD: narrow(offsets(map(len, records))),
        schema.ID: numbers,
        schema.BY_ID: np.argsort(numbers).astype(np.uint32),
        schema.ORDER: np.array([article_order(name) for name in ids], dtype=np.uint64),
        schema.PLACE: np.array([place_of(article) for article in articles], dtype=np.uint64),
        schema.PUBLISHED: np.array(published, dtype=np.uint32),
        schema.FIRST: narrow(analysed.sentences.first),
        schema.TITLE_LINE: analysed.title_lines,
        **line_arrays(analysed.lines, analysed.title_lines, analysed.sentences.first),
        **Borne.of(articles).arrays(),
    }


def _sentence_arrays(analysed: Analysed) -> dict[Field, Array]:
    pieces, found = analysed.sentences, analysed.mentions
    counts = np.bincount(found.sentences, minlength=len(pieces.texts))
    return {
        schema.SENTENCE_START: narrow(pieces.starts),
        schema.SENTENCE_SIZE: narrow(pieces.ends - pieces.starts),
        schema.PARAGRAPH: narrow(pieces.paragraphs),
        schema.LINE: analysed.lines,
        schema.FLAGS: found.bits | pieces.kinds << HELD_BITS | analysed.is_quotable * np.uint8(QUOTABLE),
        schema.MENTIONS: stored_mentions(found),
        schema.MENTION_COUNT: narrow(counts),
        schema.FIRST_MENTION: narrow(offsets(counts)[pieces.first]),
        **_text_arrays(schema.FIGURES["numbers"], analysed, found.numbers),
        **_text_arrays(schema.FIGURES["dates"], analysed, found.dates),
    }


def _text_arrays(
    fields: schema.Texts, analysed: Analysed, texts: Sequence[Sequence[str]]
) -> dict[Field, Array]:
    """What each sentence holds of a kind, a line a piece."""
    joined = ["\n".join(pieces).encode() for pieces in texts]
    sizes = np.fromiter(map(len, joined), dtype=np.int64)
    return {
        fields.values: np.frombuffer(b"".join(joined), dtype=np.uint8),
        fields.sizes: narrow(sizes),
        fields.first: narrow(offsets(sizes)[analysed.sentences.first]),
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
    fields = schema.STREAMS[stream]
    add_numbers(writer, fields.tokens, [tokens[len(tokens) - len(stored.names) :]], len(lexicon))
    writer.add(fields.tokens.first, narrow(offsets(stored.lengths)[analysed.sentences.first]))
    writer.add(fields.sizes, narrow(stored.lengths))
    if stream is Stream.BIGRAM:
        writer.add(schema.PAIRS, np.packbits(analysed.streams.pairs, bitorder="little"))
        writer.add(fields.lengths, narrow(lengths))
    add_numbers(writer, fields.titles, [titles], len(lexicon))
    writer.add(fields.titles.first, narrow(offsets(title_sizes)))
    if stream not in ARTICLE_STREAMS:
        counted = postings.in_sentences(found, len(lexicon))
        return add_terms(writer, stream, lexicon, counted) | {"sentences": len(tokens)}
    counted = postings.count(found, articles, (titles, title_articles), len(lexicon))
    sizes = np.bincount(articles, lengths, count).astype(np.int64) + postings.TITLE_REPEATS * title_sizes
    return add_terms(writer, stream, lexicon, counted, sizes) | {"sentences": len(tokens)}


def _tokens(streams: Streams, stream: Stream) -> tuple[Tokens, TokenKeys, NDArray[np.int64]]:
    """The tokens of a stream that are stored, the names of all, those last, and the text of each."""
    stored = {Stream.WORD: streams.words, Stream.CHARACTER: streams.characters, Stream.BIGRAM: streams.whole}
    rows = stored[stream].rows()
    if stream is not Stream.BIGRAM:
        return stored[stream], stored[stream].names, rows
    pairs, places = pair_keys(streams.characters.names, streams.pairs)
    return (
        streams.whole,
        np.concatenate([pairs, streams.whole.names]),
        np.concatenate([streams.characters.rows()[places], rows]),
    )


def add_numbers(writer: ArrayWriter, fields: schema.Numbered, parts: Iterable[Array], terms: int) -> None:
    """Write numbers of so many terms (see `Numbers`), that come in parts: those are gone through twice."""
    low, high = packed(parts, max(terms - 1, 0))
    writer.add_parts(fields.low, *low)
    writer.add_parts(fields.high, *high)


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
    fields = schema.STREAMS[stream]
    writer.add(fields.short, lexicon.short)
    writer.add(fields.long, lexicon.long)
    for name, array in postings.of_terms(counted).items():
        writer.add(fields.terms[name], array)
    if article_length is not None:
        for name, array in postings.of_articles(counted, article_length).items():
            writer.add(fields.postings[name], array)
    return {} if article_length is None else {"articles": int(article_length.sum())}
