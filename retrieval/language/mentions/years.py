"""The years that a text speaks of: in figures (2018年, 二〇一八年), and by reference (同年, 次年, 去年).

What a reference points to is found in the text before it, or by the date of the article.
"""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from retrieval.language.normalise import folded, normalise
from retrieval.models import Article, Sentence
from retrieval.regex import beginning, regex

HAN_DIGITS = "〇一二三四五六七八九"
UNITS = "[个家人名位元万亿千百多余米里克吨斤件支只次种座条部台套张天日时分秒号岁倍页平公股吋尺%.,]"
"""What follows a number that is no year, though it looks like one (2000多家)."""
YEAR = (
    r"(?<!\d)(?<!\d[.,])"
    rf"(?:(?P<figures>1\d{{3}}|20\d\d) ?年(?!代|历史)|(?P<bare>(?:19|20)\d\d)(?!\d| ?年|{UNITS}))"
    rf"|(?P<han>[一二][{HAN_DIGITS}零]{{3}})年"
)
BEFORE = {
    "同年": 0,
    "那一年": 0,
    "那年": 0,
    "当年": 0,
    "该年": 0,
    "次年": 1,
    "翌年": 1,
    "隔年": 1,
    "第二年": 1,
    "前一年": -1,
    "上一年": -1,
    "上年": -1,
}
"""References to the year last spoken of, and how many years later they point."""
PUBLISHED = {"今年": 0, "本年度": 0, "去年": -1, "前年": -2, "明年": 1}
"""References to the year of publication."""
PART_OF_MORE = "(?![均产收龄级纪夜轻会])"
"""What follows characters that are no reference, though they look like one (过去年均, 同年级, 上年纪)."""
REFERENCE = rf"(?<![过相晚以年之])(?P<published>{'|'.join(PUBLISHED)}){PART_OF_MORE}"
SPOKEN = beginning(
    "12一二同那当该次翌隔第前上今本去明",
    rf"{YEAR}|(?<![过相晚以])(?P<before>{'|'.join(BEFORE)}){PART_OF_MORE}|{REFERENCE}",
)
REFERRED = beginning("今本去前明", REFERENCE)
MARKS = ("年", "19", "20")
"""One of these is in every text that speaks of a year."""


class Reading:
    """Goes through a text from its beginning, and knows which year it has come to.

    Args:
        published: when the article was, from which 今年 and 去年 count; None where that is not known.
    """

    def __init__(self, published: dt.date | None = None) -> None:
        self.last: int | None = None
        self._published = published

    def read(self, text: str) -> tuple[int, ...]:
        """The years that the next piece of a text (normalised) speaks of, in its order."""
        if not any(map(text.__contains__, MARKS)):
            return ()
        found = [year for match in SPOKEN.finditer(text) if (year := self._year(match)) is not None]
        return tuple(dict.fromkeys(found))

    def _year(self, match: re.Match[str]) -> int | None:
        """The year of a match; None where what it refers to is not known."""
        found = match.groupdict()
        if figures := found["figures"] or found["bare"]:
            self.last = int(figures)
        elif han := found["han"]:
            self.last = int("".join(str(HAN_DIGITS.index(digit)) for digit in han.replace("零", "〇")))
        elif reference := found["before"]:
            self.last = None if self.last is None else self.last + BEFORE[reference]
        elif self._published is None:
            return None
        else:
            self.last = self._published.year + PUBLISHED[found["published"]]
        return self.last


PERIOD_FIRST = regex(
    rf"(?:(?!{'|'.join(PUBLISHED)}|年)[^;。])*?(?<![年去今明])(?:[上下]半年|(?:第?[一二三四]|前三)季度|前\S{{1,2}}个月)"
)
"""A period of the year of publication, named before any other year: 上半年,…延续去年的态势."""


class Years(NamedTuple):
    """The years that a sentence speaks of itself, and those that the text around it tells for it.

    `unknown` are its references to a year that nothing tells: 今年 in an article without a date.
    """

    own: tuple[int, ...]
    around: tuple[int, ...]
    unknown: frozenset[str] = frozenset()

    @property
    def meant(self) -> tuple[int, ...]:
        """The years that the sentence is about: its own, or where it names none, those around it."""
        return self.own or self.around


def spoken(text: str) -> tuple[int, ...]:
    """The years that a (normalised) text speaks of by itself."""
    return Reading().read(text)


def references(text: str) -> frozenset[str]:
    """The references of a (normalised) text to years that its date tells: 今年, 去年."""
    return frozenset(match["published"] for match in REFERRED.finditer(text))


def resolved(text: str, today: dt.date | None) -> str:
    """Resolve 今年, 去年 and their like; a question is unchanged if it names a year.

    Args:
        text: the question.
        today: the date that they count from; None where it is not known.
    """
    asked = folded(text)
    found = list(REFERRED.finditer(asked))
    if today is None or not found or spoken(asked):
        return text
    for match in reversed(found):
        year = today.year + PUBLISHED[match["published"]]
        text = f"{text[: match.start()]}{year}年{text[match.end() :]}"
    return text


class ArticleYears:
    """The years of an article's sentences; the text is read once, as far as it is asked for."""

    def __init__(self, article: Article, sentences: Sequence[Sentence]) -> None:
        self._article = article
        self._sentences = sentences
        self._reading = Reading(article.published)
        self._before: list[int | None] = []
        """The year that the text had come to before each sentence."""
        self._own: list[tuple[int, ...]] = []

    def of_sentence(self, number: int) -> Years:
        """The years of a sentence.

        Around it: the year that the text had come to before, those of its neighbours and of the title, and
        the year of publication.
        """
        while len(self._own) < min(number + 2, len(self._sentences)):
            self._read_on()
        last = () if self._before[number] is None else (self._before[number],)
        beside = chain(*self._own[max(number - 1, 0) : number], *self._own[number + 1 : number + 2])
        published = (self._article.published.year,) if self._article.published else ()
        around = (*last, *beside, *spoken(normalise(self._article.title)), *published)
        unknown = frozenset() if self._article.published else references(self._text(number))
        years = tuple(dict.fromkeys(year for year in around if year is not None))
        return Years(self._own[number], years, unknown)

    def _read_on(self) -> None:
        """Read the next sentence."""
        number = len(self._own)
        self._before.append(self._reading.last)
        text = self._text(number)
        own = self._reading.read(text)
        published = self._article.published
        if own and published and PERIOD_FIRST.match(text):
            own = tuple(dict.fromkeys((published.year, *own)))
        self._own.append(own)

    def _text(self, number: int) -> str:
        """A sentence, normalised."""
        sentence = self._sentences[number]
        return normalise(self._article.summary[sentence.start : sentence.end])
