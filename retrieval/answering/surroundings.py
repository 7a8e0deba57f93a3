"""What a sentence of an index says together with what surrounds it, as far as a question may insist on it."""

from retrieval.answering import passages
from retrieval.index.protocol import ArticleIndex, Key
from retrieval.language.mentions import years
from retrieval.language.mentions.years import Years
from retrieval.language.tokeniser import normalise
from retrieval.questions.demands import Said
from retrieval.ranking.alignment import FIGURES


def said(index: ArticleIndex, key: Key, number: int) -> Said:
    """What the sentence of an article (by its number there) and its surroundings say."""
    article, text = index.article(key), index.text(key, number)
    near = passages.context(article, index.sentences(key), number, around=1)
    spans = (mention for mention in index.mentions(key, number) if mention.kind in FIGURES)
    return Said(
        sentence=normalise(text),
        surroundings=normalise("\n".join([article.title, *(sentence.text for sentence in near)])),
        years=years_of(index, key, number),
        figures=tuple(dict.fromkeys(normalise(text[span.start : span.end]) for span in spans)),
    )


def years_of(index: ArticleIndex, key: Key, number: int) -> Years:
    """The years of the sentence of an article."""
    return years.of_sentence(index.article(key), index.sentences(key), number)
