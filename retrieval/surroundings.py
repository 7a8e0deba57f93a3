"""What a sentence of an index says together with what surrounds it, as far as a question may insist on it."""

from retrieval import passages, years
from retrieval.alignment import FIGURES
from retrieval.demands import Said
from retrieval.evidence import ArticleIndex, Key
from retrieval.text import normalise
from retrieval.years import Years


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
