"""Which texts are copies of each other: one report that several articles carry, with small changes."""

from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import bigrams
from retrieval.regex import regex

ALIKE = 0.6
"""The share of the shorter text's pairs of characters that a copy has too, at least (overlap coefficient)."""
NUMBER = regex(r"\d+(?:\.\d+)?(?![\d.]*[日号月年])")
"""A number that is no part of a date: of these the one must tell no other than its copy."""


class Copies:
    """Joins what says the same: each text is put to the first one that it is a copy of."""

    def __init__(self) -> None:
        self._known: list[tuple[frozenset[str], frozenset[str]]] = []

    def number(self, text: str) -> int:
        """The number of the text that this one is a copy of; a new one where it is none."""
        normalised = normalise(text)
        said = frozenset(bigrams(normalised)), frozenset(NUMBER.findall(normalised))
        for number, known in enumerate(self._known):
            if _are_copies(said, known):
                return number
        self._known.append(said)
        return len(self._known) - 1


def _are_copies(
    one: tuple[frozenset[str], frozenset[str]], other: tuple[frozenset[str], frozenset[str]]
) -> bool:
    (pairs, numbers), (other_pairs, other_numbers) = one, other
    fewer = min(len(pairs), len(other_pairs))
    tell_the_same = numbers <= other_numbers or other_numbers <= numbers
    alike = len(pairs & other_pairs) >= ALIKE * fewer if fewer else pairs == other_pairs
    return tell_the_same and alike
