"""Sentences of a stored text, with exact offsets: what is ranked and what is quoted.

A text is cut into paragraphs, paragraphs into sentences, and sentences that are too long into pieces. Nothing
but white space is left out between the pieces. Headings and photo credits are told apart from the text.
"""

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from retrieval.models import Sentence, SentenceKind, Span

LONGEST = 400
"""Characters of the longest piece; a longer sentence is cut at its marks."""
SHORTEST_CUT = LONGEST // 4
"""A mark this near to the beginning is no place to cut a long sentence at."""
LONGEST_QUOTE = 150
"""Characters of a quotation or bracket that is kept in one piece; a longer speech is cut inside."""
LONGEST_HEADING = 30
MOST_HEADINGS = 2
"""Headings that may follow one another (a section and its first part); more are the items of a list."""

STOPS = "。！？｡!?…⋯‼⁇⁈⁉"
PAIRS = dict(zip("“‘「『《〈（(【〖［[〔｛{", "”’」』》〉）)】〗］]〕｝}", strict=True))
STRAIGHT = '"＂'
"""Quotation marks that open as they close."""
CLOSERS = "".join(PAIRS.values()) + STRAIGHT + "'"
TITLE_CLOSERS = "》〉"
BRACKET_CLOSERS = "）)】〗］]〕｝}"

BLANK = re.compile(r"\s+")
BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]|\u3000\u3000")
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

CUTS = (
    re.compile(r".*[；;]", re.DOTALL),
    re.compile(r".*(?:[，、：]|[,:](?!\d))", re.DOTALL),
    re.compile(r".*\s", re.DOTALL),
)
"""Where a long sentence is cut, best first; each finds the last such place."""
CUT_MARKS = "；;，、：,:"
UNMARKED = re.compile(rf"[^{STOPS}；;，、：\n]++")

OPEN_ENDS = "，、；,;"
"""A paragraph that ends in one of these goes on: it is no heading."""
QUESTION_MARKS = "？?⁇⁈"
LONGEST_CREDIT = 40
CREDIT = re.compile(
    r"[（(【]?\s*(?:"
    r"(?:图源|图片来源|图片|照片|图|摄影|供图|制图)\s*[:：/／|｜]\s*\S.*"
    r"|.*(?:\s图片?|[社网报台]图|[供制绘配]图|[/／]图|\s摄影?|记者.{1,12}(?<!拍)摄)"
    r"|.*(?:资料图片?|资料照片|网络图片?|示意图|效果图|图文无关)"
    r"|新华社发(?:[（(].+[）)])?"
    r")\s*[）)】]?",
)
PROSE = re.compile(r"[。！？，；]")


def split(text: str) -> list[Sentence]:
    """The sentences of a text, in its order.

    `text[start:end]` has no white space around it, and only white space lies between one sentence and the
    next. No piece is longer than `LONGEST`. Takes time in proportion to the text's length, whatever it holds.
    """
    paragraphs = list(_paragraphs(text))
    pieces = [list(_sentences(text, start, end)) for start, end in paragraphs]
    headings = _headings(text, pieces)
    return [
        Sentence(start=start, end=end, paragraph=number, kind=kind)
        for number, spans in enumerate(pieces)
        for span, kind in _kinds(text, spans, is_heading=number in headings)
        for start, end in _bounded(text, *span)
    ]


def is_cut_short(text: str) -> bool:
    """Whether `split` cuts a sentence where no mark is, because it grew too long."""
    if not any(len(run.group()) > LONGEST - SHORTEST_CUT for run in UNMARKED.finditer(text)):
        return False
    return any(
        sentence.paragraph == following.paragraph
        and sentence.end - sentence.start >= SHORTEST_CUT
        and text[sentence.end - 1] not in STOPS + CLOSERS + CUT_MARKS + "."
        for sentence, following in itertools.pairwise(split(text))
    )


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for blank in BLANK.finditer(text):
        if blank.start() == start:
            start = blank.end()
        elif blank.end() == len(text) or BREAK.search(text, *blank.span()):
            yield start, blank.start()
            start = blank.end()
    if start < len(text):
        yield start, len(text)


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
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
    word = BEFORE_DOT.search(text, max(begin, stop - LONGEST_HEADING), stop)
    if word is None:
        return True
    name = word[1]
    is_initial = len(name) == 1 and name.isalpha() and name.isascii()
    is_acronym = "." in name and not any(character.isdigit() for character in name)
    is_number = name == "No" and NUMBER_FOLLOWS.match(text, after, end) is not None
    is_label = word.start() == begin and LABEL.fullmatch(name) is not None
    return not (is_initial or is_acronym or is_number or is_label or name.lower() in ABBREVIATIONS)


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence in pieces of at most `LONGEST` characters."""
    while end - start > LONGEST:
        cut = _cut(text, start)
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        yield start, stop
        start = cut
        while text[start].isspace():
            start += 1
    yield start, end


def _cut(text: str, start: int) -> int:
    """The best place to cut a sentence that is too long."""
    limit = start + LONGEST
    for pattern in CUTS:
        found = pattern.match(text, start, limit)
        if found and found.end() - start >= SHORTEST_CUT:
            return found.end()
    cut = limit
    while cut > start + SHORTEST_CUT and _is_joined(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > start + SHORTEST_CUT else limit


def _is_joined(before: str, after: str) -> bool:
    """Whether two characters are seen as one: an accent, a joined emoji, half a surrogate pair."""
    return (
        unicodedata.category(after) in {"Mn", "Mc", "Me"}
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\udc00" <= after <= "\udfff"
    )


def _headings(text: str, paragraphs: Sequence[Sequence[Span]]) -> set[int]:
    """The paragraphs that head those after them.

    None in a list, where most paragraphs have no end mark; none at the end, where nothing follows.
    """
    bare = [not _has_end_mark(text, spans[-1][1]) for spans in paragraphs]
    if sum(bare) * 2 > len(paragraphs):
        return set()
    found: set[int] = set()
    run: list[int] = []
    for number, spans in enumerate(paragraphs):
        if _could_head(text, spans, is_bare=bare[number]):
            run.append(number)
            continue
        if len(run) <= MOST_HEADINGS:
            found.update(run)
        run = []
    return found


def _could_head(text: str, spans: Sequence[Span], *, is_bare: bool) -> bool:
    start, end = spans[0]
    if len(spans) > 1 or end - start > LONGEST_HEADING or not WORD.search(text, start, end):
        return False
    if is_bare:
        return text[end - 1] not in OPEN_ENDS
    return text[start:end].rstrip(CLOSERS)[-1:] in tuple(QUESTION_MARKS)


def _has_end_mark(text: str, end: int) -> bool:
    while end > 0 and text[end - 1] in CLOSERS:
        end -= 1
    return end > 0 and text[end - 1] in STOPS + "."


def _kinds(text: str, spans: Sequence[Span], *, is_heading: bool) -> Iterator[tuple[Span, SentenceKind]]:
    kind = SentenceKind.HEADING if is_heading else SentenceKind.TEXT
    for span in spans[:-1]:
        yield span, kind
    start, end = spans[-1]
    yield spans[-1], SentenceKind.CAPTION if _is_credit(text[start : min(end, start + LONGEST)]) else kind


def _is_credit(piece: str) -> bool:
    if len(piece) > LONGEST_CREDIT:
        return False
    return CREDIT.fullmatch(piece) is not None and not PROSE.search(piece)
