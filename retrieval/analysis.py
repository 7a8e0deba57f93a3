"""An article, cut and counted once: what an index stores of it and never works out again."""

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval import mentions, sentences
from retrieval.mentions import Held
from retrieval.models import Article, Sentence, Stream
from retrieval.text import Tokeniser, normalise


@dataclass(frozen=True, slots=True)
class TokenStream:
    """One stream of an article: all its sentences' tokens, one after another.

    `lengths` has the number of tokens of each sentence, `title` the title's tokens.
    """

    tokens: list[str]
    lengths: list[int]
    title: list[str]


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article with its sentences, their tokens, and what each of them mentions."""

    article: Article
    sentences: tuple[Sentence, ...]
    streams: Mapping[Stream, TokenStream]
    held: tuple[Held, ...]


def analyse(article: Article, tokeniser: Tokeniser) -> AnalysedArticle:
    """Cut an article into sentences and count what they hold."""
    pieces = tuple(sentences.split(article.summary))
    texts = [article.summary[piece.start : piece.end] for piece in pieces]
    cut = [tokeniser.streams(normalise(text)) for text in texts]
    title = tokeniser.streams(normalise(article.title))
    return AnalysedArticle(
        article=article,
        sentences=pieces,
        streams={
            stream: TokenStream(
                tokens=[token for found in cut for token in found[stream]],
                lengths=[len(found[stream]) for found in cut],
                title=title[stream],
            )
            for stream in Stream
        },
        held=tuple(mentions.find(text, tokeniser) for text in texts),
    )
