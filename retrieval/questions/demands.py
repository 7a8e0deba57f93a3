"""What a question insists on: a year, names, a measure, a superlative; an answer must speak of it.

What is demanded is looked for in the sentence and in what surrounds it: its neighbours, its heading, the
title, for a year also the text before and the date. What is not found makes an answer less sure
(`retrieval.confidence`): a year most, since the figures of another year are no answer; a name much where
another of its kind stands in its place (上海 where 杭州 was asked for), little where it may only go by
another form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.language.mentions.dates import DATE
from retrieval.language.mentions.names import COMMON
from retrieval.language.mentions.years import Years, spoken
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import AnswerKind, Demand, DemandKind, Model, Question, Stream, Term
from retrieval.questions.units import measure_asked

NAMES = {
    "ns": DemandKind.PLACE,
    "nt": DemandKind.ORGANISATION,
    "nr": DemandKind.NAME,
    "nz": DemandKind.NAME,
}
"""Parts of speech of names (ICTPOS, jieba's set)."""
SHORTENED = "省市县区"
"""What a place's name may be written without."""
SUPERLATIVE = re.compile(r"最(?![后近终初])\w|第一(?![次届季代])|首[个家座次位部条创]|之最|冠军?|居首|领先")
"""In the words of a question or of a text: one may say 第一 what the other calls 首个 or 最."""


class Unmet(Model):
    """A demand that a passage does not meet, and what of the same kind stands there in its place."""

    demand: Demand
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence and what surrounds it (itself included) say, normalised.

    `figures` are the dates and numbers of the sentence with their units.
    """

    sentence: str
    surroundings: str
    years: Years
    figures: Sequence[str]


def demands(question: Question, tokeniser: Tokeniser) -> tuple[Demand, ...]:
    """What a question insists on, each thing once."""
    found = [*_years(question), *_names(question, tokeniser), *_measure(question)]
    if superlative := SUPERLATIVE.search(question.normalised):
        found.append(Demand(kind=DemandKind.SUPERLATIVE, text=superlative.group()))
    return tuple(dict.fromkeys(found))


def names(question: Question) -> tuple[tuple[str, ...], ...]:
    """What a question names, each with all that it goes by."""
    kinds = NAMES.values()
    return tuple(dict.fromkeys(demand.forms for demand in question.demands if demand.kind in kinds))


def is_named(forms: Sequence[str], text: str) -> bool:
    """Whether a normalised text has a name, in any of its forms."""
    return any(_stem(form) in text for form in forms)


def _years(question: Question) -> Iterator[Demand]:
    for year in spoken(question.normalised):
        yield Demand(kind=DemandKind.YEAR, text=f"{year}年", forms=(str(year),))


def _names(question: Question, tokeniser: Tokeniser) -> Iterator[Demand]:
    for term in question.terms[Stream.WORD]:
        kind = _named(term, tokeniser)
        if kind is not None:
            yield Demand(kind=kind, text=term.token, forms=tuple(form for form, _ in term.alternatives))


def _named(term: Term, tokeniser: Tokeniser) -> DemandKind | None:
    """What a term names: by its likeliest form, since an English word names what it is translated by."""
    form = max(term.alternatives, key=lambda alternative: alternative[1])[0]
    if len(form) < 2:  # noqa: PLR2004  a single character is hardly a name
        return None
    if form.isascii() and form.isalpha():
        return DemandKind.NAME
    return _kind(form, tokeniser)


def _kind(word: str, tokeniser: Tokeniser) -> DemandKind | None:
    """What a Chinese word names."""
    return None if word in COMMON else NAMES.get(tokeniser.part_of_speech(word)[:2])


def _measure(question: Question) -> Iterator[Demand]:
    measure = measure_asked(question) if question.kind is AnswerKind.NUMBER else None
    if measure is not None:
        yield Demand(kind=DemandKind.MEASURE, text=measure.words, forms=(measure.unit.pattern,))


def unmet(
    question: Question, demanded: Sequence[Demand], said: Said, tokeniser: Tokeniser
) -> tuple[Unmet, ...]:
    """What of the demands of a question is not spoken of."""
    return tuple(
        Unmet(demand=demand, instead=_instead(demand, question, said, tokeniser))
        for demand in demanded
        if not _is_met(demand, said)
    )


def _is_met(demand: Demand, said: Said) -> bool:
    match demand.kind:
        case DemandKind.YEAR:
            return int(demand.forms[0]) in said.years.meant
        case DemandKind.MEASURE:
            return any(re.search(demand.forms[0], figure) for figure in said.figures)
        case DemandKind.SUPERLATIVE:
            return bool(SUPERLATIVE.search(said.surroundings))
        case _:
            return is_named(demand.forms, said.surroundings)


def _stem(name: str) -> str:
    """A place's name as it may be written."""
    stem = name.rstrip(SHORTENED)
    return stem if len(stem) > 1 else name


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
            named = (word for word in words if _kind(word, tokeniser) is demand.kind)
            return tuple(dict.fromkeys(word for word in named if word not in question.normalised))
