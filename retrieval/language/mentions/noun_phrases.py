"""Names and noun phrases in many texts at once, from their words and parts of speech.

The rules are asked once for each distinct part of speech and each distinct ending; where names and phrases
begin and end then follows for all words together.
"""

import functools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import SPACES, Charset, Marks, Spans, Texts, joined
from retrieval.language.mentions import patterns
from retrieval.language.tagging import Tagged
from retrieval.models import AnswerKind

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
JOINTS = "·.-"
"""Marks within a name."""

KIND = 3
"""Of a flag's rules: the kind of name that it tags, from 1; then bits."""
NAMES, PLACES, ORGANISATIONS, JOINS, ENDS, ENDS_LONG = (4 << bit for bit in range(6))

SPACE = Charset(SPACES)
JOINT = Charset(JOINTS)
ENDING = Charset("".join(patterns.ENDING_WORDS | patterns.PUNCTUATION))
FIGURE = Charset("0123456789")
THOUSANDS = Charset(",:")
LOOSE = Charset(patterns.LOOSE)
QUOTES = Charset(patterns.OPENING + patterns.CLOSING)


class Words:
    """The words of some texts, white space left out.

    Args:
        texts: that they stand in.
        tagged: all of them, and their parts of speech (ICTPOS, jieba's set).
    """

    def __init__(self, texts: Texts, tagged: Tagged) -> None:
        self._texts = texts
        starts, ends = tagged.spans
        kept = np.flatnonzero(~SPACE.marks(texts.codes[starts]))
        self._ends, self._starts = ends[kept], starts[kept]
        flag = {flag: _flag(flag) for flag in dict.fromkeys(tagged.flags)}
        of_flags = np.array([flag[of] for of in tagged.flags], dtype=np.int64)
        self._of_flags = of_flags[tagged.numbers[kept]]
        self._first = texts.codes[self._starts]
        self._adjoins = np.zeros(len(kept), dtype=np.bool_)
        self._adjoins[1:] = self._starts[1:] == self._ends[:-1]

    def tagged(self) -> Mapping[AnswerKind, Spans]:
        """Names by their part of speech; neighbours of one kind are one name (尼古拉·特斯拉)."""
        kinds = self._of_flags & KIND
        is_joint = (self._of_flags & JOINS > 0) & JOINT.marks(self._first)
        is_surname = (kinds == PERSON) & (self._ends - self._starts == 1)
        goes_on = is_joint | np.append(False, is_surname[:-1])
        within = np.flatnonzero((kinds > 0) | (goes_on & self._adjoins))
        starts, ends, kinds = self._starts[within], self._ends[within], kinds[within]
        joints = is_joint[within]
        found = self._names(starts.tolist(), ends.tolist(), kinds.tolist(), joints.tolist())
        columns = np.array(found, dtype=np.int64).reshape(-1, 3)
        spans = Spans(columns[:, 0], columns[:, 1])
        return {kind: spans.at(columns[:, 2] == number) for number, kind in enumerate(KINDS, 1)}

    def _names(self, starts: list[int], ends: list[int], kinds: list[int], joints: list[bool]) -> list[int]:
        """Where names start and end, and their kinds, from the words that they are made of."""
        text = self._texts.text
        found: list[int] = []
        after = 0
        while after < len(kinds):
            at, after = after, after + 1
            if not kinds[at]:
                continue
            kind, start = kinds[at], starts[at]
            while after < len(kinds) and starts[after] == ends[after - 1]:
                word = text[starts[after] : ends[after]]
                # A surname of one character goes on in a word that no dictionary has as a name: 王|治平.
                is_given = kind == PERSON and ends[after - 1] - start == 1 and _is_given(word)
                if not (kinds[after] == kind or is_given or (joints[after] and word in JOINTS)):
                    break
                after += 1
            found += (start, ends[after - 1], kind)
        return found

    def places_and_organisations(self) -> Mapping[AnswerKind, Spans]:
        """Places and organisations by whole noun phrases (大阪府丰中市, 鑫诺卫星通信有限公司)."""
        is_name = self._of_flags & NAMES > 0
        firsts = np.flatnonzero(is_name & ~(self._adjoins & np.append(False, is_name[:-1])))
        if not len(firsts):
            return {}
        flags = np.bitwise_or.reduceat(np.where(is_name, self._of_flags, 0), firsts)
        lasts = np.flatnonzero(is_name & ~np.append(is_name[1:] & self._adjoins[1:], False))
        starts, ends = self._starts[firsts], self._ends[lasts]
        told = flags | self._endings(starts, ends)
        rules = ((AnswerKind.PLACE, PLACES), (AnswerKind.ORGANISATION, ORGANISATIONS))
        return {kind: Spans(starts, ends).at(told & bit > 0) for kind, bit in rules}

    def _endings(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """What the last characters of phrases tell of them."""
        begins = np.maximum(starts, ends - LONGEST_ENDING)
        places = [ends - back for back in range(LONGEST_ENDING, 0, -1)]
        keys = joined([np.where(place < starts, 0, self._texts.codes[place]) for place in places])
        _, distinct, inverse = np.unique(keys, return_index=True, return_inverse=True)
        spans = Spans(begins, ends).at(distinct).pairs()
        rules = np.array([_ending(self._texts.text[start:end]) for start, end in spans], dtype=np.int64)
        return rules[inverse]

    def phrases(self) -> Spans:
        """The noun phrases, in order: what stands between the words that end one."""
        starts, ends = self._starts, self._ends
        if not len(starts):
            return Spans(starts, ends)
        rows = self._texts.owners[starts]
        opens_row = np.append(True, rows[1:] != rows[:-1])
        row_start = self._texts.first[rows]
        is_gap = self._gaps(np.where(opens_row, row_start, np.append(0, ends[:-1])), row_start)
        is_end = self._is_end(row_start)
        after_end = np.append(False, is_end[:-1])
        begins = ~is_end & (opens_row | is_gap | after_end)
        firsts = np.flatnonzero(begins)
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
        ends = (~is_long & ENDING.marks(self._first)) | (self._of_flags & ENDS > 0)
        ends |= is_long & (self._of_flags & ENDS_LONG > 0)
        codes, starts = self._texts.codes, self._starts
        figures = FIGURE.marks(codes)
        in_figure = figures[np.maximum(starts - 1, 0)] & THOUSANDS.marks(self._first)
        in_figure &= figures[np.minimum(starts + 1, len(codes) - 1)] & (starts > row_start)
        found: Marks = ends & ~in_figure
        return found


def _trimmed(texts: Texts, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Spans:
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
    plain = is_left & ~is_quoted & (end - begin <= patterns.LONGEST)
    quoted = Spans(starts[is_quoted], ends[is_quoted]).pairs()
    trimmed = Spans.of([part for whole in quoted for part in patterns.trimmed(texts.text, *whole)])
    return Spans(np.append(begin[plain], trimmed.starts), np.append(end[plain], trimmed.ends))


def _is_given(word: str) -> bool:
    return len(word) <= len("治平") and word.isalpha() and word not in patterns.ENDING_WORDS


def _flag(flag: str) -> int:
    kind = TAGGED.get(flag[:2])
    return (
        (0 if kind is None else 1 + KINDS.index(kind))
        | NAMES * flag.startswith(NAME_FLAGS)
        | PLACES * (flag[:2] in PLACE_FLAGS)
        | ORGANISATIONS * (flag[:2] in ORGANISATION_FLAGS)
        | JOINS * flag.startswith(("x", "w", "m"))
        | ENDS * flag.startswith(patterns.ENDING_FLAGS)
        | ENDS_LONG * (flag in patterns.VERB_FLAGS)
    )


@functools.lru_cache(ENDINGS)
def _ending(text: str) -> int:
    return PLACES * bool(patterns.PLACE_END.search(text)) | ORGANISATIONS * bool(
        patterns.ORGANISATION_END.search(text)
    )
