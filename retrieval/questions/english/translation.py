"""An English question as weighted groups of Chinese words that the corpus has.

Numbers first, then the longest phrases of the dictionary, then single words; a word within a phrase that was
found still counts a little. Of a word whose translations the corpus lacks, the longest rare part of one is
looked up instead (胡格诺 of 胡格诺派教徒), a word that it may be a slip of, or how Chinese would spell a name
(皮凯蒂 for Piketty).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from retrieval.language.tokeniser import bigrams
from retrieval.models import Stream
from retrieval.questions.english import dictionary, names, transliteration
from retrieval.questions.english.answer_type import ASKED, asking
from retrieval.questions.english.dictionary import Dictionary, Translations
from retrieval.questions.english.numerals import ORDINALS, numeral
from retrieval.questions.english.reading import Reading
from retrieval.questions.english.stop_words import STOP_WORDS
from retrieval.questions.english.transliteration import Transliterator
from retrieval.questions.expansion import Expression, Weighted, shares
from retrieval.questions.spelling import LONGEST as LONGEST_WORD
from retrieval.questions.spelling import SHORTEST, slips
from retrieval.questions.vocabulary import Vocabulary, tokens_of
from retrieval.regex import regex

WORD = regex(r"[a-z0-9\u00c0-\u024f]+(?:[-.'&,][a-z0-9\u00c0-\u024f]+)*%?")
CAPITALS = regex(r"\b[A-Z]{2,}\b")
LATIN = regex(r"[a-z\u00c0-\u024f]")
LONGEST_PHRASE = 5
"""Words of a phrase at most."""
WITHIN_PHRASE = 0.2
"""The weight of a word within a phrase that was found."""
LATIN_SHARE = 0.5
"""The share of a Latin word itself, where the corpus has it beside its translations."""
PLAIN_SHARE = 0.1
"""The same of a word that is no name in a question that writes names in capitals (plan, open, new)."""
RARE = 0.03
"""The share of the sentences that may have a part of a translation that is looked up instead of all of it."""
MOST_PARTS = 5
COUNTED = regex(
    r"\bhow many (?:[\w.-]+ ){0,3}?(?P<things>[a-z][a-z-]*)"
    r"(?= (?:is|are|was|were|do|does|did|ha[sd]|have|can|will|would|in|of|on|from|per|at|there|for)\b|\W*$)"
)
"""What things are counted of: companies of how many AI companies are there."""
HAN_RUN = regex(r"[\u4e00-\u9fff]+")


def abbreviated(text: str) -> str:
    """A question with the stop words that are written in capitals as abbreviations (US: U.S)."""
    if text.isupper():
        return text
    return CAPITALS.sub(
        lambda match: ".".join(match.group()) if match.group().lower() in STOP_WORDS else match.group(), text
    )


def is_english(normalised: str) -> bool:
    """Whether a question has Latin words and nothing of another script."""
    has_letters = False
    for character in normalised:
        if character.isalpha():
            if not LATIN.match(character):
                return False
            has_letters = True
    return has_letters


class Translator(NamedTuple):
    """What English words become."""

    dictionary: Dictionary
    names: Transliterator


def shipped() -> Translator:
    """The translator that ships."""
    return Translator(dictionary.shipped(), transliteration.shipped())


def expressions(
    lowered: str, translator: Translator, vocabulary: Vocabulary, named: Collection[str] = ()
) -> tuple[Expression, ...]:
    """What an English question in lower case looks for, in the order of its words.

    Args:
        lowered: the question.
        translator: of its words.
        vocabulary: of the corpus.
        named: which of the words are written as names.
    """
    found = (word.removesuffix("'s") for word in WORD.findall(ASKED.sub(" ", lowered.replace("’", "'"))))
    reading = Reading([part for word in found for part in names.divided(word, vocabulary)])
    names.take(reading, named, translator.dictionary, vocabulary)
    _numbers(reading, translator.dictionary, vocabulary)
    _phrases(reading, translator.dictionary, vocabulary)
    for place, word in enumerate(reading.words):
        if word not in STOP_WORDS and not reading.is_whole[place]:
            weight = WITHIN_PHRASE if reading.taken[place] else 1.0
            own = LATIN_SHARE if word in named or not named else PLAIN_SHARE
            for name, alternatives in _word(word, own, translator, vocabulary):
                reading.found.append((place, Expression(name, alternatives, weight)))
    return tuple(expression for _, expression in sorted(reading.found, key=lambda found: found[0]))


def supposed(lowered: str, translator: Translator) -> Iterator[str]:
    """The Chinese that phrases and numbers of a question may be, whatever the corpus has."""
    words = WORD.findall(lowered)
    for place in range(len(words)):
        if number := numeral(words, place):
            yield from (form for form, _ in number.forms)
        for length in range(2, min(LONGEST_PHRASE, len(words) - place) + 1):
            phrase = tuple(words[place : place + length])
            if not {phrase[0], phrase[-1]} & STOP_WORDS:
                yield from (text for text, _ in translator.dictionary.phrase(phrase))


def gloss(lowered: str, found: Sequence[Expression]) -> str:
    """A question in Chinese words, for a reader and for rules that read Chinese: 空客 天津 多少座位."""
    words = dict.fromkeys(expression.likeliest for expression in found if expression.weight == 1.0)
    asked, counted = asking(lowered), COUNTED.search(lowered)
    whole = [one for one in found if one.weight == 1.0 and counted and one.name.endswith(counted["things"])]
    if asked == "多少" and whole:
        words.pop(whole[0].likeliest, None)
        asked += whole[0].likeliest
    return " ".join(filter(None, [*words, asked]))


def _numbers(reading: Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    place = 0
    while place < len(reading.words):
        is_of_phrase = reading.words[place] in ORDINALS and dictionary.phrase(
            tuple(reading.words[place : place + 2])
        )
        number = None if reading.taken[place] or is_of_phrase else numeral(reading.words, place)
        alternatives = shares(number.forms, vocabulary) if number else ()
        if number and alternatives:
            reading.take(place, number.words, alternatives, whole=True)
        elif number and number.words == 1 and reading.words[place][0].isdigit():
            # Demanded though the corpus lacks it: an answer without it is less sure.
            reading.take(place, 1, number.forms[:1], whole=True)
        place += number.words if number else 1


def _phrases(reading: Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    for length in range(LONGEST_PHRASE, 1, -1):
        for place in range(len(reading.words) - length + 1):
            words = tuple(reading.words[place : place + length])
            if any(reading.taken[place : place + length]) or {words[0], words[-1]} & STOP_WORDS:
                continue
            alternatives = shares(dictionary.phrase(words), vocabulary)
            if alternatives:
                reading.take(place, length, alternatives)


def _word(
    word: str, own: float, translator: Translator, vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[Weighted, ...]]]:
    """A word with its alternatives, itself for a share of its own; of one with hyphens or two, its parts."""
    alternatives = _alternatives(word, own, translator, vocabulary)
    if alternatives:
        yield word, alternatives
        return
    parts = [part for part in word.split("-") if part not in STOP_WORDS] if "-" in word else []
    if whole := shares(translator.dictionary.phrase(tuple(parts)), vocabulary) if parts else ():
        yield word, whole
        return
    found = [(part, _alternatives(part, own, translator, vocabulary)) for part in parts]
    if any(alternatives for _, alternatives in found):
        yield from ((part, alternatives) for part, alternatives in found if alternatives)
        return
    # What the corpus lacks is asked for all the same: an answer without it is less sure.
    translations = translator.dictionary.word(word)
    yield word, ((translations[0][0] if translations else word, 1.0),)


def _alternatives(
    word: str, own: float, translator: Translator, vocabulary: Vocabulary
) -> tuple[Weighted, ...]:
    translations = translator.dictionary.word(word)
    found = shares(translations, vocabulary)
    if vocabulary.has_word(word):
        if not found:
            return ((word, 1.0),)
        if translator.dictionary.has_own(word):
            return found
        return (*((text, (1 - own) * share) for text, share in found), (word, own))
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
    vocabulary.foresee(tokens_of(parts))
    most = RARE * vocabulary.sentences
    rare = {
        part: weight
        for part, weight in parts.items()
        if vocabulary.has(part) and max(vocabulary.frequencies(Stream.BIGRAM, bigrams(part))) <= most
    }
    longest = max(map(len, rare), default=0)
    kept = [(part, weight) for part, weight in rare.items() if len(part) == longest]
    return sorted(kept, key=lambda part: (-part[1], part[0]))[:MOST_PARTS]
