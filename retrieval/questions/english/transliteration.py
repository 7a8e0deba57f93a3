"""Names that no dictionary has, spelt in the characters that Chinese spells such names in.

Piketty is 皮凯蒂: pi, ke and tty each have a few characters that stand for them. A name is divided into
chunks of letters in every way, each chunk has its characters with probabilities, and of all that this could
give only what the corpus has, two characters at a time, is followed (the joint source-channel model: Li et
al., ACL 2004).
`tests/bench/make_transliterations.py` learns the chunks from the names in the dictionary that ships.
"""

import functools
import heapq
import importlib.resources
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from retrieval.questions.vocabulary import Vocabulary

FILE = "transliterations.txt"
LONGEST_CHUNK = 6
"""Letters that one character stands for at most."""
SHORTEST = 4
"""Letters of a name that is spelt: a shorter one could be anything."""
LONGEST = 40
"""Letters of a name at most."""
LEAST = -3.4
"""The mean log probability of a letter below which a spelling is chance."""
FOLLOWED = 40
"""Spellings of the beginning of a name that are followed."""
MOST = 5
"""Spellings of a name."""

Chunks = Mapping[str, Sequence[tuple[str, float]]]
"""By a chunk of letters: the characters that stand for it, each with the probability of the two together."""


class Transliterator:
    """Spells names in Chinese characters.

    Args:
        chunks: with their characters.
    """

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks

    def spelt(self, name: str, vocabulary: Vocabulary) -> tuple[tuple[str, float], ...]:
        """Spellings of a lower-case name that the corpus has, the likeliest first, with probabilities."""
        if not SHORTEST <= len(name) <= LONGEST:
            return ()
        begun: list[dict[str, float]] = [defaultdict(float) for _ in range(len(name) + 1)]
        begun[0][""] = 1.0
        for start in range(len(name)):
            followed = heapq.nsmallest(FOLLOWED, begun[start].items(), key=_likeliest_first)
            ends = range(start + 1, min(start + LONGEST_CHUNK, len(name)) + 1)
            chunks = [(end, self._chunks.get(name[start:end], ())) for end in ends]
            vocabulary.look_up(
                spelling[-1] + character
                for spelling, _ in followed
                if spelling
                for _, characters in chunks
                for character, _ in characters
            )
            for spelling, probability in followed:
                for end, characters in chunks:
                    for character, share in characters:
                        if not spelling or vocabulary.has_pair(spelling[-1] + character):
                            begun[end][spelling + character] += probability * share
        least = math.exp(LEAST * len(name))
        whole = ((text, share) for text, share in begun[-1].items() if len(text) > 1 and share >= least)
        return tuple(heapq.nsmallest(MOST, whole, key=_likeliest_first))


def _likeliest_first(spelling: tuple[str, float]) -> tuple[float, str]:
    return -spelling[1], spelling[0]


@functools.cache
def shipped() -> Transliterator:
    """The one that ships."""
    lines = (importlib.resources.files("retrieval.questions.english") / FILE).read_text(encoding="utf-8")
    counts: dict[str, list[tuple[str, int]]] = {}
    for line in lines.splitlines():
        chunk, *characters = line.split("\t")
        counts[chunk] = [(found[0], int(found[1:])) for found in characters]
    total = sum(count for characters in counts.values() for _, count in characters)
    return Transliterator(
        {
            chunk: [(character, count / total) for character, count in characters]
            for chunk, characters in counts.items()
        }
    )
