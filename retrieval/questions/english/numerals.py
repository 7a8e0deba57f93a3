"""English numbers and dates as Chinese texts write them: 20th century, 1.2 million, XIV, March, the 1970s."""

from collections.abc import Sequence
from typing import NamedTuple

from retrieval.questions.expansion import Weighted
from retrieval.questions.numerals import chinese
from retrieval.regex import regex

ONES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: number for number, word in enumerate(ONES.split())}
NUMBERS |= {word: 10 * tens for tens, word in enumerate(TENS.split(), 2)}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
MONTHS = {
    word: number
    for number, word in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
    if word != "may"
}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
CHINESE_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
ROMAN = regex(r"(?=..)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
FIGURE = regex(r"\d[\d,]*(?:\.\d+)?%?")
ORDINAL = regex(r"(\d+)(?:st|nd|rd|th)")
DECADE = regex(r"(\d{0,3}0)s")
CENTURY = 100


class Numeral(NamedTuple):
    """A number of `words` words, and how it may be written."""

    words: int
    forms: tuple[Weighted, ...]


def numeral(words: Sequence[str], place: int) -> Numeral | None:
    """The number that some words in lower case have at a place; None where they have none."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in ORDINALS:
        is_one_of_several = following.startswith("centur") or ORDINALS[word] > 1
        return _ordinal(ORDINALS[word], following) if is_one_of_several else None
    if match := ORDINAL.fullmatch(word):
        return _ordinal(int(match.group(1)), following)
    if FIGURE.fullmatch(word) or word in NUMBERS:
        return _cardinal(word, following)
    forms = tuple(_forms(word))
    return Numeral(1, forms) if forms else None


def _forms(word: str) -> list[Weighted]:
    """How a decade, a month or a Roman numeral may be written."""
    if match := DECADE.fullmatch(word):
        return _decade(int(match.group(1)))
    if word in MONTHS:
        return [(f"{MONTHS[word]}月", 1.0), (f"{chinese(MONTHS[word])}月", 0.6)]
    if ROMAN.fullmatch(word):
        number = roman(word)
        return [(str(number), 0.6), *_spelt(number, ("{}世", 0.8), ("{}", 0.4), ("第{}", 0.4))]
    return []


def _ordinal(number: int, following: str) -> Numeral:
    if following.startswith("centur"):
        return Numeral(2, ((f"{number}世纪", 1.0), *_spelt(number, ("{}世纪", 0.7))))
    return Numeral(1, (*_spelt(number, ("第{}", 1.0)), (f"第{number}", 0.7), (str(number), 0.4)))


def _decade(year: int) -> list[Weighted]:
    decade = year % CENTURY
    found: list[Weighted] = [(f"{year}年代", 1.0), (str(year), 0.5)]
    if decade:
        found += [(f"{decade}年代", 0.5), (f"{chinese(decade)}年代", 0.4)]
    elif year:
        found.append((f"{year // CENTURY + 1}世纪", 0.5))
    return found


def _cardinal(word: str, following: str) -> Numeral:
    figure = word.replace(",", "").rstrip("%")
    value = float(NUMBERS.get(word, figure))
    if following in SCALES:
        return Numeral(2, ((scaled(value * SCALES[following]), 1.0), (word, 0.3)))
    if word in NUMBERS:
        both = ((str(NUMBERS[word]), 0.6), (chinese(NUMBERS[word]), 0.6))
        return Numeral(1, (*both, ("两", 0.5)) if word == "two" else both)
    found: list[Weighted] = [(word.replace(",", ""), 1.0)]
    if value >= CHINESE_SCALES[-1][0]:
        found.append((scaled(value), 1.0))
    elif figure == word and value < CENTURY and figure.isdigit():
        found.append((chinese(int(value)), 0.4))
    return Numeral(1, tuple(found))


def _spelt(number: int, *patterns: Weighted) -> list[Weighted]:
    """A number below a hundred in Chinese, put into patterns."""
    return [(pattern.format(chinese(number)), weight) for pattern, weight in patterns if number < CENTURY]


def roman(numeral: str) -> int:
    """The value of a Roman numeral in lower case."""
    values = [ROMAN_DIGITS[digit] for digit in numeral]
    return sum(-one if one < other else one for one, other in zip(values, [*values[1:], 0], strict=True))


def scaled(value: float) -> str:
    """A number with 万 and 亿: 1,200,000 is 120万."""
    for scale, name in CHINESE_SCALES:
        if value >= scale:
            return f"{_shortest(value / scale)}{name}"
    return _shortest(value)


def _shortest(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
