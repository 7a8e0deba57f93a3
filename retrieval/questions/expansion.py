"""A word of a question with what it may be called in the corpus, as terms of the three streams.

Each expression is one weighted group a stream, so that common alternatives do not drown the rest
(probabilistic structured queries: Darwish and Oard, SIGIR 2003).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from retrieval.language.tokeniser import Tokeniser, bigrams, characters
from retrieval.models import Stream, Term
from retrieval.questions.vocabulary import Vocabulary

Weighted = tuple[str, float]
"""A text and its weight or share."""
MOST = 20
"""Alternatives of an expression at most."""


class Expression(NamedTuple):
    """A word or phrase of a question; the shares of its alternatives add up to 1."""

    name: str
    alternatives: tuple[Weighted, ...]
    weight: float = 1.0

    @property
    def likeliest(self) -> str:
        """The alternative with the greatest share."""
        return max(self.alternatives, key=lambda alternative: alternative[1])[0]


def shares(candidates: Iterable[Weighted], vocabulary: Vocabulary) -> tuple[Weighted, ...]:
    """The first of the candidates that the corpus has, with shares that add up to 1.

    None, when it has none of them, or only such as weigh nothing. What the corpus lacks is left out before
    the shares are made: it would take from those that can be found.
    """
    found = list(candidates)
    vocabulary.look_up(text for text, _ in found)
    known = [(text, weight) for text, weight in found if vocabulary.has(text)][:MOST]
    total = sum(weight for _, weight in known)
    return tuple((text, weight / total) for text, weight in known) if total else ()


def terms(
    expressions: Iterable[Expression], tokeniser: Tokeniser, vocabulary: Vocabulary
) -> Mapping[Stream, tuple[Term, ...]]:
    """The terms of the expressions, one a stream.

    A text of several tokens gives its share to them in equal parts. A term of characters or bigrams weighs
    as much as a Chinese word has of them on average, as in a Chinese question, where each is a term.
    """
    found: dict[Stream, list[Term]] = {stream: [] for stream in Stream}
    every = list(expressions)
    vocabulary.foresee({Stream.WORD: _cut_further(every, tokeniser, vocabulary)})
    for expression in every:
        for stream in Stream:
            amounts: dict[str, float] = defaultdict(float)
            size = 0.0
            for text, share in expression.alternatives:
                tokens = _tokens(text, stream, tokeniser, vocabulary)
                for token in tokens:
                    amounts[token] += share / len(tokens)
                size += share * len(tokens)
            if amounts:
                total = sum(amounts.values())
                alternatives = tuple((token, amount / total) for token, amount in amounts.items())
                weight = expression.weight * (1.0 if stream is Stream.WORD else size)
                found[stream].append(Term(expression.name, alternatives, weight))
    return {stream: tuple(of_stream) for stream, of_stream in found.items()}


def _cut_further(
    expressions: Iterable[Expression], tokeniser: Tokeniser, vocabulary: Vocabulary
) -> Iterator[str]:
    """The words of the alternatives that are none themselves."""
    texts = {text for expression in expressions for text, _ in expression.alternatives}
    return (word for text in texts if not vocabulary.has_word(text) for word in tokeniser.words(text))


def _tokens(text: str, stream: Stream, tokeniser: Tokeniser, vocabulary: Vocabulary) -> list[str]:
    if stream is Stream.CHARACTER:
        return characters(text)
    if stream is Stream.BIGRAM:
        return bigrams(text)
    if vocabulary.has_word(text):
        return [text]
    return [word for word in tokeniser.words(text) if vocabulary.has_word(word)]
