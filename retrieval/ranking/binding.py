"""Whether what a sentence offers is what a question asks for: of the same subject, time and measure.

A question leaves a slot open and says of whom, of which one and when. A sentence that fills the slot must
agree with that, by itself or by what stands around it: `Binding` counts what it lacks, what contradicts it
(江苏 where 北京 was asked for, 第二季度 for 第一季度), and how near to the filling the subject stands.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from retrieval.language.mentions.years import Years
from retrieval.language.tokeniser import places
from retrieval.questions.newest import tells_total
from retrieval.ranking.asked import HALF, Asked
from retrieval.ranking.fitting import EXACT, Fit, fit, values
from retrieval.ranking.lacks import Insisted
from retrieval.ranking.near import Near
from retrieval.ranking.surroundings import Surroundings
from retrieval.ranking.words import Shares
from retrieval.regex import regex

CLAUSE = regex(r"[^,，;；。!！?？:：\n]+(?:[,:：](?<=\d[,:：])(?=\d)[^,，;；。!！?？:：\n]+)*")
TIME_ALONE = regex(
    r"[\d年月日号时点分今明昨前后去当近同本上下午天至到从在于截自凌晨早晚间左右底初起()季度周-]+"
)
"""A clause that only says when: what happened then stands in the next."""
CONTINUES = regex("[为达是约]|超过|共计")
"""How a clause begins that goes on about what the one before names."""
APART = 4
"""Characters between what fits and what is asked from which they are half as close."""
MOST_FLAGS = 5.0


class Binding(NamedTuple):
    """How a sentence fills a question's slot.

    `fit` is how well something fits by its kind and measure; `where` how near the subject stands to it
    (1 its clause, 0 nowhere); `lacks` what the question insists on that is nowhere near, each with its
    weight; `conflicts` those with another of their kind in their place. `relation` is how much of what is
    asked of the subject the sentence has, how much the clause of what fits and the one before it have, and
    how near to what fits. `own_part` is how much it has of a follow-up itself, `told` of all but
    years; `is_total` that it tells how many there are by then, where that is asked. `coverage` works out how
    much of the question stands in and around it: that of the first alone is asked for. `values` are what
    fits exactly, in one form.
    """

    fit: Fit
    where: float
    lacks: Mapping[str, float]
    conflicts: frozenset[str]
    weakest: float
    relation: tuple[float, float, float]
    values: frozenset[str] = frozenset()
    own_part: float = 0.0
    told: float = 0.0
    is_total: bool = False
    coverage: Callable[[], Mapping[str, float]] = dict

    @property
    def flags(self) -> float:
        """What it lacks, counted."""
        return min(sum(self.lacks.values()), MOST_FLAGS)


class Binder:
    """Binds sentences to one question."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._insisted = Insisted(asked)

    def binding(self, around: Surroundings, spoken: Years | None = None) -> Binding:
        """The binding of a sentence.

        Args:
            around: the sentence and what stands around it.
            spoken: the years that it is about; None where the question says none.
        """
        asked, near = self._asked, Near(self._asked, around)
        found = fit(asked.slot, near.sentence, asked.text)
        clause, two = self._best_clause(near, found)
        in_two = near.in_part(two)
        worth = self._where(near, clause, in_two)
        where = worth if found.spans else 0.6 * worth
        lacking = list(self._insisted.lacks(near, found, clause, where, spoken))
        subject, missing = asked.held_subject(near.in_near), asked.missing(near.in_near)
        return Binding(
            fit=found,
            where=where,
            lacks={lack.name: lack.weight for lack in lacking},
            conflicts=frozenset([lack.name for lack in lacking if lack.is_contradicted]),
            weakest=min(found.degree / 2 + 0.5, where if found.spans else HALF, subject, 1 - missing),
            relation=(
                asked.held_relation(near.in_own),
                asked.held_relation(in_two),
                self._closeness(near.own, found),
            ),
            values=values(near.own, found) if found.degree >= EXACT else frozenset(),
            own_part=asked.held_own_part(near.in_own),
            told=asked.held_but_years(near.in_own),
            is_total=asked.wants_total and tells_total(near.own),
            coverage=lambda: self._coverage(near, clause),
        )

    def _coverage(self, near: Near, clause: str) -> Mapping[str, float]:
        asked = self._asked
        return {
            "own": asked.held(near.in_own),
            "near": asked.held(near.in_near),
            "mass": asked.mass(near.in_near),
            "wide": asked.held(near.in_wide),
            "clause": asked.held(near.in_part(clause)),
            "missing": asked.missing(near.in_near),
            "missing noun": asked.missing_noun(near.in_wide),
            "subject": asked.held_subject(near.in_near),
        }

    def _best_clause(self, near: Near, found: Fit) -> tuple[str, str]:
        """The clause with a fitting piece that has most of the question; and with the one before it."""
        own = near.own
        clauses = [match.span() for match in CLAUSE.finditer(own)] or [(0, len(own))]
        fitting = {max(bisect_right(clauses, (start, len(own))) - 1, 0) for start, _ in found.spans}
        numbers = sorted(fitting or range(len(clauses)))
        best = numbers[0]
        if len(numbers) > 1:
            held = [self._asked.held(near.in_part(own[slice(*clauses[at])])) for at in numbers]
            best = numbers[held.index(max(held))]
        first, last = clauses[best]
        if best and CONTINUES.match(own, first):
            first = clauses[best - 1][0]
        if best + 1 < len(clauses) and TIME_ALONE.fullmatch(own, first, last):
            last = clauses[best + 1][1]
        return own[first:last], own[clauses[max(best - 1, 0)][0] : last]

    def _closeness(self, own: str, found: Fit) -> float:
        """How near to something that fits a word of what is asked stands: 1 beside it, 0 nowhere."""
        if not found.spans:
            return 0.0
        forms = {form for word in self._asked.relation for form in word.forms}
        told = [(at, at + len(form)) for form in forms for at in places(own, form)]
        apart = [max(first - end, start - last, 0) for start, end in found.spans for first, last in told]
        return 1 / (1 + min(apart) / APART) if apart else 0.0

    def _where(self, near: Near, clause: str, in_two: Shares) -> float:
        """How near the subject stands to a clause."""
        asked = self._asked
        if asked.held_subject(near.in_own) >= HALF:
            if asked.held_subject(near.in_part(clause)) >= HALF:
                return 1.0
            return 0.75 if asked.held_subject(in_two) >= HALF else 0.5
        if asked.held_subject(near.in_near) < HALF:
            return 0.1 if asked.held_subject(near.in_wide) >= HALF else 0.0
        if asked.held_subject(asked.shares(*near.beside)) >= HALF:
            return 0.35
        return 0.25 if asked.held_subject(asked.shares(near.title)) >= HALF else 0.1
