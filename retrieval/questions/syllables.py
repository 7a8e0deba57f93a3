"""The syllables that letters may be cut into, and the characters and pairs that a corpus has for them.

Which characters are read how stands in pinyin.txt, made by tests/bench/make_pinyin.py.
"""

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from retrieval.models import Stream
from retrieval.questions.vocabulary import Vocabulary

FILE = "pinyin.txt"
LONGEST = 6
"""Letters of a syllable at most: zhuang."""
LONGEST_WORD = 100
"""Letters typed without a space at most; what is longer is no pinyin."""
MOST_CHARACTERS = 40
"""Characters of a syllable that are tried: those that the corpus has most."""
MOST_PAIRS = 200_000
"""Pairs of characters looked up for a question at most: some 80 ms. What needs more is no pinyin."""
FORESEEN = 2_000
"""Pairs looked up before it is known whether a word is in pinyin."""
JOINED = 1.0
"""What a pair of neighbours that the corpus has is worth, beside the logarithm of how often it has it."""


class Table(NamedTuple):
    """The characters of each syllable, and the words that make a question one by their syllables."""

    characters: Mapping[str, str]
    asking: Mapping[tuple[str, ...], str]


@functools.cache
def table() -> Table:
    """The table that ships."""
    content = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
    syllables, _, words = content.partition("\n\n")
    return Table(
        characters=dict(line.split("\t") for line in syllables.splitlines()),
        asking={tuple(key.split()): word for key, word in (line.split("\t") for line in words.splitlines())},
    )


class Corpus:
    """The characters of syllables, and the pairs of them, that a corpus has; each looked up once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._characters: dict[str, str] = {}
        self._pairs: dict[tuple[str, str], dict[str, float]] = {}
        self._looked_up = 0

    @property
    def is_too_much(self) -> bool:
        """Whether so many pairs were asked for that no more are looked up."""
        return self._looked_up > MOST_PAIRS

    def characters(self, syllable: str) -> str:
        """The characters of a syllable that the corpus has most; the commonest, when it has none."""
        if syllable not in self._characters:
            every = table().characters[syllable]
            counts = dict(zip(every, self.vocabulary.frequencies(Stream.CHARACTER, every), strict=True))
            most = sorted(every, key=lambda character: -counts[character])[:MOST_CHARACTERS]
            known = "".join(character for character in every if counts[character] and character in most)
            self._characters[syllable] = known or every[0]
        return self._characters[syllable]

    def texts(self, first: str, second: str) -> list[str]:
        """The pairs of characters that two syllables may be."""
        return [one + other for one in self.characters(first) for other in self.characters(second)]

    def pairs(self, first: str, second: str) -> dict[str, float]:
        """The pairs of characters that the corpus has for two syllables, with what each is worth."""
        if (first, second) not in self._pairs:
            texts = self.texts(first, second)
            self._looked_up += len(texts)
            if self.is_too_much:
                return {}
            counts = self.vocabulary.counted(Stream.BIGRAM, texts)
            self._pairs[first, second] = {
                text: JOINED + math.log1p(count) for text, count in zip(texts, counts, strict=True) if count
            }
        return self._pairs[first, second]


def syllables_ending(letters: str) -> list[list[int]]:
    """For each place in some letters, where the syllables begin that end there and that others lead up to.

    An apostrophe belongs to no syllable: what ends before it also ends behind it.
    """
    starts: list[list[int]] = [[] for _ in range(len(letters) + 1)]
    is_reached = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        if letters[end - 1] == "'":
            is_reached[end] = is_reached[end - 1]
            continue
        starts[end] = [
            start
            for start in range(max(0, end - LONGEST), end)
            if is_reached[start] and letters[start:end] in table().characters
        ]
        is_reached[end] = bool(starts[end])
    return starts


def is_cuttable(letters: str) -> bool:
    """Whether letters can be cut into syllables; an apostrophe divides them."""
    body, syllables = letters.rstrip("'"), table().characters
    reached = {0} if body and len(letters) <= LONGEST_WORD else set()
    for start, letter in enumerate(body):
        if start in reached:
            ends = range(start + 1, min(start + LONGEST, len(body)) + 1)
            reached.update((start + 1,) if letter == "'" else (e for e in ends if body[start:e] in syllables))
    return len(body) in reached


def pairs(words: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """The pairs of characters that words may be made of, if they are in pinyin, as far as they are few."""
    corpus, found = Corpus(vocabulary), dict[str, None]()
    for first, second in dict.fromkeys(beside for typed in words for beside in _neighbours(typed)):
        found |= dict.fromkeys(corpus.texts(first, second))
        if len(found) > FORESEEN:
            break
    return list(found)


def _neighbours(letters: str) -> Iterator[tuple[str, str]]:
    """Syllables that may follow one another in some letters."""
    starts = syllables_ending(letters) if is_cuttable(letters) else []
    for end, of_end in enumerate(starts):
        for start in of_end:
            behind = len(letters[:start].rstrip("'"))
            yield from ((letters[before:behind], letters[start:end]) for before in starts[behind])
