"""Tokens of a question counted among the stored ones."""

import numpy as np

from retrieval.index.compiled.forms import NUMBERS, TOKENS, WANTED, Real, Tokens, Wanted, Whole, compiled
from retrieval.index.segment.packing import LOW, LOW_BITS

FREE = -1
"""A slot of a table that nothing is in."""
FEWEST_SLOTS, SLOTS = 64, 4
"""Slots of a table, at least, and for each number in it."""
SPREAD = 2654435761
"""Spreads numbers over the slots (Knuth, The Art of Computer Programming 3, 6.4)."""


@compiled((NUMBERS,))
def _slots(numbers: Whole) -> tuple[Whole, Whole]:
    """A table of numbers, by which one is found in a step or two: the numbers, and their places."""
    size = FEWEST_SLOTS
    while size < SLOTS * len(numbers):
        size *= 2
    held, places = np.full(size, FREE, dtype=np.int64), np.full(size, FREE, dtype=np.int64)
    for place in range(len(numbers)):
        if numbers[place] >= 0:
            slot = numbers[place] * SPREAD & (size - 1)
            while held[slot] != FREE:
                slot = (slot + 1) & (size - 1)
            held[slot], places[slot] = numbers[place], place
    return held, places


@compiled(*((tokens, NUMBERS, WANTED, np.zeros((1, 1)), 0, 0, 0) for tokens in TOKENS))
def count(
    tokens: Tokens, articles: Whole, wanted: Wanted, table: Real, top: int, top_of_pairs: int, left: int
) -> int:
    """Count the tokens of some articles into a table of tokens x sentences (or titles): `Counter.fill_in`.

    The row of the first token is `top`, that of the first bigram `top_of_pairs`; the column of the first
    sentence is `left`. Returns the column behind the last.
    """
    held, places = _slots(wanted.numbers)
    last = len(held) - 1
    # The lower halves rule most out.
    likely = np.zeros(LOW + 1, dtype=np.bool_)
    for number in wanted.numbers:
        if number >= 0:
            likely[number & LOW] = True
    column = left
    for article in articles:
        at = tokens.first[article]
        sentence = last_sentence = article
        if len(tokens.lengths):
            sentence, last_sentence = tokens.sentence[article], tokens.sentence[article + 1] - 1
        while sentence <= last_sentence:
            end = at + tokens.lengths[sentence] if len(tokens.lengths) else tokens.first[article + 1]
            before = FREE
            while at < end:
                token = np.int64(tokens.low[at])
                place = FREE
                if likely[token]:
                    if len(tokens.high):
                        token |= np.int64(tokens.high[at]) << LOW_BITS
                    slot = token * SPREAD & last
                    while held[slot] != token and held[slot] != FREE:
                        slot = (slot + 1) & last
                    place = places[slot]
                if place >= 0:
                    if place < wanted.width:
                        table[top + place, column] += 1.0
                    if before >= 0 and len(tokens.joined) and tokens.joined[at - 1 >> 3] >> (at - 1 & 7) & 1:
                        pair = wanted.pairs[before, place]
                        if pair > 0:
                            table[top_of_pairs + pair - 1, column] += 1.0
                before = place
                at += 1
            sentence += 1
            column += 1
    return column
