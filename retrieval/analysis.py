"""Articles, cut and counted once: what an index stores of them and never works out again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval import mentions, sentences
from retrieval.mentions import Mentions
from retrieval.models import Article, Sentence, SentenceKind
from retrieval.packing import offsets
from retrieval.streams import Streams, streams
from retrieval.text import Tokeniser, normalise_all
from retrieval.texts import Texts


@dataclass(frozen=True, slots=True)
class Analysed:
    """Articles with their sentences, and what each of these holds.

    The sentences of article `a` are those from `first[a]` to `first[a + 1]`.
    """

    articles: Sequence[Article]
    first: NDArray[np.int64]
    sentences: Sequence[Sentence]
    is_quotable: NDArray[np.bool_]
    streams: Streams
    titles: Streams
    mentions: Mentions


def analyse(articles: Sequence[Article], tokeniser: Tokeniser) -> Analysed:
    """Cut articles into sentences and count what they hold."""
    split = [sentences.split(article.summary) for article in articles]
    texts = [
        article.summary[piece.start : piece.end]
        for article, pieces in zip(articles, split, strict=True)
        for piece in pieces
    ]
    pieces = [piece for found in split for piece in found]
    normalised = normalise_all([*texts, *(article.title for article in articles)])
    together = Texts.of(normalised[: len(texts)])
    cut = tokeniser.tagged_all(together.text)
    of_sentences = streams(together, tokeniser, cut)
    return Analysed(
        articles=articles,
        first=offsets(map(len, split)),
        sentences=pieces,
        is_quotable=_quotable(texts, pieces, of_sentences.characters.lengths),
        streams=of_sentences,
        titles=streams(Texts.of(normalised[len(texts) :]), tokeniser),
        mentions=mentions.find_all(texts, together, cut),
    )


def _quotable(
    texts: Sequence[str], pieces: Sequence[Sentence], lengths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which sentences can be an answer: no headings, captions or questions, nothing without a letter."""
    is_text = [
        piece.kind is SentenceKind.TEXT and not text.endswith(("?", "？"))
        for text, piece in zip(texts, pieces, strict=True)
    ]
    return np.array(is_text, dtype=np.bool_) & (lengths > 0)
