"""The words of much text and their parts of speech: each distinct word is asked about once."""

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import BORDER, Spans
from retrieval.language.lexicon import Numbered, TokenKeys, keys_of_pieces
from retrieval.ragged import is_new

Token = TypeVar("Token", bound=Hashable)

MOST_TAGS = 400_000
"""Parts of speech kept, so that memory does not grow with the corpus."""
BLOCK = 16_000
"""Characters cut at once: so few that their words are in the processor's cache when they are counted."""


class Numbering(dict[Token, int]):
    """Numbers distinct things in the order in which they come."""

    def __missing__(self, token: Token) -> int:
        """The next number, for something new."""
        number = self[token] = len(self)
        return number


class Tagged(NamedTuple):
    """The words of a text, each beginning where the one before ends, and their parts of speech.

    Words are numbered; `flags` has the part of speech of each number, `names` what words of each number are
    called in an index.
    """

    spans: Spans
    numbers: NDArray[np.int64]
    flags: Sequence[str]
    names: TokenKeys


class WordTags(dict[str, str]):
    """Caches a tagger's context-free tag per word.

    Args:
        cut: cuts a text into words.
        most: words beyond which all are forgotten.
    """

    def __init__(self, cut: Callable[[str], list[str]], most: int = MOST_TAGS) -> None:
        super().__init__()
        self._cut = cut
        self._most = most
        self._alone = threading.Lock()

    def tagged(self, text: str) -> Tagged:
        """What a text is cut into, and the part of speech of each."""
        with self._alone:  # so that nobody clears what another one reads
            return self._tagged(text)

    def _tagged(self, text: str) -> Tagged:
        if len(self) > self._most:
            self.clear()
        spans = Spans.neighbours([size for block in _blocks(text) for size in map(len, self._cut(block))])
        numbered = Numbered.of(keys_of_pieces(text, spans))
        first = spans.at(numbered.order[is_new(numbered.numbers[numbered.order])])
        words = [text[start:end] for start, end in first.pairs()]
        new = [place for place, word in enumerate(words) if word not in self]
        self._learn([words[place] for place in new], first.starts[new].tolist(), text)
        flags = [self[word] for word in words]
        return Tagged(spans, numbered.numbers, flags, numbered.lexicon.every())

    def _learn(self, words: Sequence[str], places: Sequence[int], text: str) -> None:
        """Find out the parts of speech of words that stand at some places of a text."""
        raise NotImplementedError


class DictionaryTags(WordTags):
    """What a dictionary says of a word.

    Args:
        cut: cuts a text into words.
        tag: the part of speech of a word.
        most: words beyond which all are forgotten.
    """

    def __init__(
        self, cut: Callable[[str], list[str]], tag: Callable[[str], str], most: int = MOST_TAGS
    ) -> None:
        super().__init__(cut, most)
        self._tag = tag

    def _learn(self, words: Sequence[str], _places: Sequence[int], _text: str) -> None:
        self.update((word, self._tag(word)) for word in words)


class ContextTags(WordTags):
    """What rjieba says of a word, on its own or in its line: asking takes as long as cutting.

    Args:
        cut: cuts a text into words.
        tag: the same, each with its part of speech.
    """

    def __init__(
        self, cut: Callable[[str], list[str]], tag: Callable[[str], Iterable[tuple[str, str]]]
    ) -> None:
        super().__init__(cut)
        self._tag = tag

    def _learn(self, words: Sequence[str], places: Sequence[int], text: str) -> None:
        self._learn_alone(words)
        cut_further = [place for place, word in zip(places, words, strict=True) if word not in self]
        self._learn_in_lines(cut_further, text + BORDER)

    def _learn_alone(self, words: Sequence[str]) -> None:
        """Tag words, but for those that on their own are cut further."""
        self.update(pair for word in words if word.isspace() for pair in self._tag(word))
        others = [word for word in words if not word.isspace()]
        pairs = iter(self._tag("".join([f"{word}{BORDER}" for word in others])))
        for word in others:
            (_, flag), *further = takewhile(lambda pair: pair[0] != BORDER, pairs)
            if not further:
                self[word] = flag

    def _learn_in_lines(self, places: Iterable[int], text: str) -> None:
        """Tag the words of the lines that some places are in, each with its end."""
        lines = [text[text.rfind(BORDER, 0, place) + 1 : text.find(BORDER, place)] for place in places]
        self.update(self._tag(BORDER.join(lines)))


def _blocks(text: str) -> Iterator[str]:
    """A text in blocks of some lines."""
    start = 0
    while start < len(text):
        end = text.find(BORDER, start + BLOCK) + 1 or len(text)
        yield text[start:end]
        start = end
