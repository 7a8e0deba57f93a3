"""What tells one of several alike apart: 第二季度, 第132届, 嫦娥六号, GPT-5.1, C轮, 企业版, 10月5日.

A `Designation` has a kind, what it is a designation of (嫦娥 of 六号, gpt of 5.1; nothing where the kind says
it all) and a value in one form, however it is written: 二季度, Q2 and 第2季度 are one.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from retrieval.language.mentions.numerals import HAN, value
from retrieval.regex import beginning, regex

NUMBER = rf"(?:\d+|[{HAN}]+)"
FROM_ONE, MONTHS_OF_YEAR = 1, 12


class Designation(NamedTuple):
    """One of several alike: its kind, what it is one of, which one, and as it is written."""

    kind: str
    of: str
    which: str
    text: str

    @property
    def family(self) -> tuple[str, str]:
        """What another has in common that would stand in its place."""
        return self.kind, self.of


QUARTER = beginning("前第1-4一二三四两q", r"(前?)第?([1-4一二三四两])个?季度|(?<![a-z])q([1-4])(?!\d)")
HALF = regex("([上下])半年")
MONTHS = beginning(
    rf"前\d{HAN}",
    rf"(?:前({NUMBER})个月|(?<![\d.])({NUMBER})(?:月份?)?(?:[-–—~至到])({NUMBER})月|(?<![\d.个])({NUMBER})月(?:份|(?![{HAN}\d]*[日号])))",
)
DAY = beginning(rf"\d{HAN}", rf"(?<![\d.])({NUMBER})月({NUMBER})[日号]")
ORDINAL = beginning(
    rf"第首\d{HAN}",
    rf"第({NUMBER})(届|批|次|代|期|季(?!度)|轮|周|集|版|个|艘|架|颗|座|条|家|台|位|名|章|条)"
    rf"|({NUMBER})(届)(?!全会)|(首)(届|批|次|代|期|轮|航|季|集|个|艘|架|颗|座|条|家|台|位)",
)
ROUND = regex(r"(?<![a-z])([a-f]\d?\+{0,2})轮|(天使|种子)轮")
EDITION = regex("(企业|专业|标准|个人|家庭|国际|国内|海外|旗舰|基础|高级|免费|付费|普通|限量|青少年)版")
GROUP = regex("(男子|女子|混合|成人|青年|少年|儿童)(?:组|团体|单打|双打)")
PLAN = regex(f"(?<![{HAN}])([一二三四五六七八九]|十[一二三四五六七]?)五(?:规划|期间|时期|计划|末|”)")
NUMBERED = regex(rf"([\u4e00-\u9fff]{{2}})({NUMBER}|[ivx]+)号(?!线|文件|楼|院)")
SHIP = beginning(
    "神天嫦长遥风",
    rf"(?<![\u4e00-\u9fff])?(神舟|神|天舟|嫦娥|天问|长征|遥感|风云)({NUMBER})(?![{HAN}\d年月日个名位家人次艘架万亿])",
)
SHIPS = {"神": "神舟", "神州": "神舟"}
"""What a ship is called for short, or by a slip."""
VERSION = regex(
    r"([a-z]{2,}|[\u4e00-\u9fff][^\W\d_a-z个的了是有在和与及到为用从对把着些几少多出款])[\s-]?(?:v|版本)?(\d+(?:\.\d+)*[a-z]{0,2})"
    r"(?![\d%亿万年月日号时点分元美人名个家款项倍次位台种岁天小周条吨公米秒度届季只套到至]|[.,]\d)"
)
YEARLIKE = regex(r"(?:19|20)\d\d$")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


def designations(text: str, kinds: Collection[str] | None = None) -> tuple[Designation, ...]:
    """Those of a normalised text, all or of some kinds, in the order of their kinds."""
    found: dict[Designation, None] = {}
    for kind, marks, find in FOUND:
        if (kinds is None or kind in kinds) and any(map(text.__contains__, marks)):
            found.update(dict.fromkeys(find(text)))
    return tuple(found)


def _number(written: str) -> str | None:
    if written in ROMAN:
        return str(ROMAN[written])
    found = value(written)
    return None if found is None else f"{found:g}"


def _period(first: float, last: float, text: str) -> Designation:
    return Designation("period", "", f"{first:g}-{last:g}", text)


def _quarters(text: str) -> Iterator[Designation]:
    for match in QUARTER.finditer(text):
        quarter = value(match[2] or match[3])
        if quarter:
            yield _period(FROM_ONE if match[1] else 3 * quarter - 2, 3 * quarter, match.group())


def _halves(text: str) -> Iterator[Designation]:
    for match in HALF.finditer(text):
        yield _period(*((1, 6) if match[1] == "上" else (7, 12)), match.group())


def _months(text: str) -> Iterator[Designation]:
    for match in MONTHS.finditer(text):
        until, first, last, alone = (value(group) if group else None for group in match.groups())
        if until:
            yield _period(FROM_ONE, until, match.group())
        elif first and last:
            yield _period(first, last, match.group())
        elif alone and alone <= MONTHS_OF_YEAR:
            yield _period(alone, alone, match.group())


def _days(text: str) -> Iterator[Designation]:
    for match in DAY.finditer(text):
        month, day = (value(group) for group in match.groups())
        if month and day:
            yield Designation("day", "", f"{month:g}-{day:g}", match.group())


def _ordinals(text: str) -> Iterator[Designation]:
    for match in ORDINAL.finditer(text):
        which = "1" if match[5] else _number(match[1] or match[3])
        if which is not None and not YEARLIKE.match(which):
            yield Designation("ordinal", match[2] or match[4] or match[6], which, match.group())


def _words(kind: str, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Designation]]:
    def find(text: str) -> Iterator[Designation]:
        for match in pattern.finditer(text):
            yield Designation(kind, "", next(filter(None, match.groups())), match.group())

    return find


def _numbers(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Designation]]:
    def find(text: str) -> Iterator[Designation]:
        for match in pattern.finditer(text):
            which = _number(match[2])
            if which is not None:
                yield Designation("numbered", SHIPS.get(match[1], match[1]), which, match.group())

    return find


def _versions(text: str) -> Iterator[Designation]:
    for match in VERSION.finditer(text):
        if not YEARLIKE.match(match[2]):
            yield Designation("version", match[1], match[2], match.group())


FOUND: Sequence[tuple[str, str, Callable[[str], Iterator[Designation]]]] = (
    ("period", "季q", _quarters),
    ("period", "半", _halves),
    ("period", "月", _months),
    ("day", "月", _days),
    ("ordinal", "第届首", _ordinals),
    ("round", "轮", _words("round", ROUND)),
    ("edition", "版", _words("edition", EDITION)),
    ("group", "组团单双", _words("group", GROUP)),
    ("plan", "五", _words("plan", PLAN)),
    ("numbered", "号", _numbers(NUMBERED)),
    ("numbered", "神天嫦长遥风", _numbers(SHIP)),
    ("version", "0123456789", _versions),
)
"""What finds the designations of each kind, and characters of which each text has one that has some."""
