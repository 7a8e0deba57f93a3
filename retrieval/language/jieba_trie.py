"""Jieba's dictionary as a memory-mapped trie: half a million words that cost neither time nor memory.

Jieba itself loads its dictionary into a dict from a file in the shared temporary directory: three quarters of
a second, 60 MB, and whatever another user left there. The trie lies in a cache directory of our own.
"""

import contextlib
import functools
import importlib.metadata
import logging
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import marisa_trie

SUM = "\n"
"""The key of the sum of all frequencies: no word of the dictionary, which has one a line."""
ENTRY = "<I4s"
"""A word's frequency and its part of speech, in the trie."""


class Frequencies(dict[str, int]):
    """What jieba keeps in a dict: how frequent words are, 0 for what only begins one.

    The dict itself has but the words that a user's dictionary adds; the others are looked up in the trie.
    """

    def __init__(self, trie: Any) -> None:  # noqa: ANN401  marisa_trie is untyped
        super().__init__()
        self._trie = trie
        self.sum = self[SUM]

    def __contains__(self, word: object) -> bool:
        """Whether a text is a word or begins one."""
        return super().__contains__(word) or word in self._trie

    def __missing__(self, word: str) -> int:
        """The frequency of a word that no user added."""
        frequency: int = self._trie[word][0][0]
        return frequency

    def get(self, word: str, default: Any = None) -> Any:  # noqa: ANN401  as a dict's
        """The frequency of a word, or the default."""
        try:
            return self[word]
        except KeyError:
            return default

    def part_of_speech(self, word: str) -> str:
        """The tag of a word that no user added; empty for what is no word."""
        # What follows a null character is taken for the record.
        found = None if "\0" in word else self._trie.get(word)
        tag: bytes = found[0][1] if found else b""
        return tag.rstrip(b"\0").decode()

    def loaded(self) -> dict[str, int]:
        """All of it as a plain dict: three times faster, for who cuts much."""
        words = {word: frequency for word, (frequency, _) in self._trie.items() if word != SUM}
        return words | self


@functools.cache
def jieba_over(cache: Path | None, dictionary: Path | None) -> Any:  # noqa: ANN401  jieba is untyped
    """Jieba's tokeniser over the trie, once a process.

    Args:
        cache: the directory for the trie, made when missing; None, or where nothing can be written, to make
            it anew, in memory.
        dictionary: a file of extra words, a line each: word [frequency [tag]].

    Raises:
        OSError: the dictionary cannot be read.
        ValueError: the dictionary is malformed.
    """
    with warnings.catch_warnings():
        # jieba's sources have invalid escapes and import pkg_resources: both only warn.
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415  its import alone prepares tables; only who tokenises pays
    jieba.setLogLevel(logging.CRITICAL)
    tokeniser = jieba.Tokenizer()
    trie = _trie(tokeniser) if cache is None else _cached(tokeniser, cache)
    tokeniser.FREQ = Frequencies(trie)
    tokeniser.total = tokeniser.FREQ.sum
    tokeniser.initialized = True
    if dictionary is not None:
        with dictionary.open(encoding="utf-8") as lines:
            tokeniser.load_userdict(lines)
    return tokeniser


def _trie(tokeniser: Any) -> Any:  # noqa: ANN401  jieba and marisa_trie are untyped
    frequencies, total = tokeniser.gen_pfdict(tokeniser.get_dict_file())
    with tokeniser.get_dict_file() as lines:
        tags = {word: tag for word, _, tag in (line.split() for line in lines)}
    entries = (*frequencies.items(), (SUM, total))
    return marisa_trie.RecordTrie(
        ENTRY, ((word, (frequency, tags.get(word.encode(), b""))) for word, frequency in entries)
    )


def _cached(tokeniser: Any, cache: Path) -> Any:  # noqa: ANN401  jieba and marisa_trie are untyped
    """The trie in the cache, made there by the first process that needs it."""
    place = cache / f"jieba-{importlib.metadata.version('jieba')}.trie"
    trie = marisa_trie.RecordTrie(ENTRY)
    # A file that is missing, damaged or of another version of the trie's format is made anew.
    with contextlib.suppress(OSError, RuntimeError):
        trie.mmap(str(place))
        if SUM in trie:
            return trie
    trie = _trie(tokeniser)
    # Where it cannot be kept, the next process takes the time and the memory for it again.
    with contextlib.suppress(OSError, RuntimeError):
        _keep(trie, place)
    return trie


def _keep(trie: Any, place: Path) -> None:  # noqa: ANN401  marisa_trie is untyped
    """Save a trie in one step."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent)
    os.close(handle)
    try:
        trie.save(name)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)
