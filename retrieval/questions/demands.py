"""What a question insists on: a year, names, a measure, a superlative; an answer must speak of it.

What is demanded is looked for in the sentence and in what surrounds it: its neighbours, its heading, the
title, for a year also the text before and the date. What is not found makes an answer less sure
(`retrieval.confidence`): a year most, since the figures of another year are no answer; a name much where
another of its kind stands in its place (上海 where 杭州 was asked for), little where it may only go by
another form.
"""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from retrieval.language.mentions.patterns import COMMON
from retrieval.language.mentions.years import references, spoken
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import AnswerKind, Demand, DemandKind, Question, Stream, Term
from retrieval.questions.answer_type import own_part
from retrieval.questions.measures import measure_asked
from retrieval.regex import regex

NAMES = {
    "ns": DemandKind.PLACE,
    "nt": DemandKind.ORGANISATION,
    "nr": DemandKind.NAME,
    "nz": DemandKind.NAME,
}
"""Parts of speech of names (ICTPOS, jieba's set)."""
SHORTENED = "省市县区"
"""What a place's name may be written without."""
SUPERLATIVE = regex(r"最(?![后近终初新])\w|第一(?![次届季代])|首[个家座次位部条创]|之最|冠军?|居首|领先")
"""In the words of a question or of a text: one may say 第一 what the other calls 首个 or 最."""


def demands(question: Question, tokeniser: Tokeniser) -> tuple[Demand, ...]:
    """What a question insists on, each thing once."""
    found = [*_years(question), *_names(question, tokeniser), *_measure(question)]
    if superlative := SUPERLATIVE.search(question.normalised):
        found.append(Demand(kind=DemandKind.SUPERLATIVE, text=superlative.group()))
    return tuple(dict.fromkeys(found))


def names(question: Question) -> tuple[tuple[str, ...], ...]:
    """What a question names, each by all that a text which names it may have."""
    kinds = NAMES.values()
    named = dict.fromkeys(demand.forms for demand in question.demands if demand.kind in kinds)
    return tuple(tuple(map(_stem, forms)) for forms in named)


def is_named(forms: Sequence[str], text: str) -> bool:
    """Whether a normalised text has a name, in any of its forms."""
    return any(_stem(form) in text for form in forms)


def _years(question: Question) -> Iterator[Demand]:
    for year in spoken(question.normalised):
        said = sorted(references(normalise(question.text)))
        yield Demand(kind=DemandKind.YEAR, text=f"{year}年", forms=(str(year), *said))


def _names(question: Question, tokeniser: Tokeniser) -> Iterator[Demand]:
    for term in question.terms[Stream.WORD]:
        kind = _named(term, tokeniser)
        if kind is not None:
            yield Demand(kind=kind, text=term.token, forms=tuple(form for form, _ in term.alternatives))


def _named(term: Term, tokeniser: Tokeniser) -> DemandKind | None:
    """What a term names: by its likeliest form, since an English word names what it is translated by."""
    form = max(term.alternatives, key=itemgetter(1))[0]
    if len(form) < 2:  # noqa: PLR2004  a single character is hardly a name
        return None
    if form.isascii() and form.isalpha():
        return DemandKind.NAME
    return kind_of_name(form, tokeniser)


def kind_of_name(word: str, tokeniser: Tokeniser) -> DemandKind | None:
    """What a Chinese word names."""
    return None if word in COMMON else NAMES.get(tokeniser.part_of_speech(word)[:2])


def _measure(question: Question) -> Iterator[Demand]:
    measure = measure_asked(own_part(question.normalised)) if question.kind is AnswerKind.NUMBER else None
    if measure is not None:
        yield Demand(kind=DemandKind.MEASURE, text=measure.words, forms=(measure.pattern,))


def _stem(name: str) -> str:
    """A place's name as it may be written."""
    stem = name.rstrip(SHORTENED)
    return stem if len(stem) > 1 else name
