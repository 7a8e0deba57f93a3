"""Sentences of stored texts, with exact offsets: what is ranked and what is quoted.

A text is cut into paragraphs, paragraphs into sentences, and sentences that are too long into pieces. Nothing
but white space is left out between the pieces. Headings, datelines, photo credits and boilerplate are told
apart from the text.

All texts are gone through at once, by arrays. The rules of `sentence_ends` are asked about paragraphs only in
which a stop could be anything but the plain end of a sentence.
"""

import itertools
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.language import list_items, sentence_ends
from retrieval.language.batch import Charset, Marks, Spans, Texts, ahead, letters
from retrieval.language.boilerplate import is_boilerplate
from retrieval.language.openings import dateline_end
from retrieval.language.pairs import CLOSERS, PAIR_MARKS
from retrieval.language.paragraphs import Paragraphs
from retrieval.language.pieces import KINDS, LONGEST
from retrieval.language.sentence_ends import EXCLAMATIONS, STOPS
from retrieval.models import Sentence, Span
from retrieval.regex import regex

SHORTEST_CUT = LONGEST // 4
"""A mark this near to the beginning is no place to cut a long sentence at."""
TEXT, HEADING, CAPTION, DATELINE, BOILERPLATE = range(len(KINDS))

CUTS = (
    regex(r".*[；;]", re.DOTALL),
    regex(r".*(?:[，、：]|[,:](?!\d))", re.DOTALL),
    regex(r".*\s", re.DOTALL),
)
"""Where a long sentence is cut, best first; each finds the last such place."""
CUT_MARKS = "；;，、：,:"
UNMARKED = regex(rf"[^{STOPS}；;，、：\n]++")

LONGEST_AROUND = 200
"""Characters of the longest piece that could be no part of the text."""
LONGEST_CREDIT = 40
CREDIT = regex(
    r"[（(【]?\s*(?:"
    r"(?:图源|图片来源|图片|照片|图|摄影|供图|制图)\s*[:：/／|｜]\s*\S.*"
    r"|.*(?:\s图片?|[社网报台]图|[供制绘配]图|[/／]图|\s摄影?|记者.{1,12}(?<!拍)摄)"
    r"|.*(?:资料图片?|资料照片|网络图片?|示意图|效果图|图文无关)"
    r"|新华社发(?:[（(].+[）)])?"
    r")\s*[）)】]?",
)

LEGEND = regex(r"(?:[▲△▼]|[图圖]\s?[0-9]{0,2}\s?[:：])[^。！？]*")
"""What stands below a picture, a paragraph of its own."""

PROSE = Charset("。！？，；")
PLAIN_STOP = Charset("".join(stop for stop in STOPS if not stop.isascii() and stop not in EXCLAMATIONS))
STOP = Charset(STOPS)
DOT = Charset(".")
ASCII_WORD = Charset(string.ascii_letters + string.digits)
"""What follows a dot that ends no sentence: 3.5, a.cn."""
PAIR = Charset(PAIR_MARKS)
DIGIT = Charset(string.digits)
CIRCLED = Charset(list_items.CIRCLED)
LABEL_MARK = Charset(list_items.MARKS)


class Pieces(NamedTuple):
    """The sentences of many texts, text after text; those of text `t` from `first[t]` to `first[t + 1]`.

    `texts` are the sentences themselves; `starts` and `ends` tell where each stands in its text, `paragraphs`
    in which paragraph of it (from 0), `kinds` its kind (a place in `KINDS`).
    """

    first: NDArray[np.int64]
    texts: Sequence[str]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    kinds: NDArray[np.uint8]


def split(text: str) -> list[Sentence]:
    """The sentences of a text, in its order.

    `text[start:end]` has no white space around it, and only white space lies between one sentence and the
    next. No piece is longer than `LONGEST`. Takes time in proportion to the text's length, whatever it holds.
    """
    found = split_all([text])
    columns = (found.starts, found.ends, found.paragraphs, found.kinds)
    return [
        Sentence(start=start, end=end, paragraph=paragraph, kind=KINDS[kind])
        for start, end, paragraph, kind in zip(*(column.tolist() for column in columns), strict=True)
    ]


def split_all(texts: Sequence[str]) -> Pieces:
    """The sentences of each of many texts, as `split` finds them."""
    together = Texts.of(texts)
    paragraphs = Paragraphs.of(together)
    sentences = _sentences(paragraphs)
    numbers = paragraphs.numbers(sentences.starts)
    kinds = _kinds(paragraphs, sentences, numbers)
    pieces = _bounded(together.text, sentences)
    of_sentences = sentences.starts.searchsorted(pieces.starts, side="right") - 1
    owners = together.owners[pieces.starts]
    columns = zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True)
    return Pieces(
        first=owners.searchsorted(np.arange(len(texts) + 1)),
        texts=[together.text[start:end] for start, end in columns],
        starts=pieces.starts - together.first[owners],
        ends=pieces.ends - together.first[owners],
        paragraphs=numbers[of_sentences] - paragraphs.first[owners],
        kinds=kinds[of_sentences],
    )


def is_cut_short(text: str) -> bool:
    """Whether `split` cuts a sentence where no mark is, because it grew too long."""
    if not any(len(run.group()) > LONGEST - SHORTEST_CUT for run in UNMARKED.finditer(text)):
        return False
    return any(
        sentence.paragraph == following.paragraph
        and sentence.end - sentence.start >= SHORTEST_CUT
        and text[sentence.end - 1] not in STOPS + CLOSERS + CUT_MARKS + "."
        for sentence, following in itertools.pairwise(split(text))
    )


def _sentences(paragraphs: Paragraphs) -> Spans:
    """The sentences of paragraphs, of any length."""
    text, codes = paragraphs.texts.text, paragraphs.texts.codes
    is_dot = DOT.marks(codes)
    is_stop = STOP.marks(codes) | (is_dot & ~ahead(ASCII_WORD.marks(codes), 1))
    places = np.flatnonzero(is_stop)
    numbers = paragraphs.numbers(places)
    # What follows the last letter of a paragraph belongs to its last sentence, whatever it is.
    is_within = places < paragraphs.last_letters[numbers]
    places, numbers = places[is_within], numbers[is_within]
    is_plain = PLAIN_STOP.marks(codes[places]) & letters(codes[places - 1]) & letters(codes[places + 1])
    has_pairs = np.zeros(len(paragraphs.spans.starts), dtype=np.bool_)
    has_pairs[paragraphs.numbers(np.flatnonzero(PAIR.marks(codes)))] = True
    needs_rules = np.zeros(len(has_pairs), dtype=np.bool_)
    needs_rules[numbers[~is_plain | has_pairs[numbers]]] = True
    needs_rules[paragraphs.numbers(np.flatnonzero(_is_label(codes)))] = True
    needs_rules |= np.array(
        [dateline_end(text, *span) > span[0] for span in paragraphs.spans.pairs()], dtype=np.bool_
    )
    after_stops = places[~needs_rules[numbers]] + 1
    return _in_order(
        paragraphs.spans.at(~needs_rules),
        Spans(after_stops, after_stops),
        Spans.of(
            [
                span
                for whole in paragraphs.spans.at(needs_rules).pairs()
                for span in sentence_ends.sentences(text, *whole)
            ]
        ),
    )


def _is_label(codes: NDArray[np.uint32]) -> Marks:
    """Where a figure could number an item that begins within a paragraph."""
    is_digit = DIGIT.marks(codes)
    return CIRCLED.marks(codes) | (is_digit & ahead(LABEL_MARK.marks(codes), 1) & ~ahead(is_digit, 2))


def _bounded(text: str, sentences: Spans) -> Spans:
    """Sentences in pieces of at most `LONGEST` characters."""
    is_long = sentences.ends - sentences.starts > LONGEST
    pieces = [piece for whole in sentences.at(is_long).pairs() for piece in _pieces(text, *whole)]
    return _in_order(sentences.at(~is_long), Spans.of(pieces))


def _in_order(*parts: Spans) -> Spans:
    """Spans of which none overlaps another, in the order of the text."""
    starts, ends = (np.sort(np.concatenate(columns)) for columns in zip(*parts, strict=True))
    return Spans(starts, ends)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence in pieces."""
    while end - start > LONGEST:
        cut = _cut(text, start)
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = cut
        while text[start].isspace():
            start += 1
    yield start, end


def _cut(text: str, start: int) -> int:
    """The best place to cut a sentence that is too long."""
    limit = start + LONGEST
    for pattern in CUTS:
        found = pattern.match(text, start, limit)
        if found and found.end() - start >= SHORTEST_CUT:
            return found.end()
    cut = limit
    while cut > start + SHORTEST_CUT and _is_joined(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > start + SHORTEST_CUT else limit


def _is_joined(before: str, after: str) -> bool:
    """Whether two characters are seen as one: an accent, a joined emoji, half a surrogate pair."""
    return (
        unicodedata.category(after) in {"Mn", "Mc", "Me"}
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\udc00" <= after <= "\udfff"
    )


def _kinds(paragraphs: Paragraphs, sentences: Spans, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The kind of each sentence: of what stands around a text by what it says, of headings by their place."""
    kinds = _kinds_around(paragraphs, sentences, numbers)
    count = len(paragraphs.spans.starts)
    is_one = np.bincount(numbers, minlength=count) == 1
    has_text = np.bincount(numbers, kinds == TEXT, minlength=count) > 0
    kinds[paragraphs.headings(is_one, has_text)[numbers]] = HEADING
    return kinds


def _kinds_around(paragraphs: Paragraphs, sentences: Spans, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Datelines, captions and boilerplate; all else is text."""
    text, codes = paragraphs.texts.text, paragraphs.texts.codes
    kinds = np.full(len(numbers), TEXT, dtype=np.uint8)
    is_first = np.diff(numbers, prepend=-1) > 0
    is_last = np.diff(numbers, append=numbers[-1:] + 1) > 0
    is_line = is_first & is_last
    ends = paragraphs.spans.ends[numbers]
    prose = np.flatnonzero(PROSE.marks(codes))
    is_bare = prose.searchsorted(sentences.starts) == prose.searchsorted(sentences.ends)
    could_credit = is_last & is_bare & (sentences.ends - sentences.starts <= LONGEST_CREDIT)
    for at in np.flatnonzero(sentences.ends - sentences.starts <= LONGEST_AROUND).tolist():
        start, end = int(sentences.starts[at]), int(sentences.ends[at])
        if is_first[at] and dateline_end(text, start, int(ends[at])) == end:
            kinds[at] = DATELINE
        elif is_boilerplate(text[start:end], is_line=bool(is_line[at])):
            kinds[at] = BOILERPLATE
        elif (could_credit[at] and CREDIT.fullmatch(text, start, end)) or (
            is_line[at] and LEGEND.fullmatch(text, start, end)
        ):
            kinds[at] = CAPTION
    return kinds
