"""Which version of something a sentence names: Veo 3.1, 文心大模型5.0, DeepSeek-V3.2, 第四代."""

from collections.abc import Iterator
from typing import NamedTuple

from retrieval.language.mentions.numerals import HAN, value
from retrieval.models import Span
from retrieval.questions.newest import NEWEST
from retrieval.regex import beginning, regex

VERSION = beginning(
    rf"a-z\s\d第{HAN}",
    r"(?:(?P<name>[a-z]+)[\s-]?|(?<=[\u4e00-\u9fff])(?<!第)\s?|(?<=d)\s)(?<!\d)(?P<number>\d{1,2}(?:\.\d{1,2}){0,2})"
    r"(?!\d|[.,]\d|[bkgtm%](?![a-z])|\s?(?:[%亿万年月日号时点分元美人名个家款项倍位台种岁天小周条吨公米秒届季只套张次]|stars))"
    rf"|(?:第?(?P<generation>\d{{1,2}}|[{HAN}]{{1,3}})代)",
)
"""A number behind a name, that counts and measures nothing; or a generation."""
RELEASED = regex(
    "(?<!未)(?:发布|推出|上线|开源|登场|亮相|问世|面世|来了|升级|更新)|(?<![a-z])(?:releas|launch)"
)
"""How it is told that there is a new one."""
NAME = regex(r"[a-z]{2,}")
COMMON = frozenset(("ai", "app", "api", "agent", "llm"))
BEFORE = 16
"""Characters before a version among which the name stands that it is of."""
CLOSE = 6
"""The same where a whole number stands behind Chinese: it may count something."""
BARE = ("v", "version")
"""What stands before the number of a version, and names nothing."""
BREAK = regex("[,;。!?:、]")
LEAST_OF_NAME = 2


class Version(NamedTuple):
    """Where a version stands, its numbers, and whether it is one of what was asked for."""

    span: Span
    numbers: tuple[int, ...]
    is_asked: bool


def versions(text: str, asked: str) -> Iterator[Version]:
    """The versions that a compared sentence names.

    Args:
        text: the sentence.
        asked: the normalised question; its Latin names, or else how it begins, are what a version must be of.
    """
    names = names_of(asked)
    for match in VERSION.finditer(text):
        if match.group().strip() in asked:
            continue
        parts = match["number"].split(".") if match["number"] else [value(match["generation"]) or 0]
        numbers = tuple(map(int, parts))
        before = BREAK.split(text[max(0, match.start() - BEFORE) : match.end()])[-1]
        if len(numbers) == 1 and not match["name"]:
            before = text[max(0, match.start() - CLOSE) : match.end()]
        is_bare = match["name"] in BARE or match["generation"]
        is_asked = any(name in (text if is_bare else before) for name in names)
        yield Version(match.span(), numbers, is_asked)


def names_of(asked: str) -> tuple[str, ...]:
    """What a question for a version calls what it is of."""
    latin = tuple(name for name in NAME.findall(asked) if name not in COMMON)
    head = NEWEST.split(asked)[0].strip()
    return latin or ((head[:LEAST_OF_NAME],) if len(head) >= LEAST_OF_NAME else ())
