"""Whether what a sentence offers is what a question asks for: of the same subject, time and measure.

A question leaves a slot open and says of whom, of which one and when. A sentence that fills the slot must
agree with that, by itself or by what stands around it: `Binding` counts what it lacks, what contradicts it
(江苏 where 北京 was asked for, 第二季度 for 第一季度), and how near to the filling the subject stands.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from retrieval.language.mentions.designations import Designation, designations
from retrieval.language.mentions.years import Years
from retrieval.language.tokeniser import places
from retrieval.models import AnswerKind
from retrieval.questions.newest import tells_total
from retrieval.questions.slots import SlotKind
from retrieval.ranking import ellipsis, incidents, roles
from retrieval.ranking.asked import (
    ALMOST,
    COMMON_NAMES,
    HALF,
    LATIN,
    Asked,
    compared,
    counted,
    figures,
)
from retrieval.ranking.contrasts import Contrasts, is_another_of, is_named
from retrieval.ranking.fitting import OTHER_MEASURE, Filled, Fit, fit, values
from retrieval.ranking.namesakes import Namesakes, goes_on
from retrieval.ranking.surroundings import Surroundings
from retrieval.ranking.words import Shares, closed
from retrieval.regex import regex

CLAUSE = regex(r"[^,，;；。!！?？:：\n]+(?:[,:：](?<=\d[,:：])(?=\d)[^,，;；。!！?？:：\n]+)*")
NAMES = {"ns": (1.0, AnswerKind.PLACE), "nt": (1.0, AnswerKind.ORGANISATION), "nr": (0.5, None)}
"""Parts of speech of names: what it weighs that one is missing, and mentions of what kind contradict it."""
TIME_ALONE = regex(
    r"[\d年月日号时点分今明昨前后去当近同本上下午天至到从在于截自凌晨早晚间左右底初起()季度周-]+"
)
"""A clause that only says when: what happened then stands in the next."""
CONTINUES = regex("[为达是约]|超过|共计")
"""How a clause begins that goes on about what the one before names."""
APART = 4
"""Characters between what fits and what is asked from which they are half as close."""
SEVERAL = 10
"""A number from which another of the same is surely another amount (一家 is none)."""
OUTSIDE = regex("http|链接|更多详情|公众号")
"""Sentences that only point elsewhere."""
TOLD_BY_CUES = (SlotKind.DEFINITION, SlotKind.LIST)
"""What may be said without any word that is typical of it (是指, 分别)."""
ONE_OF_MANY = frozenset({"ordinal", "period", "day", "numbered", "round", "plan", "group"})
"""Designations of what there is one after another of: a text that names none means another, as a rule."""
DATED = ("period", "day")
"""Kinds of designations that the date of publication can tell."""
MOST_FLAGS, MOST_CONFLICTS = 5.0, 3.0


class Lack(NamedTuple):
    """What the question insists on and the text lacks: what that weighs, and whether another is there."""

    name: str
    weight: float
    is_contradicted: bool = False


class Binding(NamedTuple):
    """How a sentence fills a question's slot.

    `fit` is how well something fits by its kind and measure; `where` how near the subject stands to it
    (1 its clause, 0 nowhere); `lacks` what the question insists on that is nowhere near, each with its
    weight; `conflicts` those with another of their kind in their place. `relation` is how much of what is
    asked of the subject the sentence has, how much the clause of what fits and the one before it have, and
    how near to what fits. `own_part` is how much it has of a follow-up itself, `told` of all but
    years; `is_total` that it tells how many there are by then, where that is asked. `coverage` works out how
    much of the question stands in and around it: that of the first alone is asked for.
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
    """Binds sentences to one question; what is read of the question is read once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.contrasts = Contrasts(asked)
        self.namesakes = Namesakes(asked)

    def binding(self, around: Surroundings, spoken: Years | None = None) -> Binding:
        """The binding of a sentence.

        Args:
            around: the sentence and what stands around it.
            spoken: the years that it is about; None where the question says none.
        """
        return _Bound(self, around, spoken).binding()


class _Bound:
    """Works out the binding of one sentence."""

    def __init__(self, binder: Binder, around: Surroundings, spoken: Years | None) -> None:
        self._asked = asked = binder.asked
        self._contrasts = binder.contrasts
        self._namesakes = binder.namesakes
        self._years = spoken
        self._around = around
        self.own = compared(around.as_asked(asked.text))
        self.sentence = Filled(self.own, around.text, around.mentions)
        self.title = compared(around.title)
        before = around.before if ellipsis.goes_on(self.own) else around.before[-1:]
        self.beside = [compared(text) for text in (*before, around.heading)]
        self.near = "\n".join([self.title, *self.beside, self.own])
        self.in_own = asked.shares(self.own)
        self.in_near = asked.shares_with(self.in_own, self.title, *self.beside)
        self.clauses = [match.span() for match in CLAUSE.finditer(self.own)] or [(0, len(self.own))]

    @cached_property
    def in_wide(self) -> Shares:
        """How much of each word stands anywhere around the sentence."""
        return self._asked.shares_with(self.in_near, *self._far)

    @cached_property
    def _far(self) -> list[str]:
        around = self._around
        texts = (*around.before, around.after, around.opening, " ".join(around.keywords))
        return [compared(text) for text in texts]

    def binding(self) -> Binding:
        """All of it."""
        asked = self._asked
        found = fit(asked.slot, self.sentence, asked.text)
        clause, two = self._best_clause(found)
        in_two = self._in_part(two)
        where = self._where(clause, in_two, found)
        lacking = list(self._lacking(found, where, clause))
        subject, missing = asked.held_subject(self.in_near), asked.missing(self.in_near)
        return Binding(
            fit=found,
            where=where,
            lacks={lack.name: lack.weight for lack in lacking},
            conflicts=frozenset(lack.name for lack in lacking if lack.is_contradicted),
            weakest=min(found.degree / 2 + 0.5, where if found.spans else HALF, subject, 1 - missing),
            relation=(
                asked.held_relation(self.in_own),
                asked.held_relation(in_two),
                self._closeness(found),
            ),
            values=values(self.own, found) if found.degree > 0 else frozenset(),
            own_part=asked.held_own_part(self.in_own),
            told=asked.held_but_years(self.in_own),
            is_total=asked.wants_total and tells_total(self.own),
            coverage=lambda: self._coverage(clause),
        )

    def _coverage(self, clause: str) -> Mapping[str, float]:
        asked = self._asked
        return {
            "own": asked.held(self.in_own),
            "near": asked.held(self.in_near),
            "mass": asked.mass(self.in_near),
            "wide": asked.held(self.in_wide),
            "clause": asked.held(self._in_part(clause)),
            "missing": asked.missing(self.in_near),
            "missing noun": asked.missing_noun(self.in_wide),
            "subject": asked.held_subject(self.in_near),
        }

    def _in_part(self, part: str) -> Shares:
        """How much of each word a part of the sentence has."""
        return self.in_own if part == self.own else self._asked.shares_of_part(part, self.in_own)

    def _best_clause(self, found: Fit) -> tuple[str, str]:
        """The clause with a fitting piece that has most of the question; and with the one before it."""
        ends = len(self.own)
        places = {max(bisect_right(self.clauses, (start, ends)) - 1, 0) for start, _ in found.spans}
        best = self._fullest(sorted(places or range(len(self.clauses))))
        first, last = self.clauses[best]
        if best and CONTINUES.match(self.own, first):
            first = self.clauses[best - 1][0]
        if best + 1 < len(self.clauses) and TIME_ALONE.fullmatch(self.own, first, last):
            last = self.clauses[best + 1][1]
        return self.own[first:last], self.own[self.clauses[max(best - 1, 0)][0] : last]

    def _fullest(self, clauses: Sequence[int]) -> int:
        """That of some clauses that has most of the question; the first of equals."""
        if len(clauses) == 1:
            return clauses[0]
        held = [self._asked.held(self._in_part(self.own[slice(*self.clauses[at])])) for at in clauses]
        return clauses[held.index(max(held))]

    def _closeness(self, found: Fit) -> float:
        """How near to something that fits a word of what is asked stands: 1 beside it, 0 nowhere."""
        if not found.spans:
            return 0.0
        forms = {form for word in self._asked.relation for form in word.forms}
        told = [(at, at + len(form)) for form in forms for at in places(self.own, form)]
        apart = [max(first - end, start - last, 0) for start, end in found.spans for first, last in told]
        return 1 / (1 + min(apart) / APART) if apart else 0.0

    def _where(self, clause: str, in_two: Shares, found: Fit) -> float:
        """How near the subject stands to what fits."""
        worth = self._where_subject(clause, in_two)
        return worth if found.spans else 0.6 * worth

    def _where_subject(self, clause: str, in_two: Shares) -> float:
        asked = self._asked
        if asked.held_subject(self.in_own) >= HALF:
            if asked.held_subject(self._in_part(clause)) >= HALF:
                return 1.0
            return 0.75 if asked.held_subject(in_two) >= HALF else 0.5
        if asked.held_subject(self.in_near) < HALF:
            return 0.1 if asked.held_subject(self.in_wide) >= HALF else 0.0
        if asked.held_subject(asked.shares(*self.beside)) >= HALF:
            return 0.35
        return 0.25 if asked.held_subject(asked.shares(self.title)) >= HALF else 0.1

    def _lacking(self, found: Fit, where: float, clause: str) -> Iterator[Lack]:
        """What the question insists on and the sentence with what is near it lacks or contradicts."""
        if found.degree < 0:
            kind = self._asked.slot.kind
            name = "cue" if kind in TOLD_BY_CUES else "reason" if kind is SlotKind.REASON else "slot"
            yield Lack(name, 1.0 if found.degree < OTHER_MEASURE else 0.7)
        if where == 0:
            yield Lack("subject", 1.0)
        if self._asked.slot.kind is not SlotKind.DEFINITION and self._asked.hangs_on_one_word(self.in_near):
            yield Lack("more", 0.0)
        elif self._asked.hangs_on_two_words(self.in_near) and not self._is_asked:
            yield Lack("more than two", 0.0)
        yield from self._of_names(clause, found)
        yield from self._of_latin(clause)
        yield from self._of_designations(found)
        yield from self._of_years()
        yield from self._of_words(clause)
        if self._contrasts.is_of_another_field(self.own):
            yield Lack("field", 1.0, is_contradicted=True)
        if self._contrasts.is_growth(self.own, found.spans):
            yield Lack("growth", 0.7)
        if self._contrasts.is_unmeasured(self.near):
            yield Lack("quantity", 0.7)
        if OUTSIDE.search(self.own):
            yield Lack("link", 0.5)
        if self.own.rstrip('”"』 ').endswith(("?", "？")):
            yield Lack("question", 0.7)

    def _of_names(self, clause: str, found: Fit) -> Iterator[Lack]:
        asked = self._asked
        for flag, names in asked.names.items():
            weight, kind = NAMES[flag]
            missing = [word for word in names if not is_named(word, self.near)]
            if missing and len(missing) >= HALF * len(names):
                others = self.sentence.named(kind) if kind else ()
                is_other = any(other not in asked.text and other not in COMMON_NAMES for other in others)
                yield Lack(flag, weight, is_other)
        is_nobodys = asked.share_of_leading(self.in_near) < HALF
        if is_nobodys:
            is_nowhere = asked.leading in asked.subject and asked.share_of_leading(self.in_wide) < HALF
            yield Lack("leading", 1.0 if is_nowhere else 0.5)
        is_anothers = self._contrasts.is_anothers(self.sentence, clause, found.spans, is_nobodys=is_nobodys)
        if is_anothers or self._namesakes.are_in(self.own):
            yield Lack("another", 1.0, is_contradicted=True)

    @property
    def _is_asked(self) -> bool:
        """Whether the question itself stands near."""
        return self._asked.asked.rstrip("?!。 ") in self.near

    def _leads(self, names: Collection[str]) -> bool:
        """Whether one of some names is whose matter it is."""
        return self._asked.leading is not None and self._asked.leading.token in names

    def _of_latin(self, clause: str) -> Iterator[Lack]:
        asked = self._asked
        missing = [name for name in asked.latin if not self._has_latin(name)]
        if any(is_another_of(name, self.near) for name in missing):
            yield Lack("latin", 1.0, is_contradicted=True)
        elif missing and (len(missing) >= HALF * len(asked.latin) or self._leads(missing)):
            others = (name for name in LATIN.findall(clause) if name not in asked.text and len(name) > 1)
            yield Lack("latin", 1.0, any(name not in COMMON_NAMES for name in others))
        elif not asked.slot.is_version and any(goes_on(one, self.near, asked.text) for one in asked.latin):
            yield Lack("goes on", 0.5)

    def _of_designations(self, found: Fit) -> Iterator[Lack]:
        asked = self._asked
        if not asked.designations:
            return
        own = designations(self.own, asked.kinds)
        if self._contrasts.is_behind_another(own, self.own, found.spans):
            yield Lack("numbered", 1.0, is_contradicted=True)
            return
        for one in asked.designations:
            alike = [other.which for other in own if other.family == one.family]
            is_there = one.which in alike
            if not alike:
                near = self._designations_near
                alike = [other.which for other in near if other.family == one.family]
                is_there = one.which in alike or self._is_designated(one, near)
            if not is_there:
                # What is the first is said to be so in many ways, and often not at all.
                is_first = one.kind == "ordinal" and one.which == "1"
                is_another = one.kind in ONE_OF_MANY or bool(alike)
                yield Lack("first", 1.0) if is_first else Lack(one.kind, 1.0, is_another)

    @cached_property
    def _designations_near(self) -> Sequence[Designation]:
        """Those of the kinds that are asked for."""
        return designations(self.near, self._asked.kinds)

    def _is_designated(self, one: Designation, near: Sequence[Designation]) -> bool:
        """Whether what is near has a designation in another form: 二代 for 第二代, 推出2.0版本."""
        match one.kind:
            case "ordinal":
                same = any(other.kind == one.kind and other.which == one.which for other in near)
                return same or one.text.removeprefix("第") in self.near
            case "version":
                return _has_number(one.which, self.near) or one.text in self.near
            case _:
                is_published = one.kind in DATED and self._around.is_published_in(one)
                return is_published or one.text in self.near

    def _of_years(self) -> Iterator[Lack]:
        asked, spoken = self._asked, self._years
        if spoken is None or asked.references.intersection(spoken.unknown):
            return
        if asked.years and not asked.years.intersection(spoken.meant):
            yield Lack("year", 1.0, bool(spoken.own))

    def _of_words(self, clause: str) -> Iterator[Lack]:
        """Figures, a role, what is asked of the subject; and what it says the reverse of."""
        asked = self._asked
        is_missing = asked.figures and len(asked.figures - self._figures_told) >= HALF * len(asked.figures)
        if is_missing or (asked.slot.kind is not SlotKind.NUMBER and self._counts_another()):
            yield Lack("figures", 1.0, self._counts_another())
        if asked.role:
            if not any(one in self.own for one in roles.alike(asked.role)):
                yield Lack("role", 1.0)
            elif self._is_role_elsewhere(asked.role):
                yield Lack("role", 1.0, is_contradicted=True)
        if asked.attribute and asked.attribute.share((self.near,)) < ALMOST:
            yield Lack("attribute", 0.5)
        if not all(self._tells_of(incident) for incident in asked.incidents):
            yield Lack("incident", 1.0, is_contradicted=True)
        if self._contrasts.is_turned(clause, self.own):
            yield Lack("turned", 1.0, is_contradicted=True)
        if not all(scope in self.own for scope in asked.scopes):
            yield Lack("scope", 1.0)

    def _is_role_elsewhere(self, role: str) -> bool:
        """Whether the role that is asked for is one in another company, by the Latin name before it."""
        others = [name for name in roles.companies(role, self.own) if name not in COMMON_NAMES]
        return bool(self._asked.latin and others) and not any(name in self._asked.text for name in others)

    def _tells_of(self, incident: int) -> bool:
        return any(incidents.is_told(incident, text) for text in (self.near, *self._far))

    def _counts_another(self) -> bool:
        """Whether the sentence has another number of what the question has one of: 30天 for 7天."""
        if not self._asked.counted:
            return False
        own = set(counted(self.own, self._asked.designations))
        is_number = self._asked.slot.kind is SlotKind.NUMBER
        known = self._figures_told if is_number else {number for number, _ in own}
        least = 0 if is_number else SEVERAL
        missing = {of for number, of in self._asked.counted if number not in known and number >= least}
        return bool(missing & {of for _, of in own} - {of for _, of in own & self._asked.counted})

    def _has_latin(self, name: str) -> bool:
        """Whether a Latin name is near, or what else the corpus may call it (国内生产总值 for gdp)."""
        others = self._asked.others.get(name, ())
        return closed(name) in closed(self.near) or any(other in self.near for other in others)

    @cached_property
    def _figures_told(self) -> frozenset[float]:
        """Those of the question that stand in or around the sentence."""
        told = self._asked.numbers.intersection(figures(self.near, ()))
        if told == self._asked.numbers:
            return told
        return told | self._asked.numbers.intersection(figures("\n".join(self._far), ()))


def _has_number(number: str, text: str) -> bool:
    """Whether a text has a number that is no part of another."""
    beside = ((text[max(at - 1, 0) : at], text[at + len(number) :][:1]) for at in places(text, number))
    return any(not any(one == "." or one.isdecimal() for one in pair) for pair in beside)
