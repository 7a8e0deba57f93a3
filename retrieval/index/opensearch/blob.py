"""An article as one document carries it: all that is read of it once it is found, packed small.

The arrays are those of a segment (`retrieval.index.segment.schema`), cut to one article; its tokens are
numbered by the names of the article's own terms.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.index.opensearch.packing import PackedArrays, numbered, pack
from retrieval.index.segment import schema
from retrieval.index.segment.reader import Segment
from retrieval.index.segment.schema import Field
from retrieval.language.lexicon import Lexicon, TokenKeys, pair_keys
from retrieval.models import Stream
from retrieval.ragged import Array

QUICKLY: Final = 1
"""The level of compression: a higher one takes longer and saves no more."""
VALUES: Final = (schema.RECORDS, *(texts.values for texts in schema.FIGURES.values()))
MENTIONS: Final = "mentions"
TITLE: Final = schema.TITLE_LINE.name
PAIRS: Final = schema.PAIRS.name


def tokens_of(stream: Stream) -> str:
    """The tokens of an article's sentences."""
    return f"{stream}_tokens"


def titles_of(stream: Stream) -> str:
    """The tokens of its title."""
    return f"{stream}_titles"


def short_of(stream: Stream) -> str:
    """The names of its terms, of one or two characters."""
    return f"{stream}_short"


def long_of(stream: Stream) -> str:
    """The digests of its longer terms."""
    return f"{stream}_long"


FIELDS: Final = numbered(
    [
        *(field.name for field in (*VALUES, *schema.OF_SENTENCES)),
        *(MENTIONS, TITLE, PAIRS),
        *(name(stream) for stream in Stream for name in (tokens_of, titles_of, short_of, long_of)),
        *(fields.sizes.name for fields in schema.STREAMS.values()),
        schema.STREAMS[Stream.BIGRAM].lengths.name,
    ]
)


def lexicon(short: Array, long: Array) -> Lexicon:
    """The names of an article's terms, from the arrays that hold them."""
    return Lexicon(short.astype(np.uint32), long.astype(np.uint64))


def pairs(arrays: PackedArrays) -> tuple[TokenKeys, NDArray[np.int64]]:
    """The names of the bigrams that an article's characters make, and the sentence of each."""
    characters = Stream.CHARACTER
    names = lexicon(arrays[short_of(characters)], arrays[long_of(characters)]).every()
    tokens = names[arrays[tokens_of(characters)].astype(np.int64)]
    sizes = arrays[schema.STREAMS[characters].sizes.name]
    is_pair = np.unpackbits(arrays[PAIRS], count=len(tokens), bitorder="little").astype(np.bool_)
    found, places = pair_keys(tokens, is_pair)
    return found, np.repeat(np.arange(len(sizes)), sizes)[places]


def opened(content: bytes) -> PackedArrays:
    """The arrays of an article."""
    return PackedArrays(FIELDS, zlib.decompress(content))


def blobs(segment: Segment) -> Iterator[bytes]:
    """The articles of a segment, each packed."""
    sentences = segment.first
    arrays = {field: segment.array(field) for field in (*schema.OF_SENTENCES, *_counts())}
    values = [
        (field, segment.array(field), segment.array(field.begins)) for field in (*VALUES, schema.MENTIONS)
    ]
    title_lines = segment.array(schema.TITLE_LINE)
    for number in range(segment.article_count):
        rows = slice(int(sentences[number]), int(sentences[number + 1]))
        packed = {field.name: array[rows] for field, array in arrays.items()}
        for field, array, first in values:
            held = array[int(first[number]) : int(first[number + 1])]
            packed[field.name] = held.view(np.uint8) if field is schema.MENTIONS else held
        packed[TITLE] = title_lines[number : number + 1]
        packed[PAIRS] = np.packbits(
            segment.is_pair(segment.token_places(Stream.CHARACTER, np.array([number]))), bitorder="little"
        )
        for stream in Stream:
            packed |= _tokens(segment, stream, number)
        yield zlib.compress(pack(FIELDS, packed), level=QUICKLY)


def _counts() -> Iterator[Field]:
    """How many tokens sentences have."""
    for stream in Stream:
        yield schema.STREAMS[stream].sizes
    yield schema.STREAMS[Stream.BIGRAM].lengths


def _tokens(segment: Segment, stream: Stream, number: int) -> Mapping[str, Array]:
    """The tokens of one stream of an article, numbered by its own terms."""
    fields = schema.STREAMS[stream]
    own, titles = (_of(segment, numbers, number) for numbers in (fields.tokens, fields.titles))
    terms, numbers = np.unique(np.concatenate([own, titles]), return_inverse=True)
    lexicon = Lexicon.of(segment.lexicons[stream].names(terms.astype(np.int64)))
    return {
        tokens_of(stream): numbers[: len(own)],
        titles_of(stream): numbers[len(own) :],
        short_of(stream): lexicon.short,
        long_of(stream): lexicon.long,
    }


def _of(segment: Segment, fields: schema.Numbered, number: int) -> NDArray[np.int64]:
    first = segment.array(fields.first)
    places = slice(int(first[number]), int(first[number + 1]))
    return segment.numbers(fields).at(places).astype(np.int64)
