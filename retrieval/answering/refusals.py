"""Why a question is declined: what it insists on that the nearest passages lack, what they have instead."""

from collections.abc import Callable, Sequence
from itertools import groupby

from retrieval.answering.unmet import Unmet
from retrieval.language.mentions.years import Years
from retrieval.models import DemandKind, Lack, Question, Reason
from retrieval.ranking.second_stage import Hit
from retrieval.regex import regex

ALIKE = 0.8
"""Share of the top score above which a hit says the same of another year."""
NEAR = 0.6
"""Share of the best score below which a sentence is about something else."""
NAMED = 3
"""Things named in the place of a missing one."""
MESSAGES = {
    DemandKind.YEAR: "收录的新闻里有{instead}的，没有{missing}的。",
    DemandKind.MEASURE: "最接近的句子没有说{missing}，只有{instead}。",
}
"""By the kind of what is missing, where there is something instead."""
NAMELESS = regex("[一二三四五六七八九十两几各全]")
"""What a word begins with that counts places rather than names one (五城, 各省)."""
OTHERWISE = "最接近的句子说的是{instead}，没有提到{missing}。"
NOTHING = "最接近的句子没有提到{missing}。"
NO_FIGURE = "最接近的句子没有说{missing}。"
"""Of a measure: what is measured may well be spoken of."""


def reason(
    question: Question,
    hits: Sequence[Hit],
    unmet: Sequence[Unmet],
    years: Callable[[Hit], Years],
    *,
    is_near: bool,
    corpus_is_empty: bool,
) -> Reason:
    """Why a question is declined that was not answered well enough.

    Args:
        question: that was asked.
        hits: found for it, best first.
        unmet: its demands that the first hit does not meet.
        years: tells the years of a hit.
        is_near: whether the first hit would answer, did it meet them: what it has instead is worth telling.
        corpus_is_empty: whether there is any article.
    """
    if question.is_empty:
        return Reason(code="empty_question", message="问题里没有可以查找的词。")
    if corpus_is_empty:
        return Reason(code="empty_corpus", message="还没有收录文章。")
    if not hits:
        return Reason(code="no_match", message="收录的新闻没有提到这些词。")
    if not unmet:
        return Reason(code="low_confidence", message="收录的新闻里没有足够接近的句子。")
    lacks = _lacks(unmet, are_told=is_near)
    if is_near:
        lacks = [_of_years(lack, hits, years) if lack.kind is DemandKind.YEAR else lack for lack in lacks]
    return Reason(
        code="unmet_demand",
        message="".join(map(_message, lacks)),
        missing=tuple(missing for lack in lacks for missing in lack.missing),
        instead=tuple(other for lack in lacks for other in lack.instead),
        lacks=tuple(lacks),
    )


def _lacks(unmet: Sequence[Unmet], *, are_told: bool) -> list[Lack]:
    """The unmet demands by kind, in the order of the kinds; with what there is instead, or without."""
    order = list(DemandKind)
    by_kind = groupby(
        sorted(unmet, key=lambda missed: order.index(missed.demand.kind)), lambda missed: missed.demand.kind
    )
    return [
        Lack(
            kind=kind,
            missing=tuple(missed.demand.text for missed in found),
            instead=_worth_naming(kind, found) if are_told else (),
        )
        for kind, group in by_kind
        for found in [list(group)]
    ]


def _worth_naming(kind: DemandKind, unmet: Sequence[Unmet]) -> tuple[str, ...]:
    """What a reader is told of in the place of something missing; of other names too many are none."""
    if kind is DemandKind.NAME:
        return ()
    found = dict.fromkeys(other for missed in unmet for other in missed.instead())
    return tuple(other for other in found if not NAMELESS.match(other) or kind is DemandKind.MEASURE)[:NAMED]


def _of_years(lack: Lack, hits: Sequence[Hit], years: Callable[[Hit], Years]) -> Lack:
    """The years of which the corpus has what was asked, unless something near speaks of a missing one."""
    best = hits[0].score
    missing = {int(year.rstrip("年")) for year in lack.missing}
    near = [(hit, years(hit)) for hit in hits if hit.score >= NEAR * best]
    if any(missing & set(spoken.meant) for _, spoken in near):
        return lack.model_copy(update={"instead": ()})
    held = {year for hit, spoken in near if hit.score >= ALIKE * best for year in spoken.own}
    return lack.model_copy(update={"instead": tuple(f"{year}年" for year in sorted(held))[:NAMED]})


def _message(lack: Lack) -> str:
    nothing = NO_FIGURE if lack.kind is DemandKind.MEASURE else NOTHING
    phrase = MESSAGES.get(lack.kind, OTHERWISE) if lack.instead else nothing
    return phrase.format(missing="、".join(lack.missing), instead="、".join(lack.instead))
