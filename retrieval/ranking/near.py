"""A sentence and what stands around it, as a question's words are looked for in them."""

from collections.abc import Sequence

from retrieval.language.mentions.designations import Designation
from retrieval.language.tokeniser import places
from retrieval.lazy import lazy
from retrieval.ranking import ellipsis
from retrieval.ranking.asked import Asked, compared, figures
from retrieval.ranking.fitting import Filled
from retrieval.ranking.surroundings import Surroundings
from retrieval.ranking.words import Shares, closed

DATED = ("period", "day")
"""Kinds of designations that the date of publication can tell."""


class Near:
    """A sentence with what stands around it, and how much of a question's words they have.

    `own` is the sentence as it is compared, `sentence` the same with what it mentions, `beside` its
    neighbours and its heading, `near` all of these and the title; `in_own` and `in_near` are how much of each
    word they have.

    Args:
        asked: the question.
        around: the sentence and what stands around it.
    """

    def __init__(self, asked: Asked, around: Surroundings) -> None:
        self._asked = asked
        self._around = around
        self.own = compared(around.as_asked(asked.text))
        self.sentence = Filled(self.own, around.text, around.mentions)
        self.title = compared(around.title)
        before = around.before if ellipsis.goes_on(self.own) else around.before[-1:]
        self.beside = [compared(text) for text in (*before, around.heading)]
        self.near = "\n".join([self.title, *self.beside, self.own])
        self.in_own = asked.shares(self.own)
        self.in_near = asked.shares_with(self.in_own, self.title, *self.beside)

    @lazy
    def in_wide(self) -> Shares:
        """How much of each word stands anywhere around the sentence."""
        return self._asked.shares_with(self.in_near, *self.far)

    @lazy
    def far(self) -> list[str]:
        """What stands farther away: in the article's first sentence, in the next, among its keywords."""
        around = self._around
        texts = (*around.before, around.after, around.opening, " ".join(around.keywords))
        return [compared(text) for text in texts]

    def in_part(self, part: str) -> Shares:
        """How much of each word a part of the sentence has."""
        return self.in_own if part == self.own else self._asked.shares_of_part(part, self.in_own)

    @lazy
    def figures(self) -> frozenset[float]:
        """The numbers of the question that stand anywhere around the sentence."""
        asked = self._asked.numbers
        told = asked.intersection(figures(self.near, ()))
        return told if told == asked else told | asked.intersection(figures("\n".join(self.far), ()))

    @lazy
    def designations(self) -> Sequence[Designation]:
        """What is near of the kinds that the question has."""
        return self._asked.designations_in(self.near)

    def is_designated(self, one: Designation) -> bool:
        """Whether what is near has a designation in another form: 二代 for 第二代, 推出2.0版本."""
        match one.kind:
            case "ordinal":
                near = self.designations
                same = any(other.kind == one.kind and other.which == one.which for other in near)
                return same or one.text.removeprefix("第") in self.near
            case "version":
                return _has_number(one.which, self.near) or one.text in self.near
            case _:
                is_published = one.kind in DATED and self._around.is_published_in(one)
                return is_published or one.text in self.near

    def has_latin(self, name: str) -> bool:
        """Whether a Latin name is near, or what else the corpus may call it (国内生产总值 for gdp)."""
        if name in self.near or closed(name) in closed(self.near):
            return True
        return any(map(self.near.__contains__, self._asked.others.get(name, ())))


def _has_number(number: str, text: str) -> bool:
    """Whether a text has a number that is no part of another."""
    beside = ((text[max(at - 1, 0) : at], text[at + len(number) :][:1]) for at in places(text, number))
    return any(not any(one == "." or one.isdecimal() for one in pair) for pair in beside)
