"""An article, cut and counted once: what an index stores of it and never works out again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval import mentions, sentences
from retrieval.mentions import Mention
from retrieval.models import Article, Sentence, Stream
from retrieval.text import Tokeniser, normalise


def token_hash(token: str) -> int:
    """A token's name in an index: 64 bits, so that no dictionary need be loaded to look it up."""
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class TokenStream:
    """One stream of an article: the hashes of all its sentences' tokens, one after another.

    `lengths` has the number of tokens of each sentence, `title` the hashes of the title's tokens.
    """

    hashes: NDArray[np.uint64]
    lengths: NDArray[np.int64]
    title: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article with its sentences, their tokens, and what each of them mentions."""

    article: Article
    sentences: tuple[Sentence, ...]
    streams: Mapping[Stream, TokenStream]
    mentions: tuple[tuple[Mention, ...], ...]
    holds: NDArray[np.uint8]


def analyse(article: Article, tokeniser: Tokeniser) -> AnalysedArticle:
    """Cut an article into sentences and count what they hold."""
    pieces = tuple(sentences.split(article.summary))
    texts = [article.summary[piece.start : piece.end] for piece in pieces]
    normalised = [normalise(text) for text in texts]
    title = normalise(article.title)
    held = [mentions.find(text, tokeniser) for text in texts]
    return AnalysedArticle(
        article=article,
        sentences=pieces,
        streams={stream: _stream(normalised, title, stream, tokeniser) for stream in Stream},
        mentions=tuple(found.mentions for found in held),
        holds=np.array([found.bits for found in held], dtype=np.uint8),
    )


def _stream(normalised: list[str], title: str, stream: Stream, tokeniser: Tokeniser) -> TokenStream:
    tokens = [tokeniser.tokens(text, stream) for text in normalised]
    return TokenStream(
        hashes=np.array([token_hash(token) for found in tokens for token in found], dtype=np.uint64),
        lengths=np.array([len(found) for found in tokens], dtype=np.int64),
        title=np.array([token_hash(token) for token in tokeniser.tokens(title, stream)], dtype=np.uint64),
    )
