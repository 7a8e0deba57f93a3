"""The words of a question, as texts are looked through for them: how much a text has of each."""

from dataclasses import dataclass
from functools import cached_property
from operator import mul
from typing import NamedTuple

from retrieval.regex import regex

SPACED_LATIN = regex(r"[\s\-_](?<=[a-z0-9][\s\-_])[\s\-_]*(?=[a-z0-9])")
"""What may stand between the parts of a Latin name; it begins with what few texts have, to be fast."""
PAIR = 2
"""Characters of which a word has only one pair."""

Shares = tuple[float, ...]
"""Of each word of a question, how much of it a text has (0..1)."""


@dataclass(frozen=True, eq=False)
class Word:
    """A word of one question: all that it may be written as, how rare it is (idf), its part of speech."""

    token: str
    forms: tuple[str, ...]
    rarity: float
    flag: str

    def share(self, text: str, close: str) -> float:
        """1 where a text has the word; less where it has most pairs of characters of a long one.

        `close` is the text without what may stand between the parts of a Latin name.
        """
        for form in self.forms:
            if form in text:
                return 1.0
        for joined in self._joined:
            if joined in close:
                return 1.0
        best = 0.0
        for pairs in self._pairs:
            held = 0
            for pair in pairs:
                held += pair in text
            best = max(best, 0.8 * held / len(pairs))
        return best

    @property
    def is_latin(self) -> bool:
        """Whether it may be written in Latin letters."""
        return bool(self._joined)

    @cached_property
    def _joined(self) -> list[str]:
        """Its Latin forms without what may stand between their parts."""
        return [SPACED_LATIN.sub("", form) for form in self.forms if form.isascii()]

    @cached_property
    def _pairs(self) -> list[list[str]]:
        """The pairs of characters of its other long forms."""
        long = (form for form in self.forms if not form.isascii() and len(form) > PAIR)
        return [[form[at : at + PAIR] for at in range(len(form) - 1)] for form in long]


class Weights(NamedTuple):
    """What each word of a question weighs, and all together."""

    each: Shares
    total: float

    @classmethod
    def of(cls, each: Shares) -> "Weights":
        """Some weights."""
        return cls(each, sum(each))

    def mean(self, shares: Shares) -> float:
        """The weighed mean of what a text has of the words; 0 where none weighs."""
        return sum(map(mul, shares, self.each)) / self.total if self.total else 0.0
