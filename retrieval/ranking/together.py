"""Sentences that answer together: of a list those that hold one each, of a comparison both sides."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from retrieval.language.mentions.designations import designations
from retrieval.language.mentions.years import spoken
from retrieval.questions.exchange import BRANDS
from retrieval.questions.slots import SlotKind
from retrieval.ranking import enumerations
from retrieval.ranking.asked import NO_SUBJECT, Asked
from retrieval.ranking.fitting import EXACT, ORGANISATION_END, Fit
from retrieval.ranking.second_stage import Hit
from retrieval.ranking.words import Word
from retrieval.regex import regex

LISTS = regex(
    "哪些|哪几|哪[两三四五六七八九十]|分别是?[?]?$|分别[是有](?:什么|哪)|都有(?:谁|哪|什么|啥)"
    "|(?:which|what) (?:companies|products|models|cities)"
)
"""What asks for all that there are."""
COMPARES = regex(
    "(?:谁|哪一?[个家款座市省国县种]?)[^,;。?]{0,10}?(?:更|比较)?(?:[多少高低大小长短快慢贵早晚强重深久]|便宜)[?了呢]*$"
    "|比[^,;。?]{2,14}?(?:[多少高低大小长短快慢贵早晚强重深久]|便宜)(?:多少|几|了|吗|还是)|相比|差多少|差距"
)
"""What asks which of two is more, or by how much."""
SIDES = regex(
    "(?P<before>[^\\s,;。?和与跟比]{2,10})(?:和|与|跟|比|还是)(?P<after>[^\\s,;。?]{2,10}?)"
    "(?=谁|哪|比|相|的|,|[?]|$|更|[多少高低大小长短快慢贵早晚强重深久])"
)
"""The two that are compared."""
FIGURE = regex(r"\d[\d,.]*(?:万亿|[百千万亿])*多?余?([^\d\s,.;。月日年号时点])")
"""A figure, and the first character of what it is in."""
CLAUSE = regex("[^,;。!?]+")
MEANWHILE = (
    r"今[天日]|近[日期]|日前|昨[天日]|正式|已经?|刚刚?|又|也|宣布|率先|首次|最新|重磅|当[天日]"
    r"|\d{1,2}月\d{1,2}日|在[^,;。!?:]{1,8}?[上中里]"
)
"""What may stand between who does something and that."""
OF_NAMES = frozenset({"ns", "nr", "nt", "another", "latin"})
"""Conflicts of a sentence of one side with the question, which names both."""
CLOSE_BEHIND = 0.25
"""Share of the first's score from which a sentence of another article holds one of a list too."""
ENUMERATED = 3
"""Items of which one sentence holds a list."""
MOST = 6
"""Sentences that answer together."""

Text = Callable[[Hit], str]
"""What a hit says, as it is compared."""
Year = Callable[[Hit], int | None]
"""The year that the article of a hit was published in."""


class Measured(NamedTuple):
    """In what a sentence gives figures, and of what time: the year of its article, its periods, its years."""

    units: frozenset[str]
    time: tuple[int | None, frozenset[str], frozenset[int]]


def together(hits: Sequence[Hit], asked: Asked, text: Text, year: Year) -> list[Hit]:
    """The hits, with those that answer with the first put behind it, where the question wants several."""
    if not hits:
        return []
    if LISTS.search(asked.asked):
        if enumerations.longest(text(hits[0])) >= (enumerations.several(asked.asked) or ENUMERATED):
            return _enumerated(hits, text)
        parts = _of_list(hits, asked, text)
    elif COMPARES.search(asked.asked):
        said = [text(hit) for hit in hits]
        sides = _compared(asked.asked, said)
        parts = _of_both(hits, asked, sides, said, year) if sides else []
    else:
        return list(hits)
    if len(parts) <= 1:
        return list(hits)
    best = hits[0].score
    first, *others = (hit._replace(consent=hit.consent + best - hit.score) for hit in parts)
    rows = {part.row for part in parts}
    rest = (hit for hit in hits if hit.row not in rows)
    # What answers with the first is no rival of it, nor is what tells of neither.
    return [first, *(hit._replace(is_superseded=True) for hit in (*others, *rest))]


def _enumerated(hits: Sequence[Hit], text: Text) -> list[Hit]:
    """Hits of which the first holds a whole list: those that hold none are no rivals of it."""
    first, *others = hits
    return [
        first,
        *(
            hit._replace(is_superseded=hit.is_superseded or enumerations.longest(text(hit)) < ENUMERATED)
            for hit in others
        ),
    ]


def _of_list(hits: Sequence[Hit], asked: Asked, text: Text) -> list[Hit]:
    """Sentences of several articles that each name somebody who does what is asked."""
    if asked.slot.kind is not SlotKind.ORGANISATION:
        return []
    parts: list[Hit] = []
    named: set[str] = set()
    for hit in hits:
        who = _doer(hit, asked, text(hit))
        is_new = who not in named and all(hit.article != part.article for part in parts)
        if who and is_new and hit.score >= CLOSE_BEHIND * hits[0].score and len(parts) < MOST:
            # That no name of the kind was found, as one lack says, is not so.
            binding = hit.binding and hit.binding._replace(fit=Fit(EXACT), lacks={})
            parts.append(hit._replace(part=who, binding=binding))
            named.add(who)
    return parts


def _doer(hit: Hit, asked: Asked, said: str) -> str:
    """The organisation that a clause says to have done what is asked, to that; nothing where none is.

    Its name is what the clause begins with, in Latin letters, known as a brand, or ending as such names do.
    """
    deeds = [form for word in asked.words if word.flag.startswith("v") for form in word.forms]
    if hit.binding is None or hit.binding.lacks.keys() - {"slot"} or not deeds:
        return ""
    doing = re.compile(rf" ?(\S{{2,14}}?) ?(?:{MEANWHILE}){{0,3}}(?:{'|'.join(map(re.escape, deeds))})")
    for clause in CLAUSE.findall(said):
        if all(word.token in clause for word in _things(asked)):
            found = doing.match(clause)
            if found and _is_organisation(found[1]):
                return found[1]
    return ""


def _is_organisation(name: str) -> bool:
    is_named = name in BRANDS or ORGANISATION_END.search(name) is not None
    return is_named or re.fullmatch("[a-z][a-z0-9.]+", name) is not None


def _things(asked: Asked) -> list[Word]:
    """The nouns of a question, but for those that only say what kind of thing is asked for."""
    return [word for word in asked.words if word.flag.startswith("n") and word.token not in NO_SUBJECT]


def _compared(asked: str, said: Sequence[str]) -> tuple[str, str] | None:
    """The two that a question compares: of what stands on both sides, as much as one of some texts has."""
    for match in SIDES.finditer(asked):
        before, after = match["before"], match["after"]
        own = before.partition("的")[0]
        one = _had((own[at:] for at in range(len(own) - 1)), said)
        other = _had((after[:end] for end in range(len(after), 1, -1)), said)
        if one and other and one != other:
            return one, other
    return None


def _had(names: Iterable[str], said: Sequence[str]) -> str | None:
    """The first of some names that a text has."""
    return next((name for name in names if any(name in text for text in said)), None)


def _of_both(
    hits: Sequence[Hit], asked: Asked, sides: tuple[str, str], said: Sequence[str], year: Year
) -> list[Hit]:
    """The best hits that tell of one side each, at one time and in one measure; none where one has both."""
    found: dict[str, list[tuple[Hit, Measured]]] = {side: [] for side in sides}
    for hit, text in zip(hits, said, strict=True):
        if all(side in text for side in sides) and FIGURE.search(text):
            return []
        told = [side for side in sides if side in text]
        things = [word for word in _things(asked) if not any(word.token in side for side in sides)]
        is_of_them = all(any(form in text for form in word.forms) for word in things)
        if len(told) == 1 and is_of_them and _is_of_the_time(hit):
            measured = _measured(told[0], text, year(hit))
            found[told[0]] += [(hit, measured)] if measured.units else []
    pairs = ((one, other) for one in found[sides[0]] for other in found[sides[1]])
    best = next((pair for pair in pairs if _is_comparable(*pair)), None)
    return [hit._replace(part=side) for side, (hit, _) in zip(sides, best, strict=True)] if best else []


def _is_comparable(one: tuple[Hit, Measured], other: tuple[Hit, Measured]) -> bool:
    """Whether two sentences give figures in the same measure: of the same time, or in one article."""
    is_at_once = one[0].article == other[0].article or one[1].time == other[1].time
    return is_at_once and bool(one[1].units & other[1].units)


def _is_of_the_time(hit: Hit) -> bool:
    """Whether a hit contradicts the question only by naming one of the two, and lacks no year."""
    return (
        hit.binding is not None and not hit.binding.conflicts - OF_NAMES and "year" not in hit.binding.lacks
    )


def _measured(side: str, said: str, year: int | None) -> Measured:
    """The figures that a sentence gives beside a side's name."""
    beside = (clause.partition(side)[2] for clause in CLAUSE.findall(said) if side in clause)
    units = frozenset(match[1] for rest in beside for match in FIGURE.finditer(rest))
    periods = frozenset(one.which for one in designations(said, {"period"}))
    return Measured(units, (year, periods, frozenset(spoken(said))))
