"""Other words for the same thing: 魔都 is looked up as 上海 too, and as that alone where nobody says 魔都."""

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from retrieval.language.normalise import align, normalise_all
from retrieval.questions.alternatives import Cut, Said

FILE = "synonyms.txt"
SHARED = "shared_senses.txt"
"""Words by the senses that a dictionary gives them; `tests/bench/make_synonyms.py` makes it."""
SHARE = 0.1
"""What a word written instead counts for; .1 to .2 was best on news, more costs the encyclopaedia."""
SAME = 1.0
"""What another name of one and the same counts for: GDP and 国内生产总值."""


class Synonyms:
    """Groups of words for the same thing.

    Args:
        lines: a group each, the words with spaces between; # begins a comment. Where a > stands between them,
            the words before it are a reader's, those after it what may be written instead. Where a = stands
            between them, they are names of one and the same.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        lines = tuple(lines)
        self.digest = hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()
        self._others: dict[str, dict[str, float]] = {}
        self._groups: dict[str, tuple[str, ...]] = {}
        for line in normalise_all([line.partition("#")[0] for line in lines]):
            asked, arrow, written = line.partition(">")
            words = tuple(asked.replace("=", " ").split())
            others, share = (written.split() if arrow else words), SAME if "=" in asked else SHARE
            for word in words:
                own = self._others.setdefault(word, {})
                own |= {other: max(share, own.get(other, 0.0)) for other in others if other != word}
                if not arrow:
                    self._groups[word] = self._groups.get(word, ()) + words
        self._lengths = _lengths(self._others)
        self._lengths_of_groups = _lengths(self._groups)

    @property
    def words(self) -> Iterable[str]:
        """All that may be written for something else."""
        return itertools.chain.from_iterable(self._others.values())

    def of(self, word: str) -> tuple[tuple[str, float], ...]:
        """What may be written for a (normalised) word, with shares; none of one character."""
        return tuple(other for other in self._others.get(word, {}).items() if len(other[0]) > 1)

    def said(self, cut: Cut) -> Iterator[Said]:
        """The longest pieces of a question, of whole words, that may be written otherwise."""
        borders = cut.borders
        at = 0
        for start in sorted(borders):
            if start < at:
                continue
            for length in self._lengths.get(cut.text[start : start + 1], ()):
                end = start + length
                if end in borders and cut.text[start:end] in self._others:
                    at = end
                    yield Said(start, end, self.of(cut.text[start:end]))
                    break

    def related(self, normalised: str) -> set[str]:
        """The words of a question that may be replaced, and all that they may be replaced by."""
        return {other for word, _ in self._held(normalised) for other in (word, *self._groups[word])}

    def _held(self, normalised: str) -> list[tuple[str, int]]:
        """The words of groups that a text has, the longest first, each with where it first stands."""
        found: dict[str, int] = {}
        for start, character in enumerate(normalised):
            for length in self._lengths_of_groups.get(character, ()):
                word = normalised[start : start + length]
                if word in self._groups:
                    found.setdefault(word, start)
        return sorted(found.items(), key=lambda held: (-len(held[0]), held[0]))

    def replaced(self, text: str, is_known: Callable[[str], bool]) -> str:
        """A question with each word that the corpus lacks put in another that it has.

        Args:
            text: the question.
            is_known: whether the corpus has a (normalised) word.
        """
        normalised, spans = align(text)
        taken = [False] * len(normalised)
        changes: list[tuple[int, int, str]] = []
        for word, start in self._held(normalised):
            end = start + len(word)
            if any(taken[start:end]):
                continue
            taken[start:end] = [True] * len(word)
            if not is_known(word):
                other = next(
                    (other for other in self._groups[word] if other != word and is_known(other)), None
                )
                if other is not None:
                    changes.append((spans[start][0], spans[end - 1][1], other))
        for first, last, other in sorted(changes, reverse=True):
            text = text[:first] + other + text[last:]
        return text


def _lengths(words: Iterable[str]) -> dict[str, list[int]]:
    """By the characters that words begin with, how long such words are, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {character: sorted(lengths, reverse=True) for character, lengths in found.items()}


def load(extra: Path | None = None) -> Synonyms:
    """The groups that ship, and those of a file of the corpus's keeper before them.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    shipped = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in (FILE, SHARED)]
    own = extra.read_text(encoding="utf-8-sig") if extra else ""
    return _read(own, *shipped)


@functools.lru_cache(maxsize=2)
def _read(*texts: str) -> Synonyms:
    """The groups of some texts: a service opens its index many times, and they hardly ever change."""
    return Synonyms(line for text in texts for line in text.splitlines())
