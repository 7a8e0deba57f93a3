"""Other words for the same thing: 魔都 is looked up as 上海, where the corpus never says 魔都."""

import hashlib
import importlib.resources
from collections.abc import Callable, Iterable
from pathlib import Path

from retrieval.language.normalise import align, normalise

FILE = "synonyms.txt"


class Synonyms:
    """Groups of words for the same thing.

    Args:
        lines: a group each, the words with spaces between; # begins a comment.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        lines = tuple(lines)
        self.digest = hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()
        self._groups: dict[str, tuple[str, ...]] = {}
        for line in lines:
            words = tuple(normalise(line.partition("#")[0]).split())
            for word in words:
                self._groups[word] = self._groups.get(word, ()) + words
        self._longest_first = sorted(self._groups, key=lambda word: (-len(word), word))

    def of(self, word: str) -> tuple[str, ...]:
        """The other words for the same thing as a (normalised) word."""
        return tuple(dict.fromkeys(other for other in self._groups.get(word, ()) if other != word))

    def replaced(self, text: str, is_known: Callable[[str], bool]) -> str:
        """A question with each word that the corpus lacks put in another that it has.

        Args:
            text: the question.
            is_known: whether the corpus has a (normalised) word.
        """
        normalised, spans = align(text)
        taken = [False] * len(normalised)
        changes: list[tuple[int, int, str]] = []
        for word in self._longest_first:
            start = normalised.find(word)
            end = start + len(word)
            if start < 0 or any(taken[start:end]):
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


def load(extra: Path | None = None) -> Synonyms:
    """The groups that ship, and those of a file of the corpus's keeper before them.

    Raises:
        OSError: the file cannot be read.
        UnicodeDecodeError: it is not UTF-8.
    """
    shipped = (importlib.resources.files("retrieval.questions") / FILE).read_text(encoding="utf-8")
    own = extra.read_text(encoding="utf-8-sig") if extra else ""
    return Synonyms([*own.splitlines(), *shipped.splitlines()])
