"""The tokens of many texts at once, as names: the three streams that an index counts.

The texts lie one after another in one text, each followed by a line feed, which no token and no word reaches
across. What happens to a character happens to all of them at once, by arrays; only Latin runs and the cutting
into words go through Python one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrieval import text
from retrieval.lexicon import CHARACTER_BITS, Names, names
from retrieval.models import Span
from retrieval.packing import offsets, ranges
from retrieval.text import PIECE, RUN, Numbering, Tagged, Tokeniser
from retrieval.texts import BORDER, Charset, Texts

BLOCK = Charset("".join(map(chr, range(ord("a"), ord("z") + 1))) + "0123456789+#&._%-")
"""Characters that jieba and rjieba cut together with the Chinese ones beside them: T恤 is a word."""
Placed: TypeAlias = tuple[NDArray[np.int64], NDArray[Any]]
"""Where tokens begin, and their names."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The names of tokens, text after text, and how many each text has."""

    names: Names
    lengths: NDArray[np.int64]

    def rows(self) -> NDArray[np.int64]:
        """The text of each token."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


@dataclass(frozen=True, slots=True)
class Streams:
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
        words=found.words(tokeniser, cut if cut and cut.is_cut else None),
        characters=found.characters(),
        pairs=found.pairs(),
        whole=found.whole(),
    )


def pair_names(characters: Names, pairs: NDArray[np.bool_]) -> tuple[Names, NDArray[np.int64]]:
    """The names of the bigrams among characters, and the places of their first ones."""
    places = np.flatnonzero(pairs)
    pairs_of: Names = characters[places] << CHARACTER_BITS | characters[places + 1]
    return pairs_of, places


def _names(tokens: Sequence[str]) -> Names:
    """The names of tokens, of which many are the same."""
    number = Numbering[str]()
    numbers = np.array([number[token] for token in tokens], dtype=np.int64)
    return names(number)[numbers]


class _Runs:
    """The runs of some texts that tokens never cross (see `retrieval.text`)."""

    def __init__(self, texts: Texts) -> None:
        self._text, self._codes, self._count = texts.text, texts.codes, texts.count
        self._owner = texts.owners
        self._find()
        pieces = [PIECE.findall(token) for token in self._latin]
        counts = np.fromiter(map(len, pieces), dtype=np.int64)
        # A run has no more pieces than characters, so that each piece can have the place of one.
        self._piece_places = ranges(self._latin_places, self._latin_places + counts)
        self._piece_names = _names([piece for found in pieces for piece in found])

    def _find(self) -> None:
        spans: list[Span] = []
        latin: list[Span] = []
        for run in RUN.finditer(self._text):
            (latin if run.lastgroup == "latin" else spans).append(run.span())
        bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
        self._starts, self._ends = bounds[:, 0], bounds[:, 1]
        self._places = ranges(self._starts, self._ends)
        self._latin_places = np.array([start for start, _ in latin], dtype=np.int64)
        self._latin = [text.whole(self._text[start:end]) for start, end in latin]
        self._latin_names = _names(self._latin)

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
        if cut is not None:
            is_left = BLOCK.marks(self._codes[self._starts - 1]) | BLOCK.marks(self._codes[self._ends])
            is_left[self._starts == 0] = BLOCK.marks(self._codes[self._ends[self._starts == 0]])
            found.append(self._known_words(cut, ~is_left))
        found.append(self._cut_words(tokeniser, self._starts[is_left], self._ends[is_left]))
        return self._tokens(*found)

    def _known_words(self, cut: Tagged, is_whole: NDArray[np.bool_]) -> Placed:
        """The words of some runs from those of the whole text: runs that are cut there as they are alone."""
        begins = cut.bounds().starts
        is_in = np.zeros(len(self._text), dtype=np.bool_)
        is_in[ranges(self._starts[is_whole], self._ends[is_whole])] = True
        kept = is_in[begins]
        return begins[kept], names(cut.words)[cut.numbers[kept]]

    def _cut_words(self, tokeniser: Tokeniser, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Placed:
        """The words of some runs, each cut alone."""
        spans = zip(starts.tolist(), ends.tolist(), strict=True)
        cut = tokeniser.cut(BORDER.join([self._text[start:end] for start, end in spans]))
        begins = offsets(map(len, cut))[:-1]
        found = _names(cut)
        is_border = found == ord(BORDER)
        # Each run moves from where it stands among the runs, with borders between, to its place in the text.
        moved = starts - offsets(ends - starts + len(BORDER))[:-1]
        run = np.cumsum(is_border)[~is_border]
        return begins[~is_border] + moved[run], found[~is_border]

    def _tokens(self, *found: Placed) -> Tokens:
        """Tokens that begin at some places, in the order of the text."""
        of_text = np.zeros(len(self._text), dtype=np.uint64)
        begins = np.zeros(len(self._text), dtype=np.bool_)
        for places, of_places in found:
            of_text[places], begins[places] = of_places, True
        return Tokens(of_text[begins], np.bincount(self._owner[begins], minlength=self._count))
