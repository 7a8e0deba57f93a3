"""One name, year or number in the place of its like in the question before.

那江苏呢 exchanges a place, 2021年呢 a year, 神舟十六号呢 what is numbered alike, 那Kimi K2呢 a product. A
name that a tagger takes for a word (小米) is told by a list, one that no dictionary has by being in none.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.language.mentions.patterns import COMMON
from retrieval.language.normalise import folded
from retrieval.language.tokeniser import Tokeniser
from retrieval.questions.chinese import IGNORED
from retrieval.regex import regex

YEAR = regex(r"\d{4}年?")
PROPER = {"ns": "place", "nr": "name", "nt": "name", "nz": "name", "": "unknown"}
"""What parts of speech name: something of one kind can take the place of another."""
NAMED = frozenset({"place", "name", "numbered"})
"""What names a subject; where nothing of the same kind is named, one takes the place of another."""
SUBJECTS = NAMED | {"unknown"}
"""With words that stand in no dictionary: names, or cut wrongly."""
BRANDS = frozenset(
    """
    小米 苹果 理想 百度 字节 微软 商汤 海光 网易 滴滴 联想 格力 美的 上汽 中石化 工行 建行 农行 中行 招行
    平安 茅台 豆包 星火 天工 海螺 大众 奔驰 空客 波音 麒麟 鲲鹏
    """.split(),
)
"""Names of companies and products that a tagger takes for common words."""
ACRONYMS = frozenset("ai gdp cpi ppi pmi ceo cto cfo ipo api gpu cpu npu app llm agi aigc vr ar k g".split())
"""Latin words that name no one thing."""
NUMERAL = r"(?:\d+|[零〇一二三四五六七八九十百]+)"
LATIN = r"[a-z][a-z0-9.+-]*(?: (?:[a-z]+[0-9.]*|\d[\d.]*[a-z]*)(?![a-z0-9.]))*"
WHOLE = regex(
    rf"(?P<year>\d{{4}}年|[去今前明上]年(?![均产级轻]))|(?P<half>[上下]半年)"
    rf"|(?P<numbered>[\u4e00-\u9fff]{{2,3}}{NUMERAL}号)"
    rf"|第?{NUMERAL}(?P<unit>届|批|代|期|季度|轮|月份?|周|次|号线)|(?P<latin>{LATIN})"
)
"""Names and periods of several tokens; two with a unit are alike where the unit is the same."""
WITHIN_YEAR = frozenset({"half", "季度", "月", "月份", "周"})
"""Periods of which one takes the place of another (6月份 that of 上半年)."""
PERIODS = WITHIN_YEAR | {"year"}
VERSION = regex(r"(?<![\d.])\d{1,3}(?:\.\d+)*(?![\d.年月日])")
"""The number of a version or of a thing of a series."""
OFFICE = regex("(?<=..)(?:总理|总统|首相|外长|国王|主席|央行|地铁)$")
"""What a dictionary has as one word with whose it is (德国总理): only the country is exchanged."""
REMEMBERED = 16
"""Questions whose words are kept: of a follow-up and the one before it several things are told by them."""
JOINT = regex(r"[、和与及跟,\s]*")


class Piece(NamedTuple):
    """A word of a question, where it stands, and what it names: a year, a place, a name; None for others."""

    text: str
    start: int
    end: int
    names: str | None


@functools.lru_cache(REMEMBERED)
def pieces(text: str, tokeniser: Tokeniser) -> tuple[Piece, ...]:
    """The words of a question, folded, where they stand in it; names and periods of several tokens as one."""
    normalised = folded(text)
    whole = list(_whole(normalised))
    found = list(whole)
    position = 0
    for word in tokeniser.words(normalised):
        start = normalised.find(word, position)
        if start >= 0:
            position = start + len(word)
            if not any(one.start < position and start < one.end for one in whole):
                found.append(Piece(word, start, position, named(word, tokeniser)))
    return tuple(sorted(found, key=lambda piece: piece.start))


def _whole(normalised: str) -> Iterator[Piece]:
    for match in WHOLE.finditer(normalised):
        if match["latin"]:
            if match.group() not in ACRONYMS:
                yield Piece(match.group(), *match.span(), "name")
        else:
            kind = match["unit"] or match.lastgroup
            yield Piece(match.group(), *match.span(), "year" if kind == "year" else kind)


def named(word: str, tokeniser: Tokeniser) -> str | None:
    """What a folded word names; None for a common word."""
    if YEAR.fullmatch(word):
        return "year"
    if word in IGNORED or word in COMMON or not word.strip() or (len(word) < 2 and not word.isascii()):  # noqa: PLR2004
        return None
    if word.isascii():
        return "name" if word.isalpha() and word not in ACRONYMS else None
    return "name" if word in BRANDS else PROPER.get(tokeniser.part_of_speech(word)[:2])


def exchanged(own: str, previous: str, tokeniser: Tokeniser) -> str | None:
    """The question before with its year, place or name (or a list of them) exchanged for this one.

    A period that it did not name is put in.
    """
    if VERSION.fullmatch(own):
        number = VERSION.search(folded(previous))
        return number and f"{previous[: number.start()]}{own}{previous[number.end() :]}"
    kind = _kind(own, tokeniser)
    if kind is None:
        return None
    before = pieces(previous, tokeniser)
    first = _alike(own, kind, before)
    if first is None:
        return _put_in(own, previous, before) if kind in PERIODS else None
    last = _end_of_list(before, first, folded(previous))
    role = None if OFFICE.search(folded(own)) else OFFICE.search(before[last].text)
    end = before[last].end - (len(role.group()) if role else 0)
    return previous[: before[first].start] + own + previous[end:]


def _put_in(period: str, previous: str, before: Sequence[Piece]) -> str | None:
    """The question before with a period that it did not name, behind its year; none where it has another."""
    named_before = [piece for piece in before if piece.names in PERIODS]
    if any(piece.names != "year" for piece in named_before):
        return None
    at = named_before[0].end if named_before else 0
    return f"{previous[:at]}{period}{previous[at:]}"


def _kind(own: str, tokeniser: Tokeniser) -> str | None:
    """What is named by all that a follow-up says: what its last word names, or what no dictionary has."""
    found = [piece for piece in pieces(own, tokeniser) if piece.text.strip()]
    if found and all(len(piece.text) == 1 or piece.names == "unknown" for piece in found):
        return "name"
    return found[-1].names if found else None


def _alike(own: str, kind: str, before: Sequence[Piece]) -> int | None:
    """The place of the first piece of the same kind; of what is numbered, of the same stem before others."""
    stem = re.sub(rf"{NUMERAL}.?$", "", folded(own))
    kinds = WITHIN_YEAR if kind in WITHIN_YEAR else {kind}
    same = [at for at, piece in enumerate(before) if piece.names in kinds]
    of_stem = [at for at in same if stem and stem != folded(own) and before[at].text.startswith(stem)]
    if kind not in SUBJECTS:
        return next(iter(same), None)
    any_name = [at for at, piece in enumerate(before) if piece.names in NAMED]
    unknown = [at for at, piece in enumerate(before) if piece.names == "unknown"]
    return next(iter(of_stem or same or any_name or unknown), None)


def _end_of_list(before: Sequence[Piece], first: int, text: str) -> int:
    """The last of the names that are said in one breath (上海和北京)."""
    last = first
    for number in range(first + 1, len(before)):
        between = text[before[last].end : before[number].start]
        if before[number].names == before[first].names and JOINT.fullmatch(between):
            last = number
        elif not JOINT.fullmatch(before[number].text):
            break
    return last
