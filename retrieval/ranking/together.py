"""Sentences that answer together: of a list those that hold one each, of a comparison both sides."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from retrieval.ranking import enumerations
from retrieval.ranking.asked import Asked
from retrieval.ranking.second_stage import Hit
from retrieval.regex import regex

LISTS = regex(
    "哪些|哪几[个家种款座]|都有(?:谁|哪|什么|啥)|(?:which|what) (?:companies|products|models|cities)"
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
FIGURE = regex(r"\d")
CLOSE_BEHIND = 0.4
"""Share of the first's score from which a sentence of another article holds one of a list too."""
AS_MUCH = 0.1
"""How much less of the question may stand in it."""
ENUMERATED = 3
"""Items of which one sentence holds a list."""
MOST = 6
"""Sentences that answer together."""

Text = Callable[[Hit], str]
"""What a hit says, as it is compared."""


def together(hits: Sequence[Hit], asked: Asked, text: Text) -> list[Hit]:
    """The hits, with those that answer with the first put behind it, where the question wants several."""
    if not hits:
        return []
    if LISTS.search(asked.asked):
        if enumerations.longest(text(hits[0])) >= ENUMERATED:
            return _enumerated(hits, text)
        parts = _of_list(hits, text)
    elif COMPARES.search(asked.asked):
        said = [text(hit) for hit in hits]
        sides = _compared(asked.asked, said)
        parts = _of_both(hits, sides, said) if sides else []
    else:
        return list(hits)
    if len(parts) <= 1:
        return list(hits)
    best = hits[0].score
    first, *others = (replace(hit, consent=hit.consent + best - hit.score, is_part=True) for hit in parts)
    rest = (hit for hit in hits if all(hit is not part for part in parts))
    # What answers with the first is no rival of it.
    return [first, *(replace(hit, is_superseded=True) for hit in others), *rest]


def _enumerated(hits: Sequence[Hit], text: Text) -> list[Hit]:
    """Hits of which the first holds a whole list: those that hold none are no rivals of it."""
    first, *others = hits
    return [
        first,
        *(
            replace(hit, is_superseded=hit.is_superseded or enumerations.longest(text(hit)) < ENUMERATED)
            for hit in others
        ),
    ]


def _of_list(hits: Sequence[Hit], text: Text) -> list[Hit]:
    """The first, and those of other articles that fill the slot as it does and say something else."""
    parts, said = [hits[0]], {text(hits[0])}
    for hit in hits[1:]:
        is_new = all(hit.article != part.article for part in parts) and text(hit) not in said
        if is_new and _is_as_good(hit, hits[0]) and len(parts) < MOST:
            parts.append(hit)
            said.add(text(hit))
    return parts


def _is_as_good(hit: Hit, first: Hit) -> bool:
    if hit.binding is None or first.binding is None:
        return False
    return (
        hit.score >= CLOSE_BEHIND * first.score
        and hit.binding.fit.degree >= first.binding.fit.degree
        and hit.binding.flags <= first.binding.flags
        and hit.binding.told >= first.binding.told - AS_MUCH
    )


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


def _of_both(hits: Sequence[Hit], sides: tuple[str, str], said: Sequence[str]) -> list[Hit]:
    """The best hits with a figure that tell of one side each; nothing where the first has both with one."""
    one, other = sides
    if one in said[0] and other in said[0] and FIGURE.search(said[0]):
        return []
    found = [
        next((hit for hit, text in zip(hits, said, strict=True) if _tells_of(text, its, another)), None)
        for its, another in ((one, other), (other, one))
    ]
    return [hit for hit in found if hit is not None] if all(found) else []


def _tells_of(said: str, side: str, other: str) -> bool:
    return side in said and other not in said and FIGURE.search(said) is not None
