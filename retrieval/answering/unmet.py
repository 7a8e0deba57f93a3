"""What a question demands and a passage does not meet."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from retrieval.answering import passages
from retrieval.index.protocol import StoredArticle
from retrieval.language.mentions.dates import DATE
from retrieval.language.mentions.years import ArticleYears, Years
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Demand, DemandKind, Question
from retrieval.questions.demands import SUPERLATIVE, is_named, kind_of_name
from retrieval.ranking.alignment import FIGURES
from retrieval.ranking.ellipsis import goes_on
from retrieval.regex import regex

BETWEEN_FIGURES = regex(r"(?<=[^\d\s])\s+(?=\d)")
"""What stands between two figures of a row (310万 4200平方公里)."""
OF_SENTENCE = frozenset({DemandKind.YEAR, DemandKind.MEASURE})
"""Demands that the sentence itself must meet."""


class Unmet(NamedTuple):
    """A demand that a passage does not meet; `instead` finds what of its kind stands there in its place."""

    demand: Demand
    instead: Callable[[], tuple[str, ...]] = tuple


class Said(NamedTuple):
    """What a sentence and what surrounds it (itself included) say to some demands, normalised.

    `figures` are the dates and numbers of the sentence with their units. What no demand looks at is empty.
    """

    sentence: str
    surroundings: str
    years: Years
    figures: Sequence[str]


def said(article: StoredArticle, number: int, demanded: Sequence[Demand]) -> Said:
    """What the sentence of an article (by its number there) and its surroundings say to some demands.

    To tell its years, the article is read.
    """
    kinds = {demand.kind for demand in demanded}
    sentence = normalise(article.text(number))
    return Said(
        sentence=sentence,
        surroundings=_surroundings(article, number, sentence) if kinds - OF_SENTENCE else "",
        years=years_of(article).of_sentence(number) if DemandKind.YEAR in kinds else Years((), ()),
        figures=_figures(article, number) if DemandKind.MEASURE in kinds else (),
    )


def _surroundings(article: StoredArticle, number: int, sentence: str) -> str:
    """The title, a sentence and what stands beside it."""
    near = passages.around(article, number, most=2 if goes_on(sentence) else 1)
    return normalise("\n".join([article.record.title, *map(article.text, near)]))


def _figures(article: StoredArticle, number: int) -> tuple[str, ...]:
    """The dates and numbers of a sentence with their units."""
    text = article.text(number)
    figures = [normalise(text[start:end]) for kind, start, end in article.mentions(number) if kind in FIGURES]
    return tuple(dict.fromkeys(piece for figure in figures for piece in BETWEEN_FIGURES.split(figure)))


def years_of(article: StoredArticle) -> ArticleYears:
    """The years of the sentences of an article."""
    return ArticleYears(article.record, article.sentences)


def unmet(
    question: Question, demanded: Sequence[Demand], said: Said, tokeniser: Tokeniser
) -> tuple[Unmet, ...]:
    """What of the demands of a question is not spoken of."""
    return tuple(
        Unmet(demand, partial(_instead, demand, question, said, tokeniser))
        for demand in demanded
        if not _is_met(demand, said)
    )


def _is_met(demand: Demand, said: Said) -> bool:
    match demand.kind:
        case DemandKind.YEAR:
            year, *references = demand.forms
            return int(year) in said.years.meant or not said.years.unknown.isdisjoint(references)
        case DemandKind.MEASURE:
            return any(re.search(demand.forms[0], figure) for figure in said.figures)
        case DemandKind.SUPERLATIVE:
            return bool(SUPERLATIVE.search(said.surroundings))
        case _:
            return is_named(demand.forms, said.surroundings)


def _instead(demand: Demand, question: Question, said: Said, tokeniser: Tokeniser) -> tuple[str, ...]:
    """What of a demand's kind the sentence has, and the question has not."""
    match demand.kind:
        case DemandKind.YEAR:
            return tuple(f"{year}年" for year in said.years.own)
        case DemandKind.MEASURE:
            figures = (one for one in said.figures if one[0].isdigit() and not DATE.fullmatch(one))
            return tuple(figure for figure in figures if figure not in question.normalised)
        case DemandKind.SUPERLATIVE:
            return ()
        case _:
            words = (word for word in tokeniser.words(said.sentence) if len(word) > 1)
            named = (word for word in words if kind_of_name(word, tokeniser) is demand.kind)
            return tuple(dict.fromkeys(word for word in named if word not in question.normalised))
