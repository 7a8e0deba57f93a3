"""Names and noun phrases in many texts at once, from their words and parts of speech.

The rules are asked once for each distinct word and part of speech; where names and phrases begin and end then
follows for all words together.
"""

import functools

import numpy as np
from numpy.typing import NDArray

from retrieval import patterns, phrases
from retrieval.models import AnswerKind, Span
from retrieval.text import Tagged
from retrieval.texts import Charset, Marks, Texts

NAME_FLAGS = ("n", "j", "s", "f", "b", "eng", "vn", "an", "l", "i", "q", "g", "k", "h")
"""Parts of speech that a name of a place or an organisation is made of (ICTPOS, jieba's set)."""
TAGGED = {"nr": AnswerKind.PERSON, "ns": AnswerKind.PLACE, "nt": AnswerKind.ORGANISATION}
KINDS = tuple(TAGGED.values())
PERSON = 1 + KINDS.index(AnswerKind.PERSON)
PLACE_FLAGS = ("ns", "s")
ORGANISATION_FLAGS = ("nt",)
LONGEST_ENDING = 3
"""Characters by which a place or an organisation is told."""
ENDINGS = 100_000
"""Endings remembered."""

KIND = 3
"""Of a flag's rules: the kind of name that it tags, from 1; then bits."""
NAMES, PLACES, ORGANISATIONS, JOINS, ENDS, ENDS_LONG = (4 << bit for bit in range(6))
SPACE, MARK, GIVEN, ENDING = (1 << bit for bit in range(4))
"""Bits of a word's rules: white space; a mark within a name; part of a given name; the end of a phrase."""

FIGURE = Charset("0123456789")
THOUSANDS = Charset(",:")
LOOSE = Charset(phrases.LOOSE)
QUOTES = Charset(phrases.OPENING + phrases.CLOSING)


class Words:
    """The words of some texts, white space left out.

    Args:
        texts: that they stand in.
        tagged: all of them, and their parts of speech (ICTPOS, jieba's set).
    """

    def __init__(self, texts: Texts, tagged: Tagged) -> None:
        self._texts = texts
        numbers = np.array(tagged.numbers, dtype=np.int64)
        sizes = np.array([len(word) for word in tagged.words], dtype=np.int64)[numbers]
        of_words = np.array([_word(word) for word in tagged.words], dtype=np.int64)[numbers]
        flag = {flag: _flag(flag) for flag in dict.fromkeys(tagged.flags)}
        of_flags = np.array([flag[of] for of in tagged.flags], dtype=np.int64)[numbers]
        ends = np.cumsum(sizes)
        kept = np.flatnonzero(of_words & SPACE == 0)
        self._ends, self._starts = ends[kept], (ends - sizes)[kept]
        self._of_words, self._of_flags = of_words[kept], of_flags[kept]
        self._adjoins = np.zeros(len(kept), dtype=np.bool_)
        self._adjoins[1:] = self._starts[1:] == self._ends[:-1]

    def tagged(self) -> list[tuple[AnswerKind, Span]]:
        """Names by their part of speech; neighbours of one kind are one name (尼古拉·特斯拉)."""
        kinds = (self._of_flags & KIND).tolist()
        adjoins, ends = self._adjoins.tolist(), self._ends.tolist()
        starts, words = self._starts.tolist(), self._of_words.tolist()
        is_mark = ((self._of_words & MARK > 0) & (self._of_flags & JOINS > 0)).tolist()
        found: list[tuple[AnswerKind, Span]] = []
        after = 0
        for at in np.flatnonzero(self._of_flags & KIND).tolist():
            if at < after:
                continue
            kind, start, after = kinds[at], starts[at], at + 1
            while after < len(kinds) and adjoins[after]:
                # A surname of one character goes on in a word that no dictionary has as a name: 王|治平.
                is_given = kind == PERSON and ends[after - 1] - start == 1 and words[after] & GIVEN
                if not (is_mark[after] or kinds[after] == kind or is_given):
                    break
                after += 1
            found.append((KINDS[kind - 1], (start, ends[after - 1])))
        return found

    def places_and_organisations(self) -> list[tuple[AnswerKind, Span]]:
        """Places and organisations by whole noun phrases (大阪府丰中市, 鑫诺卫星通信有限公司)."""
        is_name = self._of_flags & NAMES > 0
        is_first = is_name & ~(self._adjoins & np.concatenate([[False], is_name[:-1]]))
        firsts = np.flatnonzero(is_first)
        if not len(firsts):
            return []
        flags = np.bitwise_or.reduceat(np.where(is_name, self._of_flags, 0), firsts)
        lasts = np.flatnonzero(is_name & ~np.append(is_name[1:] & self._adjoins[1:], False))
        text = self._texts.text
        found: list[tuple[AnswerKind, Span]] = []
        starts, ends = self._starts[firsts].tolist(), self._ends[lasts].tolist()
        for start, end, flag in zip(starts, ends, flags.tolist(), strict=True):
            told = _ending(text[max(start, end - LONGEST_ENDING) : end]) | flag
            if told & PLACES:
                found.append((AnswerKind.PLACE, (start, end)))
            if told & ORGANISATIONS:
                found.append((AnswerKind.ORGANISATION, (start, end)))
        return found

    def phrases(self) -> list[Span]:
        """The noun phrases, in order: what stands between the words that end one."""
        starts, ends = self._starts, self._ends
        if not len(starts):
            return []
        rows = self._texts.rows(starts)
        opens_row = np.append(True, rows[1:] != rows[:-1])
        row_start = self._texts.first[rows]
        is_gap = self._gaps(np.where(opens_row, row_start, np.append(0, ends[:-1])), row_start)
        is_end = self._is_end(row_start)
        after_end = np.append(False, is_end[:-1])
        begins = ~is_end & (opens_row | is_gap | after_end)
        firsts = np.flatnonzero(begins)
        if not len(firsts):
            return []
        # A phrase goes on until the word before one that ends it, or that begins another one or another text.
        breaks = np.append(is_end[1:] | begins[1:] | opens_row[1:], True)
        lasts = np.flatnonzero(breaks & ~is_end)
        begin = np.where(opens_row, row_start, np.append(0, ends[:-1]))
        begin = np.where(is_gap, starts, begin)[firsts]
        return _trimmed(self._texts, begin, ends[lasts])

    def _gaps(self, before: NDArray[np.int64], row_start: NDArray[np.int64]) -> Marks:
        """Before which words white space divides: between Latin words and figures it does not."""
        ascii_only = self._texts.codes < 128  # noqa: PLR2004
        starts = self._starts
        around = ascii_only[starts] & ascii_only[np.maximum(starts - 1, 0)]
        around &= ascii_only[np.maximum(starts - 2, 0)] | (starts - row_start < 2)  # noqa: PLR2004
        around |= starts - row_start < 2  # noqa: PLR2004
        found: Marks = (starts > before) & ~around
        return found

    def _is_end(self, row_start: NDArray[np.int64]) -> Marks:
        """Which words end a phrase: not the comma in 1,500."""
        is_long = self._ends - self._starts > 1
        ends = (self._of_words & ENDING > 0) | (self._of_flags & ENDS > 0)
        ends |= is_long & (self._of_flags & ENDS_LONG > 0)
        codes, starts = self._texts.codes, self._starts
        figures = FIGURE.marks(codes)
        in_figure = figures[np.maximum(starts - 1, 0)] & THOUSANDS.marks(codes[starts])
        in_figure &= figures[np.minimum(starts + 1, len(codes) - 1)] & (starts > row_start)
        found: Marks = ends & ~in_figure
        return found


def _trimmed(texts: Texts, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[Span]:
    """The phrases without loose characters and lone quotation marks at their ends, if something is left."""
    loose = np.append(LOOSE.marks(texts.codes), False)
    quotes = np.append(QUOTES.marks(texts.codes), False)
    begin, end = starts.copy(), ends.copy()
    while (more := (begin < end) & loose[begin]).any():
        begin += more
    while (more := (begin < end) & loose[end - 1]).any():
        end -= more
    is_left = begin < end
    is_quoted = is_left & (quotes[begin] | quotes[end - 1])
    plain = is_left & ~is_quoted & (end - begin <= phrases.LONGEST)
    found = list(zip(begin[plain].tolist(), end[plain].tolist(), strict=True))
    for start, stop in zip(starts[is_quoted].tolist(), ends[is_quoted].tolist(), strict=True):
        found += phrases.trimmed(texts.text, start, stop)
    return found


def _word(word: str) -> int:
    return (
        SPACE * word.isspace()
        | MARK * (word in "·.-")
        | GIVEN * (len(word) <= len("治平") and word.isalpha() and word not in phrases.ENDING_WORDS)
        | ENDING * (word in phrases.ENDING_WORDS or word in phrases.PUNCTUATION)
    )


def _flag(flag: str) -> int:
    kind = TAGGED.get(flag[:2])
    return (
        (0 if kind is None else 1 + KINDS.index(kind))
        | NAMES * flag.startswith(NAME_FLAGS)
        | PLACES * (flag[:2] in PLACE_FLAGS)
        | ORGANISATIONS * (flag[:2] in ORGANISATION_FLAGS)
        | JOINS * flag.startswith(("x", "w", "m"))
        | ENDS * flag.startswith(phrases.ENDING_FLAGS)
        | ENDS_LONG * (flag in phrases.VERB_FLAGS)
    )


@functools.lru_cache(ENDINGS)
def _ending(text: str) -> int:
    return PLACES * bool(patterns.PLACE_END.search(text)) | ORGANISATIONS * bool(
        patterns.ORGANISATION_END.search(text)
    )
