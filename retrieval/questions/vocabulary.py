"""What a corpus has of the words that a question could be put in."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from retrieval.index.protocol import Tokens
from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream

LookUp = Callable[[Tokens], Mapping[Stream, Sequence[float]]]
"""In how many sentences of the corpus each of some tokens stands: perhaps a trip to another machine."""


class Vocabulary:
    """The tokens of a corpus, each looked up once: made anew for each question.

    Args:
        look_up: looks up tokens.
        sentences: how many sentences the corpus has.
    """

    def __init__(self, look_up: LookUp, sentences: int) -> None:
        self._look_up = look_up
        self._found: dict[Stream, dict[str, float]] = {stream: {} for stream in Stream}
        self.sentences = sentences

    def frequencies(self, stream: Stream, tokens: Iterable[str]) -> list[float]:
        """In how many sentences each token stands."""
        wanted, found = list(tokens), self._found[stream]
        if not all(token in found for token in wanted):
            self.foresee({stream: wanted})
        return [found[token] for token in wanted]

    def foresee(self, tokens: Mapping[Stream, Iterable[str]]) -> None:
        """Look up at once what will be asked for."""
        new = {
            stream: [token for token in dict.fromkeys(of_stream) if token not in self._found[stream]]
            for stream, of_stream in tokens.items()
        }
        new = {stream: of_stream for stream, of_stream in new.items() if of_stream}
        if not new:
            return
        for stream, counts in self._look_up(new).items():
            self._found[stream].update(zip(new[stream], counts, strict=True))

    def counted(self, stream: Stream, tokens: Sequence[str]) -> Sequence[float]:
        """The same for tokens that are so many and so seldom asked for again that they are not kept."""
        return self._look_up({stream: tokens})[stream]

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
        self.foresee(tokens_of(texts))


def tokens_of(texts: Iterable[str]) -> Mapping[Stream, list[str]]:
    """The tokens by which it is told whether the corpus has some texts."""
    known = list(texts)
    return {
        Stream.WORD: known,
        Stream.CHARACTER: [text for text in known if len(text) == 1],
        Stream.BIGRAM: [pair for text in known if len(text) > 1 for pair in bigrams(text)],
    }
