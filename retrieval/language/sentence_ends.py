"""Where the sentences of a paragraph end: the rules of stops, of what follows them, and of quotations."""

import re
from collections import deque
from collections.abc import Iterator

from retrieval.language.list_items import items
from retrieval.language.openings import dateline_end
from retrieval.language.pairs import CLOSERS, PAIRS, STRAIGHT, closed_pairs
from retrieval.models import Span
from retrieval.regex import regex

LONGEST_LABEL = 30
"""Characters before a dot that tell an abbreviation or a label."""

STOPS = "。！？｡!?…⋯‼⁇⁈⁉"
TITLE_CLOSERS = "》〉"
BRACKET_CLOSERS = "）)】〗］]〕｝}"

BLANK = regex(r"\s+")
WORD = regex(r"\w")
MARK = regex(
    r"(?P<url>(?:https?://|www\.)[!-~]*[A-Za-z0-9/_=&#%-])"
    rf"|(?P<stop>[{STOPS}]+|\.{{3,}})"
    r"|(?P<dot>\.)"
    rf"|(?P<pair>[{re.escape(''.join(PAIRS) + ''.join(PAIRS.values()))}{STRAIGHT}])",
)
CONTINUES = regex(rf"\s{{0,3}}[，、；：,;:)—{STOPS}]")
"""What follows a stop within a sentence: “谁是第一城？”，这是个问题。"""
PARTICLE = regex(r"的(?!确)|等(?![待到着了])")
"""What follows a quotation within a sentence: 题为“谁是第一城？”的演讲"""
LATIN_FOLLOWS = regex(r"\s*[a-z]")
DOT_FOLLOWS = regex(rf"\s+[^\W_a-z]|\s+[{re.escape(''.join(PAIRS))}{STRAIGHT}']|\s*$")
NUMBER_FOLLOWS = regex(r"\s*\d")
BEFORE_DOT = regex(r"([^\W_]+(?:\.[^\W_]+)*)\.$")
ABBREVIATIONS = frozenset(
    """
    al apr approx assn aug ave blvd bros ca capt cf co col corp dec dept dr eg etc feb fig figs ft gen gov hon
    ie inc jan jr jul jun llc lt ltd mr mrs ms mt nov oct pp pres prof rep rev sen sep sept sgt sr st univ
    vol vs
    """.split(),
)
LABEL = regex(r"[\d一二三四五六七八九十]{1,3}")
"""What numbers an item of a list: 1. 一."""
SPEAKER = regex(
    r"\s?[^\s。！？!?…；;“”「」『』\"：:，,]{0,24}?"
    r"(?:(?:表示|指出|强调|強調|介绍|介紹|认为|認為|坦言|透露|回忆|回憶|回应|回應|解释|解釋|感叹|感嘆|直言|评价|評價|[说說道称稱问問答])"
    r"(?=[。.]|$)|[说說道](?=，\s?[“「『\"]))",
)
"""Whose words the quotation before were: “我们将投资五十亿元。”集团总裁说。"""
FIGURE = regex(r"(?:[^\W\d_]{0,4})\d[\d.,]*\s?(?:%|％|[^\W\d_]{0,6})")
"""A figure alone, called out before the sentence that tells of what: 约95万亿元！这是…"""
ANNOUNCING = "：:"
EXCLAMATIONS = "！!"
PERCENT = "%％‰℃"


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a paragraph, of any length; marks without a word belong to the sentence before.

    A dateline that the paragraph opens with is a piece of its own.
    """
    begin, last = start, None
    opened = dateline_end(text, start, end)
    if start < opened < end:
        yield start, opened
        begin = start = _past_blank(text, opened, end)
    for cut in _ends(text, start, end):
        if last:
            yield last
        last = begin, _before_blank(text, cut)
        begin = _past_blank(text, cut, end)
    if last and (begin == end or not WORD.search(text, begin, end)):
        yield last[0], end
        return
    if last:
        yield last
    yield begin, end


def _before_blank(text: str, at: int) -> int:
    while text[at - 1].isspace():
        at -= 1
    return at


def _past_blank(text: str, at: int, end: int) -> int:
    blank = BLANK.match(text, at, end)
    return blank.end() if blank else at


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where the sentences of a paragraph end (exclusive): at stops, and above the items of its lists."""
    marks = list(MARK.finditer(text, start, end))
    closing = closed_pairs(text, start, end, (mark.start() for mark in marks if mark.lastgroup == "pair"))
    opening = {close: opened for opened, close in closing.items()}
    listed = items(text, start, end)
    starts = deque(listed.starts)
    begin = unsearched = start
    shielded = start  # where the quotation ends that we are in
    for mark in marks:
        at = mark.start()
        while starts and starts[0] <= at:
            item = starts.popleft()
            if item > begin and item >= shielded:
                yield item
                begin = unsearched = item
        shielded = max(shielded, closing.get(at, start) + 1)
        if at < begin or mark.lastgroup in {"url", "pair"} or at in listed.marks:
            continue
        after = _after_closers(text, mark.end(), end, closing)
        if after < shielded or not _is_end(text, begin, mark, after, end):
            continue
        if _closes_in_passing(text, begin, mark.end(), after, opening):
            continue
        if after > mark.end() and _is_told(text, begin, after, end, opening):
            continue
        if WORD.search(text, unsearched, at):
            yield after
            begin = _past_blank(text, after, end)
        unsearched = after
    yield from (item for item in starts if item > begin and item >= shielded)


def _after_closers(text: str, at: int, end: int, closing: dict[int, int]) -> int:
    """The position behind the closing marks that follow a stop."""
    while at < end and text[at] in CLOSERS and at not in closing:
        at += 1
    return at


def _closes_in_passing(text: str, begin: int, stop: int, after: int, opening: dict[int, int]) -> bool:
    """Whether a stop ends only what is in brackets, not the sentence: 《你好！》上映, 他（谁？）来."""
    last = after - 1
    if after == stop or last not in opening:
        return False
    return text[last] in TITLE_CLOSERS or (text[last] in BRACKET_CLOSERS and opening[last] > begin)


def _is_told(text: str, begin: int, after: int, end: int, opening: dict[int, int]) -> bool:
    """Whether a quotation that ends here is followed by who said it, and not preceded by that."""
    opened = opening.get(after - 1, begin)
    is_announced = opened > begin and text[opened - 1] in ANNOUNCING
    return not is_announced and SPEAKER.match(text, after, end) is not None


def _is_end(text: str, begin: int, mark: re.Match[str], after: int, end: int) -> bool:
    """Whether what follows a stop and its closing marks lets the sentence end there."""
    if CONTINUES.match(text, after, end):
        return False
    if after > mark.end() and PARTICLE.match(text, after, end):
        return False
    if mark.group() in EXCLAMATIONS and FIGURE.fullmatch(text, begin, mark.start()):
        return False
    if mark.lastgroup == "dot":
        return _is_full_stop(text, begin, mark.end(), after, end)
    return not mark.group().isascii() or _is_ascii_end(text, mark, after, end)


def _is_ascii_end(text: str, mark: re.Match[str], after: int, end: int) -> bool:
    """Whether ! or ? ends a sentence, rather than standing in a name, a link or an English quotation."""
    before = text[mark.start() - 1 : mark.start()]
    if not before.isascii():
        return True
    in_word = after == mark.end() and after < end and text[after].isascii() and not text[after].isspace()
    return not in_word and not LATIN_FOLLOWS.match(text, after, end)


def _is_full_stop(text: str, begin: int, stop: int, after: int, end: int) -> bool:
    """Whether a dot ends an English sentence, rather than an abbreviation, a number or a label."""
    is_chinese = (
        after < end and not text[after].isascii() and (after > stop or _ends_chinese(text, begin, stop))
    )
    if not is_chinese and not DOT_FOLLOWS.match(text, after, end):
        return False
    word = BEFORE_DOT.search(text, max(begin, stop - LONGEST_LABEL), stop)
    if word is None:
        return True
    name = word[1]
    is_initial = len(name) == 1 and name.isalpha() and name.isascii()
    is_acronym = "." in name and not any(character.isdigit() for character in name)
    is_number = name == "No" and NUMBER_FOLLOWS.match(text, after, end) is not None
    is_label = word.start() == begin and LABEL.fullmatch(name) is not None
    return not (is_initial or is_acronym or is_number or is_label or name.lower() in ABBREVIATIONS)


def _ends_chinese(text: str, begin: int, stop: int) -> bool:
    """Whether the character before a dot cannot belong to a Latin word, a number or a label."""
    before = text[stop - 2] if stop - 2 >= begin else " "
    return before in PERCENT or (not before.isascii() and before.isalpha() and stop - 2 > begin)
