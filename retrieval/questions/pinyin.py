"""Questions typed in pinyin without tones: the Chinese text that the corpus is likeliest to have.

The letters may be cut into syllables in many ways, and each syllable may be any character that is read so;
in this lattice the path with the most pairs of neighbours that the corpus has is taken (Viterbi's algorithm).
"""

import functools
import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from retrieval.models import Stream
from retrieval.questions.syllables import Corpus, is_cuttable, syllables_ending, table
from retrieval.questions.vocabulary import Vocabulary
from retrieval.regex import regex

WORD = regex(r"[a-z']+|[a-z0-9]+(?:[.%-][a-z0-9]*)*|[^\sa-z0-9']+")
ACROSS = 0.5
"""The share of that for a pair with a space between."""
FUNCTION = "哪谁几是有的在和叫钱家个"
"""Characters that a syllable standing alone most likely is in a question; first of their syllables."""
SPACED = 6
"""As many words that are a syllable each are pinyin, even if English has them all."""
SHARE_SPACED = 0.8
"""The share of the words that are a syllable each in a question written syllable by syllable."""
LONGEST_ASKING = 4
"""Syllables of a word that only asks: jie shao yi xia."""
BEGUN = 2
"""Letters by which words are found that begin like others."""
MOST_READINGS = 8
"""Readings of a word that are taken, of characters that have several."""
FOLLOWED = 100
"""Texts of the beginning of a word that are followed."""
FEWEST = 2
"""Syllables of a question in pinyin at least."""
ALONE = -1.0
"""What a character without a neighbour costs."""


class _Step(NamedTuple):
    """The best way to a character: its worth, its pairs so far, the text; whether its last pair is one."""

    worth: float
    pairs: int
    text: str
    joined: bool

    @property
    def closed(self) -> float:
        """The worth when nothing more joins the last character."""
        return self.worth if self.joined else self.worth + ALONE


START = _Step(0.0, 0, "", joined=True)


def converted(
    normalised: str,
    vocabulary: Vocabulary,
    is_word: Callable[[str], bool],
    named: Callable[[str], str] = lambda _letters: "",
) -> str | None:
    """A question in pinyin as Chinese text; None when it is not in pinyin.

    Latin words that the corpus has (ai, chatgpt) may stand in it, and words that it lacks stay as they are.
    Every word must be one or the other, half of them in pinyin, and one at least no English word.

    Args:
        normalised: the question.
        vocabulary: of the corpus.
        is_word: whether a word is an English one.
        named: the name that is known outside of it by some letters; empty where none is.
    """
    corpus = Corpus(vocabulary)
    words = WORD.findall(normalised)
    if not _may_be_pinyin(words, [word for word in words if is_cuttable(word)], is_word):
        return None  # whatever the corpus has
    by_syllable = _is_by_syllable(words)
    cuts = [(word,) if by_syllable and word in table().characters else _cut(word, corpus) for word in words]
    spelt = [word for word, cut in zip(words, cuts, strict=True) if cut]
    if not _may_be_pinyin(words, spelt, is_word) or sum(map(len, cuts)) < FEWEST:
        return None
    foreign = [word for word, cut in zip(words, cuts, strict=True) if not cut and word.isalpha()]
    if not all(vocabulary.has_word(word) or is_cuttable(word) for word in foreign):
        return None
    text = _text(words, cuts, corpus, named, by_syllable=by_syllable)
    return None if corpus.is_too_much else text


@functools.cache
def _syllables() -> Mapping[str, tuple[str, ...]]:
    """The syllables of each character."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in table().characters.items():
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def characters() -> Collection[str]:
    """All characters that have a reading."""
    return _syllables().keys()


def letters(word: str) -> tuple[str, ...]:
    """How a word in Chinese characters may be typed; none for one with others."""
    return _letters(_readings(word))


def _readings(word: str) -> list[tuple[str, ...]]:
    """The syllables that each character of a word may be read as."""
    syllables = _syllables()
    return [syllables.get(character, ()) for character in word]


def _letters(readings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The letters of some syllables, in every way that they may be read."""
    if all(len(of_character) == 1 for of_character in readings):
        return ("".join([only for (only,) in readings]),)
    return tuple(map("".join, itertools.islice(itertools.product(*readings), MOST_READINGS)))


class Typed:
    """Words by the letters that they are typed with; of two that are typed alike the first.

    How they are typed is found for those that begin like what is asked for: one question needs few of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, word in enumerate(words):
            self._words[word[:1]].append((place, word))
        self._typed: dict[str, Mapping[str, str]] = {}

    def word(self, typed: str) -> str:
        """The word of some letters; empty where there is none."""
        begun = typed[:BEGUN]
        if begun not in self._typed:
            self._typed[begun] = self._of(begun)
        return self._typed[begun].get(typed, "")

    def _of(self, begun: str) -> Mapping[str, str]:
        """By their letters the words of a syllable that begins with some, or that they begin with."""
        found: dict[str, str] = {}
        first = {
            character
            for syllable, characters in table().characters.items()
            if syllable.startswith(begun) or begun.startswith(syllable)
            for character in characters
        }
        for _, word in sorted(placed for one in first for placed in self._words.get(one, ())):
            for typed in letters(word):
                found.setdefault(typed, word)
        return found


def name(words: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """A name of some words in pinyin (Lei Jun) as the corpus has it most; None where it has none such."""
    corpus = Corpus(vocabulary)
    typed = "'".join(words)
    syllables = _joined(typed, corpus) if is_cuttable(typed) else ()
    return _spelt([syllables], corpus).text if len(syllables) >= FEWEST else None


def word(words: Sequence[str], vocabulary: Vocabulary) -> str:
    """The word of the corpus that a name of some words in pinyin is; empty where there is none."""
    corpus = Corpus(vocabulary)
    typed = "'".join(words)
    return _word(_joined(typed, corpus), corpus) if is_cuttable(typed) else ""


def _cut(word: str, corpus: Corpus) -> tuple[str, ...]:
    """The syllables of a word, cut so that the corpus has its text; none when it has no such text."""
    if not is_cuttable(word) or (word in table().characters and corpus.vocabulary.has_word(word)):
        return ()
    if asking := _asking_by_letters().get(word.replace("'", "")):
        return asking
    cut = _joined(word.rstrip("'"), corpus)
    # 西安 is one syllable as well as two; what the corpus has no word of is one.
    return (word,) if word in table().characters and not _word(cut, corpus) else cut


@functools.cache
def _asking_by_letters() -> dict[str, tuple[str, ...]]:
    """The words that make a question one, by their letters."""
    return {"".join(syllables): syllables for syllables in table().asking}


class _Way(NamedTuple):
    """The best way to a character along pairs that the corpus has: its worth, its syllables."""

    worth: float
    syllables: tuple[str, ...]


def _fewest_first(way: _Way) -> tuple[int, float, tuple[str, ...]]:
    """By how few syllables a way has, then by its worth; a lone one counts for two, as it has no pair."""
    return -max(len(way.syllables), FEWEST), way.worth, way.syllables


def _joined(letters: str, corpus: Corpus) -> tuple[str, ...]:
    """The syllables whose characters all stand side by side in the corpus, most often; none without any."""
    ways: list[dict[str, dict[str, _Way]]] = [{} for _ in range(len(letters) + 1)]
    for end, starts in enumerate(syllables_ending(letters)):
        if end and letters[end - 1] == "'":
            ways[end] = ways[end - 1]
        for start in starts:
            syllable = letters[start:end]
            if not letters[:start].strip("'"):
                ways[end][syllable] = {one: _Way(0.0, (syllable,)) for one in corpus.characters(syllable)}
                continue
            found: dict[str, _Way] = {}
            for previous, before in ways[start].items():
                for pair, worth in corpus.pairs(previous, syllable).items():
                    if way := before.get(pair[0]):
                        longer = _Way(way.worth + worth, (*way.syllables, syllable))
                        found[pair[1]] = max(longer, found.get(pair[1], longer), key=_fewest_first)
            if found:
                ways[end][syllable] = found
    last = [way for found in ways[-1].values() for way in found.values()]
    return max(last, key=_fewest_first).syllables if last else ()


def _may_be_pinyin(words: Sequence[str], spelt: Sequence[str], is_word: Callable[[str], bool]) -> bool:
    """Whether those of its words that are in pinyin make a question so: half, and not all of them English."""
    return len(spelt) * 2 >= len(words) and not (len(spelt) < SPACED and all(map(is_word, spelt)))


def _is_by_syllable(words: Sequence[str]) -> bool:
    """Whether a question is written with a space behind each syllable."""
    syllables = [word for word in words if word in table().characters]
    return len(syllables) >= SPACED and len(syllables) >= SHARE_SPACED * len(words)


def _text(
    words: Sequence[str],
    cuts: Sequence[tuple[str, ...]],
    corpus: Corpus,
    named: Callable[[str], str],
    *,
    by_syllable: bool,
) -> str:
    """The question in Chinese: runs of pinyin spelt together, what only asks and Latin words alone."""
    pieces: list[str] = []
    run: list[tuple[str, ...]] = []
    place = 0
    while place <= len(words):
        cut = cuts[place] if place < len(words) else ()
        length, fixed = _asking(cuts[place:])
        if not (fixed or by_syllable):
            known = named("".join(cut))
            fixed = known if corpus.vocabulary.has(known) else _fixed(cut) or _word(cut, corpus)
        if cut and not fixed:
            run.append(cut)
            place += 1
            continue
        if run:
            pieces.append(_spelt(run, corpus).text)
            run = []
        pieces.append(fixed or f" {words[place] if place < len(words) else ''} ")
        place += length
    return " ".join("".join(pieces).split())


def _asking(cuts: Sequence[tuple[str, ...]]) -> tuple[int, str]:
    """How many of the next words, a syllable each, are one that only asks, and its text."""
    for length in range(LONGEST_ASKING, 1, -1):
        next_cuts = cuts[:length]
        syllables = tuple(cut[0] for cut in next_cuts if len(cut) == 1)
        if len(syllables) == len(next_cuts) == length and syllables in table().asking:
            return length, table().asking[syllables]
    return 1, ""


def _word(syllables: Sequence[str], corpus: Corpus) -> str:
    """The word of some syllables that the corpus has most; empty where it has none, or for one syllable."""
    texts = dict.fromkeys(corpus.characters(syllables[0]), 0.0) if len(syllables) > 1 else {}
    for first, second in itertools.pairwise(syllables):
        pairs = corpus.pairs(first, second)
        longer = {
            text + pair[1]: worth + more
            for text, worth in texts.items()
            for pair, more in pairs.items()
            if pair[0] == text[-1]
        }
        texts = dict(heapq.nlargest(FOLLOWED, longer.items(), key=lambda item: (item[1], item[0])))
    counts = corpus.vocabulary.frequencies(Stream.WORD, texts)
    count, best = max(zip(counts, texts, strict=True), default=(0.0, ""))
    return best if count else ""


def _fixed(cut: tuple[str, ...]) -> str:
    """The text of syllables that only make a question, whatever the corpus has; empty for others."""
    if len(cut) == 1 and table().characters[cut[0]][0] in FUNCTION:
        return table().characters[cut[0]][0]
    return table().asking.get(cut, "")


def _spelt(words: Sequence[Sequence[str]], corpus: Corpus) -> _Step:
    """The likeliest text of some words of syllables."""
    steps = {"": START}
    previous = ""
    for word in words:
        for place, syllable in enumerate(word):
            factor = ACROSS if place == 0 and len(word) > 1 else 1.0
            steps = _extended(steps, previous, syllable, factor, corpus)
            previous = syllable
    return _best(steps)


def _best(steps: Mapping[str, _Step]) -> _Step:
    """The best way; of equals the one to the commonest character, which stands first."""
    return max(steps.values(), key=lambda step: step.closed)


def _extended(
    steps: Mapping[str, _Step], previous: str, syllable: str, factor: float, corpus: Corpus
) -> dict[str, _Step]:
    """The best ways to each character of the next syllable."""
    apart = _best(steps)
    found = {
        character: _Step(apart.closed, apart.pairs, apart.text + character, joined=False)
        for character in corpus.characters(syllable)
    }
    for pair, worth in corpus.pairs(previous, syllable).items() if previous else ():
        before = steps[pair[0]]
        joined = _Step(before.worth + factor * worth, before.pairs + 1, before.text + pair[1], joined=True)
        if joined.closed > found[pair[1]].closed:
            found[pair[1]] = joined
    return found
