"""Articles, cut and counted once: what an index stores of them and never works out again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.segment.lines import line_digests, title_digests
from retrieval.language import sentences
from retrieval.language.batch import Texts
from retrieval.language.mentions import extraction
from retrieval.language.mentions.mention import Mentions
from retrieval.language.normalise import normalise_all
from retrieval.language.pieces import KINDS
from retrieval.language.sentences import Pieces
from retrieval.language.streams import Streams, streams
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Article, SentenceKind


@dataclass(frozen=True, slots=True)
class Analysed:
    """Articles with their sentences, and what each of these holds."""

    articles: Sequence[Article]
    sentences: Pieces
    is_quotable: NDArray[np.bool_]
    streams: Streams
    titles: Streams
    mentions: Mentions
    lines: NDArray[np.uint32]
    title_lines: NDArray[np.uint32]


def analyse(articles: Sequence[Article], tokeniser: Tokeniser) -> Analysed:
    """Cut articles into sentences and count what they hold."""
    pieces = sentences.split_all([article.summary for article in articles])
    counted = _counted(pieces)
    normalised = normalise_all([*counted, *(article.title for article in articles)])
    together = Texts.of(normalised[: len(pieces.texts)])
    cut = tokeniser.tagged(together.text)
    of_sentences = streams(together, tokeniser, cut)
    return Analysed(
        articles=articles,
        sentences=pieces,
        is_quotable=_quotable(pieces, of_sentences.characters.lengths),
        streams=of_sentences,
        titles=streams(Texts.of(normalised[len(pieces.texts) :]), tokeniser),
        mentions=extraction.find_all(counted, together, cut),
        lines=line_digests(normalised[: len(pieces.texts)]),
        title_lines=title_digests(normalised[len(pieces.texts) :]),
    )


def _counted(pieces: Pieces) -> list[str]:
    """The sentences as far as they count: of boilerplate nothing does."""
    is_counted = pieces.kinds != KINDS.index(SentenceKind.BOILERPLATE)
    return [text if counts else "" for text, counts in zip(pieces.texts, is_counted.tolist(), strict=True)]


def _quotable(pieces: Pieces, lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which sentences can be an answer: text that is no question and has a letter."""
    is_question = np.array([text.endswith(("?", "？")) for text in pieces.texts], dtype=np.bool_)
    is_text: NDArray[np.bool_] = pieces.kinds == KINDS.index(SentenceKind.TEXT)
    return is_text & ~is_question & (lengths > 0)
