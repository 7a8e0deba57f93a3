"""A question as an index looks it up: its tokens, and its terms as columns of what is counted of them.

An index knows tokens; a term may be found by any of several, each with a share. A term's frequency in a text
is the sum of its tokens' frequencies, each times its share, and so is the number of documents that hold it
(probabilistic structured queries: Darwish and Oard, SIGIR 2003).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Question, Stream, Term

Codes = NDArray[np.uint16]
"""Places among the tokens of a query, from 1; 0 for any other token."""


class Columns(NamedTuple):
    """The distinct terms of one stream of a question, a column each.

    `names` are the terms' own tokens, `weights` what each weighs with all its occurrences, and `tokens` the
    distinct alternatives of them all, which an index has to count: those of each term, by their places among
    them, with their shares, are `alternatives`.
    """

    terms: tuple[Term, ...]
    names: tuple[str, ...]
    weights: NDArray[np.float64]
    tokens: tuple[str, ...]
    alternatives: Sequence[Sequence[tuple[int, float]]]

    def combined(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts of the terms from counts of the tokens (both along the last axis)."""
        if self.tokens == self.names:
            return counts
        of_tokens = counts.T
        total = of_tokens.take([of[0][0] for of in self.alternatives], axis=0)
        for number, (first, *others) in enumerate(self.alternatives):
            total[number] *= first[1]
            # One by one: a product of matrices adds in an order that differs between machines.
            for token, share in others:
                total[number] += share * of_tokens[token]
        return total.T

    def by_name(self, counts: NDArray[np.float64]) -> dict[str, float]:
        """Counts of the terms by their names from counts of the tokens."""
        of_tokens: list[float] = counts.tolist()
        if self.tokens == self.names:
            return dict(zip(self.names, of_tokens, strict=True))
        found: dict[str, float] = {}
        for name, alternatives in zip(self.names, self.alternatives, strict=True):
            found[name] = 0.0
            for token, share in alternatives:
                found[name] += share * of_tokens[token]
        return found


def columns(terms: Iterable[Term]) -> Columns:
    """The distinct terms in the order in which they first come."""
    distinct: dict[str, Term] = {}
    weights: dict[str, float] = {}
    places: dict[str, int] = {}
    for term in terms:
        distinct.setdefault(term.token, term)
        weights[term.token] = weights.get(term.token, 0.0) + term.weight
    alternatives = [
        [(places.setdefault(token, len(places)), share) for token, share in term.alternatives]
        for term in distinct.values()
    ]
    return Columns(
        terms=tuple(distinct.values()),
        names=tuple(distinct),
        weights=np.array(list(weights.values()), dtype=np.float64),
        tokens=tuple(places),
        alternatives=alternatives,
    )


class Query(NamedTuple):
    """A question's terms by stream, and the tokens to look up.

    Those of characters are followed by the characters that only bigrams are made of: `pairs[i, j]` is the
    code of the bigram of the characters with the codes i + 1 and j + 1 among the tokens of its stream, 0 for
    none.
    """

    columns: Mapping[Stream, Columns]
    tokens: Mapping[Stream, tuple[str, ...]]
    pairs: Codes

    @classmethod
    def of(cls, question: Question) -> Self:
        """The query of a question."""
        found = {stream: columns(question.terms[stream]) for stream in Stream}
        pairs, characters = _pairs(found[Stream.BIGRAM].tokens, found[Stream.CHARACTER].tokens)
        tokens = {stream: of_stream.tokens for stream, of_stream in found.items()}
        return cls(found, tokens | {Stream.CHARACTER: characters}, pairs)


def _pairs(bigrams: Sequence[str], characters: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """The bigrams by their characters, and the characters, with those that only the bigrams have."""
    pairs = [token if len(token) == len("两字") else "" for token in bigrams]
    place = {token: number for number, token in enumerate(characters)}
    for character in "".join(pairs):
        place.setdefault(character, len(place))
    table: Codes = np.zeros((len(place), len(place)), dtype=np.uint16)
    for code, pair in enumerate(pairs, 1):
        if pair:
            table[place[pair[0]], place[pair[1]]] = code
    return table, tuple(place)
