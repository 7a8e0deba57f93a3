"""What a corpus has of the words that a question could be put in."""

from collections.abc import Callable, Iterable, Sequence

from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream

Frequency = Callable[[Stream, Sequence[str]], Sequence[float]]
"""In how many sentences of the corpus each of some tokens stands."""


class Vocabulary:
    """The tokens of a corpus, each looked up once: made anew for each question.

    Args:
        frequency: looks up tokens of one stream.
        sentences: how many sentences the corpus has.
    """

    def __init__(self, frequency: Frequency, sentences: int) -> None:
        self._frequency = frequency
        self._found: dict[tuple[Stream, str], float] = {}
        self.sentences = sentences

    def frequencies(self, stream: Stream, tokens: Iterable[str]) -> list[float]:
        """In how many sentences each token stands."""
        wanted = list(tokens)
        new = [token for token in dict.fromkeys(wanted) if (stream, token) not in self._found]
        if new:
            counts = self._frequency(stream, new)
            self._found |= {(stream, token): count for token, count in zip(new, counts, strict=True)}
        return [self._found[stream, token] for token in wanted]

    def counted(self, stream: Stream, tokens: Sequence[str]) -> Sequence[float]:
        """The same for tokens that are so many and so seldom asked for again that they are not kept."""
        return self._frequency(stream, tokens)

    def has_word(self, word: str) -> bool:
        """Whether the corpus has a word, cut as the tokeniser cuts it there."""
        return self.frequencies(Stream.WORD, [word])[0] > 0

    def has_pair(self, pair: str) -> bool:
        """Whether the corpus has two characters next to each other."""
        return self.frequencies(Stream.BIGRAM, [pair])[0] > 0

    def has(self, text: str) -> bool:
        """Whether the corpus could have a piece of text: the word, or else each pair of its characters."""
        if self.has_word(text):
            return True
        stream = Stream.BIGRAM if len(text) > 1 else Stream.CHARACTER
        pieces = bigrams(text) if len(text) > 1 else [text]
        return bool(pieces) and all(self.frequencies(stream, pieces))

    def look_up(self, texts: Iterable[str]) -> None:
        """Look up at once what `has` will ask of many texts."""
        known = list(texts)
        self.frequencies(Stream.WORD, known)
        self.frequencies(Stream.CHARACTER, (text for text in known if len(text) == 1))
        self.frequencies(Stream.BIGRAM, (pair for text in known if len(text) > 1 for pair in bigrams(text)))
