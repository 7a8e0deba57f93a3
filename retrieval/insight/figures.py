"""Figures across sources: what other articles say of the figure that an answer gives.

Two figures are put beside each other only where both measure the same thing of the same subject in the same
unit: every word that one is said of must stand in or around the other's sentence. A wrong pair is worse than
none.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from retrieval.index.protocol import StoredArticle
from retrieval.insight.claims import Claim, Telling
from retrieval.insight.copies import Copies
from retrieval.insight.measured import measures, measures_in_order, scopes
from retrieval.insight.sources import Source
from retrieval.language.mentions.designations import Designation
from retrieval.language.mentions.periods import Period
from retrieval.language.normalise import align, normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Model, Question, Span, Stream
from retrieval.questions.slots import slot_asked

SENTENCES = 120
"""Sentences that are looked through for others that give the same figure."""
LATELY = 7
"""Days between two publications that tell of one time, where neither says which."""
COMPARABLE: tuple[Callable[[Claim], object], ...] = (
    lambda claim: claim.amount.unit,
    lambda claim: (claim.measures, claim.noun),
    lambda claim: (claim.basis, claim.rate, claim.share_of),
    lambda claim: (claim.seasons, claim.is_planned),
)
"""What two claims must have in common."""
ENDINGS = "省市县区州"
LONG_WORD = 2


class Relation(StrEnum):
    """What a figure of another article is to the one that was given."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OTHER_SCOPE = "other_scope"
    OTHER_TIME = "other_time"


class Figure(Model):
    """A figure that a sentence gives: `value` in `unit` (of what it measures, of the time that it is of).

    `figure` is as it is written and `span` where in `text`, which is the sentence; `sources` its copies, the
    one published last before the others. `is_of_a_stretch` tells that it belongs to all of that time, as
    sales do, and not to its end. `relation` is what it is to the answer's own, None for that itself.
    """

    figure: str
    value: float
    unit: str
    scope: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    is_of_a_stretch: bool = False
    text: str
    span: Span
    relation: Relation | None = None
    sources: tuple[Source, ...]


Place = tuple[StoredArticle, int]
"""A sentence of an article, by its number."""


def compared(
    question: Question, given: Place, marked: Sequence[Span], others: Iterable[Place], tokeniser: Tokeniser
) -> tuple[Figure, ...]:
    """The figure that a sentence answers with, then what others say of the same, the newest first.

    Nothing, where the sentence marks no figure or no other speaks of it.

    Args:
        question: that was asked.
        given: the sentence that answers it.
        marked: where in it the answer stands.
        others: sentences of other articles, the nearest to the question first.
        tokeniser: the one that the index was made with.
    """
    telling = Telling(*given, tokeniser)
    claim = _marked(question, telling, marked)
    if claim is None:
        return ()
    joined = list(_joined(question, telling, claim, others, tokeniser))
    if not joined:
        return ()
    own = _figure(telling, claim, None)
    kept = _without_copies(own, joined)
    kept.sort(key=lambda one: one.sources[0].published or dt.date.min, reverse=True)
    return (own, *kept) if kept else ()


def _marked(question: Question, telling: Telling, marked: Sequence[Span]) -> Claim | None:
    """What the figure that is marked in a sentence is said of; of several, the one that was asked for."""
    _, spans = align(telling.article.text(telling.number))
    asked = question.normalised if question.translation is None else normalise(question.translation)
    measure, named = slot_asked(question).measure, measures_in_order(asked)
    found: list[tuple[int, Claim]] = []
    for claim in telling.claims():
        start, end = spans[claim.amount.span[0]][0], spans[claim.amount.span[1] - 1][1]
        if any(first < end and start < last for first, last in marked):
            fits = measure is None or measure.fits(claim.amount.unit) or measure.counter == claim.amount.unit
            place = max((named.index(one) for one in claim.measures if one in named), default=-1)
            found.append((2 * place + fits, claim))
    return max(found, key=lambda pair: pair[0], default=(0, None))[1]


def _joined(
    question: Question, telling: Telling, claim: Claim, others: Iterable[Place], tokeniser: Tokeniser
) -> Iterator[Figure]:
    """The figures of others that are of the same; of an article the first."""
    seen = {telling.article.id}
    asked = _words_of(question)
    for article, number in others:
        if article.id in seen:
            continue
        other = Telling(article, number, tokeniser)
        if not _may_tell(other, claim, asked):
            continue
        for one in other.claims():
            relation = _relation(telling, claim, other, one, asked)
            if relation is not None:
                seen.add(article.id)
                yield _figure(other, one, relation)
                break


def _may_tell(other: Telling, claim: Claim, asked: Mapping[str, Sequence[str]]) -> bool:
    """Whether a sentence can have what a claim is joined with: told at a glance, which saves reading most."""
    return (
        all(_has(other.near, word, asked.get(word, ())) for word in (*claim.words, *claim.subject))
        and claim.measures <= measures(other.near)
        and any(one.unit == claim.amount.unit for one in other.amounts)
    )


def _words_of(question: Question) -> dict[str, tuple[str, ...]]:
    """The words of a question, each with all that it may be written as."""
    terms = question.terms.get(Stream.WORD, ())
    return {term.token: tuple(form for form, share in term.alternatives) for term in terms}


def _relation(
    telling: Telling, claim: Claim, other: Telling, one: Claim, asked: Mapping[str, Sequence[str]]
) -> Relation | None:
    """What a claim is to the one given; None where they are not of the same."""
    if not (claim.is_specific and one.is_specific and _is_comparable(claim, one)):
        return None
    if not (_is_said_of(claim, other, one, asked) and _is_said_of(one, telling, claim, asked)):
        return None
    if _are_limited_otherwise(telling, claim, other, one):
        return Relation.OTHER_SCOPE if claim.measures else None
    relation = _in_time(telling, claim, other, one)
    # What no known measure names may be of many events: only the same figure is of the same.
    return relation if claim.measures or relation is Relation.AGREES else None


def _are_limited_otherwise(telling: Telling, claim: Claim, other: Telling, one: Claim) -> bool:
    """Whether one of two figures is limited by what stands nowhere near the other."""
    return not (claim.scope <= scopes(other.near) and one.scope <= scopes(telling.near))


def _is_comparable(claim: Claim, one: Claim) -> bool:
    return all(of(claim) == of(one) for of in COMPARABLE)


def _is_said_of(claim: Claim, other: Telling, one: Claim, asked: Mapping[str, Sequence[str]]) -> bool:
    """Whether all that a claim is said of stands with another, and what its sentence is about near it.

    A name that was asked for, told with the figure itself, is whose it is, whoever else is told of before.
    """
    wording = other.wording
    is_nameless = not any(wording.is_name(word, other.text) for word in one.words)
    for word in (*claim.words, *claim.subject):
        forms = asked.get(word, ())
        if _has(one.told, word, forms) or (
            is_nameless and wording.is_name(word, other.text) and _has(other.near, word, forms)
        ):
            continue
        return False
    if any(not _is_one_of(alike, other.apart) for alike in claim.apart):
        return False
    if not claim.topic or _has(other.near, claim.topic, ()):
        return True
    is_named = any(
        wording.is_surely_name(word, other.text) and _is_asked(word, asked) for word in claim.words
    )
    return is_named and not wording.is_place(claim.topic)


def _is_one_of(one: Designation, others: Collection[Designation]) -> bool:
    return any(other.family == one.family and other.which == one.which for other in others)


def _is_asked(word: str, asked: Mapping[str, Sequence[str]]) -> bool:
    return any(word in (token, *forms) for token, forms in asked.items())


def _has(text: str, word: str, forms: Sequence[str]) -> bool:
    if word in text or any(form in text for form in forms):
        return True
    return len(word) > LONG_WORD and word[-1] in ENDINGS and word[:-1] in text


def _in_time(telling: Telling, claim: Claim, other: Telling, one: Claim) -> Relation | None:
    """Whether two figures of the same agree, differ, or are of other times; None where that is not told."""
    agree = claim.amount.agrees(one.amount)
    if claim.is_fixed:
        return Relation.AGREES if agree else Relation.DIFFERS
    same = _same_time(telling, claim, other, one)
    if same is None:
        return None
    if same:
        return Relation.AGREES if agree else Relation.DIFFERS
    return Relation.OTHER_TIME


def _same_time(telling: Telling, claim: Claim, other: Telling, one: Claim) -> bool | None:
    """Whether two figures are of one time; None where it cannot be told."""
    periods = claim.period, one.period
    if claim.is_so_far != one.is_so_far and claim.is_of_a_stretch:
        return None
    if claim.is_of_a_stretch and not claim.is_so_far:
        if periods[0] is None or periods[1] is None:
            return None
        return _days(periods[0]) == _days(periods[1])
    if claim.amount.value == one.amount.value and (periods[0] is None or periods[1] is None):
        return True
    ends = _as_of(telling, periods[0]), _as_of(other, periods[1])
    if ends[0] is None or ends[1] is None:
        return None
    return abs((ends[0] - ends[1]).days) <= (0 if claim.is_so_far else LATELY)


def _as_of(telling: Telling, period: Period | None) -> dt.date | None:
    """The day that a figure is of which no stretch of time has: no later than it was published."""
    published = telling.article.record.published
    if period is None or published is None:
        return published if period is None else period.last
    return min(period.last, published) if period.first <= published else period.last


def _days(period: Period) -> tuple[dt.date, dt.date]:
    return period.first, period.last


def _figure(telling: Telling, claim: Claim, relation: Relation | None) -> Figure:
    record, number = telling.article.record, telling.number
    text = telling.article.text(number)
    _, spans = align(text)
    start, end = spans[claim.amount.span[0]][0], spans[claim.amount.span[1] - 1][1]
    source = Source(
        article=telling.article.id,
        sentence=number,
        title=record.title,
        url=record.url,
        published=record.published,
        file=record.file,
    )
    return Figure(
        figure=text[start:end],
        value=round(claim.amount.value, 6),
        unit=claim.amount.unit,
        scope=tuple(sorted(claim.scope)),
        first=claim.period.first if claim.period else None,
        last=claim.period.last if claim.period else None,
        is_of_a_stretch=claim.is_of_a_stretch,
        text=text,
        span=(start, end),
        relation=relation,
        sources=(source,),
    )


def _without_copies(own: Figure, found: Sequence[Figure]) -> list[Figure]:
    """The figures of others, those that stand in copies of one text as one."""
    copies = Copies()
    copies.number(own.text)
    by_text: dict[int, Figure] = {}
    for figure in sorted(found, key=lambda one: one.sources[0].published or dt.date.min, reverse=True):
        number = copies.number(figure.text)
        known = by_text.get(number)
        by_text[number] = (
            known.model_copy(update={"sources": known.sources + figure.sources}) if known else figure
        )
    return list(by_text.values())
