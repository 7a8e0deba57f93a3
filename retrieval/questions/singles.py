"""A question of single characters (盐, 茶): articles are found by words and pairs, which hide a character.

So it is looked up by the pairs that the corpus has it in, most: 盐 by 食盐, 盐湖, 盐田.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from itertools import compress

from retrieval.models import Stream
from retrieval.questions import pinyin
from retrieval.questions.alternatives import Cut, Said
from retrieval.questions.chinese import IGNORED
from retrieval.questions.vocabulary import Vocabulary

MOST = 20
"""Pairs that a character is looked up by."""
MOST_CHARACTERS = 3
"""Single characters of a question that are looked up so: each takes some thousand look-ups."""
SHARE = 0.5
"""What a pair counts for, the character by itself counting 1."""


def said(cut: Cut, vocabulary: Vocabulary, others: Callable[[], Sequence[str]]) -> Iterator[Said]:
    """The characters of a question that has nothing longer to look up, with the pairs that they stand in.

    Args:
        cut: the question.
        vocabulary: of the corpus.
        others: gives the characters that may stand beside one; in their order they are found twice as fast.
    """
    words = [word for word in cut.words if word.token not in IGNORED and word.token.strip()]
    if len(words) > MOST_CHARACTERS or any(len(word.token) > 1 for word in words):
        return
    for word in words:
        if word.token in pinyin.characters():
            beside = others()
            pairs = [word.token + other for other in beside] + [other + word.token for other in beside]
            counts = vocabulary.counted(Stream.BIGRAM, pairs)
            held = heapq.nlargest(MOST, compress(zip(counts, pairs, strict=True), counts))
            yield Said(word.start, word.end, tuple((pair, SHARE) for _, pair in held))
