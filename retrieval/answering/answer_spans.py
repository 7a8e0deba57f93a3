"""Where in a sentence the answer stands: which of the candidates for it suit the question best.

Each candidate is described by facts (which of the question's words stand beside it, what it is made of),
weighed as `tests/bench/train_answers.py` learned from answered questions.
"""

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from operator import mul
from pathlib import Path

from retrieval.answering.candidates import CLAUSE, MOST_COMMON, Candidate, Seen, common_start
from retrieval.answering.given_reasons import reason
from retrieval.language.mentions import patterns
from retrieval.models import AnswerKind, Model, Span

FILE = "answers.json"
MOST = 3
"""Spans that are marked in one sentence at most."""
CLOSE = 2.2
"""A candidate whose weight is this much below the best one's is marked too."""
CLOSE_FIGURE = 1.7
"""The same for dates and numbers, which are told apart more easily."""
LARGEST_SHARE = 0.4
"""Of a sentence, that may be marked by more than one span."""
NEAR = 12
"""Characters around a candidate in which the question's words count."""
QUOTES = "《“「『\"'"
LONGEST_END = 4
"""Characters at the end of a name that tell whether it is that of a place or an organisation."""
FACTS = (
    *("mention", "clause", "left", "right", "head", "words before", "words after", "preposition", "is"),
    *("opens", "length", "place", "place name", "organisation name", "figures", "date", "person"),
    *("place mention", "quoted", "Latin", "list", "people", "unit", "ordinal", "in brackets"),
)
"""What is said about a candidate, in the order of the weights."""


class Weights(Model):
    """What the training script writes: for each kind of answer the weight of each fact."""

    facts: tuple[str, ...]
    kinds: Mapping[AnswerKind, tuple[float, ...]]


def best(sentence: Seen) -> list[Span]:
    """The spans of a sentence that answer a question best, the best first; none where nothing could."""
    asked = sentence.asked
    if asked.kind is AnswerKind.REASON:
        given = reason(sentence.folded)
        return [given] if given else []
    weights = learned().kinds.get(asked.kind)
    if weights is None:
        return []
    candidates = sentence.fitting(sentence.candidates())
    if len(candidates) > 1 and asked.kind is AnswerKind.NUMBER:
        candidates = sentence.told_apart(candidates)
    if len(candidates) <= 1 or (asked.is_several and len(candidates) <= MOST):
        return [(only.start, only.end) for only in candidates]
    described = Described(sentence)
    weighed = [(float(sum(map(mul, weights, described.facts(one)))), one) for one in candidates]
    weighed.sort(key=lambda pair: (-round(pair[0], 6), pair[1].start))
    close = CLOSE_FIGURE if asked.kind in {AnswerKind.DATE, AnswerKind.NUMBER} else CLOSE
    kept: list[Span] = []
    marked = 0
    for weight, found in weighed[:MOST]:
        marked += found.end - found.start
        if kept and (weight < weighed[0][0] - close or marked > LARGEST_SHARE * len(sentence.folded)):
            break
        kept.append((found.start, found.end))
    return kept


class Described:
    """A sentence of which there is something to say about each candidate."""

    def __init__(self, sentence: Seen) -> None:
        self._sentence = sentence
        self._left, self._right = sentence.asked.left, sentence.asked.right
        self._starts = [mention.start for mention in sentence.mentions]
        self._known = [place for place, is_known in enumerate(sentence.known) if is_known]
        clauses = [match.span() for match in CLAUSE.finditer(sentence.folded)]
        self._clause_ends = [end for _, end in clauses]
        # Behind the last clause all of the text counts.
        self._in_clauses = [len(self._between(*clause)) for clause in clauses] + [len(self._known)]

    def facts(self, found: Candidate) -> tuple[float, ...]:
        """What there is to say about a candidate, as numbers (`FACTS`)."""
        text, start, end = self._sentence.folded, found.start, found.end
        piece = text[start:end]
        before = text[:start].rstrip(" " + QUOTES + "(")
        after = text[end:].lstrip(" ”」』》)的")
        previous = text[start - 1 : start]
        last_characters = max(start, end - LONGEST_END)
        within = slice(bisect_left(self._starts, start), bisect_left(self._starts, end))
        inside = [kind for kind, _, last in self._sentence.mentions[within] if last <= end]
        return (
            found.is_mention,
            self._in_clauses[bisect_right(self._clause_ends, start)] / max(len(self._known), 1),
            common_end(before, self._left),
            common_start(after, self._right),
            common_end(before, self._right[:MOST_COMMON]),
            sum([1 / (start - at) for at in self._between(start - NEAR, start)]),
            sum([1 / (at - end + 1) for at in self._between(end, end + NEAR)]),
            before.endswith(("在", "于", "由", "被", "自", "至", "到")),
            before.endswith(("是", "为", "叫")),
            not before or before[-1] in ",;。!?:",
            len(piece) / 10,
            start / len(text),
            bool(patterns.PLACE_END.search(text, last_characters, end)),
            bool(patterns.ORGANISATION_END.search(text, last_characters, end)),
            AnswerKind.NUMBER in inside or any(map(str.isdigit, piece)),
            AnswerKind.DATE in inside,
            AnswerKind.PERSON in inside,
            AnswerKind.PLACE in inside,
            previous in QUOTES and start > 0,
            piece.isascii(),
            "、" in piece,
            text[end : end + 1] in ("人", "籍"),
            self._sentence.unit(piece),
            piece.startswith("第"),
            previous == "(",
        )

    def _between(self, start: int, end: int) -> list[int]:
        """The places from one to another that belong to the question's words."""
        known = self._known
        return known[bisect_left(known, start) : bisect_left(known, end)]


def common_end(one: str, other: str) -> int:
    """How many of their last characters two texts have in common, 4 at most."""
    return common_start(one[: -MOST_COMMON - 1 : -1], other[::-1])


@functools.cache
def learned() -> Weights:
    """The weights that ship."""
    content = Path(__file__).with_name(FILE).read_bytes()
    return Weights.model_validate_json(content)
