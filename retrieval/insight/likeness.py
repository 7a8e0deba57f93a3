"""Which questions are alike: they ask the same of the same subject, in whatever words."""

from collections.abc import Sequence

from retrieval.questions.slots import Slot, SlotKind
from retrieval.ranking.asked import Asked

ALIKE = 0.6
"""The share of each question's words, by their rarity, that the other has too, at least."""
SAME_MEASURE = 0.4
"""The same where both ask for a figure of one measure, which is said in many ways (重量, 多重)."""
NAMES = ("ns", "nt", "nr", "nz", "x", "")
"""Parts of speech of what another name cannot stand for; of words that no dictionary has, the last two."""
HELD = 0.75
"""The share of a name that a question must have."""
UNSAID = frozenset({SlotKind.OTHER, SlotKind.YESNO, SlotKind.LIST})
"""Slots that say little of what fills them: a question of another kind may ask the same."""


def groups(questions: Sequence[Asked]) -> list[list[int]]:
    """The places of the questions that are alike, group by group.

    A question is put to the first group whose first question it is like, so the order counts: what is asked
    most should come first.
    """
    found: list[list[int]] = []
    for place, question in enumerate(questions):
        for group in found:
            if are_alike(questions[group[0]], question):
                group.append(place)
                break
        else:
            found.append([place])
    return found


def are_alike(one: Asked, other: Asked) -> bool:
    """Whether two questions ask the same: the slot, the time, the one of several, the subject, the rest."""
    return (
        _fills_alike(one.slot, other.slot)
        and one.years == other.years
        and _designated(one) == _designated(other)
        and one.figures == other.figures
        and frozenset(one.latin) == frozenset(other.latin)
        and _says_the_same(one, other, _least(one.slot, other.slot))
        and _says_the_same(other, one, _least(one.slot, other.slot))
    )


def _least(one: Slot, other: Slot) -> float:
    measures = one.measure, other.measure
    shared = [set(measure.quantities) for measure in measures if measure is not None]
    return SAME_MEASURE if len(shared) == len(measures) and set.intersection(*shared) else ALIKE


def _fills_alike(one: Slot, other: Slot) -> bool:
    """Whether what fills one slot may fill the other."""
    if one.kind is not other.kind:
        return bool(UNSAID & {one.kind, other.kind})
    if one.measure is None or other.measure is None:
        return True
    shared = set(one.measure.quantities) & set(other.measure.quantities)
    counted = one.measure.counter is not None and one.measure.counter == other.measure.counter
    return bool(shared) or counted or one.measure == other.measure


def _designated(asked: Asked) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.kind, one.of, one.which) for one in asked.designations)


def _says_the_same(one: Asked, other: Asked, least: float) -> bool:
    """Whether the other question has what the one has: every name, and of all words so much."""
    shares = one.shares(other.asked)
    names = (
        share
        for word, share in zip(one.words, shares, strict=True)
        if word == one.leading or word.flag[:2] in NAMES
    )
    return one.held(shares) >= least and all(share >= HELD for share in names)
