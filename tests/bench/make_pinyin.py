"""Make the table of syllables that ships with `retrieval`.

    python tests/bench/make_pinyin.py

A line is a syllable without its tone, a tab, and the characters that are read so, those that jieba's
dictionary counts most first; then, after an empty line, the words that make a question one, with their
syllables. The readings are pypinyin's (MIT), of the characters that occur in jieba's dictionary (MIT).
"""

import importlib.resources
import re
from collections import Counter, defaultdict
from itertools import islice, product
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

from retrieval.questions.chinese import IGNORED
from retrieval.questions.pinyin import FUNCTION
from retrieval.questions.syllables import FILE

LEAST = 50
"""Occurrences in jieba's dictionary below which a character is left out."""
MOST_WAYS = 12
"""Ways to type a word that are taken, of characters that are read in several."""
SYLLABLE = re.compile(r"[a-z]*[aeiouv][a-z]*")


def typed(syllable: str) -> list[str]:
    """How a syllable is typed: ü as v, and in lüe and nüe as u too."""
    return [syllable, *([syllable.replace("v", "u")] if syllable.endswith("ve") else [])]


def ways(word: str) -> list[tuple[str, ...]]:
    """How a word may be typed, as its characters may be read: 多长 is duo chang, though 长 is zhang too."""
    found = [[typed(one)[0] for one in of_one] for of_one in pinyin(word, style=Style.NORMAL, heteronym=True)]
    every = islice(product(*found), MOST_WAYS)
    return [*every, tuple(typed(syllable)[0] for syllable in lazy_pinyin(word))]


def main() -> None:
    """Count, read, write."""
    counts: Counter[str] = Counter()
    lines = (importlib.resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    frequencies: Counter[str] = Counter()
    for word, frequency, _ in (line.split(" ") for line in lines):
        frequencies[word] = int(frequency)
        for character in word:
            counts[character] += int(frequency)
    readings: dict[str, list[str]] = defaultdict(list)
    for character, count in sorted(
        counts.items(), key=lambda item: (item[0] not in FUNCTION, -item[1], item[0])
    ):
        if count >= LEAST and "\u4e00" <= character <= "\u9fff":
            found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
            for syllable in sorted({way for reading in found for way in typed(reading)}):
                if SYLLABLE.fullmatch(syllable):
                    readings[syllable].append(character)
    table = [f"{syllable}\t{''.join(characters)}\n" for syllable, characters in sorted(readings.items())]
    words = sorted(
        (word for word in IGNORED if len(word) > 1 and not word.isascii()), key=frequencies.__getitem__
    )
    spelt = {" ".join(way): word for word in words for way in ways(word)}
    asking = [f"{syllables}\t{word}\n" for syllables, word in sorted(spelt.items())]
    Path("retrieval/questions", FILE).write_text("".join([*table, "\n", *asking]), encoding="utf-8")


if __name__ == "__main__":
    main()
