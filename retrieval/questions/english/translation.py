"""An English question as weighted groups of Chinese words that the corpus has.

Numbers first, then the longest phrases of the dictionary, then single words; a word within a phrase that was
found still counts a little. Of a word whose translations the corpus lacks, the longest rare part of one is
looked up instead (胡格诺 of 胡格诺派教徒), a word that it may be a slip of, or how Chinese would spell a name
(皮凯蒂 for Piketty).
"""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream
from retrieval.questions import pinyin
from retrieval.questions.english import dictionary, transliteration
from retrieval.questions.english.answer_type import asking
from retrieval.questions.english.dictionary import Dictionary, Translations
from retrieval.questions.english.numerals import numeral
from retrieval.questions.english.transliteration import Transliterator
from retrieval.questions.expansion import Expression, Weighted, shares
from retrieval.questions.forms import LATIN_PIECE, PART, joined
from retrieval.questions.numerals import chinese
from retrieval.questions.spelling import LONGEST as LONGEST_WORD
from retrieval.questions.spelling import SHORTEST, slips
from retrieval.questions.vocabulary import Vocabulary

WORD = re.compile(r"[a-z0-9\u00c0-\u024f]+(?:[-.'&,][a-z0-9\u00c0-\u024f]+)*%?")
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
LATIN = re.compile(r"[a-z\u00c0-\u024f]")
LONGEST_PHRASE = 5
"""Words of a phrase at most."""
WITHIN_PHRASE = 0.2
"""The weight of a word within a phrase that was found."""
LATIN_SHARE = 0.5
"""The share of a Latin word itself, where the corpus has it beside its translations."""
SPELT_SHARE = 0.6
"""The share of a name as pinyin spells it (Shenzhou: 神舟), where it is also in the dictionary (深州)."""
MOST_NAMES = 3
"""Words of a name in pinyin at most."""
CAPITAL = re.compile(r"(?<=[\w,;:'\"] )[A-Z][\w.&'-]*|^[A-Z][\w]*(?=-\d| [A-Z])")
"""A word that is written as a name; the first one of a question is, where a number or a name follows."""
NUMBERED = re.compile(r"([a-z]+)-(\d+)")
RARE = 0.03
"""The share of the sentences that may have a part of a translation that is looked up instead of all of it."""
MOST_PARTS = 5
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
STOP_WORDS = frozenset(
    """
    a an the of in on at to is are was were be been being am and or for by with from as that this these those
    it its his her their they he she him them i you we our your my me us do does did done has have had having
    will would can could may might shall should must not no nor so than then there here what which who whom
    whose when where why how many much long often old far if but into about between during after before over
    under up down out off through upon also such some any all each both other another same own only just very
    too more most s t name named called type kind one ones besides according please tell going gets got
    """.split(),
)


def abbreviated(text: str) -> str:
    """A question with the stop words that are written in capitals as abbreviations (US: U.S)."""
    if text.isupper():
        return text
    return CAPITALS.sub(
        lambda match: ".".join(match.group()) if match.group().lower() in STOP_WORDS else match.group(), text
    )


def is_english(normalised: str) -> bool:
    """Whether a question has Latin words and nothing of another script."""
    letters = [character for character in normalised if character.isalpha()]
    return bool(letters) and all(LATIN.match(letter) for letter in letters)


@dataclass(slots=True)
class _Reading:
    """The words of a question, which of them are taken, and what was made of them, by place."""

    words: list[str]
    taken: list[bool] = field(init=False)
    numbers: list[bool] = field(init=False)
    found: list[tuple[int, Expression]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken = [False] * len(self.words)
        self.numbers = [False] * len(self.words)

    def take(
        self, place: int, length: int, alternatives: Sequence[Weighted], *, number: bool = False
    ) -> None:
        name = " ".join(self.words[place : place + length])
        self.found.append((place, Expression(name, tuple(alternatives))))
        self.taken[place : place + length] = [True] * length
        self.numbers[place : place + length] = [number] * length


@dataclass(frozen=True, slots=True)
class Translator:
    """What English words become."""

    dictionary: Dictionary
    names: Transliterator


def shipped() -> Translator:
    """The translator that ships."""
    return Translator(dictionary.shipped(), transliteration.shipped())


def names_of(text: str) -> frozenset[str]:
    """The words that a question writes as names, in lower case."""
    if text.isupper():
        return frozenset()
    return frozenset(
        part for word in CAPITAL.findall(text) for part in (word.lower(), word.lower().partition("-")[0])
    )


def expressions(
    lowered: str, translator: Translator, vocabulary: Vocabulary, names: Collection[str] = ()
) -> tuple[Expression, ...]:
    """What an English question in lower case looks for, in the order of its words.

    Args:
        lowered: the question.
        translator: of its words.
        vocabulary: of the corpus.
        names: which of the words are names, that a dictionary has no say about.
    """
    found = (word.removesuffix("'s") for word in WORD.findall(lowered.replace("’", "'")))
    reading = _Reading([part for word in found for part in _divided(word, vocabulary)])
    _compounds(reading, translator.dictionary, vocabulary)
    _names(reading, names, translator.dictionary, vocabulary)
    _numbers(reading, vocabulary)
    _phrases(reading, translator.dictionary, vocabulary)
    for place, word in enumerate(reading.words):
        if word not in STOP_WORDS and not reading.numbers[place]:
            weight = WITHIN_PHRASE if reading.taken[place] else 1.0
            for name, alternatives in _word(word, translator, vocabulary):
                reading.found.append((place, Expression(name, alternatives, weight)))
    return tuple(expression for _, expression in sorted(reading.found, key=lambda found: found[0]))


def _divided(word: str, vocabulary: Vocabulary) -> Sequence[str]:
    """A name and its number (shenzhou-19), unless the corpus has the two as one word."""
    numbered = NUMBERED.fullmatch(word)
    return numbered.groups() if numbered and not vocabulary.has_word(word) else (word,)


def gloss(lowered: str, found: Sequence[Expression]) -> str:
    """A question in Chinese words, for a reader and for rules that read Chinese."""
    words = [expression.likeliest for expression in found if expression.weight == 1.0]
    return " ".join(filter(None, [*dict.fromkeys(words), asking(lowered)]))


def _compounds(reading: _Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    """Names of several words or with a number (GPT 5.2) that the corpus has joined, with their parts."""
    for place, (first, second) in enumerate(itertools.pairwise(reading.words)):
        if first not in STOP_WORDS and second not in STOP_WORDS and not first[0].isdigit():
            whole = [(form, 1.0) for form in joined(first, second)]
            alternatives = shares(whole, vocabulary)
            if alternatives and not any(reading.taken[place : place + 2]):
                reading.take(
                    place, 2, shares([*whole, (first, PART), (second, PART)], vocabulary), number=True
                )
    for place, word in enumerate(reading.words):
        parts = LATIN_PIECE.findall(word)
        if len(parts) == 2 and not reading.taken[place] and not _is_known(word, vocabulary, dictionary):  # noqa: PLR2004  gpt, 5
            forms = [*((form, 1.0) for form in joined(*parts)), *((part, PART) for part in parts)]
            if alternatives := shares(forms, vocabulary):
                reading.take(place, 1, alternatives, number=True)


def _names(reading: _Reading, names: Collection[str], dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    """Names in pinyin, of one word or several, with the number that follows (Shenzhou-19: 神舟十九号)."""
    for length in range(MOST_NAMES, 0, -1):
        for place in range(len(reading.words) - length + 1):
            words = reading.words[place : place + length]
            if any(reading.taken[place : place + length]) or not all(word in names for word in words):
                continue
            if any(map(vocabulary.has_word, words)) or dictionary.has_own(" ".join(words)):
                continue
            if spelt := pinyin.name(words, vocabulary):
                known = dictionary.exact(words[0]) if length == 1 else ()
                others = ((text, (1 - SPELT_SHARE) * weight) for text, weight in known if text != spelt)
                alternatives = shares([(spelt, SPELT_SHARE), *others], vocabulary)
                following = reading.words[place + length] if place + length < len(reading.words) else ""
                if following.isdigit() and len(following) <= 2:  # noqa: PLR2004  what numbers a series
                    written = (chinese(int(following)), following)
                    numbered = [(f"{spelt}{form}号", 1.0) for form in written]
                    if whole := shares(numbered, vocabulary):
                        reading.take(place, length + 1, whole, number=True)
                        continue
                reading.take(place, length, alternatives, number=True)


def _is_known(word: str, vocabulary: Vocabulary, dictionary: Dictionary) -> bool:
    return vocabulary.has_word(word) or bool(dictionary.exact(word))


def _numbers(reading: _Reading, vocabulary: Vocabulary) -> None:
    place = 0
    while place < len(reading.words):
        number = None if reading.taken[place] else numeral(reading.words, place)
        alternatives = shares(number.forms, vocabulary) if number else ()
        if number and alternatives:
            reading.take(place, number.words, alternatives, number=True)
        elif number and number.words == 1 and reading.words[place][0].isdigit():
            # Demanded though the corpus lacks it: an answer without it is less sure.
            reading.take(place, 1, number.forms[:1], number=True)
        place += number.words if number else 1


def _phrases(reading: _Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    for length in range(LONGEST_PHRASE, 1, -1):
        for place in range(len(reading.words) - length + 1):
            words = tuple(reading.words[place : place + length])
            if any(reading.taken[place : place + length]) or {words[0], words[-1]} & STOP_WORDS:
                continue
            alternatives = shares(dictionary.phrase(words), vocabulary)
            if alternatives:
                reading.take(place, length, alternatives)


def _word(
    word: str, translator: Translator, vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[Weighted, ...]]]:
    """A word with its alternatives; of one with hyphens that is nowhere, its parts."""
    alternatives = _alternatives(word, translator, vocabulary)
    if alternatives:
        yield word, alternatives
        return
    parts = [part for part in word.split("-") if part not in STOP_WORDS] if "-" in word else []
    found = [(part, _alternatives(part, translator, vocabulary)) for part in parts]
    if any(alternatives for _, alternatives in found):
        yield from ((part, alternatives) for part, alternatives in found if alternatives)
        return
    # What the corpus lacks is asked for all the same: an answer without it is less sure.
    translations = translator.dictionary.word(word)
    yield word, ((translations[0][0] if translations else word, 1.0),)


def _alternatives(word: str, translator: Translator, vocabulary: Vocabulary) -> tuple[Weighted, ...]:
    translations = translator.dictionary.word(word)
    found = shares(translations, vocabulary)
    if vocabulary.has_word(word):
        if not found:
            return ((word, 1.0),)
        return (*((text, (1 - LATIN_SHARE) * share) for text, share in found), (word, LATIN_SHARE))
    if found:
        return found
    guessed = _parts(translations, vocabulary) if translations else _misspelt(word, translator.dictionary)
    return shares(guessed, vocabulary) or shares(translator.names.spelt(word, vocabulary), vocabulary)


def _misspelt(word: str, dictionary: Dictionary) -> list[Weighted]:
    """The translations of what is one slip away from a word that the dictionary lacks."""
    if not SHORTEST <= len(word) <= LONGEST_WORD or not word.isalpha():
        return []
    merged: dict[str, float] = {}
    divided = {f"{word[:place]} {word[place:]}" for place in range(1, len(word))}
    for near in (slips(word) | divided) - STOP_WORDS:
        for translation, weight in dictionary.exact(near):
            merged[translation] = max(weight, merged.get(translation, 0.0))
    return sorted(merged.items(), key=lambda item: (-item[1], item[0]))


def _parts(translations: Translations, vocabulary: Vocabulary) -> list[Weighted]:
    """The longest parts of the translations that the corpus has, and has rarely."""
    parts = {
        run[start:end]: weight
        for translation, weight in reversed(translations)
        for run in HAN_RUN.findall(translation)
        for start in range(len(run))
        for end in range(start + 2, len(run) + 1)
    }
    vocabulary.look_up(parts)
    most = RARE * vocabulary.sentences
    rare = {
        part: weight
        for part, weight in parts.items()
        if vocabulary.has(part) and max(vocabulary.frequencies(Stream.BIGRAM, bigrams(part))) <= most
    }
    longest = max(map(len, rare), default=0)
    kept = [(part, weight) for part, weight in rare.items() if len(part) == longest]
    return sorted(kept, key=lambda part: (-part[1], part[0]))[:MOST_PARTS]
