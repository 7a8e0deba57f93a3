"""A question's terms as columns of what an index counts.

An index counts tokens; a term may be found by any of several, each with a share. A term's frequency in a text
is the sum of its tokens' frequencies, each times its share, and so is the number of documents that hold it
(probabilistic structured queries: Darwish and Oard, SIGIR 2003).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Term


@dataclass(frozen=True, slots=True)
class Columns:
    """The distinct terms of one stream of a question, a column each.

    `names` are the terms' own tokens, `weights` what each weighs with all its occurrences, and `tokens` the
    distinct alternatives of them all, which an index has to count.
    """

    terms: tuple[Term, ...]
    names: tuple[str, ...]
    weights: NDArray[np.float64]
    tokens: tuple[str, ...]

    def combined(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Counts of the terms from counts of the tokens (both along the last axis)."""
        if self.tokens == self.names:
            return counts
        column = {token: number for number, token in enumerate(self.tokens)}
        total = np.zeros((*counts.shape[:-1], len(self.terms)))
        for number, term in enumerate(self.terms):
            # One by one: a product of matrices adds in an order that differs between machines.
            for token, share in term.alternatives:
                total[..., number] += share * counts[..., column[token]]
        return total

    def by_name(self, counts: NDArray[np.float64]) -> dict[str, float]:
        """Counts of the terms by their names from counts of the tokens."""
        return dict(zip(self.names, self.combined(counts).tolist(), strict=True))


def columns(terms: Iterable[Term]) -> Columns:
    """The distinct terms in the order in which they first come."""
    distinct: dict[str, Term] = {}
    weights: dict[str, float] = {}
    for term in terms:
        distinct.setdefault(term.token, term)
        weights[term.token] = weights.get(term.token, 0.0) + term.weight
    found = tuple(distinct.values())
    return Columns(
        terms=found,
        names=tuple(distinct),
        weights=np.array(list(weights.values()), dtype=np.float64),
        tokens=tuple(dict.fromkeys(token for term in found for token, _ in term.alternatives)),
    )
