"""What a question insists on and a sentence with what is near it lacks, or has another of in its place."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from retrieval.language.mentions.years import Years
from retrieval.models import AnswerKind
from retrieval.questions.slots import SlotKind
from retrieval.ranking import incidents, roles
from retrieval.ranking.asked import ALMOST, COMMON_NAMES, HALF, LATIN, Asked, counted
from retrieval.ranking.contrasts import Contrasts, is_another_of, is_named
from retrieval.ranking.fitting import OTHER_MEASURE, Fit
from retrieval.ranking.namesakes import Namesakes, goes_on
from retrieval.ranking.near import Near
from retrieval.regex import regex

NAMES = {"ns": (1.0, AnswerKind.PLACE), "nt": (1.0, AnswerKind.ORGANISATION), "nr": (0.5, None)}
"""Parts of speech of names: what it weighs that one is missing, and mentions of what kind contradict it."""
SEVERAL = 10
"""A number from which another of the same is surely another amount (一家 is none)."""
OUTSIDE = regex("http|链接|更多详情|公众号")
"""Sentences that only point elsewhere."""
TOLD_BY_CUES = (SlotKind.DEFINITION, SlotKind.LIST)
"""What may be said without any word that is typical of it (是指, 分别)."""
ONE_OF_MANY = frozenset({"ordinal", "period", "day", "numbered", "round", "plan", "group"})
"""Designations of what there is one after another of: a text that names none means another, as a rule."""


class Lack(NamedTuple):
    """What the question insists on and the text lacks: what that weighs, and whether another is there."""

    name: str
    weight: float
    is_contradicted: bool = False


class Insisted:
    """What one question insists on, read once."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._contrasts = Contrasts(asked)
        self._namesakes = Namesakes(asked)
        self._whole = asked.asked.rstrip("?!。 ")

    def lacks(
        self, near: Near, found: Fit, clause: str, where: float, spoken: Years | None
    ) -> Iterator[Lack]:
        """What of it a sentence with what is near it lacks or contradicts.

        Args:
            near: the sentence and what stands around it.
            found: what of the sentence fits.
            clause: of what fits best.
            where: how near the subject stands to it.
            spoken: the years that the sentence is about; None where the question says none.
        """
        asked = self._asked
        if found.degree < 0:
            kind = asked.slot.kind
            name = "cue" if kind in TOLD_BY_CUES else "reason" if kind is SlotKind.REASON else "slot"
            yield Lack(name, 1.0 if found.degree < OTHER_MEASURE else 0.7)
        if where == 0:
            yield Lack("subject", 1.0)
        if asked.slot.kind is not SlotKind.DEFINITION and asked.hangs_on_one_word(near.in_near):
            yield Lack("more", 0.0)
        elif asked.hangs_on_two_words(near.in_near) and self._whole not in near.near:
            yield Lack("more than two", 0.0)
        yield from self._of_names(near, found, clause)
        if asked.latin:
            yield from self._of_latin(near, clause)
        if asked.designations:
            yield from self._of_designations(near, found)
        if spoken is not None:
            yield from self._of_years(spoken)
        yield from self._of_words(near, clause)
        yield from self._of_manner(near, found)

    def _of_names(self, near: Near, found: Fit, clause: str) -> Iterator[Lack]:
        asked = self._asked
        for flag, names in asked.names.items():
            weight, kind = NAMES[flag]
            missing = [word for word in names if not is_named(word, near.near)]
            if missing and len(missing) >= HALF * len(names):
                others = near.sentence.named(kind) if kind else ()
                is_other = any(other not in asked.text and other not in COMMON_NAMES for other in others)
                yield Lack(flag, weight, is_other)
        is_nobodys = asked.share_of_leading(near.in_near) < HALF
        if is_nobodys:
            is_nowhere = asked.leading in asked.subject and asked.share_of_leading(near.in_wide) < HALF
            yield Lack("leading", 1.0 if is_nowhere else 0.5)
        is_anothers = self._contrasts.is_anothers(near.sentence, clause, found.spans, is_nobodys=is_nobodys)
        if is_anothers or self._namesakes.are_in(near.own):
            yield Lack("another", 1.0, is_contradicted=True)

    def _of_latin(self, near: Near, clause: str) -> Iterator[Lack]:
        asked = self._asked
        missing = [name for name in asked.latin if not near.has_latin(name)]
        if any(is_another_of(name, near.near) for name in missing):
            yield Lack("latin", 1.0, is_contradicted=True)
        elif missing and (len(missing) >= HALF * len(asked.latin) or self._leads(missing)):
            others = (name for name in LATIN.findall(clause) if name not in asked.text and len(name) > 1)
            yield Lack("latin", 1.0, any(name not in COMMON_NAMES for name in others))
        elif not asked.slot.is_version and any(goes_on(one, near.near, asked.text) for one in asked.latin):
            yield Lack("goes on", 0.5)

    def _leads(self, names: Collection[str]) -> bool:
        """Whether one of some names is whose matter it is."""
        return self._asked.leading is not None and self._asked.leading.token in names

    def _of_designations(self, near: Near, found: Fit) -> Iterator[Lack]:
        own = self._asked.designations_in(near.own)
        if self._contrasts.is_behind_another(own, near.own, found.spans):
            yield Lack("numbered", 1.0, is_contradicted=True)
            return
        for one in self._asked.designations:
            alike = [other.which for other in own if other.family == one.family]
            is_there = one.which in alike
            if not alike:
                alike = [other.which for other in near.designations if other.family == one.family]
                is_there = one.which in alike or near.is_designated(one)
            if not is_there:
                # What is the first is said to be so in many ways, and often not at all.
                is_first = one.kind == "ordinal" and one.which == "1"
                is_another = one.kind in ONE_OF_MANY or bool(alike)
                yield Lack("first", 1.0) if is_first else Lack(one.kind, 1.0, is_another)

    def _of_years(self, spoken: Years) -> Iterator[Lack]:
        asked = self._asked
        if asked.references.intersection(spoken.unknown):
            return
        if asked.years and not asked.years.intersection(spoken.meant):
            yield Lack("year", 1.0, bool(spoken.own))

    def _of_words(self, near: Near, clause: str) -> Iterator[Lack]:
        """Figures, a role, what is asked of the subject; and what it says the reverse of."""
        asked = self._asked
        is_missing = asked.figures and len(asked.figures - near.figures) >= HALF * len(asked.figures)
        if is_missing or (asked.slot.kind is not SlotKind.NUMBER and self._counts_another(near)):
            yield Lack("figures", 1.0, self._counts_another(near))
        if asked.role:
            if not any(one in near.own for one in roles.alike(asked.role)):
                yield Lack("role", 1.0)
            elif self._is_role_elsewhere(asked.role, near.own):
                yield Lack("role", 1.0, is_contradicted=True)
        if asked.attribute and asked.attribute.share((near.near,)) < ALMOST:
            yield Lack("attribute", 0.5)
        for incident in asked.incidents:
            if not any(incidents.is_told(incident, text) for text in (near.near, *near.far)):
                yield Lack("incident", 1.0, is_contradicted=True)
                break
        if self._contrasts.is_turned(clause, near.own):
            yield Lack("turned", 1.0, is_contradicted=True)
        if not all(map(near.own.__contains__, asked.scopes)):
            yield Lack("scope", 1.0)

    def _is_role_elsewhere(self, role: str, own: str) -> bool:
        """Whether the role that is asked for is one in another company, by the Latin name before it."""
        others = [name for name in roles.companies(role, own) if name not in COMMON_NAMES]
        return bool(self._asked.latin and others) and not any(name in self._asked.text for name in others)

    def _counts_another(self, near: Near) -> bool:
        """Whether the sentence has another number of what the question has one of: 30天 for 7天."""
        asked = self._asked.counted
        is_number = self._asked.slot.kind is SlotKind.NUMBER
        least = 0 if is_number else SEVERAL
        missing = {(number, of) for number, of in asked if number >= least}
        if is_number and missing:
            missing = {(number, of) for number, of in missing if number not in near.figures}
        if not missing:
            return False
        own = set(counted(near.own, self._asked.designations))
        numbers = {number for number, _ in own}
        of_another = {of for _, of in own} - {of for _, of in own & asked}
        return any(of in of_another and (is_number or number not in numbers) for number, of in missing)

    def _of_manner(self, near: Near, found: Fit) -> Iterator[Lack]:
        """Of another field, of what was added, of nothing that is measured; no statement."""
        if self._contrasts.is_of_another_field(near.own):
            yield Lack("field", 1.0, is_contradicted=True)
        if self._contrasts.is_growth(near.own, found.spans):
            yield Lack("growth", 0.7)
        if self._contrasts.is_unmeasured(near.near):
            yield Lack("quantity", 0.7)
        if OUTSIDE.search(near.own):
            yield Lack("link", 0.5)
        if near.own.rstrip('”"』 ').endswith(("?", "？")):
            yield Lack("question", 0.7)
