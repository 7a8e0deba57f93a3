"""Questions typed in pinyin without tones: the Chinese text that the corpus is likeliest to have.

The letters are cut into syllables in every possible way, each syllable may be any character that is read so,
and the path with the most pairs of neighbours that the corpus has is taken. Which characters are read how
stands in pinyin.txt, made by tests/bench/make_pinyin.py.
"""

import functools
import importlib.resources
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.models import Stream
from retrieval.questions.vocabulary import Vocabulary

FILE = "pinyin.txt"
LONGEST = 6
"""Letters of a syllable at most: zhuang."""
WORD = re.compile(r"[a-z']+|[a-z0-9]+(?:[.%-][a-z0-9]*)*|[^\sa-z0-9']+")
JOINED = 1.0
"""What a pair of neighbours that the corpus has is worth, beside the logarithm of how often it has it."""
ACROSS = 0.5
"""The share of that for a pair with a space between."""
FUNCTION = "哪谁几是有的在和叫钱家个"
"""Characters that a syllable standing alone most likely is in a question; first of their syllables."""
SPACED = 6
"""As many words that are a syllable each are pinyin, even if English has them all."""
FEWEST = 2
"""Syllables of a question in pinyin at least."""
ALONE = -1.0
"""What a character without a neighbour costs."""


@dataclass(frozen=True, slots=True)
class Table:
    """The characters of each syllable, and the words that make a question one by their syllables."""

    characters: Mapping[str, str]
    asking: Mapping[tuple[str, ...], str]


@functools.cache
def table() -> Table:
    """The table that ships."""
    content = (importlib.resources.files("retrieval.questions") / FILE).read_text(encoding="utf-8")
    syllables, _, words = content.partition("\n\n")
    return Table(
        characters=dict(line.split("\t") for line in syllables.splitlines()),
        asking={tuple(key.split()): word for key, word in (line.split("\t") for line in words.splitlines())},
    )


def splits(letters: str) -> list[tuple[str, ...]]:
    """Every way to cut letters into syllables, the fewest syllables first; an apostrophe divides them."""
    found: dict[int, list[tuple[str, ...]]] = {0: [()]}
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - LONGEST), end)
        found[end] = [
            (*before, letters[start:end])
            for start in starts
            if letters[start:end] in table().characters
            for before in found[start]
        ]
        if letters[end - 1] == "'":
            found[end] = found[end - 1]
    return sorted(found[len(letters)], key=lambda cut: (len(cut), cut))


class _Step(NamedTuple):
    """The best way to a character: its worth, its pairs so far, the text; whether its last pair is one."""

    worth: float
    pairs: int
    text: str
    joined: bool

    @property
    def closed(self) -> float:
        """The worth when nothing more joins the last character."""
        return self.worth if self.joined else self.worth + ALONE


START = _Step(0.0, 0, "", joined=True)


def converted(normalised: str, vocabulary: Vocabulary, is_word: Callable[[str], bool]) -> str | None:
    """A question in pinyin as Chinese text; None when it is not in pinyin.

    Latin words that the corpus has (ai, chatgpt) may stand in it, and words that it lacks stay as they are.
    Every word must be one or the other, half of them in pinyin, and one at least no English word.

    Args:
        normalised: the question.
        vocabulary: of the corpus.
        is_word: whether a word is an English one.
    """
    words = WORD.findall(normalised)
    cuts = [_cut(word, vocabulary) for word in words]
    spelt = [word for word, cut in zip(words, cuts, strict=True) if cut]
    is_english = all(map(is_word, spelt)) and len(spelt) < SPACED
    if len(spelt) * 2 < len(words) or is_english or sum(map(len, cuts)) < FEWEST:
        return None
    foreign = [word for word, cut in zip(words, cuts, strict=True) if not cut and word.isalpha()]
    if not all(vocabulary.has_word(word) or splits(word) for word in foreign):
        return None
    return _text(words, cuts, vocabulary)


def _cut(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The syllables of a word, cut so that the corpus has its text; none when it has no such text."""
    ways = splits(word)
    if not ways or (vocabulary.has_word(word) and len(ways[0]) == 1):
        return ()
    if any(way in table().asking for way in ways):
        return next(way for way in ways if way in table().asking)
    found = [(way, _spelt([way], vocabulary)) for way in ways]
    whole = [(step.closed, way) for way, step in found if step.pairs == len(way) - 1]
    return max(whole)[1] if whole else ()


def _text(words: Sequence[str], cuts: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> str:
    """The question in Chinese: runs of pinyin spelt together, what only asks and Latin words alone."""
    by_syllable = all(len(cut) == 1 for cut in cuts)
    pieces: list[str] = []
    run: list[tuple[str, ...]] = []
    for word, cut in zip([*words, ""], [*cuts, ()], strict=True):
        fixed = "" if by_syllable else _fixed(cut)
        if cut and not fixed:
            run.append(cut)
            continue
        if run:
            pieces.append(_spelt(run, vocabulary).text)
            run = []
        pieces.append(fixed or f" {word} ")
    return " ".join("".join(pieces).split())


def _fixed(cut: tuple[str, ...]) -> str:
    """The text of syllables that only make a question, whatever the corpus has; empty for others."""
    if len(cut) == 1 and table().characters[cut[0]][0] in FUNCTION:
        return table().characters[cut[0]][0]
    return table().asking.get(cut, "")


def _spelt(words: Sequence[Sequence[str]], vocabulary: Vocabulary) -> _Step:
    """The likeliest text of some words of syllables."""
    steps = {"": START}
    previous = ""
    for word in words:
        for place, syllable in enumerate(word):
            factor = ACROSS if place == 0 and len(word) > 1 else 1.0
            steps = _extended(steps, previous, syllable, factor, vocabulary)
            previous = syllable
    return _best(steps)


def _best(steps: Mapping[str, _Step]) -> _Step:
    """The best way; of equals the one to the commonest character, which stands first."""
    return max(steps.values(), key=lambda step: step.closed)


def _extended(
    steps: Mapping[str, _Step], previous: str, syllable: str, factor: float, vocabulary: Vocabulary
) -> dict[str, _Step]:
    """The best ways to each character of the next syllable."""
    apart = _best(steps)
    found = {
        character: _Step(apart.closed, apart.pairs, apart.text + character, joined=False)
        for character in _characters(syllable, vocabulary)
    }
    for pair, worth in _pairs(previous, syllable, vocabulary).items():
        before = steps[pair[0]]
        joined = _Step(before.worth + factor * worth, before.pairs + 1, before.text + pair[1], joined=True)
        if joined.closed > found[pair[1]].closed:
            found[pair[1]] = joined
    return found


def _characters(syllable: str, vocabulary: Vocabulary) -> str:
    """The characters of a syllable that the corpus has; the commonest, when it has none."""
    characters = table().characters[syllable]
    counts = vocabulary.frequencies(Stream.CHARACTER, characters)
    known = "".join(character for character, count in zip(characters, counts, strict=True) if count)
    return known or characters[0]


def _pairs(first: str, second: str, vocabulary: Vocabulary) -> dict[str, float]:
    """The pairs of characters that the corpus has for two syllables, with what each is worth."""
    if not first:
        return {}
    texts = [
        one + other for one in _characters(first, vocabulary) for other in _characters(second, vocabulary)
    ]
    counts = vocabulary.frequencies(Stream.BIGRAM, texts)
    return {text: JOINED + math.log1p(count) for text, count in zip(texts, counts, strict=True) if count}
