"""Make the list of words that share their senses, which ships with `retrieval`.

    PYTHONPATH=tests python -m bench.make_synonyms SQUAD.json ...

A line is a word that is seldom written, >, and words of the same senses that are written often: what a reader
may say and a text will not. Words are of the same senses whose English translations, in the dictionary that
ships (CC-CEDICT and ECDICT), are nearly the same; translations that are names, phrases or common to many
words do not count. How often a word is written tells jieba's dictionary (MIT), and the texts of the sets tell
whether it is written at all. Measured on news and encyclopaedia questions it gains and costs nothing; laxer
bounds (a cosine of .35, twice as often) cost as many ranks as they gain.
"""

import argparse
import collections
import importlib.resources
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import marisa_trie

from retrieval import question_sets
from retrieval.language.normalise import normalise
from retrieval.questions.english.dictionary import FILE, RECORD
from retrieval.questions.synonyms import SHARED

MOST_TRANSLATIONS = 8
"""Chinese words of an English one that says something."""
LEAST_LIKE = 0.55
"""The cosine of two words' translations from which their senses are the same."""
LEAST_COMMON = 2
"""English words that two have in common at least."""
MORE_OFTEN = 8
"""How many times as often the other word is written."""
LEAST_WRITTEN = 200
"""Occurrences in jieba's dictionary of a word that is written often."""
MOST_OTHERS = 3
HAN_WORD = re.compile("[\u4e00-\u9fff]{2,4}")
"""Longer ones are phrases, single characters stand everywhere."""
NAMES = frozenset({"ns", "nr", "nt", "nz", "nrt", "m", "q", "r"})
"""Tags of what has no other word for it: names, numbers, measures, pronouns."""

Senses = Mapping[str, Mapping[str, float]]
"""For each Chinese word its English translations with their weights."""


def senses(path: Path) -> Senses:
    """The translations of words of two to four Chinese characters, by single English words."""
    trie = marisa_trie.RecordTrie(RECORD)
    trie.mmap(str(path))
    found: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for entry, (weight,) in trie.items():
        english, chinese = entry.split("\t")
        if english.isalpha() and HAN_WORD.fullmatch(chinese):
            found[chinese][english] = weight
    return found


def alike(of_words: Senses) -> Iterator[tuple[float, str, str]]:
    """Pairs of words of the same senses, with how like they are."""
    by_english: dict[str, list[str]] = collections.defaultdict(list)
    for word, translations in of_words.items():
        for english in translations:
            by_english[english].append(word)
    pairs: collections.Counter[tuple[str, str]] = collections.Counter()
    for words in by_english.values():
        if len(words) <= MOST_TRANSLATIONS:
            pairs.update(itertools.permutations(sorted(words), 2))
    length = {word: math.hypot(*translations.values()) for word, translations in of_words.items()}
    for (one, other), common in sorted(pairs.items()):
        if common >= LEAST_COMMON:
            both = of_words[one].keys() & of_words[other].keys()
            product = sum(of_words[one][english] * of_words[other][english] for english in both)
            yield product / (length[one] * length[other]), one, other


def main() -> None:
    """Read, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path, metavar="SQUAD.json")
    sets = map(question_sets.read_squad, parser.parse_args().sets)
    texts = normalise("\n".join(article.summary for found in sets for article in found.articles))
    lines = (importlib.resources.files("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ") for line in lines]
    written = {word: int(count) for word, count, _ in entries}
    names = {word for word, _, tag in entries if tag in NAMES}
    with importlib.resources.as_file(importlib.resources.files("retrieval.questions.english") / FILE) as path:
        pairs = sorted((pair for pair in alike(senses(path)) if pair[0] >= LEAST_LIKE), reverse=True)
    others: dict[str, list[str]] = collections.defaultdict(list)
    for _, one, other in pairs:
        is_common = written.get(other, 0) >= max(LEAST_WRITTEN, MORE_OFTEN * written.get(one, 0))
        is_pair = one in written and is_common and other in texts and not {one, other} & names
        if is_pair and len(others[one]) < MOST_OTHERS:
            others[one].append(other)
    made = [f"{word} > {' '.join(words)}\n" for word, words in sorted(others.items()) if words]
    Path("retrieval/questions", SHARED).write_text("".join(made), encoding="utf-8")


if __name__ == "__main__":
    main()
