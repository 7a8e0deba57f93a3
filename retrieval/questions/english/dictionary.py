"""The English-Chinese dictionary that ships: a memory-mapped trie, never read whole.

`tests/bench/make_dictionary.py` makes it, of CC-CEDICT and ECDICT; english.licences.txt says whose they are.
"""

import functools
import importlib.resources
from pathlib import Path

import marisa_trie

from retrieval.questions.english.lemmas import lemmas

FILE = "english.trie"
RECORD = "<B"
"""What stands at a key, English and Chinese with a tab between: the weight of the translation."""
HIGHEST = 99
"""The greatest weight."""
Translations = tuple[tuple[str, float], ...]
"""Chinese words with their weights (0..1), the likeliest first."""


class Dictionary:
    """Translations by English words and phrases.

    Args:
        path: of the trie.
    """

    def __init__(self, path: Path) -> None:
        self._trie = marisa_trie.RecordTrie(RECORD)
        self._trie.mmap(str(path))

    def exact(self, key: str) -> Translations:
        """The translations of a word or phrase in lower case, as it is written."""
        prefix = f"{key}\t"
        found = ((entry[len(prefix) :], weight / HIGHEST) for entry, (weight,) in self._trie.items(prefix))
        return tuple(sorted(found, key=lambda translation: (-translation[1], translation[0])))

    def word(self, word: str) -> Translations:
        """The translations of a word, and of what it may be a form of."""
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
    with importlib.resources.as_file(importlib.resources.files("retrieval.questions.english") / FILE) as path:
        return Dictionary(path)
