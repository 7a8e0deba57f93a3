"""Sentences that go on about what was spoken of before and do not say it again: 2022年为15万吨."""

from retrieval.regex import regex

GOES_ON = regex(
    r"(?:其中|而|到)?,?(?:(?:19|20)\d\d年?|[上下]半年|前?第?[一二三四1-4]个?季度|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月|全年"
    r"|[今去前明次同当]年|第[\d一二三四五六七八九十]{1,3}[届期批次轮周季代])(?![\u4e00-\u9fff]{0,2}(?:日|号)[,上下晚]?)"
)
"""How a sentence begins that tells of another time, and so perhaps not again of what."""
LONGEST = 40
"""Characters of such a sentence."""


def goes_on(sentence: str) -> bool:
    """Whether a compared sentence is one that leaves out what it is about."""
    return len(sentence) <= LONGEST and GOES_ON.match(sentence) is not None
