"""The words of a question, as texts are looked through for them: how much a text has of each."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.regex import regex

SPACED_LATIN = regex(r"[\s\-_](?<=[a-z0-9][\s\-_])[\s\-_]*(?=[a-z0-9])")
"""What may stand between the parts of a Latin name; it begins with what few texts have, to be fast."""
PAIR = 2
"""Characters of which a word has only one pair."""
REMEMBERED = 2048
"""Texts kept as they are without what stands between the parts of Latin names."""

Shares = tuple[float, ...]
"""Of each word of a question, how much of it a text has (0..1)."""


@lru_cache(REMEMBERED)
def closed(text: str) -> str:
    """A text without what may stand between the parts of a Latin name: gpt5 for gpt-5."""
    return SPACED_LATIN.sub("", text)


class Word:
    """A word of one question.

    Args:
        token: that names it.
        forms: all that it may be written as.
        rarity: its idf.
        flag: its part of speech.
    """

    __slots__ = ("_joined", "_pairs", "flag", "forms", "rarity", "token")

    def __init__(self, token: str, forms: tuple[str, ...], rarity: float, flag: str) -> None:
        self.token = token
        self.forms = forms
        self.rarity = rarity
        self.flag = flag
        latin = [form for form in forms if form.isascii()]
        self._joined = [closed(form) for form in latin]
        """Its Latin forms without what may stand between their parts."""
        self._pairs = [_pairs(form) for form in forms if len(form) > PAIR and form not in latin]
        """The pairs of characters of its other long forms."""

    def share(self, texts: Sequence[str]) -> float:
        """1 where one of some texts has the word; less where it has most pairs of those of a long one."""
        for text in texts:
            for form in self.forms:
                if form in text:
                    return 1.0
        for joined in self._joined:
            for text in texts:
                if joined[0] in text and joined in closed(text):
                    return 1.0
        return self._share_of_pairs(texts) if self._pairs else 0.0

    def _share_of_pairs(self, texts: Sequence[str]) -> float:
        best = 0.0
        for pairs in self._pairs:
            most = 0
            for text in texts:
                held = 0
                for pair in pairs:
                    held += pair in text
                most = max(most, held)
            best = max(best, 0.8 * most / len(pairs))
        return best

    @property
    def is_latin(self) -> bool:
        """Whether it may be written in Latin letters."""
        return bool(self._joined)


def _pairs(form: str) -> list[str]:
    return [form[at : at + PAIR] for at in range(len(form) - 1)]


class Weights(NamedTuple):
    """What those words of a question weigh that count, by their places in it, and all together."""

    each: tuple[tuple[int, float], ...]
    total: float

    @classmethod
    def of(cls, each: Iterable[float]) -> "Weights":
        """Some weights, one a word; 0 of what does not count."""
        counting = tuple((at, weight) for at, weight in enumerate(each) if weight)
        return cls(counting, sum(weight for _, weight in counting))

    def mean(self, shares: Shares) -> float:
        """The weighed mean of what a text has of the words; 0 where none weighs."""
        held = 0.0
        for at, weight in self.each:
            held += weight * shares[at]
        return held / self.total if self.total else 0.0
