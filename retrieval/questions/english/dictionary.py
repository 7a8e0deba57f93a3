"""The English-Chinese dictionary that ships: a memory-mapped trie, never read whole.

`tests/bench/make_dictionary.py` makes it, of CC-CEDICT and ECDICT; english.licences.txt says whose they are.
Before it come the words of a glossary, written by hand for news.
"""

import functools
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

import marisa_trie

from retrieval.questions.english.lemmas import lemmas

FILE = "english.trie"
RECORD = "<B"
"""What stands at a key, English and Chinese with a tab between: the weight of the translation."""
HIGHEST = 99
"""The greatest weight."""
GLOSSARY = "glossary.txt"
FALLING = 0.3
"""By how much the second word of the glossary counts less: 1 / (1 + .3)."""
GENERAL = 0.3
"""What a general dictionary's translation counts of a word that the glossary has."""
REMEMBERED = 2048
"""Words whose translations are kept: a question asks for them again and again."""
Translations = tuple[tuple[str, float], ...]
"""Chinese words with their weights (0..1), the likeliest first."""


class Dictionary:
    """Translations by English words and phrases.

    Args:
        path: of the trie.
        glossary: by an English word or phrase in lower case, Chinese words, the likeliest first.
    """

    def __init__(self, path: Path, glossary: Mapping[str, tuple[str, ...]]) -> None:
        self._glossary = glossary
        self._trie = marisa_trie.RecordTrie(RECORD)
        self._trie.mmap(str(path))
        self._of_word = functools.lru_cache(REMEMBERED)(self._look_up)

    @property
    def own(self) -> Iterable[str]:
        """The Chinese words of the glossary."""
        return itertools.chain.from_iterable(self._glossary.values())

    def has_own(self, key: str) -> bool:
        """Whether the glossary has a word or phrase."""
        return key in self._glossary

    def exact(self, key: str) -> Translations:
        """The translations of a word or phrase in lower case, as it is written."""
        prefix = f"{key}\t"
        entries, given = self._trie.items(prefix), self._glossary.get(key, ())
        if not (entries or given):
            return ()
        general = GENERAL if given else 1.0
        found = {entry[len(prefix) :]: general * weight / HIGHEST for entry, (weight,) in entries}
        found |= {word: 1 / (1 + FALLING * place) for place, word in enumerate(given)}
        return tuple(sorted(found.items(), key=lambda translation: (-translation[1], translation[0])))

    def word(self, word: str) -> Translations:
        """The translations of a word, and of what it may be a form of."""
        return self._of_word(word)

    def _look_up(self, word: str) -> Translations:
        found = dict(self.exact(word))
        given = bool(found)
        for lemma in lemmas(word):
            for translation, weight in self.exact(lemma):
                found[translation] = max(found.get(translation, 0.0), weight)
            if found and not given:
                break
        return tuple(sorted(found.items(), key=lambda translation: (-translation[1], translation[0])))

    def phrase(self, words: tuple[str, ...]) -> Translations:
        """The translations of a phrase, its last word as it is or without its ending."""
        *head, last = words
        forms = (self.exact(" ".join((*head, form))) for form in (last, *lemmas(last)))
        return next((found for found in forms if found), ())


@functools.cache
def shipped() -> Dictionary:
    """The dictionary that ships."""
    lines = Path(__file__).with_name(GLOSSARY).read_text(encoding="utf-8").splitlines()
    entries = (line.split(" = ") for line in lines if line and not line.startswith("#"))
    glossary = {english: tuple(chinese.split()) for english, chinese in entries}
    return Dictionary(Path(__file__).with_name(FILE), glossary)
