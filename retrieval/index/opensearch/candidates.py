"""From the documents found to candidates: their tokens as codes of the query, all articles at once.

The cluster finds by rounded lengths and by what it counts of its own; so a few more articles are asked for
than are wanted, and scored here exactly as the embedded index scores them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.bm25 import ArticleWeights, PositiveBM25
from retrieval.index.evidence import bigrams, counted
from retrieval.index.opensearch import blob
from retrieval.index.opensearch.article import ClusterArticle
from retrieval.index.protocol import StoredTokens
from retrieval.index.query import Codes, Query
from retrieval.index.segment import schema
from retrieval.index.segment.encoding import ARTICLE_STREAMS
from retrieval.language.lexicon import WantedKeys, token_keys
from retrieval.models import Stream
from retrieval.ragged import Array, offsets, ranges


@dataclass(frozen=True, slots=True)
class Found:
    """Some articles, and their tokens as codes of a query; the sentences of each begin at `first`."""

    articles: Sequence[ClusterArticle]
    first: NDArray[np.int64]
    tokens: Mapping[Stream, StoredTokens]
    is_pair: NDArray[np.bool_]

    def column(self, name: str) -> Array:
        """An array of all the articles, one after another."""
        return joined([article.arrays[name] for article in self.articles])

    def only(self, chosen: NDArray[np.int64]) -> "Found":
        """Some of the articles, by their places, ascending."""
        tokens = {stream: _only(of_stream, self.first, chosen) for stream, of_stream in self.tokens.items()}
        pairs = _code_places(self.tokens[Stream.CHARACTER].sizes, self.first, chosen)
        first = offsets(self.first[chosen + 1] - self.first[chosen])
        return Found([self.articles[at] for at in chosen.tolist()], first, tokens, self.is_pair[pairs])


def _only(tokens: StoredTokens, first: NDArray[np.int64], chosen: NDArray[np.int64]) -> StoredTokens:
    """The tokens of some of the articles whose sentences begin at `first`."""
    rows = ranges(first[chosen], first[chosen + 1])
    titles = offsets(tokens.title_sizes)
    return StoredTokens(
        codes=tokens.codes[_code_places(tokens.sizes, first, chosen)],
        sizes=tokens.sizes[rows],
        lengths=tokens.lengths[rows],
        title_codes=tokens.title_codes[ranges(titles[chosen], titles[chosen + 1])],
        title_sizes=tokens.title_sizes[chosen],
    )


def _code_places(
    sizes: NDArray[np.int64], first: NDArray[np.int64], chosen: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where the codes of some articles lie, from how many each sentence has."""
    borders = offsets(sizes)[first]
    return ranges(borders[chosen], borders[chosen + 1])


def found(query: Query, articles: Sequence[ClusterArticle]) -> Found:
    """Read the tokens of some articles."""
    first = offsets([len(article.arrays[schema.FLAGS.name]) for article in articles])
    tokens = {stream: _tokens(stream, query, articles) for stream in Stream}
    characters = blob.tokens_of(Stream.CHARACTER)
    pairs = [
        np.unpackbits(
            article.arrays[blob.PAIRS], count=len(article.arrays[characters]), bitorder="little"
        ).astype(np.bool_)
        for article in articles
    ]
    is_asked = tokens[Stream.CHARACTER].codes != 0
    is_pair = joined(pairs, np.bool_) & is_asked & np.append(is_asked[1:], False)
    return Found(articles, first, tokens, is_pair)


def article_scores(query: Query, of: Found, scorers: Mapping[Stream, PositiveBM25]) -> NDArray[np.float64]:
    """What the first stage gives to each article.

    Args:
        query: that they were found for.
        of: the articles.
        scorers: of whole articles, a stream each.
    """
    weights, scores = ArticleWeights(), np.zeros(len(of.articles))
    for stream in ARTICLE_STREAMS:
        terms, tokens, scorer = query.columns[stream], of.tokens[stream], scorers[stream]
        if not terms.tokens or not len(of.articles):
            continue
        width = len(terms.tokens)
        frequencies = _by_article(counted(tokens.codes, tokens.sizes, width), of.first)
        if stream is Stream.BIGRAM:
            characters = of.tokens[Stream.CHARACTER]
            codes = bigrams(characters, of.is_pair, query.pairs)
            frequencies += _by_article(counted(codes, characters.sizes, width), of.first)
        frequencies += weights.title * counted(tokens.title_codes, tokens.title_sizes, width)
        lengths = _by_article(tokens.lengths[None, :].astype(np.float64), of.first)[0]
        lengths += weights.title * tokens.title_sizes
        norm = scorer.norm(lengths) if scorer.avgdl else np.ones(len(of.articles))
        idf = np.array([scorer.idf[name] for name in terms.names])
        gains = scorer.gain(idf, terms.combined(frequencies.T), norm[:, None])
        scores += weights.streams[stream] * (gains @ terms.weights)
    return scores


def _by_article(counts: NDArray[np.float64], first: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums of what sentences have (along the last axis), an article each."""
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)
    of_articles: NDArray[np.float64] = sums[:, first[1:]] - sums[:, first[:-1]]
    return of_articles


def _tokens(stream: Stream, query: Query, articles: Sequence[ClusterArticle]) -> StoredTokens:
    fields = schema.STREAMS[stream]
    codes = _Codes(stream, query.tokens[stream], articles)
    return StoredTokens(
        codes=codes.of(blob.tokens_of(stream)),
        sizes=_column(articles, fields.sizes.name),
        lengths=_column(articles, fields.lengths.name),
        title_codes=codes.of(blob.titles_of(stream)),
        title_sizes=np.array([len(one.arrays[blob.titles_of(stream)]) for one in articles], dtype=np.int64),
    )


class _Codes:
    """The code of each article's each term, one after another."""

    def __init__(self, stream: Stream, tokens: Sequence[str], articles: Sequence[ClusterArticle]) -> None:
        self._articles = articles
        short = [one.arrays[blob.short_of(stream)] for one in articles]
        long = [one.arrays[blob.long_of(stream)] for one in articles]
        sizes = [of for pair in zip(map(len, short), map(len, long), strict=True) for of in pair]
        borders = offsets(sizes)
        self._first = borders[::2]
        wanted = WantedKeys.of(token_keys(tokens))
        codes = np.arange(1, wanted.count + 1)
        self._table: Codes = np.zeros(int(borders[-1]), dtype=np.uint16)
        is_short = np.repeat(np.tile([True, False], len(articles)), sizes)
        self._table[is_short] = _looked_up(joined(short), wanted.short, codes[wanted.is_short])
        self._table[~is_short] = _looked_up(joined(long), wanted.long, codes[~wanted.is_short])

    def of(self, name: str) -> Codes:
        """The codes of an array of tokens of all articles."""
        arrays = [one.arrays[name] for one in self._articles]
        first = np.repeat(self._first[:-1], [len(array) for array in arrays])
        return self._table.take(joined(arrays).astype(np.int64) + first)


def _looked_up(names: Array, wanted: Array, codes: NDArray[np.int64]) -> Codes:
    """The codes of those names that are wanted; 0 of the others."""
    if not len(wanted) or not len(names):
        return np.zeros(len(names), dtype=np.uint16)
    order = np.argsort(wanted)
    ascending = wanted[order]
    places = ascending.searchsorted(names.astype(ascending.dtype))
    is_wanted = ascending.take(places, mode="clip") == names
    return np.where(is_wanted, codes[order].take(places, mode="clip"), 0).astype(np.uint16)


def _column(articles: Sequence[ClusterArticle], name: str) -> NDArray[np.int64]:
    return joined([one.arrays[name] for one in articles]).astype(np.int64)


def joined(arrays: Sequence[Array], kind: type = np.uint8) -> Array:
    """Some arrays one after another; an empty one of a kind where there are none."""
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=kind)
