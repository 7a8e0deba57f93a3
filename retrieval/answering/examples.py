"""Questions to begin with, made of what the newest articles say."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from retrieval.answering.suggestions import Suggestion, of_text
from retrieval.index.protocol import ArticleIndex, StoredArticle
from retrieval.models import AnswerKind, Selection, SentenceKind
from retrieval.regex import regex

ARTICLES: Final = 200
"""Newest articles that are looked at."""
TRIED: Final = 20
"""Questions asked at most to find those that are answered."""
MOST: Final = 4
"""Questions that are found."""
LENGTHS: Final = range(10, 31)
"""Characters of a question that reads well on a button."""


ODD: Final = regex(r"[A-Za-z-]多少|多少[A-Za-z-]|[^\w\s，、？“”‘’《》·.,%$&+-]")
"""A figure that is a part of a name, which nobody asks for, and signs that nobody types."""
NAMED: Final = regex(r"[A-Z][A-Za-z]{2}|20\d\d|谁|哪[家所]|[《“]")
NAMES: Final = (AnswerKind.PLACE, AnswerKind.ORGANISATION, AnswerKind.PERSON)
"""What a question that stands alone begins with."""
KINDS: Final = (AnswerKind.NUMBER, AnswerKind.ORGANISATION, AnswerKind.PERSON, AnswerKind.PLACE)
"""What questions to begin with ask for, those that read best first."""


def examples(index: ArticleIndex) -> Iterator[Suggestion]:
    """Questions from the newest articles, one of each in turn; they may not all be answered."""
    rounds = zip_longest(*map(_of, index.select(Selection(), ARTICLES).articles))
    return (one for together in rounds for one in together if one is not None)


def _of(article: StoredArticle) -> Iterator[Suggestion]:
    """The questions of an article, one a sentence, the kinds that read best first."""
    made = [
        (KINDS.index(kind), Suggestion(text, article, range(number, number + 1)))
        for number, sentence in enumerate(article.sentences)
        if sentence.kind is SentenceKind.TEXT
        for kind, text in dict(_short(article, number)).items()
        if kind in KINDS
    ]
    yield from (suggestion for _, suggestion in sorted(made, key=lambda pair: pair[0]))


def _short(article: StoredArticle, number: int) -> Iterator[tuple[AnswerKind, str]]:
    """The questions of a sentence that are short, and begin with what they are about."""
    text, mentions = article.text(number), article.mentions(number)
    names = tuple(text[mention.start : mention.end] for mention in mentions if mention.kind in NAMES)
    for kind, asked in of_text(text, mentions):
        begins_well = asked.startswith(names) or NAMED.match(asked)
        if len(asked) in LENGTHS and begins_well and not ODD.search(asked):
            yield kind, asked
