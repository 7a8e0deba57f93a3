"""What sentences mention: dates, numbers, people, places, organisations, reasons, lists.

Found by rules on the normalised text and by part-of-speech tags, when sentences are indexed; they tell
whether a sentence holds the kind of answer that a question asks for, and where in it the answer stands.
"""

import functools
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.language.batch import BORDER, Charset, Literals, Spans, Texts, ahead
from retrieval.language.mentions import patterns, scanning
from retrieval.language.mentions.mention import BITS, ORDER, Mentions
from retrieval.language.mentions.noun_phrases import TAGGED, Words
from retrieval.language.normalise import CONTEXTUAL, FULL_WIDTH, align
from retrieval.language.tagging import Tagged
from retrieval.models import AnswerKind
from retrieval.ragged import distinct

HELD = (
    (AnswerKind.ORGANISATION, Literals(patterns.HELD_ORGANISATION)),
    (AnswerKind.REASON, Literals(patterns.HELD_REASON)),
    (AnswerKind.LIST, Literals(patterns.HELD_LIST)),
)
YEAR_DIGITS = 4
KIND_BITS = 4
PLACE_BITS = 16
"""Of a place in a sentence, while mentions are sorted."""
BLOCKS = (
    (0x20, 0x2FF),
    (0x370, 0x52F),
    (0x2010, 0x27BF),
    (0x3001, 0x33FF),
    (0x4E00, 0x9FFF),
    (0xFF01, 0xFF5E),
)
"""Where the characters of Chinese and European texts are, first and last."""
HAN = Charset("".join(map(chr, range(0x4E00, 0x9FFF + 1))))
PLACE_ENDS = Charset(patterns.HELD_PLACE_ENDS)
LAND = Literals(["大陆"])


def find_all(stored: Sequence[str], texts: Texts, cut: Tagged) -> Mentions:
    """What stored sentences mention.

    Args:
        stored: the sentences.
        texts: the same, normalised.
        cut: the words of these, all of them one after another.
    """
    words = Words(texts, cut)
    tagged = words.tagged()
    found = [
        (AnswerKind.DATE, scanning.dates(texts)),
        (AnswerKind.NUMBER, scanning.quantities(texts)),
        (AnswerKind.NAME, words.phrases()),
        (AnswerKind.PERSON, scanning.foreign_names(texts)),
        *tagged.items(),
        *words.places_and_organisations().items(),
    ]
    originals = Texts.of(stored)
    latin = scanning.latin_names(originals)
    original = _Original(texts, originals, stored)
    keys = distinct(
        np.concatenate(
            [_keys(kind, texts, spans, original) for kind, spans in found]
            # Names in Latin letters are of any kind that names have; only their case tells them from words.
            + [_keys(kind, originals, latin) for kind in TAGGED.values()]
        )
    )
    numbers, dates = _figures(texts)
    return Mentions(
        sentences=keys >> (KIND_BITS + 2 * PLACE_BITS),
        kinds=keys & ((1 << KIND_BITS) - 1),
        starts=keys >> (KIND_BITS + PLACE_BITS) & ((1 << PLACE_BITS) - 1),
        ends=keys >> KIND_BITS & ((1 << PLACE_BITS) - 1),
        bits=_bits(texts, tagged),
        numbers=numbers,
        dates=dates,
    )


class _Original:
    """Where the characters of normalised sentences come from in the stored ones."""

    def __init__(self, texts: Texts, originals: Texts, stored: Sequence[str]) -> None:
        places = np.arange(len(texts.codes)) - np.repeat(texts.first[:-1], np.diff(texts.first))
        self.starts, self.ends = places, places + 1
        is_steady = np.logical_and.reduceat(_steady().marks(originals.codes), originals.first[:-1])
        for row in np.flatnonzero(~is_steady).tolist():
            _, spans = align(stored[row])
            here = slice(int(texts.first[row]), int(texts.first[row]) + len(spans))
            self.starts[here], self.ends[here] = Spans.of(spans)


@functools.cache
def _steady() -> Charset:
    """Characters that, whatever stands beside them, fold to one each (or end a text)."""
    every = (chr(code) for first, last in BLOCKS for code in range(first, last + 1))
    return Charset(
        BORDER
        + "".join(
            one
            for one in every
            if unicodedata.is_normalized("NFKC", one.translate(FULL_WIDTH))
            and not unicodedata.combining(one)
            and one not in CONTEXTUAL
        )
    )


def _keys(
    kind: AnswerKind, texts: Texts, spans: Spans, original: _Original | None = None
) -> NDArray[np.int64]:
    """Mentions of a kind as numbers that are in the order of the mentions."""
    rows = texts.owners[spans.starts]
    if original is None:
        starts, ends = spans.starts - texts.first[rows], spans.ends - texts.first[rows]
    else:
        starts, ends = original.starts[spans.starts], original.ends[spans.ends - 1]
    return ((rows << PLACE_BITS | starts) << PLACE_BITS | ends) << KIND_BITS | ORDER.index(kind)


def _figures(texts: Texts) -> tuple[list[list[str]], list[list[str]]]:
    """The numbers and the dates of each sentence, each once."""
    numbers = _by_sentence(texts, scanning.held_numbers(texts))
    days = _by_sentence(texts, scanning.held_dates(texts))
    for row, figures in enumerate(numbers):
        if years := [figure for figure in figures if len(figure) == YEAR_DIGITS]:
            days[row] = list(dict.fromkeys((*days[row], *years)))
    return numbers, days


def _by_sentence(texts: Texts, spans: Spans) -> list[list[str]]:
    """Pieces of the texts, a list a text without repetitions."""
    pieces: list[list[str]] = [[] for _ in range(texts.count)]
    columns = (texts.owners[spans.starts], spans.starts, spans.ends)
    for row, start, end in zip(*(column.tolist() for column in columns), strict=True):
        piece = texts.text[start:end]
        if piece not in pieces[row]:
            pieces[row].append(piece)
    return pieces


def _bits(texts: Texts, tagged: Mapping[AnswerKind, Spans]) -> NDArray[np.uint8]:
    """The kinds that each sentence holds, a bit each."""
    codes = texts.codes
    places = HAN.marks(codes) & ahead(PLACE_ENDS.marks(codes) | LAND.marks(codes), 1)
    found = [
        *((kind, spans.starts) for kind, spans in tagged.items()),
        *((kind, np.flatnonzero(words.marks(codes))) for kind, words in HELD),
        (AnswerKind.PLACE, np.flatnonzero(places)),
    ]
    bits = np.zeros(texts.count, dtype=np.uint8)
    for kind, at in found:
        bits[texts.owners[at]] |= BITS[kind]
    return bits
