"""Where the sentences of a paragraph end: the rules of stops, of what follows them, and of quotations."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from retrieval.models import Span

LONGEST_QUOTE = 150
"""Characters of a quotation or bracket that is kept in one piece; a longer speech is cut inside."""
LONGEST_LABEL = 30
"""Characters before a dot that tell an abbreviation or a label."""

STOPS = "。！？｡!?…⋯‼⁇⁈⁉"
PAIRS = dict(zip("“‘「『《〈（(【〖［[〔｛{", "”’」』》〉）)】〗］]〕｝}", strict=True))
STRAIGHT = '"＂'
"""Quotation marks that open as they close."""
CLOSERS = "".join(PAIRS.values()) + STRAIGHT + "'"
TITLE_CLOSERS = "》〉"
BRACKET_CLOSERS = "）)】〗］]〕｝}"

BLANK = re.compile(r"\s+")
WORD = re.compile(r"\w")
MARK = re.compile(
    r"(?P<url>(?:https?://|www\.)[!-~]*[A-Za-z0-9/_=&#%-])"
    rf"|(?P<stop>[{STOPS}]+|\.{{3,}})"
    r"|(?P<dot>\.)"
    rf"|(?P<pair>[{re.escape(''.join(PAIRS) + ''.join(PAIRS.values()))}{STRAIGHT}])",
)
CONTINUES = re.compile(rf"\s{{0,3}}[，、；：,;:)—{STOPS}]")
"""What follows a stop within a sentence: “谁是第一城？”，这是个问题。"""
PARTICLE = re.compile(r"的(?!确)|等(?![待到着了])")
"""What follows a quotation within a sentence: 题为“谁是第一城？”的演讲"""
LATIN_FOLLOWS = re.compile(r"\s*[a-z]")
DOT_FOLLOWS = re.compile(rf"\s+[^\W_a-z]|\s+[{re.escape(''.join(PAIRS))}{STRAIGHT}']|\s*$")
NUMBER_FOLLOWS = re.compile(r"\s*\d")
BEFORE_DOT = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)\.$")
ABBREVIATIONS = frozenset(
    """
    al apr approx assn aug ave blvd bros ca capt cf co col corp dec dept dr eg etc feb fig figs ft gen gov hon
    ie inc jan jr jul jun llc lt ltd mr mrs ms mt nov oct pp pres prof rep rev sen sep sept sgt sr st univ
    vol vs
    """.split(),
)
LABEL = re.compile(r"[\d一二三四五六七八九十]{1,3}")
"""What numbers an item of a list: 1. 一."""


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a paragraph, of any length; marks without a word belong to the sentence before."""
    begin, last = start, None
    for cut in _ends(text, start, end):
        if last:
            yield last
        last = begin, cut
        begin = _past_blank(text, cut, end)
    if last and (begin == end or not WORD.search(text, begin, end)):
        yield last[0], end
        return
    if last:
        yield last
    yield begin, end


def _past_blank(text: str, at: int, end: int) -> int:
    blank = BLANK.match(text, at, end)
    return blank.end() if blank else at


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where the sentences of a paragraph end (exclusive)."""
    marks = list(MARK.finditer(text, start, end))
    closing = _pairs(text, start, end, marks)
    opening = {close: opened for opened, close in closing.items()}
    begin = unsearched = start
    shielded = start  # where the quotation ends that we are in
    for mark in marks:
        at = mark.start()
        shielded = max(shielded, closing.get(at, start) + 1)
        if at < begin or mark.lastgroup in {"url", "pair"}:
            continue
        after = _after_closers(text, mark.end(), end, closing)
        if after < shielded or not _is_end(text, begin, mark, after, end):
            continue
        if _closes_in_passing(text, begin, mark.end(), after, opening):
            continue
        if WORD.search(text, unsearched, at):
            yield after
            begin = _past_blank(text, after, end)
        unsearched = after


def _pairs(text: str, start: int, end: int, marks: Sequence[re.Match[str]]) -> dict[int, int]:
    """The quotations and brackets that are closed, and not too long: opening to closing position.

    Each kind is matched on its own, so that one left open cannot hide another.
    """
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = defaultdict(list)
    for match in marks:
        if match.lastgroup != "pair":
            continue
        mark, at = match.group(), match.start()
        if mark in PAIRS:
            opened[PAIRS[mark]].append(at)
        elif mark in STRAIGHT and _opens(text, at, start, is_open=bool(opened[mark])):
            opened[mark] = [at]
        elif opened[mark] and not _is_apostrophe(text, at, end):
            first = opened[mark].pop()
            if at - first <= LONGEST_QUOTE:
                pairs[first] = at
    return pairs


def _opens(text: str, at: int, start: int, *, is_open: bool) -> bool:
    """Whether a straight quotation mark opens: white space tells, else they take turns."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1 : at + 2] or " "
    if before.isspace() != after.isspace():
        return before.isspace()
    return not is_open


def _is_apostrophe(text: str, at: int, end: int) -> bool:
    return text[at] == "’" and at + 1 < end and text[at - 1].isascii() and text[at + 1].isalnum()


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


def _is_end(text: str, begin: int, mark: re.Match[str], after: int, end: int) -> bool:
    """Whether what follows a stop and its closing marks lets the sentence end there."""
    if CONTINUES.match(text, after, end):
        return False
    if after > mark.end() and PARTICLE.match(text, after, end):
        return False
    if mark.lastgroup == "dot":
        return _is_full_stop(text, begin, mark.end(), after, end)
    if not mark.group().isascii():
        return True
    before = text[mark.start() - 1 : mark.start()]
    if not before.isascii():
        return True
    in_word = after == mark.end() and after < end and text[after].isascii() and not text[after].isspace()
    return not in_word and not LATIN_FOLLOWS.match(text, after, end)


def _is_full_stop(text: str, begin: int, stop: int, after: int, end: int) -> bool:
    """Whether a dot ends an English sentence, rather than an abbreviation, a number or a label."""
    is_quoted = after > stop and after < end and not text[after].isascii()
    if not is_quoted and not DOT_FOLLOWS.match(text, after, end):
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
