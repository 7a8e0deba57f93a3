"""Where in a sentence the answer stands: candidates for it, and which of them suit the question best.

A question leaves a gap (由[谁]执导) and a sentence fills it. The candidates are what the sentence mentions of
the kind asked for, each as long as its whole noun phrase and list (夏雨、宋熙年及陈爽), and the noun phrases
that no dictionary knows. Each is described by facts (which of the question's words stand beside it, what it
is made of), weighed as `tests/bench/train_answers.py` learned from answered questions.
"""

import functools
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import mul
from pathlib import Path
from typing import NamedTuple

from retrieval.answering.given_reasons import reason
from retrieval.answering.told_apart import named_by, of_asked, several
from retrieval.language.mentions import patterns
from retrieval.language.mentions.mention import Mention, spans_of
from retrieval.language.normalise import folded, in_place
from retrieval.language.tokeniser import places
from retrieval.models import AnswerKind, Model, Question, Span, Stream
from retrieval.questions.answer_type import gap, own_part
from retrieval.questions.measures import measure_asked
from retrieval.questions.slots import SlotKind, slot_asked
from retrieval.ranking.fitting import Filled, fit
from retrieval.regex import regex

FILE = "answers.json"
FIGURES = {AnswerKind.NUMBER: SlotKind.NUMBER, AnswerKind.DATE: SlotKind.DATE}
"""Kinds of answers that are told by how they are written."""
CIRCLED = regex("[①-⑳]")
"""The number of an item, which reads as a figure when it is normalised."""
MOST = 3
"""Spans that are marked in one sentence at most."""
CLOSE = 2.2
"""A candidate whose weight is this much below the best one's is marked too."""
CLOSE_FIGURE = 1.7
"""The same for dates and numbers, which are told apart more easily."""
COUNTED = regex("(?:[0-9个种项名位万亿]|百分点)$")
"""How a figure ends that does not say what it counts."""
PART = regex("分之|[%成半]")
"""What a figure holds that is a share: of what it is one belongs to it."""
REPORTER = regex(r"(?:本报|本台|新华社)?记者")
"""What stands before a date or a name and belongs to neither."""
LARGEST_SHARE = 0.4
"""Of a sentence, that may be marked by more than one span."""
NEAR = 12
"""Characters around a candidate in which the question's words count."""
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
WHERE = regex(r"(?:位于|位在|坐落于|地处|处于|在|于|自|往|至|到|源|途经|流经|定都|聚居|分布)$")
"""What a place stands after; from there to the end of the clause all of it tells where."""
LONGEST_PLACE = 30
"""Characters of a place with all that tells where it is."""
QUOTES = "《“「『\"'"
LONGEST_END = 4
"""Characters at the end of a name that tell whether it is that of a place or an organisation."""
MOST_COMMON = 4
"""Characters that two texts are compared by."""


class Weights(Model):
    """What the training script writes: for each kind of answer the weight of each fact."""

    facts: tuple[str, ...]
    kinds: Mapping[AnswerKind, tuple[float, ...]]


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
        self.tokens = tuple(token for token in tokens_of(question) if len(token) > 1)
        self.left, self.right = gap(question)
        self.is_several = bool(several(own_part(question.normalised)))
        is_number = question.kind is AnswerKind.NUMBER and not self.is_several
        self.measure = measure_asked(own_part(question.normalised)) if is_number else None
        slot = slot_asked(question)
        is_one = question.kind is AnswerKind.DATE or is_number
        self.slot = slot if is_one and slot.kind is FIGURES.get(question.kind) else None
        self.longest_list = 2 * LONGEST_LIST if question.kind is AnswerKind.LIST else LONGEST_LIST


def best(asked: Gap, text: str, mentions: Sequence[Mention]) -> list[Span]:
    """The spans of a stored text that answer a question best, the best first; none where nothing could."""
    if asked.kind is AnswerKind.REASON:
        given = reason(folded(text))
        return [given] if given else []
    weights = learned().kinds.get(asked.kind)
    if weights is None:
        return []
    sentence = Sentence(asked, text, mentions)
    candidates = sentence.fitting(sentence.candidates())
    if len(candidates) > 1 and asked.kind is AnswerKind.NUMBER:
        candidates = sentence.told_apart(candidates)
    if len(candidates) <= 1 or (asked.is_several and len(candidates) <= MOST):
        return [(only.start, only.end) for only in candidates]
    weighed = [(_weight(weights, sentence.facts(found)), found) for found in candidates]
    weighed.sort(key=lambda pair: (-round(pair[0], 6), pair[1].start))
    close = CLOSE_FIGURE if asked.kind in {AnswerKind.DATE, AnswerKind.NUMBER} else CLOSE
    kept: list[Span] = []
    marked = 0
    for weight, found in weighed[:MOST]:
        marked += found.end - found.start
        if kept and (weight < weighed[0][0] - close or marked > LARGEST_SHARE * len(text)):
            break
        kept.append((found.start, found.end))
    return kept


class Sentence:
    """A sentence, as a question sees it."""

    def __init__(self, asked: Gap, text: str, mentions: Sequence[Mention]) -> None:
        self._asked = asked
        self._text = text
        in_one = in_place(text)
        self._folded = folded(text) if in_one is None else in_one
        self._mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._known = self._of_question()
        self._known_places = [place for place, is_known in enumerate(self._known) if is_known]
        self._clauses = [match.span() for match in CLAUSE.finditer(self._folded)]

    def _of_question(self) -> list[bool]:
        """For each character, whether it belongs to one of the question's words."""
        text = self._folded
        known = [False] * len(text)
        for token in self._asked.tokens:
            if token in text:
                for place in places(text, token):
                    known[place : place + len(token)] = [True] * len(token)
        return known

    def _is_new(self, start: int, end: int) -> bool:
        return self._folded[start:end].strip() not in self._asked.normalised

    def _known_between(self, start: int, end: int) -> list[int]:
        """The places from one to another that belong to the question's words."""
        known = self._known_places
        return known[bisect_left(known, start) : bisect_left(known, end)]

    def _clause_at(self, place: int) -> Span:
        """The clause that ends first behind a place; all of the text where none does."""
        return next((clause for clause in self._clauses if clause[1] > place), (0, len(self._folded)))

    # candidates

    def candidates(self) -> list[Candidate]:
        """What could be the answer, in the order of the text."""
        phrases = spans_of(AnswerKind.NAME, self._mentions)
        found: dict[Span, bool] = {}
        for mention in spans_of(self._asked.kind, self._mentions):
            if self._is_new(*mention):
                found[self._extended(mention, phrases)] = True
        for phrase in phrases:
            if not any(start < phrase[1] and phrase[0] < end for start, end in found):
                start, end = self._trimmed(*phrase)
                if start < end and self._is_new(start, end):
                    found[start, end] = False
        if self._asked.kind is AnswerKind.DATE:
            found |= {span: False for span in self._times() if span not in found}
        joined = self._joined([Candidate(*span, found[span]) for span in sorted(found)])
        whole = [self._whole(candidate) for candidate in joined]
        return [
            one
            for one in whole
            if self._is_new(one.start, one.end) and not CIRCLED.fullmatch(self._text, one.start, one.end)
        ]

    def fitting(self, found: Sequence[Candidate]) -> Sequence[Candidate]:
        """Of some candidates those that hold a figure or date as it is asked for; failing that, mentions."""
        asked = self._asked
        if asked.slot is None:
            return found
        spans = fit(asked.slot, Filled(self._folded, self._text, self._mentions), asked.normalised).spans
        fitting = [
            one
            for one in found
            if any(start < one.end and one.start < end for start, end in spans)
            or (
                one.is_mention
                and (asked.kind is AnswerKind.DATE or self._unit(self._folded[one.start : one.end]) > 0)
            )
        ]
        mentions = [one for one in found if one.is_mention]
        return fitting or mentions or ([] if asked.kind is AnswerKind.NUMBER else found)

    def told_apart(self, found: Sequence[Candidate]) -> Sequence[Candidate]:
        """Of figures that fit, those that are of what was asked for."""
        asked = self._asked
        told = [one for one in found if one.is_mention] if asked.is_several else found
        spans = [(one.start, one.end) for one in told]
        own = own_part(asked.normalised)
        left = asked.left if own == asked.normalised else named_by(own) or asked.left
        kept = of_asked(own, left, self._folded, spans)
        return [one for one in told if (one.start, one.end) in kept]

    def _extended(self, mention: Span, phrases: Sequence[Span]) -> Span:
        """A mention as long as it is written: a name with its title, a figure with its unit."""
        start, end = mention
        if self._asked.kind is AnswerKind.NUMBER:
            return start, max(self._counted(start, end, phrases), end + self._asked_at(end))
        first, last = self._trimmed(*_united(mention, phrases), keep=mention)
        if self._asked.kind is not AnswerKind.DATE:
            return first, last
        start = first if start - first <= LONGEST_AGE else start
        if match := TIME_END.match(self._folded, end):
            end = match.end()
        return start, end

    def _counted(self, start: int, end: int, phrases: Sequence[Span]) -> int:
        """The end of what a figure counts (三个中心, 三分之二的人口)."""
        piece, after = self._folded[start:end], self._folded[end:]
        of_all = after.startswith("的") and PART.search(piece)
        if not (COUNTED.search(piece) or of_all or after.startswith("人民币")):
            return end
        return max([end, *(stop for begin, stop in phrases if begin < end < stop <= end + LONGEST_NOUN)])

    def _asked_at(self, place: int) -> int:
        """How many characters from a place on are those that the question has after its asking word."""
        return int(_common_start(self._folded[place:], self._asked.right))

    def _times(self) -> Iterator[Span]:
        """Clauses that say when: 出征陈友谅时."""
        for match in TIME_CLAUSE.finditer(self._folded):
            if self._is_new(*match.span()):
                yield match.span()

    def _trimmed(self, start: int, end: int, keep: Span | None = None) -> Span:
        """A span without the question's words and loose characters at its ends; `keep` stays whole."""
        first, last = keep or (end, start)
        limit = end
        if reporter := REPORTER.match(self._folded, start, first):
            start = reporter.end()
        while start < min(end, first) and (self._known[start] or self._folded[start] in LOOSE):
            start += 1
        while end > max(start, last) and (self._known[end - 1] or self._folded[end - 1] in LOOSE):
            end -= 1
        return start, max(end, min(end + self._asked_at(end), limit))

    def _joined(self, found: Sequence[Candidate]) -> Iterator[Candidate]:
        """The members of a list as one candidate."""
        place = 0
        end = -1
        while place < len(found):
            first = last = found[place]
            if first.start < end:
                place += 1
                continue
            is_mention = first.is_mention
            place += 1
            while place < len(found) and self._belongs(first, last, found[place]):
                last = found[place]
                is_mention = is_mention or last.is_mention
                place += 1
            end = last.end
            if match := PARENTHESIS.match(self._folded, end):
                end = match.end()
            yield Candidate(first.start, end, is_mention)

    def _belongs(self, first: Candidate, last: Candidate, following: Candidate) -> bool:
        between = self._folded[last.end : following.start]
        if (
            following.start < last.end
            or following.end - first.start > self._asked.longest_list
            or not JOINT.fullmatch(between)
        ):
            return False
        return "、" in between or last.is_mention == following.is_mention

    def _whole(self, found: Candidate) -> Candidate:
        """A place with all that tells where it is: to the end of its clause, after 位于 and its like."""
        if self._asked.kind is AnswerKind.LIST:
            return self._clause_of(found)
        if self._asked.kind is not AnswerKind.PLACE or not WHERE.search(self._folded[: found.start]):
            return found
        match = CLAUSE.match(self._folded, found.start)
        end = match.end() if match else found.end
        if end - found.start > LONGEST_PLACE:
            return found
        return Candidate(found.start, max(end, found.end), found.is_mention)

    def _clause_of(self, found: Candidate) -> Candidate:
        """The whole clause of a list, without the question's words at its ends."""
        first, last = self._clause_at(found.start)
        start, end = self._trimmed(first, max(last, found.end), keep=(found.start, found.end))
        return Candidate(start, end, found.is_mention)

    # facts

    def facts(self, found: Candidate) -> dict[str, float]:
        """What there is to say about a candidate, as numbers; the weights' order is this one."""
        text, start, end = self._folded, found.start, found.end
        piece = text[start:end]
        before = text[:start].rstrip(" " + QUOTES + "(")
        after = text[end:].lstrip(" ”」』》)的")
        last_characters = max(start, end - LONGEST_END)
        within = slice(bisect_left(self._starts, start), bisect_left(self._starts, end))
        inside = {mention.kind for mention in self._mentions[within] if mention.end <= end}
        known = max(len(self._known_places), 1)
        return {
            "mention": found.is_mention,
            "clause": len(self._known_between(*self._clause_at(start))) / known,
            "left": _common_end(before, self._asked.left),
            "right": _common_start(after, self._asked.right),
            "head": _common_end(before, self._asked.right[:4]),
            "words before": sum([1 / (start - i) for i in self._known_between(start - NEAR, start)]),
            "words after": sum([1 / (i - end + 1) for i in self._known_between(end, end + NEAR)]),
            "preposition": before.endswith(("在", "于", "由", "被", "自", "至", "到")),
            "is": before.endswith(("是", "为", "叫")),
            "opens": not before or before[-1] in ",;。!?:",
            "length": len(piece) / 10,
            "place": start / len(text),
            "place name": bool(patterns.PLACE_END.search(text, last_characters, end)),
            "organisation name": bool(patterns.ORGANISATION_END.search(text, last_characters, end)),
            "figures": AnswerKind.NUMBER in inside or any(character.isdigit() for character in piece),
            "date": AnswerKind.DATE in inside,
            "person": AnswerKind.PERSON in inside,
            "place mention": AnswerKind.PLACE in inside,
            "quoted": text[start - 1 : start] in QUOTES and start > 0,
            "Latin": piece.isascii(),
            "list": "、" in piece,
            "people": text[end : end + 1] in ("人", "籍"),
            "unit": self._unit(piece),
            "ordinal": piece.startswith("第"),
            "in brackets": text[start - 1 : start] == "(",
        }

    def _unit(self, piece: str) -> float:
        """1 for the unit that is asked for, -1 for another, 0 where any could be."""
        if not self._asked.measure:
            return 0.0
        return 1.0 if self._asked.measure.holds(piece) else -1.0


def _weight(weights: Sequence[float], facts: Mapping[str, float]) -> float:
    return float(sum(map(mul, weights, facts.values())))


def _united(mention: Span, phrases: Sequence[Span]) -> Span:
    """A mention with the phrases that it stands in."""
    around = [phrase for phrase in phrases if phrase[0] < mention[1] and mention[0] < phrase[1]]
    spans = [mention, *around]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _common_start(one: str, other: str) -> float:
    """How many of their first characters two texts have in common, 4 at most."""
    count = 0
    most = min(len(one), len(other), MOST_COMMON)
    while count < most and one[count] == other[count]:
        count += 1
    return float(count)


def _common_end(one: str, other: str) -> float:
    return _common_start(one[: -MOST_COMMON - 1 : -1], other[: -MOST_COMMON - 1 : -1])


def tokens_of(question: Question) -> set[str]:
    """The words and bigrams that a question's terms are found by."""
    terms = (*question.terms[Stream.WORD], *question.terms[Stream.BIGRAM])
    return {token for term in terms for token, _ in term.alternatives}


@functools.cache
def learned() -> Weights:
    """The weights that ship."""
    content = Path(__file__).with_name(FILE).read_bytes()
    return Weights.model_validate_json(content)
