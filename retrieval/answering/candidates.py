"""What in a sentence could be the answer to a question.

A question leaves a gap (由[谁]执导) and a sentence fills it. The candidates are what the sentence mentions of
the kind asked for, each as long as its whole noun phrase and list (夏雨、宋熙年及陈爽), and the noun phrases
that no dictionary knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from retrieval.answering.told_apart import Wanted, named_by, several
from retrieval.language.mentions.mention import Mention, spans_of
from retrieval.language.normalise import align, folded, in_place
from retrieval.language.tokeniser import places
from retrieval.lazy import lazy
from retrieval.models import AnswerKind, Question, Span, Stream
from retrieval.questions.answer_type import gap, own_part
from retrieval.questions.measures import measure_asked
from retrieval.questions.slots import SlotKind, slot_asked
from retrieval.ranking.asked import compared
from retrieval.ranking.fitting import Filled, Fit, fit
from retrieval.regex import regex

FIGURES = {AnswerKind.NUMBER: SlotKind.NUMBER, AnswerKind.DATE: SlotKind.DATE}
"""Kinds of answers that are told by how they are written."""
CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
"""The number of an item, which reads as a figure when it is normalised."""
COUNTED = regex("(?:[0-9个种项名位万亿]|百分点)$")
"""How a figure ends that does not say what it counts."""
PART = regex("分之|[%成半]")
"""What a figure holds that is a share: of what it is one belongs to it."""
REPORTER = "记者"
REPORTERS = regex(rf"(?:本报|本台|新华社)?{REPORTER}")
"""What stands before a date or a name and belongs to neither."""
LONGEST_LIST = 60
"""Characters of a list of names that is one candidate."""
JOINT = regex(r" ?(?:、|和|与|及|以及|或|以至|至|暨|跟|\([^()]{1,20}\)(?:、|和|与|及|以及|或)) ?")
"""What stands between the members of a list."""
PARENTHESIS = regex(r" ?[\"”」』》]? ?\([^()]{1,24}\)")
"""What belongs to the name before it."""
CLAUSE = regex(r"[^,;。!?:]+")
LOOSE = " 的之于在"
TIME_END = regex("左右|前后|之?[前后](?!来)|期间|以[前后来]|年间|时(?!任)|起")
TIME_CLAUSE = regex(
    r"(?:(?<=^)|(?<=[,;。]))[^,;。!?:]{2,24}?(?:时候?|之?[前后]|以[前后来]|期间|当日)(?=[,;。])"
)
"""A clause that says when something was."""
LONGEST_AGE = 6
"""Characters of an age before a year (中国清康熙七年)."""
LONGEST_NOUN = 4
"""Characters of what a figure counts (三个中心)."""
WHERE = tuple("位于 位在 坐落于 地处 处于 在 于 自 往 至 到 源 途经 流经 定都 聚居 分布".split())
"""What a place stands after; from there to the end of the clause all of it tells where."""
WIDENED = frozenset({AnswerKind.LIST, AnswerKind.PLACE})
"""Kinds of answers that may be longer than what is mentioned."""
LONGEST_PLACE = 30
"""Characters of a place with all that tells where it is."""
FALSE, TRUE = b"\0", b"\1"
MOST_COMMON = 4
"""Characters that two texts are compared by."""


class Candidate(NamedTuple):
    """A span that could be the answer, and whether it is a mention of the kind asked for."""

    start: int
    end: int
    is_mention: bool


class Gap:
    """The gap that a question leaves, as its sentences are looked into: its kind, its words, its unit."""

    def __init__(self, question: Question) -> None:
        self.kind = question.kind
        self.normalised = question.normalised
        self.is_compared = compared(question.normalised) == question.normalised
        self.tokens = tuple(token for token in tokens_of(question) if len(token) > 1)
        self.left, self.right = gap(question)
        self.is_several = bool(several(own_part(question.normalised)))
        is_number = question.kind is AnswerKind.NUMBER and not self.is_several
        self.measure = measure_asked(own_part(question.normalised)) if is_number else None
        is_one = question.kind is AnswerKind.DATE or is_number
        slot = slot_asked(question) if is_one else None
        self.slot = slot if slot and slot.kind is FIGURES[question.kind] else None
        self.longest_list = 2 * LONGEST_LIST if question.kind is AnswerKind.LIST else LONGEST_LIST

    @lazy
    def wanted(self) -> Wanted:
        """What tells which of several figures is asked for."""
        own = own_part(self.normalised)
        return Wanted(own, self.left if own == self.normalised else named_by(own) or self.left)


class Seen:
    """A sentence, as a question sees it.

    `folded` is its text in the form in which it is compared, one character for one; `known` has 1 for each
    character that belongs to one of the question's words, else 0.

    Args:
        asked: the question.
        text: of the sentence, as it is stored.
        mentions: of it.
        found: what of it fills the question's slot, as it is compared, where that was found before.
    """

    def __init__(self, asked: Gap, text: str, mentions: Sequence[Mention], found: Fit | None = None) -> None:
        in_one = in_place(text)
        self.asked = asked
        self.mentions = mentions
        self.folded = folded(text) if in_one is None else in_one
        self.known = bytearray(len(text))
        for start, end in _places_of(asked.tokens, self.folded):
            self.known[start:end] = TRUE * (end - start)
        self._text = text
        self._is_steady = in_one is not None
        # It was found without marks and loose spaces, so that it lies here only where there were none.
        self._fit = found if asked.is_compared and compared(text) == self.folded else None
        self._has_reporter = REPORTER in self.folded

    def matches(self) -> list[Span]:
        """Where its stored text has the question's own words; those that touch are one."""
        if self._is_steady:
            return _runs(self.known)
        normalised, spans = align(self._text)
        known = bytearray(len(self._text))
        for first, last in _places_of(self.asked.tokens, normalised):
            start, end = spans[first][0], spans[last - 1][1]
            known[start:end] = TRUE * (end - start)
        return _runs(known)

    def candidates(self) -> list[Candidate]:
        """What could be the answer, in the order of the text."""
        phrases = spans_of(AnswerKind.NAME, self.mentions)
        found: dict[Span, bool] = {}
        taken = bytearray(len(self.folded))
        for mention in spans_of(self.asked.kind, self.mentions):
            if self._is_new(*mention):
                start, end = self._extended(mention, phrases)
                found[start, end] = True
                taken[start:end] = TRUE * (end - start)
        for first, last in phrases:
            if taken.find(TRUE, first, last) < 0:
                start, end = self._trimmed(first, last)
                if start < end and self._is_new(start, end):
                    found[start, end] = False
                    taken[start:end] = TRUE * (end - start)
        if self.asked.kind is AnswerKind.DATE:
            found |= {span: False for span in self._times() if span not in found}
        joined = self._joined([Candidate(*span, is_mention) for span, is_mention in sorted(found.items())])
        return [
            one
            for one in (map(self._whole, joined) if self.asked.kind in WIDENED else joined)
            if self._is_new(one.start, one.end) and self._text[one.start : one.end] not in CIRCLED
        ]

    def fitting(self, found: Sequence[Candidate]) -> Sequence[Candidate]:
        """Of some candidates those that hold a figure or date as it is asked for; failing that, mentions."""
        asked = self.asked
        if asked.slot is None:
            return found
        filled = Filled(self.folded, self._text, self.mentions)
        spans = (self._fit or fit(asked.slot, filled, asked.normalised)).spans
        fitting = [
            one
            for one in found
            if any(start < one.end and one.start < end for start, end in spans)
            or (one.is_mention and self._may_fit(one))
        ]
        mentions = [one for one in found if one.is_mention]
        return fitting or mentions or ([] if asked.kind is AnswerKind.NUMBER else found)

    def _may_fit(self, mention: Candidate) -> bool:
        is_date = self.asked.kind is AnswerKind.DATE
        return is_date or self.unit(self.folded[mention.start : mention.end]) > 0

    def unit(self, piece: str) -> float:
        """1 where a piece has the unit that is asked for, -1 for another, 0 where any could be."""
        if not self.asked.measure:
            return 0.0
        return 1.0 if self.asked.measure.holds(piece) else -1.0

    def told_apart(self, found: Sequence[Candidate]) -> Sequence[Candidate]:
        """Of figures that fit, those that are of what was asked for."""
        asked = self.asked
        told = [one for one in found if one.is_mention] if asked.is_several else found
        spans = [(one.start, one.end) for one in told]
        kept = asked.wanted.of(self.folded, spans)
        return [one for one in told if (one.start, one.end) in kept]

    def _is_new(self, start: int, end: int) -> bool:
        return self.folded[start:end].strip() not in self.asked.normalised

    def _extended(self, mention: Span, phrases: Sequence[Span]) -> Span:
        """A mention as long as it is written: a name with its title, a figure with its unit."""
        start, end = mention
        if self.asked.kind is AnswerKind.NUMBER:
            return start, max(self._counted(start, end, phrases), end + self._asked_at(end))
        first, last = self._trimmed(*_united(mention, phrases), keep=mention)
        if self.asked.kind is not AnswerKind.DATE:
            return first, last
        start = first if start - first <= LONGEST_AGE else start
        if match := TIME_END.match(self.folded, end):
            end = match.end()
        return start, end

    def _counted(self, start: int, end: int, phrases: Sequence[Span]) -> int:
        """The end of what a figure counts (三个中心, 三分之二的人口)."""
        piece = self.folded[start:end]
        of_all = self.folded.startswith("的", end) and PART.search(piece)
        if not (of_all or self.folded.startswith("人民币", end) or COUNTED.search(piece)):
            return end
        return max([end, *(stop for begin, stop in phrases if begin < end < stop <= end + LONGEST_NOUN)])

    def _asked_at(self, place: int) -> int:
        """How many characters from a place on are those that the question has after its asking word."""
        return common_start(self.folded[place : place + MOST_COMMON], self.asked.right)

    def _times(self) -> Iterator[Span]:
        """Clauses that say when: 出征陈友谅时."""
        for match in TIME_CLAUSE.finditer(self.folded):
            if self._is_new(*match.span()):
                yield match.span()

    def _trimmed(self, start: int, end: int, keep: Span | None = None) -> Span:
        """A span without the question's words and loose characters at its ends; `keep` stays whole."""
        first, last = keep or (end, start)
        limit = end
        if self._has_reporter and (reporter := REPORTERS.match(self.folded, start, first)):
            start = reporter.end()
        while start < min(end, first) and (self.known[start] or self.folded[start] in LOOSE):
            start += 1
        while end > max(start, last) and (self.known[end - 1] or self.folded[end - 1] in LOOSE):
            end -= 1
        return start, end if end == limit else min(end + self._asked_at(end), limit)

    def _joined(self, found: Sequence[Candidate]) -> Iterator[Candidate]:
        """The members of a list as one candidate."""
        place = 0
        end = -1
        while place < len(found):
            first = last = found[place]
            place += 1
            if first.start < end:
                continue
            is_mention = first.is_mention
            while place < len(found) and self._belongs(first, last, found[place]):
                last = found[place]
                is_mention = is_mention or last.is_mention
                place += 1
            end = last.end
            if "(" in self.folded and (match := PARENTHESIS.match(self.folded, end)):
                end = match.end()
            yield Candidate(first.start, end, is_mention)

    def _belongs(self, first: Candidate, last: Candidate, following: Candidate) -> bool:
        if following.start < last.end or following.end - first.start > self.asked.longest_list:
            return False
        between = self.folded[last.end : following.start]
        is_joint = JOINT.fullmatch(between) is not None
        return is_joint and ("、" in between or last.is_mention == following.is_mention)

    def _whole(self, found: Candidate) -> Candidate:
        """A place with all that tells where it is: to the end of its clause, after 位于 and its like."""
        if self.asked.kind is AnswerKind.LIST:
            return self._clause_of(found)
        if self.asked.kind is not AnswerKind.PLACE or not self.folded.endswith(WHERE, 0, found.start):
            return found
        match = CLAUSE.match(self.folded, found.start)
        end = match.end() if match else found.end
        if end - found.start > LONGEST_PLACE:
            return found
        return Candidate(found.start, max(end, found.end), found.is_mention)

    def _clause_of(self, found: Candidate) -> Candidate:
        """The whole clause of a list, without the question's words at its ends."""
        clauses = (match.span() for match in CLAUSE.finditer(self.folded))
        first, last = next((clause for clause in clauses if clause[1] > found.start), (0, len(self.folded)))
        start, end = self._trimmed(first, max(last, found.end), keep=(found.start, found.end))
        return Candidate(start, end, found.is_mention)


def _places_of(tokens: Iterable[str], text: str) -> Iterator[Span]:
    """Where some tokens stand in a text."""
    for token in tokens:
        if token in text:
            for place in places(text, token):
                yield place, place + len(token)


def _runs(marks: bytearray) -> list[Span]:
    """Where characters that are marked stand together."""
    found = []
    start = marks.find(TRUE)
    while start >= 0:
        end = marks.find(FALSE, start)
        end = len(marks) if end < 0 else end
        found.append((start, end))
        start = marks.find(TRUE, end)
    return found


def _united(mention: Span, phrases: Sequence[Span]) -> Span:
    """A mention with the phrases that it stands in."""
    around = [phrase for phrase in phrases if phrase[0] < mention[1] and mention[0] < phrase[1]]
    spans = [mention, *around]
    return min([start for start, _ in spans]), max([end for _, end in spans])


def common_start(one: str, other: str) -> int:
    """How many of their first characters two texts have in common, 4 at most."""
    count = 0
    for mine, its in zip(one[:MOST_COMMON], other, strict=False):
        if mine != its:
            break
        count += 1
    return count


def tokens_of(question: Question) -> set[str]:
    """The words and bigrams that a question's terms are found by."""
    terms = (*question.terms[Stream.WORD], *question.terms[Stream.BIGRAM])
    return {token for term in terms for token, _ in term.alternatives}
