"""Names that no dictionary has, spelt in the characters that Chinese spells such names in.

Piketty is 皮凯蒂: pi, ke and tty each have a few characters that stand for them. A name is divided into
chunks of letters in every way, each chunk has its characters with probabilities, and of all that this could
give only what the corpus has, two characters at a time, is followed (the joint source-channel model: Li et
al., ACL 2004).
`tests/bench/make_transliterations.py` learns the chunks from the names in the dictionary that ships.
"""

import functools
import heapq
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from retrieval.models import Stream
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


class Chunk(NamedTuple):
    """Letters of a name up to one, a character that may stand for them, and how likely the two are."""

    end: int
    character: str
    share: float


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
        chunks, least = self._chunks_of(name), _least(name)
        pairs = _likely_pairs(chunks, least)
        vocabulary.foresee({Stream.BIGRAM: pairs})
        known = {pair for pair in pairs if vocabulary.has_pair(pair)}
        begun: list[dict[str, float]] = [defaultdict(float) for _ in range(len(name) + 1)]
        begun[0][""] = 1.0
        for start, of_start in enumerate(chunks):
            followed = heapq.nsmallest(FOLLOWED, begun[start].items(), key=_likeliest_first)
            for spelling, probability in followed:
                for end, character, share in of_start:
                    if not spelling or spelling[-1] + character in known:
                        begun[end][spelling + character] += probability * share
        whole = ((text, share) for text, share in begun[-1].items() if len(text) > 1 and share >= least)
        return tuple(heapq.nsmallest(MOST, whole, key=_likeliest_first))

    def pairs(self, name: str) -> Sequence[str]:
        """The pairs of characters that are looked up to spell a name."""
        is_spelt = SHORTEST <= len(name) <= LONGEST
        return _likely_pairs(self._chunks_of(name), _least(name)) if is_spelt else ()

    def _chunks_of(self, name: str) -> list[list[Chunk]]:
        """The chunks that begin at each letter of a name."""
        return [
            [
                Chunk(end, character, share)
                for end in range(start + 1, min(start + LONGEST_CHUNK, len(name)) + 1)
                for character, share in self._chunks.get(name[start:end], ())
            ]
            for start in range(len(name))
        ]


def _least(name: str) -> float:
    """How likely a spelling of a name has to be."""
    return math.exp(LEAST * len(name))


def _likely_pairs(chunks: Sequence[Sequence[Chunk]], least: float) -> list[str]:
    """The pairs of characters that spellings of a name may have which are likely enough.

    No spelling with a pair is likelier than the likeliest characters before and behind it make it, in all
    ways to divide the name.
    """
    before = [1.0, *[0.0] * len(chunks)]
    ending: list[dict[str, float]] = [defaultdict(float) for _ in range(len(chunks) + 1)]
    for start, of_start in enumerate(chunks):
        for end, character, share in of_start:
            ending[end][character] += before[start] * share
        for end, share in _likeliest(of_start).items():
            before[end] += before[start] * share
    behind = [*[0.0] * len(chunks), 1.0]
    most: dict[str, float] = defaultdict(float)
    for start in reversed(range(len(chunks))):
        behind[start] = sum(share * behind[end] for end, share in _likeliest(chunks[start]).items())
        following: dict[str, float] = defaultdict(float)
        for end, character, share in chunks[start]:
            following[character] += share * behind[end]
        for first, one in ending[start].items():
            for second, other in following.items():
                most[first + second] += one * other
    return [pair for pair, share in most.items() if share >= least]


def _likeliest(chunks: Sequence[Chunk]) -> Mapping[int, float]:
    """By where chunks end, the probability of the likeliest character."""
    found: dict[int, float] = {}
    for end, _, share in chunks:
        found[end] = max(share, found.get(end, 0.0))
    return found


def _likeliest_first(spelling: tuple[str, float]) -> tuple[float, str]:
    return -spelling[1], spelling[0]


@functools.cache
def shipped() -> Transliterator:
    """The one that ships."""
    lines = Path(__file__).with_name(FILE).read_text(encoding="utf-8")
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
