"""Of hits that answer alike the newest first: where it is wanted, and between equals always.

What is newest of versions is the highest, and of as high ones that which was first spoken of last; of all
else, what was published last.
"""

import datetime as dt
from collections.abc import Callable, Sequence

from retrieval.ranking.fitting import EXACT
from retrieval.ranking.second_stage import Hit

Dated = tuple[Hit, dt.date | None]
"""A hit and the day its article was published."""
Age = tuple[tuple[int, ...], int, bool, int]
"""What the newest has most of: the numbers of its version, the day that was first spoken of; then whether it
tells of a release, or how many there are by then, and its own day."""
EQUAL = 0.01
"""A lead that says nothing."""
FAR_BEHIND = 0.5
"""Share of the best score below which, where the newest is wanted, the newer of two does not go first."""
NEAR_ENOUGH = 0.75
"""How near the subject must stand in what tells the same of another time."""
AS_MUCH = 0.1
"""How much less of the question may stand in it."""


def day_of(published: dt.date | None) -> int:
    """The number of a day; 0 where it is not known."""
    return published.toordinal() if published else 0


def newer_of_equals_first(found: Sequence[Dated]) -> list[Hit]:
    """Hits, of which those of the same worth as the best go by their dates."""
    best = found[0][0]
    alike = [pair for pair in found if _is_equal(pair[0], best)]
    if len(alike) == 1:
        return [hit for hit, _ in found]
    return _ordered(
        found, alike, lambda pair: ((), 0, False, day_of(pair[1])), lambda hit, _: _is_equal(hit, best)
    )


def newest_first(found: Sequence[Dated]) -> list[Hit]:
    """Hits, of which those that answer as well as the best go by their age; then the rest.

    What is older and answers no better than the first is superseded by it.
    """
    best = next((hit for hit, _ in found if _names_version(hit)), found[0][0])
    alike = [pair for pair in found if _answers_alike(pair[0], best)]
    return _ordered(found, alike, _age_among(alike), lambda hit, first: not _is_better(hit, first))


def _ordered(
    found: Sequence[Dated],
    alike: Sequence[Dated],
    age: Callable[[Dated], Age],
    is_no_better: Callable[[Hit, Hit], bool],
) -> list[Hit]:
    best = found[0][0]
    by_age = sorted(alike, key=age, reverse=True)
    first, latest = by_age[0][0], age(by_age[0])
    raised = [
        (hit._replace(recency=max(best.score - hit.score, 0.0)), age((hit, day))) for hit, day in by_age
    ]
    rest = [(pair[0], age(pair)) for pair in found if pair not in alike]
    return [
        hit._replace(is_superseded=True) if its < latest and is_no_better(hit, first) else hit
        for hit, its in (*raised, *rest)
    ]


def _age_among(alike: Sequence[Dated]) -> Callable[[Dated], Age]:
    """Tells how new a hit is, beside those that answer alike."""
    first_met: dict[str, int] = {}
    for hit, day in alike:
        for named in hit.binding.values if hit.binding and hit.binding.fit.version else ():
            first_met[named] = min(day_of(day), first_met.get(named, day_of(day)))

    def age(dated: Dated) -> Age:
        hit, day = dated
        if hit.binding is None or not hit.binding.fit.version:
            return (), 0, hit.binding is not None and hit.binding.is_total, day_of(day)
        met = [first_met[named] for named in hit.binding.values if named in first_met]
        fit = hit.binding.fit
        return fit.version, max(met, default=day_of(day)), fit.is_release, day_of(day)

    return age


def _is_equal(hit: Hit, best: Hit) -> bool:
    """Whether a hit is of the same worth as the best."""
    if hit.binding is None or best.binding is None or hit.score < best.score - EQUAL:
        return False
    return (hit.binding.fit.degree, hit.binding.flags) == (best.binding.fit.degree, best.binding.flags)


def _answers_alike(hit: Hit, best: Hit) -> bool:
    """Whether a hit fills the slot as the best does, with as much of the question; or names a version too."""
    if hit is best or hit.binding is None or best.binding is None:
        return hit is best
    if _names_version(best):
        return _names_version(hit) and hit.binding.flags <= best.binding.flags
    return (
        hit.score >= FAR_BEHIND * best.score
        and hit.binding.fit.degree >= best.binding.fit.degree
        and hit.binding.flags <= best.binding.flags
        and hit.binding.where >= min(best.binding.where, NEAR_ENOUGH)
        and hit.binding.told >= best.binding.told - AS_MUCH
        and hit.binding.relation[0] >= best.binding.relation[0] - AS_MUCH
        and hit.binding.relation[2] >= best.binding.relation[2] / 2
    )


def _names_version(hit: Hit) -> bool:
    """Whether a hit names a version, where one is asked for, of what it is asked for."""
    return hit.binding is not None and bool(hit.binding.fit.version) and hit.binding.fit.degree >= EXACT


def _is_better(hit: Hit, first: Hit) -> bool:
    """Whether a hit fills the slot better than the first, or has more of the question."""
    if hit.binding is None or first.binding is None:
        return False
    return (
        hit.binding.fit.degree > first.binding.fit.degree
        or hit.binding.flags < first.binding.flags
        or hit.binding.told > first.binding.told + AS_MUCH
    )
