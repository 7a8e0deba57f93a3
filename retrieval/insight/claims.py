"""What a figure in a sentence is said of: which measure, of whom, within what limits, of which time."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from retrieval.index.protocol import StoredArticle
from retrieval.insight.amounts import Amount, amounts
from retrieval.insight.measured import (
    BASES,
    FALLS,
    FIXED,
    FLOWS,
    GROUP,
    NAME,
    PLANNED,
    POINTING,
    RATE,
    RISES,
    SAYING,
    SCOPE,
    SEASON,
    SHARE_OF,
    SO_FAR,
    measures,
    rate,
    scopes,
)
from retrieval.insight.wording import Wording
from retrieval.language.mentions.designations import Designation, designations
from retrieval.language.mentions.periods import Period, PeriodReader
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import SentenceKind
from retrieval.regex import regex

CLAUSE = regex(r"(?:[^,;。!?:]|(?<=\d)[,:](?=\d))+")
VERSION = regex(r"(?=.*\d)(?=.*[a-z])[a-z0-9.-]+")
SEVERAL = regex("分别|各自|依次")
"""What makes several figures belong to several things."""
COMPARED = regex(r"(?:比|较|较之|相比|与|同|相较于?|自|以)\s?$")
"""What stands before a time that a figure is only compared with."""
LONGEST_AFTER = 8
"""Characters behind a figure that can name what it counts."""
AFTER = regex(r"的?([\u4e00-\u9fffa-z0-9.]+)")
NEAR = 3
"""Sentences before one that tell its time."""
FEWEST_NOUNS = 2
"""Nouns by which something without a name is known again; one more where time does not change it."""
LONGEST_PART = 200
"""Days of a part of a year."""
SHORT = 1
"""Days of a period that a figure of a stretch of time cannot be of."""


class Claim(NamedTuple):
    """A figure and what it is said of.

    `measures` are the numbers of what it measures, `noun` the word for it where that is none of these;
    `basis` is against what a change is counted, `rate` for each of what, `share_of` a
    share of what; `words` are told with
    it, `subject` are the nouns that say of whom, `topic` the first name of the text before; `scope` limits
    it, to the `seasons` that are named, `is_planned` tells that it is to come, `is_so_far`
    that it grows; `apart` tells it from
    others alike; `told` is the text that says all this, `is_named` whether by a
    name; `period` the time it is of,
    where the text says.
    """

    amount: Amount
    measures: frozenset[int]
    basis: str
    rate: str
    noun: str
    words: tuple[str, ...]
    share_of: frozenset[str] | None
    subject: tuple[str, ...]
    topic: str
    scope: frozenset[str]
    seasons: frozenset[str]
    is_planned: bool
    is_so_far: bool
    apart: tuple[Designation, ...]
    told: str
    is_named: bool
    period: Period | None

    @property
    def is_of_a_stretch(self) -> bool:
        """Whether it belongs to a stretch of time, as sales do."""
        return bool(self.basis) or bool(self.measures & FLOWS)

    @property
    def is_specific(self) -> bool:
        """Whether it can be known again elsewhere: a bridge, 2 km long, could be any."""
        return self.is_named or self.is_of_a_stretch or len(set(self.subject)) >= FEWEST_NOUNS + self.is_fixed

    @property
    def is_fixed(self) -> bool:
        """Whether time does not change it."""
        return not self.basis and bool(self.measures & FIXED)


class _Part(NamedTuple):
    """Where the text that belongs to a figure begins and ends, and its clause."""

    start: int
    end: int
    clause: int


@dataclass(slots=True)
class _Context:
    """What a sentence said before a figure: the words of its clauses and figures, those of clauses alone.

    `figures` are the words of the figures since the last clause that has none.
    """

    said: list[tuple[str, ...]] = field(default_factory=list)
    plain: list[tuple[str, ...]] = field(default_factory=list)
    figures: list[tuple[str, ...]] = field(default_factory=list)
    text: str = ""


class Telling:
    """A sentence of an article with what stands around it, as figures are read from it.

    Args:
        article: that has it.
        number: of the sentence.
        tokeniser: cuts it into words.
    """

    def __init__(self, article: StoredArticle, number: int, tokeniser: Tokeniser) -> None:
        self.article, self.number = article, number
        self.wording = Wording(tokeniser)
        self.text = normalise(article.text(number))
        self.title = normalise(article.record.title)

    @cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The figures of the sentence."""
        return tuple(amounts(self.text))

    @cached_property
    def before(self) -> str:
        """The sentence before it in its paragraph, normalised; empty where there is none."""
        at, sentences = self.number - 1, self.article.sentences
        if at < 0 or sentences[at].paragraph != sentences[self.number].paragraph:
            return ""
        return normalise(self.article.text(at)) if sentences[at].kind is SentenceKind.TEXT else ""

    @cached_property
    def near(self) -> str:
        """All that the sentence is understood by."""
        return f"{self.title}\n{self.before}\n{self.text}"

    @cached_property
    def apart(self) -> Collection[Designation]:
        """What tells one of several alike apart in all that the sentence is understood by."""
        return frozenset(designations(self.near))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The times that the sentence speaks of."""
        reader = PeriodReader(self.article.record.published)
        for at in range(max(0, self.number - NEAR), self.number):
            reader.read(normalise(self.article.text(at)))
        return reader.read(self.text)

    @cached_property
    def periods_before(self) -> tuple[Period, ...]:
        """The times that the title and the sentence before speak of."""
        reader = PeriodReader(self.article.record.published)
        texts = self.title, self.before
        return tuple(
            period
            for text in texts
            for period in reader.read(text)
            if not _is_compared(text, period) and not _names_only(text, period)
        )

    def claims(self) -> Iterator[Claim]:
        """What its figures are said of, in its order."""
        before: Claim | None = None
        context = _Context()
        opening = None
        for clause in CLAUSE.finditer(self.text):
            at, end = clause.span()
            opening = at if opening is None else opening
            inside = [one for one in self.amounts if at <= one.span[0] < end]
            for place, amount in enumerate(inside):
                following = inside[place + 1].span[0] if place + 1 < len(inside) else end
                part = _Part(at, following, opening)
                claim = self._claim(amount, part, before, context)
                context.said.append(claim.words)
                context.figures.append(claim.words)
                if not SEVERAL.search(self.text, max(0, amount.span[0] - LONGEST_AFTER), end):
                    before = claim
                    yield claim
                at = amount.span[1]
            said = self._content(at, end) if not inside and not SAYING.search(clause.group()) else ()
            if said:
                context.said.append(said)
                context.figures.clear()
                context.plain.append(said)
                context.text += clause.group()
            if inside or said:
                opening = None

    def _claim(self, amount: Amount, part: _Part, before: Claim | None, context: _Context) -> Claim:
        said = self.text[part.start : amount.span[0]]
        after = self._after(amount.span[1], part.end)
        whole, prefix = f"{said} {after}", f"{self.text[: amount.span[0]]} {after}"
        words = (*self._content(part.start, amount.span[0]), *self._content_of(after))
        own = tuple(one for one in words if one not in GROUP)
        basis = self._basis(said, amount)
        named = measures(said) or measures(after)
        if not named and not own:
            named = before.measures if before is not None else measures(context.text)
        noun = "" if named else self._noun(said, after)
        scope = scopes(whole)
        if not own and basis and before is not None:
            scope = scope or before.scope
        claim = Claim(
            amount=_fallen(amount) if basis and FALLS.search(said[-LONGEST_AFTER:]) else amount,
            measures=named,
            basis=basis,
            rate=rate(whole),
            noun=noun,
            words=own,
            share_of=frozenset(self._content_of(share[1])) if (share := SHARE_OF.search(said)) else None,
            subject=self._subject(() if share or POINTING.search(said) else own, noun, context),
            topic=self._topic(own, context, is_fixed=bool(named & FIXED)),
            scope=scope,
            seasons=frozenset(SEASON.findall(prefix) or SEASON.findall(self.title)),
            is_planned=bool(PLANNED.search(whole)),
            is_so_far=bool(SO_FAR.search(prefix)),
            apart=tuple(filter(_tells_apart, designations(prefix))),
            is_named=False,
            told=whole if self._nouns(own, noun) else f"{self.title}\n{self.before}\n{prefix}",
            period=None,
        )
        is_named = any(map(self._is_name, filter(None, (*own, *claim.subject, claim.topic))))
        return claim._replace(is_named=is_named or bool(claim.apart), period=self._period(claim, part.clause))

    def _subject(self, own: Sequence[str], noun: str, context: _Context) -> tuple[str, ...]:
        """The nouns told with a figure; where there are none, what the sentence before it names first.

        That with all versions; where it names nothing, the nouns of the nearest clause before, or of the text
        before the sentence.
        """
        if found := self._nouns(own, noun):
            return found
        said = [word for words in context.said for word in words]
        if names := [word for word in said if self._is_name(word)]:
            last = context.figures[-1] if context.figures else ()
            return (names[0], *(word for word in said if VERSION.fullmatch(word)), *self._nouns(last, noun))
        around = (*reversed(context.said), self._words_before, self._title_words)
        return next((found for words in around if (found := self._nouns(words, noun))), ())

    def _nouns(self, words: Sequence[str], noun: str) -> tuple[str, ...]:
        return tuple(
            word for word in words if word != noun and word not in GROUP and self.wording.is_noun(word)
        )

    def _topic(self, own: Sequence[str], context: _Context, *, is_fixed: bool) -> str:
        """The first name that the sentence says before a figure, apart from other figures if that will do.

        Of a figure that is told with no noun, else that of the text before.
        """
        if not self._nouns(own, ""):
            return self._first(self._is_name, (*context.said, self._words_before, self._title_words))
        named = self._first(self._is_name, context.plain)
        if named or any(map(self.wording.is_place, own)):
            return named
        # What is fixed is known by itself; what is counted may be counted in the place of the title alone.
        around = context.said if is_fixed else (*context.said, self._title_words)
        return self._first(self.wording.is_place, around)

    @staticmethod
    def _first(is_one: Callable[[str], bool], clauses: Iterable[Sequence[str]]) -> str:
        return next((word for words in clauses for word in words if is_one(word)), "")

    def _is_name(self, word: str) -> bool:
        return self.wording.is_name(word, self.text)

    @cached_property
    def _words_before(self) -> tuple[str, ...]:
        clauses = (clause.group() for clause in CLAUSE.finditer(self.before))
        return self._content_of(",".join(clause for clause in clauses if not SAYING.search(clause)))

    @cached_property
    def _title_words(self) -> tuple[str, ...]:
        return self._content_of(self.title)

    def _after(self, start: int, end: int) -> str:
        """What a figure counts, where it stands behind it."""
        match = AFTER.match(self.text, start, end)
        return match[1][:LONGEST_AFTER] if match else ""

    def _basis(self, said: str, amount: Amount) -> str:
        if amount.unit not in {"%", "百分点", "倍"} and not re.search("(?:增加|减少|下降|增长)了?约?$", said):
            return ""
        for name, pattern in BASES:
            if pattern.search(said):
                return name
        near = said[-8:]
        return "change" if RISES.search(near) or FALLS.search(near) else ""

    def _content(self, start: int, end: int) -> tuple[str, ...]:
        """The words of a part of the sentence that say something, but for its times."""
        piece = self.text[start:end]
        for period in reversed(self.periods):
            first, last = (max(0, at - start) for at in period.span)
            piece = piece[:first] + " " * (min(last, len(piece)) - min(first, len(piece))) + piece[last:]
        return self._content_of(piece)

    def _content_of(self, piece: str) -> tuple[str, ...]:
        piece = RATE.sub(" ", SCOPE.sub(" ", piece))
        for _, pattern in BASES:
            piece = pattern.sub(" ", piece)
        found: list[str] = []
        end = 0
        for match in NAME.finditer(piece):
            found += [*self.wording.saying(piece[end : match.start()]), match.group()]
            end = match.end()
        return tuple(dict.fromkeys((*found, *self.wording.saying(piece[end:]))))

    def _noun(self, said: str, after: str) -> str:
        """The nearest word before a figure of no known measure, or behind it."""
        before, behind = self.wording.saying(said), self.wording.saying(after)
        return before[-1] if before else behind[0] if behind else ""

    def _period(self, claim: Claim, clause: int) -> Period | None:
        """The time a figure is of: the nearest of its clause, else of the text before that fits it."""
        end = claim.amount.span[0]
        said = [one for one in self.periods if one.span[1] <= end and not _is_compared(self.text, one)]
        if own := [one for one in said if one.span[0] >= clause]:
            return own[-1]
        before = self.periods_before if claim.is_of_a_stretch else ()
        fitting = (one for one in (*before, *said) if _fits(claim, one))
        return next(reversed(list(fitting)), None)


def _is_compared(text: str, period: Period) -> bool:
    return bool(COMPARED.search(text, max(0, period.span[0] - 3), period.span[0]))


def _names_only(text: str, period: Period) -> bool:
    """Whether a year is a part of a name (2024年综合运输春运工作专班), as far as what follows tells."""
    return period.days > LONGEST_PART and text[period.span[1] : period.span[1] + 1] not in (
        ",",
        "",
        ":",
        "我",
        "全",
    )


def _fits(claim: Claim, period: Period) -> bool:
    """Whether a time told elsewhere than with a figure can be its own: no sales are those of the day told."""
    return not claim.is_of_a_stretch or period.days > SHORT


def _tells_apart(one: Designation) -> bool:
    """Whether a designation is of whom or what, not of a time, and surely one."""
    return (
        one.kind not in {"period", "day"}
        and not one.text.startswith("首")
        and (one.kind != "version" or one.of.isascii())
    )


def _fallen(amount: Amount) -> Amount:
    """A figure that something fell by."""
    return amount._replace(value=-amount.value)
