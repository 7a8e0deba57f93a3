"""Enumerations: how many things a sentence names side by side, and of how many a question asks."""

from retrieval.language.mentions.numerals import value
from retrieval.regex import regex

SEVERAL = regex("(?P<number>[两二三四五六七八九十])(?:大|个|种|项|家|样|条|款|省|座|类|部|名|位|步|点|国|市)")
"""How many things are asked for (哪三样)."""
ENUMERATION = regex("(?:[^、,;:。!?]{1,20}、)+[^、,;:。!?]{1,30}")
BETWEEN = regex("、|以及|和|与|及")


def longest(text: str) -> int:
    """How many items the longest enumeration of a compared text has: 3 of 广东、广西和海南; 1 where none."""
    runs = ENUMERATION.findall(text)
    two = 1 + bool(BETWEEN.search(text))
    return max((sum(map(bool, BETWEEN.split(run))) for run in runs), default=two)


def several(asked: str) -> int | None:
    """Of how many things a normalised question asks for a list; None where it does not say."""
    told = SEVERAL.search(asked)
    number = value(told["number"]) if told else None
    return int(number) if number else None
