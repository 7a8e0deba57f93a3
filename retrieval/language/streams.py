"""The tokens of many texts at once, as names: the three streams that an index counts.

The texts lie one after another in one text, each followed by a line feed, which no token and no word reaches
across. What happens to a character happens to all of them at once, by arrays; only Latin runs and the cutting
into words go through Python one by one.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import BORDER, LAST, Charset, Marks, Spans, Texts
from retrieval.language.lexicon import TokenKeys, keys_of_many
from retrieval.language.tagging import Numbering, Tagged
from retrieval.language.tokeniser import HAN, LATIN, PIECE, RUN, Tokeniser, whole
from retrieval.models import Span
from retrieval.ragged import offsets, ranges
from retrieval.regex import regex

BLOCK = Charset("".join(map(chr, range(ord("a"), ord("z") + 1))) + "0123456789+#&._%-")
"""Characters that jieba and rjieba cut together with the Chinese ones beside them: T恤 is a word."""
RUN_OF_HAN = regex(f"[{HAN}]")
Placed: TypeAlias = tuple[NDArray[np.int64], NDArray[Any]]
"""Where tokens begin, and their names."""


class Tokens(NamedTuple):
    """The names of tokens, text after text, and how many each text has."""

    names: TokenKeys
    lengths: NDArray[np.int64]

    def rows(self) -> NDArray[np.int64]:
        """The text of each token."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


class Streams(NamedTuple):
    """The tokens of some texts.

    `pairs` tells of each character whether it and the next make a bigram; `whole` are the tokens of the
    stream of bigrams that are no pairs: Latin words and numbers, and characters that stand alone.
    """

    words: Tokens
    characters: Tokens
    pairs: NDArray[np.bool_]
    whole: Tokens


def streams(texts: Texts, tokeniser: Tokeniser, cut: Tagged | None = None) -> Streams:
    """The tokens of normalised texts.

    Args:
        texts: normalised.
        tokeniser: cuts them.
        cut: what the tokeniser cuts them into as a whole, where that is known.
    """
    found = _Runs(texts)
    return Streams(
        words=found.words(tokeniser, cut),
        characters=found.characters(),
        pairs=found.pairs(),
        whole=found.whole(),
    )


@functools.cache
def _letters() -> tuple[Charset, Charset]:
    """Of the basic plane the characters of Chinese runs, and those that other runs begin with."""
    every = "".join(map(chr, range(LAST)))
    others = re.findall(rf"(?![{HAN}])(?:{LATIN}|[^\W_])", every)
    return Charset("".join(re.findall(f"[{HAN}]", every))), Charset("".join(others), beyond=True)


class _Distinct:
    """Deduplicates runs: the unique runs and an inverse index."""

    def __init__(self, runs: Iterable[str]) -> None:
        number = Numbering[str]()
        self._numbers = np.array([number[run] for run in runs], dtype=np.int64)
        self.runs = list(number)

    def of_all(self, counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many pieces each run has, and which of all these are, from how many the distinct ones have."""
        first = offsets(counts)
        return counts[self._numbers], ranges(first[self._numbers], first[self._numbers + 1])


class _Runs:
    """The runs of some texts that tokens never cross (see `retrieval.text`)."""

    def __init__(self, texts: Texts) -> None:
        self._text, self._codes, self._count = texts.text, texts.codes, texts.count
        self._owner = texts.owners
        self._find()
        self._latin_names = keys_of_many(self._latin)
        distinct = _Distinct(self._latin)
        pieces = [PIECE.findall(token) for token in distinct.runs]
        counts, chosen = distinct.of_all(np.fromiter(map(len, pieces), dtype=np.int64))
        # A run has no more pieces than characters, so that each piece can have the place of one.
        self._piece_places = ranges(self._latin_places, self._latin_places + counts)
        self._piece_names = keys_of_many([piece for found in pieces for piece in found])[chosen]

    def _find(self) -> None:
        of_han, of_others = _letters()
        is_han, is_other = of_han.marks(self._codes), of_others.marks(self._codes)
        beyond = np.flatnonzero(self._codes > LAST)
        is_han[beyond] = [RUN_OF_HAN.match(chr(code)) is not None for code in self._codes[beyond].tolist()]
        is_other &= ~is_han
        spans: list[Span] = []
        latin: list[Span] = []
        for run in self._others(is_other):
            (latin if run.lastgroup == "latin" else spans).append(run.span())
        others = Spans.of(spans)
        is_han[ranges(*others)] = False
        bounds = np.flatnonzero(np.diff(is_han, prepend=False))
        self._starts = np.append(bounds[::2], others.starts)
        self._ends = np.append(bounds[1::2], others.ends)
        self._places = ranges(self._starts, self._ends)
        self._latin_places = Spans.of(latin).starts
        self._latin = [whole(self._text[start:end]) for start, end in latin]

    def _others(self, marks: Marks) -> Iterator[re.Match[str]]:
        """The runs that begin where it is marked, unless an earlier one reaches there."""
        begins = np.flatnonzero(marks & ~np.append(False, marks[:-1]))
        is_marked = marks.tobytes()
        at = 0
        for begin in begins.tolist():
            at = max(at, begin)
            while is_marked[at]:
                run = RUN.match(self._text, at)
                at = run.end() if run else at + 1
                if run:
                    yield run

    def characters(self) -> Tokens:
        """Single characters, and Latin runs in their pieces (gpt-4 and gpt4 are both gpt, 4)."""
        return self._tokens(
            (self._places, self._codes[self._places]), (self._piece_places, self._piece_names)
        )

    def pairs(self) -> NDArray[np.bool_]:
        """Whether each of the characters makes a bigram with the next."""
        is_character = np.zeros(len(self._text), dtype=np.bool_)
        is_character[self._places] = is_character[self._piece_places] = True
        is_joined = np.zeros(len(self._text), dtype=np.bool_)
        is_joined[self._places] = True
        is_joined[self._ends - 1] = False
        return is_joined[is_character]

    def whole(self) -> Tokens:
        """Latin runs, and characters that are runs of their own."""
        alone = self._starts[self._ends - self._starts == 1]
        return self._tokens((alone, self._codes[alone]), (self._latin_places, self._latin_names))

    def words(self, tokeniser: Tokeniser, cut: Tagged | None) -> Tokens:
        """Words as the tokeniser cuts them; Latin runs whole."""
        found = [(self._latin_places, self._latin_names)]
        is_left = np.ones(len(self._starts), dtype=np.bool_)
        if cut:
            is_left = BLOCK.marks(self._codes[self._starts - 1]) | BLOCK.marks(self._codes[self._ends])
            is_left[self._starts == 0] = BLOCK.marks(self._codes[self._ends[self._starts == 0]])
            found.append(self._known_words(cut, cut.names, ~is_left))
        found.append(self._cut_words(tokeniser, self._starts[is_left], self._ends[is_left]))
        return self._tokens(*found)

    def _known_words(self, cut: Tagged, of_all: TokenKeys, is_whole: NDArray[np.bool_]) -> Placed:
        """The words of some runs from those of the whole text: runs that are cut there as they are alone."""
        begins = cut.spans.starts
        is_in = np.zeros(len(self._text), dtype=np.bool_)
        is_in[ranges(self._starts[is_whole], self._ends[is_whole])] = True
        kept = is_in[begins]
        return begins[kept], of_all[cut.numbers[kept]]

    def _cut_words(self, tokeniser: Tokeniser, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Placed:
        """The words of some runs, each cut alone."""
        distinct = _Distinct(self._text[start:end] for start, end in Spans(starts, ends).pairs())
        cut = tokeniser.cut(BORDER.join(distinct.runs))
        found = keys_of_many(cut)
        is_border = found == ord(BORDER)
        runs = np.cumsum(is_border)[~is_border]
        # Where each word begins in its run: the runs stand one after another with borders between.
        begins = offsets(map(len, cut))[:-1][~is_border]
        begins -= offsets(len(run) + len(BORDER) for run in distinct.runs)[runs]
        counts, chosen = distinct.of_all(np.bincount(runs, minlength=len(distinct.runs)))
        return np.repeat(starts, counts) + begins[chosen], found[~is_border][chosen]

    def _tokens(self, *found: Placed) -> Tokens:
        """Tokens that begin at some places, in the order of the text."""
        of_text = np.zeros(len(self._text), dtype=np.uint64)
        begins = np.zeros(len(self._text), dtype=np.bool_)
        for places, of_places in found:
            of_text[places], begins[places] = of_places, True
        return Tokens(of_text[begins], np.bincount(self._owner[begins], minlength=self._count))
