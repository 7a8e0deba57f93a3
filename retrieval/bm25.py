"""The scoring: rank_bm25's classes over term frequencies instead of a scan of every document.

Two uses of one formula (Robertson et al., Okapi at TREC-3): articles are scored by their own tokens, and
sentences by a BM25F (Robertson, Zaragoza, Taylor 2004) in which a sentence's neighbours, article and title
count a little inside the saturated term frequency.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as Default
from rank_bm25 import BM25Okapi

from retrieval.models import Model, Stream


class Statistics(NamedTuple):
    """What BM25 needs to know of a collection of documents, for one stream of tokens.

    `document_frequency` has each term of the question by its name; that of several tokens may be a fraction.
    """

    documents: int
    mean_length: float
    document_frequency: Mapping[str, float]


class StreamBM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """BM25Okapi of one stream of tokens; its scores are rank_bm25's, from frequencies that were looked up."""

    idf: dict[str, float]
    corpus_size: int
    avgdl: float

    def __init__(self, statistics: Statistics, *, k1: float, b: float) -> None:
        super().__init__(statistics, k1=k1, b=b)

    def _initialize(self, corpus: Statistics) -> dict[str, float]:
        self.corpus_size = corpus.documents
        self.avgdl = corpus.mean_length
        return dict(corpus.document_frequency)

    def norm(self, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a document's length adds to the denominator, a number a document."""
        norm: NDArray[np.float64] = self.k1 * (1 - self.b + self.b * lengths / self.avgdl)
        return norm

    def gain(
        self,
        idf: float | NDArray[np.float64],
        frequencies: NDArray[np.float64],
        norm: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """What term frequencies add to the scores: idf · tf(k1+1) / (tf + norm)."""
        gain: NDArray[np.float64] = idf * frequencies
        gain *= self.k1 + 1
        gain /= frequencies + norm
        return gain


class PositiveBM25(StreamBM25):
    """With Lucene's idf, log(1 + (N-n+.5)/(n+.5)): above 0 however common a token is."""

    def _calc_idf(self, nd: Mapping[str, float]) -> None:
        for token, count in nd.items():
            self.idf[token] = self.rarity(count)

    def rarity(self, documents: float) -> float:
        """The idf of what so many documents hold."""
        return math.log(1 + (self.corpus_size - documents + 0.5) / (documents + 0.5))


def added(terms: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums over terms x anything, added one by one.

    So they are the same on every machine, and wherever the same is added: along the fast axis of memory
    NumPy's own sum adds in an order that depends on the processor and on how many there are. Along the slow
    one it adds one by one too (its documentation says so), five times as fast as a sum of all so far.
    """
    has_rows = terms.ndim > 1 and terms.shape[1] > 1 and terms.flags.c_contiguous
    total: NDArray[np.float64] = np.add.reduce(terms, axis=0) if has_rows else terms.cumsum(axis=0)[-1]
    return total


class ArticleWeights(Model):
    """The weights of an article's score; a token of its title counts `title` times."""

    streams: Mapping[Stream, float] = Default(default={Stream.WORD: 1.0, Stream.BIGRAM: 0.5})
    k1: float = 0.9
    b: float = 0.4
    title: int = 3
