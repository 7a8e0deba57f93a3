"""The figures of a text as values that can be compared: 27.95万家 and 279,500家 are one."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from retrieval.language.mentions.numerals import HAN, LARGE, SMALL, value
from retrieval.models import Span
from retrieval.regex import regex


class Exactness(StrEnum):
    """How exact a figure is said to be."""

    EXACT = "exact"
    ABOUT = "about"
    MORE = "more"
    LESS = "less"


class Amount(NamedTuple):
    """A figure of a normalised text: `value` in `unit`, where it stands, how exact it is.

    `step` is what one more in its last digit would add: 31.2万 is told to the nearest 1000.
    """

    value: float
    unit: str
    span: Span
    step: float
    exactness: Exactness

    def agrees(self, other: "Amount") -> bool:
        """Whether both can be the same figure, one maybe rounded, or said to be about or more than that."""
        if self.unit != other.unit:
            return False
        gap = abs(self.value - other.value)
        if gap <= min(ROUNDING * max(self.step, other.step), LOOSE * abs(self.value)) or gap == 0:
            return True
        low, high = sorted((self, other), key=lambda one: one.value)
        is_loose = (
            Exactness.ABOUT in {low.exactness, high.exactness}
            or low.exactness is Exactness.MORE
            or high.exactness is Exactness.LESS
        )
        return is_loose and gap <= LOOSE * abs(high.value)


ROUNDING = 0.5000001
"""Of the coarser step: what rounding can take away or add."""
LOOSE = 0.05
"""The share by which 约, 超过 and 近 may be away from the figure."""
UNITS = (
    ("%", 1, "%|个?百分比"),
    ("‰", 1, "‰"),
    ("百分点", 1, "个?百分点"),
    ("倍", 1, "倍(?!率)"),
    ("%", 10, "成(?![立为功果员本都长交绩熟效])"),
    ("美元", 1, "美元|美金"),
    ("欧元", 1, "欧元"),
    ("日元", 1, "日元|日圆"),
    ("英镑", 1, "英镑"),
    ("港元", 1, "港元|港币"),
    ("韩元", 1, "韩元"),
    ("卢布", 1, "卢布"),
    ("卢比", 1, "卢比"),
    ("元", 1, "元(?![件素宇旦])|块钱|人民币"),
    ("平方米", 1e6, "平方公里|平方千米|km2"),
    ("平方米", 1e4, "公顷"),
    ("平方米", 1, "平方米|㎡|m2|平米"),
    ("亩", 1, "亩"),
    ("立方米", 1, "立方米|方(?=[^面案法式便向位针])"),
    ("米", 1e3, "公里|千米|km(?!/)"),
    ("米", 1, "米(?!其|兰)"),
    ("米", 1e-2, "厘米|cm"),
    ("米", 1e-3, "毫米|mm"),
    ("米", 1e-9, "纳米|nm"),
    ("公斤", 1e3, "吨(?!公里)"),
    ("公斤", 1, "公斤|千克|kg"),
    ("公斤", 0.5, "斤"),
    ("千瓦时", 1, "千瓦时|度电|kwh"),
    ("千瓦时", 1e3, "兆瓦时|mwh"),
    ("千瓦时", 1e6, "吉瓦时|gwh"),
    ("千瓦", 1e6, "吉瓦|gw"),
    ("千瓦", 1e3, "兆瓦|mw"),
    ("千瓦", 1, "千瓦|kw"),
    ("千瓦", 1e-3, "瓦|w(?![a-z])"),
    ("秒", 3600, "个?(?:小时|钟头)"),
    ("秒", 60, "分钟"),
    ("秒", 1, "秒"),
    ("秒", 1e-3, "毫秒|ms(?![a-z])"),
    ("天", 1, "天(?![然津地气空])"),
    ("个月", 1, "个月"),
    ("人次", 1, "人次"),
    ("次", 1, "[架台班车艘辆列]次|次(?!日|年|月)"),
    ("人", 1, "名|位(?!于|列|居)|人(?![工才类民均口大工])|用户"),
    ("辆", 1, "[辆台]"),
    ("家", 1, "[家户](?![居具庭电])|个(?![月小百人])|所(?!有|以)"),
    ("标准箱", 1, "(?:个?标准箱|teu)"),
    ("token", 1, "个?tokens?"),
    ("", 1, "个?参数"),
    ("字节", 1e12, "tb(?![a-z])"),
    ("字节", 1e9, "gb(?![a-z])"),
    ("字", 1, "字(?![节符])"),
    ("分", 1, "分(?![之钟布析别为成散支配类行])"),
    *(
        (one, 1, one)
        for one in "款种项件架艘座条例股枚片颗台套张支只篇部场届株棵头块间处吨箱票起岁张度级层公升桶"
    ),
)
"""What a figure is in: the unit that it is compared in, how many of these one is, and how it is written."""
UNIT_PATTERN = regex("|".join(f"(?P<u{at}>{written})" for at, (_, _, written) in enumerate(UNITS)))
CURRENCIES = {"$": "美元", "€": "欧元", "£": "英镑", "¥": "元"}
LATIN_MULTIPLES = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
LATIN = regex(r"[kmbt](?![a-z0-9])")
NUMBER = regex(
    rf"(?P<currency>[$€£¥])?(?:(?P<share>百分之)(?P<of>[{HAN}点]+|\d+(?:\.\d+)?)"
    rf"|(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|[{HAN}]+?(?=千[瓦米克])|[{HAN}]+)"
    rf" ?(?P<multiple>[多余几]?(?:[十百万亿]|千(?![瓦米克]))*)(?P<more>[多余])? ?)"
)
ABOUT = regex("(?:约为?|大概|近|接近|将近|大致|左右) ?$")
MORE = regex("(?:超过?|突破|逾|至少|高于|不低于|多达|破) ?$")
LESS = regex("(?:不足|不到|低于|少于|不超过|至多) ?$")
NO_FIGURE = regex(r"(?:[a-z][-. ]?|第|[\d.]|\d[-~—:/]|[-~—]|每|[人户]均每|连续|前|后|近)$")
"""What stands before a number that is none of its own: a name, a place in an order, a part of a range."""
GOES_ON = regex(r"[-~—至到:/]\d|[.]\d|(?:年|月|日|号|时|点|世纪|届|期|轮|代|楼|路|线|人口以上)")
"""What follows a number that is a date, a range, a ratio or a name."""
MANY_HAN = 2
"""Digits in Chinese from which a number is a figure: 一家 counts nothing."""


def amounts(text: str) -> Iterator[Amount]:
    """The figures of a normalised text, in its order; dates, ranges and names are none."""
    for match in NUMBER.finditer(text):
        found = _amount(text, match)
        if found is not None:
            yield found


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    before = text[max(0, match.start() - 4) : match.start()]
    if NO_FIGURE.search(before) or GOES_ON.match(text, match.end()):
        return None
    if share := match["share"] and match["of"]:
        found = _share(share)
        return (
            None
            if found is None
            else Amount(found, "%", match.span(), _step(share), _told(before, text, match.end()))
        )
    written, multiple = match["number"], match["multiple"].lstrip("多余几")
    number = value(written)
    if number is None or _is_vague(written, multiple):
        return None
    times = 1.0
    for one in multiple:
        times *= SMALL.get(one) or LARGE[one]
    end = match.end()
    latin = LATIN.match(text, end)
    if latin:
        times *= LATIN_MULTIPLES[latin.group()]
        end = latin.end()
    unit = UNIT_PATTERN.match(text, end)
    name, size = CURRENCIES.get(match["currency"] or "", ""), 1.0
    if unit and unit.lastgroup:
        name, size, _ = UNITS[int(unit.lastgroup[1:])]
        end = unit.end()
    elif not name and times < LARGE["万"]:
        return None
    is_more = bool(match["more"]) or match["multiple"][:1] in {"多", "余"}
    exactness = Exactness.MORE if is_more else _told(before, text, end)
    scale = times * size
    return Amount(number * scale, name, (match.start(), end), _step(written) * scale, exactness)


def _is_vague(written: str, multiple: str) -> bool:
    return (
        not written[0].isdigit() and len(written + multiple) < MANY_HAN and written not in "二三四五六七八九"
    )


def _told(before: str, text: str, end: int) -> Exactness:
    """What is said of a figure before and behind it."""
    after = text[end : end + 2]
    if after.startswith(("左右", "上下")) or ABOUT.search(before):
        return Exactness.ABOUT
    if after.startswith("以上") or after[:1] in {"多", "余"} or MORE.search(before):
        return Exactness.MORE
    return Exactness.LESS if LESS.search(before) else Exactness.EXACT


def _step(written: str) -> float:
    """What one more in the last digit adds."""
    _, _, decimals = written.partition(".")
    return float(10 ** -len(decimals))


def _share(written: str) -> float | None:
    if "点" not in written:
        return value(written)
    whole, _, decimals = written.partition("点")
    numbers = value(whole), value(decimals)
    return None if None in numbers else float(f"{numbers[0]:g}.{numbers[1]:g}")
