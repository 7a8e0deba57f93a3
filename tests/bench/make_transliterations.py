"""Learn in which characters Chinese spells foreign names, from the dictionary that ships with `retrieval`.

    python tests/bench/make_transliterations.py

Of the dictionary's entries those are names whose Chinese sounds like the English: the consonants that its
characters begin with, as pypinyin (MIT) reads them, come in this order in the English word. How each divides
into chunks of letters, one a character, is learned by expectation maximisation (Li et al., ACL 2004); entries
that this makes unlikely are then left out, and the rest learned from once more. A line of the result is a
chunk and its characters, each with how often it stood for the chunk.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from math import log
from pathlib import Path

import marisa_trie
from pypinyin import Style, lazy_pinyin

from retrieval.questions.english import dictionary
from retrieval.questions.english.transliteration import FILE, LONGEST_CHUNK

ENGLISH = re.compile(r"[a-z]{3,14}")
CHINESE = re.compile(r"[^的者\W\da-z]{2,7}")
"""Words that end in 的 or 者 are translated, whatever else they sound like."""
CHINESE_SOUNDS = dict(
    zip("b p m f d t n l r g k h j q x zh ch sh z c s w".split(), "PPMFTTNLLKKKSSSSSSSSSW", strict=True)
)
ENGLISH_SOUNDS = {
    **{
        letter: sound
        for sound, letters in {"M": "m", "N": "n", "L": "lr", "K": "kqh", "T": "d", "S": "szj"}.items()
        for letter in letters
    },
    "b": "P",
    "p": "PF",
    "f": "F",
    "v": "FW",
    "w": "W",
    "t": "TS",
    "g": "KS",
    "c": "KS",
    "x": "KS",
}
"""The sounds that a letter can have, those alike taken for one."""
DIGRAPHS = (("ph", "f"), ("th", "t"), ("sh", "s"), ("ch", "c"), ("gh", ""), ("ck", "k"))
SILENT = frozenset("LKNM")
"""Sounds that may end a syllable, and then have no character of their own."""
CHUNK_LENGTHS = (0.2, 0.5, 0.3, 0.05, 0.05, 0.05)
"""How likely chunks of 1, 2, ... letters are before anything is known."""
UNLIKE = 0.02
"""What a chunk and a character that do not begin alike are worth then."""
ROUNDS = ((4, -3.4, -3.0), (2, -3.2, -2.9), (3, 0.0, 0.0))
"""Iterations, and the mean log probability of a letter that an entry must have after them, if its Chinese has
three characters or more, or two."""
RAREST_CHARACTER, RAREST_CHUNK, RAREST = 15, 3, 1.5
"""What must have been counted of a character, of a chunk, and of the two together."""
MOST_CHARACTERS = 12

Pair = tuple[str, str]
"""English and Chinese; of a chunk and a character too."""
Probability = Callable[[str, str], float]


@functools.cache
def initial(character: str) -> str:
    """The sound that a character begins with; empty for a vowel."""
    return CHINESE_SOUNDS.get(lazy_pinyin(character, style=Style.INITIALS, strict=False)[0], "")


def sounds_alike(english: str, chinese: str) -> bool:
    """Whether the consonants of the Chinese are in the English, and most of those are in it."""
    plain = re.sub(r"(.)\1", r"\1", english)
    for digraph, letter in DIGRAPHS:
        plain = plain.replace(digraph, letter)
    spoken = [ENGLISH_SOUNDS[letter] for letter in plain if letter in ENGLISH_SOUNDS]
    written = [initial(character) for character in chinese if initial(character)]
    if not written or _common(spoken, written) < len(written):
        return False
    if len(chinese) == 2 and (len(written) < 2 or len(spoken) > 3):
        return False
    silent = sum(bool(SILENT & set(sounds)) for sounds in spoken)
    return len(written) >= max(2, len(spoken) / 2) or len(written) >= len(spoken) - silent


def _common(spoken: list[str], written: list[str]) -> int:
    """The length of the longest common subsequence."""
    best = [0] * (len(written) + 1)
    for sounds in spoken:
        previous = 0
        for place, sound in enumerate(written, 1):
            previous, best[place] = (
                best[place],
                max(best[place], best[place - 1], previous + (sound in sounds)),
            )
    return best[-1]


def names() -> list[Pair]:
    """The entries of the dictionary that are names."""
    trie = marisa_trie.RecordTrie(dictionary.RECORD)
    trie.mmap(str(Path(dictionary.__file__).with_name(dictionary.FILE)))
    entries = (tuple(key.split("\t")) for key in trie.keys())  # noqa: SIM118  a trie's keys, not its items
    return [
        (english, chinese)
        for english, chinese in entries
        if ENGLISH.fullmatch(english)
        and CHINESE.fullmatch(chinese)
        and len(english) >= len(chinese)
        and sounds_alike(english, chinese)
    ]


def expected(english: str, chinese: str, probability: Probability, counts: dict[Pair, float]) -> float:
    """Add how often each chunk is expected to stand for each character; the probability of the entry."""
    letters, size = len(english), len(chinese)
    ways = [[0.0] * (letters + 1) for _ in range(size + 1)]
    ways[0][0] = 1.0
    steps = []
    for place, character in enumerate(chinese):
        last = letters - (size - place - 1)
        for start in range(place, last):
            if not ways[place][start]:
                continue
            for end in range(start + 1, min(last, start + LONGEST_CHUNK) + 1):
                share = probability(english[start:end], character)
                if share:
                    ways[place + 1][end] += ways[place][start] * share
                    steps.append((place, start, end, share))
    whole = ways[size][letters]
    if whole:
        rest = [[0.0] * (letters + 1) for _ in range(size + 1)]
        rest[size][letters] = 1.0
        for place, start, end, share in reversed(steps):
            onward = share * rest[place + 1][end]
            rest[place][start] += onward
            counts[english[start:end], chinese[place]] += ways[place][start] * onward / whole
    return whole


def learn(entries: Iterable[Pair]) -> Mapping[Pair, float]:
    """How often each chunk stands for each character."""
    kept = list(entries)
    probability: Probability = _first_guess
    counts: dict[Pair, float] = {}
    for iterations, least_of_long, least_of_two in ROUNDS:
        for _ in range(iterations):
            counts = defaultdict(float)
            likely = {entry: expected(*entry, probability, counts) for entry in kept}
            probability = _of_counts(counts)
        kept = [
            entry
            for entry, share in likely.items()
            if share and log(share) / len(entry[0]) >= (least_of_long if len(entry[1]) > 2 else least_of_two)
        ]
    return counts


def _first_guess(chunk: str, character: str) -> float:
    sound = initial(character)
    alike = not sound or sound in ENGLISH_SOUNDS.get(chunk[0], "")
    return CHUNK_LENGTHS[len(chunk) - 1] * (1.0 if alike else UNLIKE)


def _of_counts(counts: Mapping[Pair, float]) -> Probability:
    total = sum(counts.values())
    return lambda chunk, character: counts.get((chunk, character), 0.0) / total


def main() -> None:
    """Learn, leave out what is rare, write."""
    counts = learn(names())
    of_character: dict[str, float] = defaultdict(float)
    for (_, character), count in counts.items():
        of_character[character] += count
    by_chunk: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (chunk, character), count in counts.items():
        if count >= RAREST and of_character[character] >= RAREST_CHARACTER:
            by_chunk[chunk].append((-count, character))
    lines = []
    for chunk, characters in sorted(by_chunk.items()):
        if -sum(count for count, _ in characters) >= RAREST_CHUNK:
            best = sorted(characters)[:MOST_CHARACTERS]
            lines.append("\t".join([chunk, *(f"{character}{round(-count)}" for count, character in best)]))
    Path("retrieval/questions/english", FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
