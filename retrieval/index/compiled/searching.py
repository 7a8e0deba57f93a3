"""The best articles of a segment: `Search` in one loop a term."""

import numpy as np
from numpy.typing import NDArray

from retrieval.index.compiled.forms import (
    FOUND,
    LISTS,
    POSTINGS,
    ROOM,
    SHARES,
    TERMS,
    TRUTHS,
    WEIGHTED,
    WEIGHTS,
    Lists,
    Postings,
    Real,
    Room,
    Terms,
    Weighted,
    Weights,
    Whole,
    compiled,
)
from retrieval.index.compiled.looking import place_of
from retrieval.index.search.maxscore import SLACK, WORTH_ASKING
from retrieval.index.segment.postings import FULL, Found

LOOK_UP = 16
"""Postings for each article looked for, from which on it is faster to look them up than to go through."""


@compiled((np.zeros(0), np.zeros(0, dtype=np.int64), 0, 0, SHARES, 0.0))
def _border(scores: Real, found: Whole, size: int, limit: int, before: Real, least: float) -> float:
    """The lowest of the `limit` best scores of articles found, here and in segments before.

    It is known to be `least` at least, and is that where there are fewer.
    """
    highest = np.full(limit, least)  # ascending
    for at in range(size + len(before)):
        score = scores[found[at]] if at < size else before[at - size]
        if score > highest[0]:
            place = 1
            while place < limit and highest[place] < score:
                highest[place - 1] = highest[place]
                place += 1
            highest[place - 1] = score
    return float(highest[0])


@compiled((ROOM, 0, 0.0, 0.0))
def _still_possible(room: Room, size: int, left: float, border: float) -> int:
    """Keep the articles that can still be among the best; how many they are."""
    least = border * SLACK if left > 0.0 else border
    kept = 0
    for at in range(size):
        if room.scores[room.kept[at]] + left >= least:
            room.kept[kept] = room.kept[at]
            kept += 1
    return kept


@compiled(*((postings, 0) for postings in POSTINGS))
def _frequency(postings: Postings, place: int) -> float:
    """The frequency of a posting."""
    frequency = postings.frequency[place]
    if frequency == FULL:
        return float(postings.full_frequency[place_of(postings.full, place, 0, len(postings.full))])
    return float(frequency)


@compiled(*((postings, FOUND, LISTS, WEIGHTED, 0, 0.0, TRUTHS, False, ROOM, 0) for postings in POSTINGS))
def _add(
    postings: Postings,
    found: Found,
    lists: Lists,
    terms: Weighted,
    term: int,
    k1: float,
    allowed: NDArray[np.bool_],
    is_closed: bool,
    room: Room,
    size: int,
) -> int:
    """Add what a term gives to the articles that hold it; once that `is_closed`, to those that have a score.

    Returns how many articles have one, of which there were `size`.
    """
    begin, end = terms.first[term], terms.first[term + 1]
    is_plain = end - begin == 1 and lists.share[begin] == 1.0
    held = 0
    for number in range(begin, end):
        token = lists.token[number]
        for place in range(found.starts[token], found.ends[token]):
            article = np.int64(postings.article[place])
            if is_closed and room.scores[article] == 0.0:
                continue
            frequency = _frequency(postings, place)
            room.own[held] = article
            if is_plain:
                room.often[held] = frequency
                held += 1
            else:
                held += room.amounts[article] == 0.0
                room.amounts[article] += lists.share[number] * frequency
    if not is_plain:
        for at in range(held):
            room.often[at] = room.amounts[room.own[at]]
            room.amounts[room.own[at]] = 0.0
    idf, weight = terms.idf[term], terms.weight[term]
    for at in range(held):
        article, frequency = room.own[at], room.often[at]
        score = room.scores[article]
        # Nothing branches on a score: it would be guessed wrong half the time, while it comes from memory.
        is_wanted = not len(allowed) or allowed[article]
        room.found[size] = article
        size += is_wanted and score == 0.0
        gain = idf * frequency * (k1 + 1) / (frequency + postings.norms[postings.norm[article]])
        room.scores[article] = score + (weight * gain if is_wanted else 0.0)
    return size


@compiled(*((postings, FOUND, LISTS, WEIGHTED, 0, 0.0, ROOM, 0) for postings in POSTINGS))
def _look_up_in(
    postings: Postings,
    found: Found,
    lists: Lists,
    terms: Weighted,
    term: int,
    k1: float,
    room: Room,
    size: int,
) -> None:
    """Add what a term gives to the articles kept, of which there are `size`, each looked up in its lists."""
    for at in range(size):
        article = room.kept[at]
        frequency = 0.0
        for number in range(terms.first[term], terms.first[term + 1]):
            wanted = postings.article.dtype.type(article)
            token = lists.token[number]
            place = place_of(postings.article, wanted, found.starts[token], found.ends[token])
            if place >= 0:
                frequency += lists.share[number] * _frequency(postings, place)
        if frequency > 0.0:
            norm = postings.norms[postings.norm[article]]
            gain = terms.idf[term] * frequency * (k1 + 1) / (frequency + norm)
            room.scores[article] += terms.weight[term] * gain


@compiled((TERMS, 0, 0.0, WEIGHTS))
def _most(terms: Terms, term: int, mean: float, weights: Weights) -> float:
    """What tf / (tf + norm) can be at most for a term (-1: none)."""
    if term < 0:
        return 0.0
    place = place_of(terms.frequent, np.uint32(term), 0, len(terms.frequent))
    if place < 0:
        return 1.0
    of_length = weights.k1 * weights.b / mean * terms.bound_ratio[place]
    return float(1 / (1 + weights.k1 * (1 - weights.b) / terms.bound_frequency[place] + of_length))


@compiled(((TERMS, TERMS), (FOUND, FOUND), LISTS, WEIGHTED, WEIGHTS))
def _left(
    of_streams: tuple[Terms, Terms],
    found: tuple[Found, Found],
    lists: Lists,
    terms: Weighted,
    weights: Weights,
) -> Real:
    """What the terms from each on can give at most; and 0."""
    left = np.zeros(len(terms.idf) + 1)
    for term in range(len(terms.idf) - 1, -1, -1):
        begin, stream = terms.first[term], terms.stream[term]
        most = 1.0
        if terms.first[term + 1] - begin == 1:
            number = found[stream].terms[lists.token[begin]]
            most = _most(of_streams[stream], number, weights.means[stream], weights)
        left[term] = left[term + 1] + terms.weight[term] * terms.idf[term] * (weights.k1 + 1) * most
    return left


@compiled(
    *(
        (
            (TERMS, TERMS),
            (postings, postings),
            (FOUND, FOUND),
            LISTS,
            WEIGHTED,
            WEIGHTS,
            0,
            SHARES,
            TRUTHS,
            ROOM,
        )
        for postings in POSTINGS
    )
)
def best(
    of_streams: tuple[Terms, Terms],
    postings: tuple[Postings, Postings],
    looked_up: tuple[Found, Found],
    lists: Lists,
    terms: Weighted,
    weights: Weights,
    limit: int,
    before: Real,
    allowed: NDArray[np.bool_],
    room: Room,
) -> int:
    """The best articles of a segment, filled in as `kept` and `reached`: `Search.best`.

    Args:
        of_streams: the terms of both streams.
        postings: of the same.
        looked_up: what is found of the tokens of both.
        lists: of postings.
        terms: by falling weight.
        weights: of BM25.
        limit: articles wanted of all segments together.
        before: the scores of the best of other segments.
        allowed: which articles to look at; nothing for all.
        room: to work in.

    Returns:
        How many they are; some may not be among the best of all segments.
    """
    left, k1 = _left(of_streams, looked_up, lists, terms, weights), weights.k1
    least = _border(room.scores, room.found, 0, limit, before, -np.inf)
    found = size = 0
    is_closed = False
    for term in range(len(terms.idf)):
        stream, token = terms.stream[term], lists.token[terms.first[term]]
        of_stream = looked_up[stream]
        length = of_stream.ends[token] - of_stream.starts[token]
        if not is_closed:
            # The border can only be above what is left where what was gone through is. To find it, all
            # articles found are looked at.
            if left[0] > 2 * left[term] and length >= max(WORTH_ASKING, found // 2):
                least = _border(room.scores, room.found, found, limit, before, least)
            is_closed = least * SLACK > left[term]
            if is_closed:
                room.kept[:found] = room.found[:found]
                size = _still_possible(room, found, left[term], least)
        if is_closed and length > LOOK_UP * size:
            _look_up_in(postings[stream], of_stream, lists, terms, term, k1, room, size)
        else:
            found = _add(postings[stream], of_stream, lists, terms, term, k1, allowed, is_closed, room, found)
        if is_closed:
            least = _border(room.scores, room.kept, size, limit, before, least)
            size = _still_possible(room, size, left[term + 1], least)
    if not is_closed:
        room.kept[:found] = room.found[:found]
        least = _border(room.scores, room.found, found, limit, before, least)
        size = _still_possible(room, found, 0.0, least)
    for at in range(size):
        room.reached[at] = room.scores[room.kept[at]]
    for at in range(found):
        room.scores[room.found[at]] = 0.0
    return size
