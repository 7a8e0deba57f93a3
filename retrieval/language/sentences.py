"""Sentences of stored texts, with exact offsets: what is ranked and what is quoted.

A text is cut into paragraphs, paragraphs into sentences, and sentences that are too long into pieces. Nothing
but white space is left out between the pieces. Headings and photo credits are told apart from the text.

All texts are gone through at once, by arrays. The rules of `retrieval.stops` are asked about paragraphs only
in which a stop could be anything but the plain end of a sentence.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.language import sentence_ends
from retrieval.language.batch import SPACES, Charset, Spans, Texts, ahead, letters
from retrieval.language.paragraphs import Paragraphs
from retrieval.language.sentence_ends import CLOSERS, PAIRS, STOPS, STRAIGHT
from retrieval.models import Sentence, SentenceKind, Span

LONGEST = 400
"""Characters of the longest piece; a longer sentence is cut at its marks."""
SHORTEST_CUT = LONGEST // 4
"""A mark this near to the beginning is no place to cut a long sentence at."""
KINDS = tuple(SentenceKind)
TEXT, HEADING, CAPTION = range(len(KINDS))

CUTS = (
    re.compile(r".*[；;]", re.DOTALL),
    re.compile(r".*(?:[，、：]|[,:](?!\d))", re.DOTALL),
    re.compile(r".*\s", re.DOTALL),
)
"""Where a long sentence is cut, best first; each finds the last such place."""
CUT_MARKS = "；;，、：,:"
UNMARKED = re.compile(rf"[^{STOPS}；;，、：\n]++")

LONGEST_CREDIT = 40
CREDIT = re.compile(
    r"[（(【]?\s*(?:"
    r"(?:图源|图片来源|图片|照片|图|摄影|供图|制图)\s*[:：/／|｜]\s*\S.*"
    r"|.*(?:\s图片?|[社网报台]图|[供制绘配]图|[/／]图|\s摄影?|记者.{1,12}(?<!拍)摄)"
    r"|.*(?:资料图片?|资料照片|网络图片?|示意图|效果图|图文无关)"
    r"|新华社发(?:[（(].+[）)])?"
    r")\s*[）)】]?",
)

PROSE = Charset("。！？，；")
PLAIN_STOP = Charset("".join(stop for stop in STOPS if not stop.isascii()))
STOP = Charset(STOPS)
DOT = Charset(".")
AFTER_DOT = Charset(f".{SPACES}{CLOSERS}")
"""What follows a dot that could end a sentence, if anything does."""
PAIR = Charset("".join(PAIRS) + "".join(PAIRS.values()) + STRAIGHT)


@dataclass(frozen=True, slots=True)
class Pieces:
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
    is_stop = STOP.marks(codes) | (
        is_dot & (ahead(AFTER_DOT.marks(codes), 1) | np.append(False, is_dot[:-1]))
    )
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
    """The kind of each sentence, by its paragraph and, for the last of each, by what it says."""
    text, codes = paragraphs.texts.text, paragraphs.texts.codes
    is_one = np.bincount(numbers, minlength=len(paragraphs.spans.starts)) == 1
    kinds = np.where(paragraphs.headings(is_one)[numbers], HEADING, TEXT).astype(np.uint8)
    prose = np.flatnonzero(PROSE.marks(codes))
    could_credit = prose.searchsorted(sentences.starts) == prose.searchsorted(sentences.ends)
    could_credit &= sentences.ends - sentences.starts <= LONGEST_CREDIT
    could_credit[:-1] &= numbers[:-1] != numbers[1:]
    found = sentences.at(could_credit).pairs()
    is_credit = [CREDIT.fullmatch(text[start:end]) is not None for start, end in found]
    kinds[np.flatnonzero(could_credit)[np.array(is_credit, dtype=np.bool_)]] = CAPTION
    return kinds


CLAUSE = re.compile(r"[^,，;；。！？!?:：]+")
