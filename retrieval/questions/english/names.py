"""Names in an English question: they keep what they name, by the corpus's own Latin or by pinyin.

Lei Jun and Yangqing Jia are 雷军 and 贾扬清, Shenzhou-19 is 神舟十九号, GPT 5.2 is what the corpus has
joined, and Chengdu-Kunming is 成昆, as railways are called.
"""

import itertools
from collections.abc import Collection, Iterator, Sequence

from retrieval.questions import pinyin
from retrieval.questions.english.dictionary import Dictionary
from retrieval.questions.english.reading import Reading
from retrieval.questions.english.stop_words import STOP_WORDS
from retrieval.questions.expansion import Weighted, shares
from retrieval.questions.forms import LATIN_PIECE, PART, joined
from retrieval.questions.numerals import chinese
from retrieval.questions.vocabulary import Vocabulary
from retrieval.regex import regex

SPELT_SHARE = 0.6
"""The share of a name as pinyin spells it (Shenzhou: 神舟), where it is also in the dictionary (深州)."""
MOST_WORDS = 3
"""Words of a name in pinyin at most."""
CAPITAL = regex(r"(?<=[\w,;:'\"] )[A-Z][\w.&'-]*|^[A-Z][\w]*(?=-\d| [A-Z])")
"""A word that is written as a name; the first one of a question is, where a number or a name follows."""
NUMBERED = regex(r"([a-z]+)-(\d+)")
LARGEST = 99
"""What numbers a series at most."""
ENDS = 2
"""Places that a route goes between."""
IN_FULL = 0.5
"""The share of a route with both its ends in full (成都至昆明), beside its usual name."""
SHORT = dict(
    pair.split(":")
    for pair in """
    北京:京 天津:津 上海:沪 重庆:渝 河北:冀 山西:晋 辽宁:辽 吉林:吉 黑龙江:黑 江苏:苏 浙江:浙
    安徽:皖 福建:闽 江西:赣 山东:鲁 河南:豫 湖北:鄂 湖南:湘 广东:粤 广西:桂 海南:琼 四川:川
    贵州:黔 云南:滇 西藏:藏 陕西:陕 甘肃:甘 青海:青 宁夏:宁 新疆:新 内蒙古:蒙 香港:港 澳门:澳
    台湾:台 宁波:甬 南京:宁 广州:广
    """.split()
)
"""What places are called for short where two are joined; others by their first character."""


def names_of(text: str) -> frozenset[str]:
    """The words that a question writes as names, in lower case."""
    if text.isupper():
        return frozenset()
    return frozenset(
        part for word in CAPITAL.findall(text) for part in (word.lower(), word.lower().partition("-")[0])
    )


def divided(word: str, vocabulary: Vocabulary) -> Sequence[str]:
    """A name and its number (shenzhou-19), unless the corpus has the two as one word."""
    numbered = NUMBERED.fullmatch(word)
    return numbered.groups() if numbered and not vocabulary.has_word(word) else (word,)


def take(reading: Reading, names: Collection[str], dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    """Take the names out of a question.

    Args:
        reading: its words.
        names: those that are written as names.
        dictionary: what a word means that is none.
        vocabulary: of the corpus.
    """
    _compounds(reading, dictionary, vocabulary)
    _routes(reading, dictionary, vocabulary)
    _in_pinyin(reading, names, dictionary, vocabulary)


def _compounds(reading: Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    """Names of several words or with a number (GPT 5.2) that the corpus has joined, with their parts."""
    for place, (first, second) in enumerate(itertools.pairwise(reading.words)):
        if first in STOP_WORDS or second in STOP_WORDS or first[0].isdigit():
            continue
        whole = [(form, 1.0) for form in joined(first, second)]
        alternatives = shares(whole, vocabulary)
        if alternatives and not any(reading.taken[place : place + 2]):
            reading.take(place, 2, shares([*whole, (first, PART), (second, PART)], vocabulary), whole=True)
    for place, (word,) in reading.free(1):
        parts: list[str] = LATIN_PIECE.findall(word)
        is_known = vocabulary.has_word(word) or dictionary.exact(word)
        if len(parts) == len(("gpt", "5")) and not (is_known or word[0].isdigit()):
            forms = [*((form, 1.0) for form in joined(*parts)), *((part, PART) for part in parts)]
            if alternatives := shares(forms, vocabulary):
                reading.take(place, 1, alternatives, whole=True)


def _routes(reading: Reading, dictionary: Dictionary, vocabulary: Vocabulary) -> None:
    """Two places that something goes between (Chengdu-Kunming): 成昆."""
    for place, (word,) in reading.free(1):
        ends = word.split("-")
        if len(ends) != ENDS or dictionary.exact(word):
            continue
        places = [_place(end, dictionary) for end in ends]
        if all(places):
            one, other = places
            short = {first + second for first in _initials(one) for second in _initials(other)}
            forms = [*((form, 1.0) for form in sorted(short)), (f"{one}至{other}", IN_FULL)]
            if alternatives := shares(forms, vocabulary):
                reading.take(place, 1, alternatives)


def _place(word: str, dictionary: Dictionary) -> str:
    """The Chinese name of a place; empty for any other word."""
    named = (text[:2] for text, _ in dictionary.exact(word))
    return next((text for text in named if text in SHORT or word in pinyin.letters(text)), "")


def _initials(place: str) -> Iterator[str]:
    yield place[0]
    if place in SHORT:
        yield SHORT[place]


def _in_pinyin(
    reading: Reading, names: Collection[str], dictionary: Dictionary, vocabulary: Vocabulary
) -> None:
    """Names in pinyin, of one word or several, with the number that follows (Shenzhou-19: 神舟十九号)."""
    for length in range(MOST_WORDS, 0, -1):
        for place, words in reading.free(length):
            if not all(word in names for word in words) or all(map(vocabulary.has_word, words)):
                continue
            known = dictionary.exact(" ".join(words))
            if dictionary.has_own(" ".join(words)) or (known and length > 1):
                continue
            spelt = _spelt(words, vocabulary)
            if spelt is None:
                continue
            following = reading.words[place + length] if place + length < len(reading.words) else ""
            if whole := shares(_numbered(spelt, following), vocabulary):
                reading.take(place, length + 1, whole, whole=True)
                continue
            others = ((text, (1 - SPELT_SHARE) * weight) for text, weight in known if text != spelt)
            if alternatives := shares([(spelt, SPELT_SHARE), *others], vocabulary):
                reading.take(place, length, alternatives, whole=True)


def in_pinyin(words: Sequence[str], names: Collection[str]) -> Iterator[Sequence[str]]:
    """The names in a question that may be in pinyin, each also as the West writes it."""
    for length in range(1, MOST_WORDS + 1):
        for place in range(len(words) - length + 1):
            if all(word in names for word in words[place : place + length]):
                yield from _orders(words[place : place + length])


def _orders(words: Sequence[str]) -> Sequence[Sequence[str]]:
    """A name as it is written, and as the West writes it, given name first."""
    return [words, words[::-1]] if len(words) > 1 else [words]


def _spelt(words: Sequence[str], vocabulary: Vocabulary) -> str | None:
    """A name in Chinese, a word of the corpus before others."""
    orders = _orders(words)
    found = (spell(order, vocabulary) for spell in (pinyin.word, pinyin.name) for order in orders)
    return next(filter(None, found), None)


def _numbered(spelt: str, following: str) -> list[Weighted]:
    """One of a series by its number (神舟十九号); none where no number follows."""
    if not following.isdigit() or int(following) > LARGEST:
        return []
    return [(f"{spelt}{form}号", 1.0) for form in (chinese(int(following)), following)]
