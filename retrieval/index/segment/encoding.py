"""How a segment's arrays encode sentences, articles, mentions and records."""

import functools
import hashlib
import struct
import zlib
from functools import lru_cache
from itertools import starmap

import numpy as np

from retrieval.language.lexicon import token_key
from retrieval.language.mentions.mention import ORDER, Mention, Mentions
from retrieval.language.pieces import KINDS, LONGEST
from retrieval.models import AnswerKind, Article, SentenceKind, Stream
from retrieval.ragged import Array

ARTICLE_STREAMS = (Stream.WORD, Stream.BIGRAM)
"""The streams by which whole articles are found."""
STORED = {Stream.WORD: "word", Stream.CHARACTER: "character", Stream.BIGRAM: "whole"}
"""Tokens written per stream; Han bigrams are derived from characters."""
MENTION_KINDS = tuple(AnswerKind)
ENCODING = "gb18030"
"""Of the stored records: two bytes for a character, and it compresses better than UTF-8."""
HELD_BITS = 5
HELD = (1 << HELD_BITS) - 1
QUOTABLE = 7 << HELD_BITS
"""The flags of a sentence: what it holds (`mentions.BITS`), its kind; `QUOTABLE`: text that can answer."""
PLACE_BITS = LONGEST.bit_length()
"""A mention is 24 bits: where in its sentence it begins, its length, its kind."""
MENTION_TYPE = np.dtype([("low", "<u2"), ("high", "u1")])
MENTION = struct.Struct("<HB")
REMEMBERED = 4096
"""Mentions kept: of those of a few kinds and characters, near the beginning, most are met again."""


def article_order(article: str) -> int:
    """A number that orders articles the same way in every index: by their ids, not by when they came."""
    return int.from_bytes(hashlib.blake2b(article.encode(), digest_size=8).digest())


def place_of(article: Article) -> int:
    """A number that changes when a record moves to another place of the corpus, though not its content."""
    return token_key(f"{article.file}\n{article.record}")


def stored_record(article: Article) -> bytes:
    """An article as it is stored."""
    return zlib.compress(article.model_dump_json().encode(ENCODING))


def read_record(stored: bytes) -> Article:
    """A stored article."""
    return Article.model_validate_json(zlib.decompress(stored).decode(ENCODING))


@functools.cache
def sentence_kind(flags: int) -> SentenceKind:
    """The kind of a sentence by its flags."""
    return SentenceKind.TEXT if flags >= QUOTABLE else KINDS[flags >> HELD_BITS]


def stored_mentions(found: Mentions) -> Array:
    """Mentions as they are stored."""
    kinds = np.array([MENTION_KINDS.index(kind) for kind in ORDER], dtype=np.int64)[found.kinds]
    coded = found.starts | (found.ends - found.starts) << PLACE_BITS | kinds << 2 * PLACE_BITS
    stored = np.empty(len(coded), dtype=MENTION_TYPE)
    stored["low"], stored["high"] = coded & 0xFFFF, coded >> 16
    return stored


def read_mentions(stored: bytes) -> tuple[Mention, ...]:
    """Stored mentions."""
    return tuple(starmap(_mention, MENTION.iter_unpack(stored)))


@lru_cache(REMEMBERED)
def _mention(low: int, high: int) -> Mention:
    mask = (1 << PLACE_BITS) - 1
    code = low | high << 16
    start, length = code & mask, code >> PLACE_BITS & mask
    return Mention(MENTION_KINDS[code >> 2 * PLACE_BITS], start, start + length)
