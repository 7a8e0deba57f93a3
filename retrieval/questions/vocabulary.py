"""What a corpus has of the words that a question could be put in."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from retrieval.index.protocol import Tokens
from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream

LookUp = Callable[[Tokens], Mapping[Stream, Sequence[float]]]
"""In how many sentences of the corpus each of some tokens stands: perhaps a trip to another machine."""
Made = TypeVar("Made")
NOWHERE: Final = 0.0
"""What is supposed of a token until it is looked up."""
REMEMBERED = 4096
"""Texts whose pairs are kept: they are those of the dictionaries, for one question after another."""


class Vocabulary:
    """The tokens of a corpus, each looked up once: made anew for each question.

    Args:
        look_up: looks up tokens.
        sentences: how many sentences the corpus has.
        is_far: whether a look-up is a trip, so that few of many tokens are better than many of few.
    """

    def __init__(self, look_up: LookUp, sentences: int, *, is_far: bool = False) -> None:
        self._look_up = look_up
        self._is_far = is_far
        self._found: dict[Stream, dict[str, float]] = {stream: {} for stream in Stream}
        self._missing: dict[Stream, dict[str, None]] | None = None
        self.sentences = sentences

    def settled(self, make: Callable[[], Made]) -> Made:
        """What is made of what the corpus has.

        Far away, it is made as if the corpus had nothing that was not looked up yet; all that was missed on
        the way is looked up at once, and it is made again, until nothing is missed.
        """
        if not self._is_far or self._missing is not None:
            return make()
        while True:
            self._missing = {}
            try:
                made, missing = make(), self._missing
            finally:
                self._missing = None
            if not missing:
                return made
            self.foresee(missing)

    def frequencies(self, stream: Stream, tokens: Iterable[str]) -> list[float]:
        """In how many sentences each token stands."""
        wanted, found = list(tokens), self._found[stream]
        if not found.keys() >= set(wanted):
            self.foresee({stream: wanted})
        return [found.get(token, NOWHERE) for token in wanted]

    def _frequency(self, stream: Stream, token: str) -> float:
        """The same of one token."""
        found = self._found[stream]
        if token not in found:
            self.foresee({stream: [token]})
        return found.get(token, NOWHERE)

    def foresee(self, tokens: Mapping[Stream, Iterable[str]]) -> None:
        """Look up at once what will be asked for."""
        new = {
            stream: [token for token in dict.fromkeys(of_stream) if token not in self._found[stream]]
            for stream, of_stream in tokens.items()
        }
        new = {stream: of_stream for stream, of_stream in new.items() if of_stream}
        if not new:
            return
        if self._missing is not None:
            characters = new.pop(Stream.CHARACTER, ())
            self._take({Stream.CHARACTER: characters} if characters else {})
            for stream, of_stream in new.items():
                self._missing.setdefault(stream, {}).update(dict.fromkeys(of_stream))
            return
        self._take(new)

    def _take(self, new: Mapping[Stream, Sequence[str]]) -> None:
        for stream, counts in self._look_up(new).items() if new else ():
            self._found[stream].update(zip(new[stream], counts, strict=True))

    def expect(self, tokens: Mapping[Stream, Iterable[str]]) -> None:
        """Look up, where that saves a trip, what the search will ask for."""
        if self._is_far:
            self.foresee(tokens)

    def counted(self, stream: Stream, tokens: Sequence[str]) -> Sequence[float]:
        """The same for tokens that are so many and so seldom asked for again that they are not kept."""
        return self.frequencies(stream, tokens) if self._is_far else self._look_up({stream: tokens})[stream]

    def has_word(self, word: str) -> bool:
        """Whether the corpus has a word, cut as the tokeniser cuts it there."""
        return self._frequency(Stream.WORD, word) > 0

    def has_pair(self, pair: str) -> bool:
        """Whether the corpus has two characters next to each other."""
        return self._frequency(Stream.BIGRAM, pair) > 0

    def has(self, text: str) -> bool:
        """Whether the corpus could have a piece of text: the word, or else each pair of its characters."""
        if self.has_word(text):
            return True
        stream = Stream.BIGRAM if len(text) > 1 else Stream.CHARACTER
        pieces = _pairs(text) if len(text) > 1 else (text,)
        return bool(pieces) and all(self.frequencies(stream, pieces))

    def look_up(self, texts: Iterable[str]) -> None:
        """Look up at once what `has` will ask of many texts; near, the pairs only of what is no word."""
        every = list(texts)
        if not self._is_far:
            self.foresee({Stream.WORD: every})
            every = [text for text in every if not self.has_word(text)]
        self.foresee(tokens_of(every))


def tokens_of(texts: Iterable[str]) -> Mapping[Stream, list[str]]:
    """The tokens by which it is told whether the corpus has some texts."""
    known = list(texts)
    return {
        Stream.WORD: known,
        Stream.CHARACTER: [text for text in known if len(text) == 1],
        Stream.BIGRAM: [pair for text in known if len(text) > 1 for pair in _pairs(text)],
    }


@functools.lru_cache(REMEMBERED)
def _pairs(text: str) -> tuple[str, ...]:
    return tuple(bigrams(text))
