"""Normalised text and its tokens: what the index and the question have in common.

With its neighbours here the only importer of jieba. A text is normalised (compatibility forms folded, lower
case, traditional to simplified) and cut into three streams of tokens: words, single characters, and bigrams.
Latin words, numbers, versions and percentages are kept whole (gpt-4, v0.3.1, 88.5%, c++).
"""

import functools
import hashlib
import importlib
import importlib.metadata
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from retrieval.language.jieba_trie import Frequencies, jieba_over
from retrieval.language.parts_of_speech import of_unknown
from retrieval.language.tagging import ContextTags, DictionaryTags, Tagged, WordTags
from retrieval.language.word_cutter import WordCutter, loaded, met
from retrieval.regex import regex

TOKENISER_VERSION = 1
"""Raise it whenever this module would cut or normalise any text differently."""

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = r"[a-z0-9\u00c0-\u024f\u0370-\u052f]"
RUN = regex(
    rf"(?P<han>[{HAN}]+)"
    rf"|(?P<latin>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?%?|{LATIN}+(?:[-._&'+]{LATIN}+)*(?:\+\+|\#|%|‰)?)"
    rf"|(?P<other>[^\W_]+)",
)
"""Runs that tokens never cross. Other scripts (kana, hangul ...) are cut as Chinese is, letter by letter."""
PIECE = regex(r"\d+(?:\.\d+)*|[^\W\d_]+")


class Tokeniser:
    """Cuts normalised text into words, always in the same way.

    Args:
        cache: a directory of our own for jieba's dictionary; None to make it anew each time.
        dictionary: a file of extra words for jieba, a line each: word [frequency [tag]].
        cutter: what cuts words: jieba, or rjieba, sixteen times faster and with some words cut otherwise.

    Raises:
        OSError: the dictionary cannot be read.
        ValueError: the dictionary is malformed, or rjieba is not installed or has to use a dictionary.
    """

    def __init__(
        self,
        cache: Path | None = None,
        dictionary: Path | None = None,
        cutter: Literal["jieba", "rjieba"] = "jieba",
    ) -> None:
        self.arguments = cache, dictionary, cutter
        self._words = jieba_over(cache, dictionary)
        self._frequencies = _frequencies(self._words)
        self._user_tags = dict(self._words.user_word_tag_tab)
        self._cut: Callable[[str], list[str]] = _by_what_is_met(self._words).cut
        self._tags: WordTags = DictionaryTags(self.cut, self._tag)
        if cutter == "rjieba":
            rjieba = _rjieba(dictionary)
            self._cut = rjieba.cut
            self._tags = ContextTags(rjieba.cut, rjieba.tag)
        self.fingerprint = _fingerprint(dictionary, cutter)

    def cut(self, runs: str) -> list[str]:
        """Runs, divided by line feeds, cut into words; the line feeds stay between them."""
        return self._cut(runs)

    def words(self, normalised: str) -> list[str]:
        """Chinese words as jieba cuts them; Latin words and numbers whole."""
        found: list[str] = []
        for run in RUN.finditer(normalised):
            if run.lastgroup == "latin":
                found.append(whole(run.group()))
            else:
                found += self._cut(run.group())
        return found

    def load(self) -> None:
        """Load jieba's dictionary for who indexes much: five times faster, for 60 MB."""
        if self._cut == _by_what_is_met(self._words).cut:
            self._cut = _by_all(self._words).cut

    def tagged(self, text: str) -> Tagged:
        """All that much text is cut into, white space too, and the part of speech of each."""
        return self._tags.tagged(text)

    def _tag(self, word: str) -> str:
        """The tag of any word: of one that no dictionary has, the likeliest."""
        return self.part_of_speech(word) or of_unknown(word)

    def part_of_speech(self, word: str) -> str:
        """The tag of one word in the dictionaries; empty for a word that stands in none.

        For the words of a question: what is known of others (`parts_of_speech`) costs a service 50 MB.
        """
        return self._user_tags.get(word) or self._frequencies.part_of_speech(word)


def characters(normalised: str) -> list[str]:
    """Single Chinese characters; Latin runs in their pieces (gpt-4 and gpt4 are both gpt, 4)."""
    found: list[str] = []
    for run in RUN.finditer(normalised):
        if run.lastgroup == "latin":
            found += PIECE.findall(whole(run.group()))
        else:
            found += run.group()
    return found


def bigrams(normalised: str) -> list[str]:
    """Neighbouring characters of a Chinese run; a run of one character, and a Latin one, whole."""
    found: list[str] = []
    for run in RUN.finditer(normalised):
        text = run.group()
        if run.lastgroup == "latin":
            found.append(whole(text))
        else:
            found += _pairs(text)
    return found


def _pairs(han: str) -> list[str]:
    return [first + second for first, second in pairwise(han)] or [han]


def whole(latin: str) -> str:
    """A Latin run as a token."""
    return latin.replace(",", "")


def _rjieba(dictionary: Path | None) -> ModuleType:
    if dictionary is not None:
        raise ValueError("rjieba takes no dictionary of extra words; use jieba, or leave the dictionary out")
    try:
        return importlib.import_module("rjieba")
    except ImportError as error:
        raise ValueError("rjieba is not installed: pip install 'zhiwen[rjieba]'") from error


@functools.cache
def _frequencies(words: Any) -> Frequencies:  # noqa: ANN401  jieba is untyped
    """The dictionary that a tokeniser began with, for all that share it: `load` gives it another."""
    frequencies: Frequencies = words.FREQ
    return frequencies


@functools.cache
def _by_what_is_met(words: Any) -> WordCutter:  # noqa: ANN401  jieba is untyped
    """What cuts as jieba does, for all tokenisers that share it."""
    return WordCutter(met(_frequencies(words).get, words.total), words.total, _recognise)


@functools.cache
def _by_all(words: Any) -> WordCutter:  # noqa: ANN401  jieba is untyped
    """The same over its whole dictionary."""
    return WordCutter(loaded(_frequencies(words).loaded(), words.total), words.total, _recognise)


def _recognise(run: str) -> Iterator[str]:
    """The words of characters that no word of the dictionary covers, as jieba's model has them."""
    found: Iterator[str] = importlib.import_module("jieba.finalseg").cut(run)
    return found


def _fingerprint(dictionary: Path | None, cutter: str) -> str:
    """Names the way of cutting: an index and a question fit only when theirs are the same."""
    parts = [f"{name} {importlib.metadata.version(name)}" for name in (cutter, "opencc")]
    digest = hashlib.blake2b(dictionary.read_bytes() if dictionary else b"", digest_size=4).hexdigest()
    return f"zhiwen {TOKENISER_VERSION}, {', '.join(parts)}, dictionary {digest}"


def places(text: str, token: str) -> Iterator[int]:
    """Where a token begins in a text; where it overlaps itself, only once."""
    place = text.find(token)
    while place >= 0:
        yield place
        place = text.find(token, place + len(token))
