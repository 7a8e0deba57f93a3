"""What in a sentence could fill the slot that a question leaves open, and how well it fits."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from retrieval.language.mentions.mention import Mention
from retrieval.language.mentions.numerals import HAN, NUMERAL, value
from retrieval.language.normalise import in_place, normalise
from retrieval.models import AnswerKind, Span
from retrieval.questions.measures import LARGE_ALONE, MULTIPLE, Measure
from retrieval.questions.slots import Slot, SlotKind
from retrieval.ranking import enumerations, persons
from retrieval.ranking.persons import is_person
from retrieval.ranking.versions import RELEASED, versions
from retrieval.regex import beginning, regex

EXACT, LOOSE, NONE = 1.0, 0.5, -1.0
"""How well something fits: of the kind and measure asked for, of the kind perhaps, and nothing does."""
ANY_NAME = 0.0
"""A name, where nothing tells that it is of the kind that is asked for."""
NEAR_COUNTER = 0.6
"""A figure in another counter (张 for 个)."""
OTHER_MEASURE = -0.4
"""Only figures of another measure."""
UNNAMED = 0.8
"""Any figure, where the question does not say in what; a list of more or fewer things than are asked for."""
UNMEASURED = 0.2
"""A figure where any would do, that hardly counts anything."""
BESIDE = 8
"""Characters around a figure in which what it counts is named."""
VAGUE_DATE = 0.25
"""近日, or a month where a day is asked for."""


class Fit(NamedTuple):
    """How well the best of a sentence fits the slot, and where (in its compared text) what fits so stands.

    `version` has the numbers of the highest of the versions that fit, `is_release` tells that it is released.
    """

    degree: float
    spans: tuple[Span, ...] = ()
    version: tuple[int, ...] = ()
    is_release: bool = False


class Filled(NamedTuple):
    """A sentence as it is compared, and as it is stored with what it mentions."""

    text: str
    stored: str
    mentions: Sequence[Mention]

    def named(self, kind: AnswerKind) -> list[str]:
        """What it mentions of a kind, as it is compared."""
        pieces = [(start, end) for of, start, end in self.mentions if of is kind]
        if not pieces:
            return []
        whole = in_place(self.stored)
        if whole is None:
            return [normalise(self.stored[start:end]) for start, end in pieces]
        return [whole[start:end] for start, end in pieces]


MONTH_AND_DAY = regex(r"\d{1,2}月\d{1,2}(?=[日号])")
RELATIVE = regex("[今明昨前后去当近日本上下]")
"""What a date begins with that another text means another day by."""
ADDRESS = regex(r"https?://[\x21-\x7e]+")
BARE_DIGITS = regex("[一两半几数]")
FIGURE = beginning(
    rf"$€£¥\d{HAN}半几数",
    rf"(?P<currency>[$€£¥])?(?P<number>\d[\d,]*(?:\.\d+)?|[{HAN}半几数]+)\s?(?P<multiple>{MULTIPLE})\s?"
    r"(?P<unit>[^\s\d,，。;；!！?？、()（）:]{0,8})",
)
FRACTION = beginning(
    r"\d一二三四五六七八九十",
    r"(?<![\d.])\d{1,2}/\d{1,4}(?![\d/])|[一二三四五六七八九十]+分之[一二三四五六七八九十]+",
)
INDEFINITE = regex("[个家名位款项种座张台条部](?!半)")
"""What 一 stands before where it counts nothing (一家企业的负责人)."""
PART_OF_DATE = regex("[年月号]|日(?!元)")
NEVER_LASTS = regex("[月号]|日(?!元)")
"""What a date is written with, but no time that something takes (三个月, 九天)."""
YEAR = regex(r"(?:19|20)\d\d")
SMALL_NUMBER = regex(r"\d{1,4}|[一二两三四五六七八九十]{1,3}")
COUNTING = regex("[%倍成年天个家名人亿万]")
ALONE = regex("[的,左以到至和与增飙涨升降跌]|$")
"""What may stand behind a number without a unit."""
SHARE = regex("[%‰]|个?百分点")
"""A share."""
AMOUNT = regex("规模|总额|总量|总数|数量|金额|数额")
"""What is asked for where a share is hardly what is meant."""
PER_HOUR = regex("时速|车速|小时|速度")
"""A speed, though its unit is a length."""
DATE = beginning(
    r"\d一二三四五六七八九十今明昨前后去当本上下近日周年春夏秋冬时",
    r"(?:(?:19|20)\d\d年?的?)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月份?(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?"
    r"|(?:19|20)\d\d(?:年[底初末中]?|年[上下]半年|-\d\d-\d\d|/\d\d?(?:/\d\d?)?)|二[零〇]\S\S年|\d{1,4}年(?!来|间|内|以)|\d{1,2}[日号](?!线)"
    r"|[今明昨前后][天日年]|去年|当[天日]|本[周月年]|上[周月]|下[周月]|近日|日前|周[一二三四五六日末]|[一二三四]季度|[上下]半年|年[底初末]"
    r"|\d{1,2}[时点](?:\d{1,2}分)?|[春夏秋冬]季|(?:\d{1,2}|[一二十][一二三四五六七八九十]*)(?:世纪|年代)|时期",
)
DAY = regex(r"\d[日号]|[十一二三四五六七八九][日号]|[今昨明][天日]|周[一二三四五六日]|-\d\d-\d\d|当天|当日")
VAGUE = regex("近日|日前|当日|当天|今年|去年|本[周月年]")
REASON = regex(
    "因|由于|为了|原因|导致|旨在|以便|避免|担心|源于|归因|所以|使得|从而|出于|缘于|起因|理由|防止|以免|得益于"
)
DEFINITION = regex(
    r"是(?:由.{1,20}的)?(?:一|指|个|我国|全球|国内|世界|中国|首|目前)?(?:[款种个家项套类名位座条门部台]|指)|指的是|是指|所谓|简称|又称|被称"
    r"|(?:为|叫做?)[“\"「『]|旨在|用于|可以|能够|专为|——|一款|一种|一个|为依托|为主要"
)
LISTING = regex("分别|包括|以及|涵盖|等")
ORGANISATION_END = regex(
    "(?:公司|集团|大学|学院|研究[院所]|实验室|银行|协会|联[盟合]|委员?会?|部|局|署|院|社|厂|中心|基金|科技|智能|汽车|电力|石油|航空|工作室|团队"
    "|平台|资本|股份|电子|通信|技术|网|报|台|队)$"
)
QUOTED = regex(
    '[“"「『《‘]([^”"」』》’,。!?]{2,20})[”"」』》’]|(?:名为|叫做?|称为|名叫)\\s?[“"「]?([^,，。、”"」]{2,14})'
)
LATIN = regex(r"[a-z][a-z0-9]*(?:[-_.+/&]?[a-z0-9]+)*(?:\+\+)?")
LISTED = 2
"""Marks of a list (、) that make one."""


def fit(slot: Slot, sentence: Filled, asked: str) -> Fit:
    """What of a sentence fills a slot best.

    Args:
        slot: that is asked for.
        sentence: as it is compared.
        asked: the normalised question: what it says itself answers nothing.
    """
    found = FITTING.get(slot.kind)
    if found is None:
        return Fit(0.0)
    if "http" in sentence.text:
        blank = ADDRESS.sub(lambda address: " " * len(address.group()), sentence.text)
        sentence = sentence._replace(text=blank)
    return found(slot, sentence, asked)


def values(text: str, found: Fit) -> frozenset[str]:
    """What fits, in one form however it is written: 15000万元 and 1.5亿元, 2024年5月3日 and 5月3号."""
    pieces = (text[first:last] for first, last in found.spans)
    return frozenset(_in_one_form(piece.strip()) for piece in pieces if not RELATIVE.match(piece))


def _in_one_form(piece: str) -> str:
    if day := MONTH_AND_DAY.search(piece):
        return day.group()
    figure = NUMERAL.match(piece.lstrip("$€£¥"))
    amount = value(figure.group()) if figure else None
    return piece if figure is None or amount is None else f"{amount:g}{piece[figure.end() :][:1]}"


def _number(slot: Slot, sentence: Filled, asked: str) -> Fit:
    by_degree: dict[float, list[Span]] = {}
    for degree, span in _figures(slot, sentence.text, asked):
        by_degree.setdefault(degree, []).append(span)
    if slot.measure and "percent" in slot.measure.quantities:
        by_degree.setdefault(EXACT, []).extend(match.span() for match in FRACTION.finditer(sentence.text))
    best = max((degree for degree, spans in by_degree.items() if spans), default=NONE)
    if best == 0:
        return Fit(OTHER_MEASURE if slot.measure or slot.nouns else UNMEASURED, tuple(by_degree[0]))
    return Fit(best, tuple(by_degree.get(best, ())))


def _figures(slot: Slot, text: str, asked: str) -> Iterator[tuple[float, Span]]:
    is_amount = slot.measure is None and AMOUNT.search(asked) is not None
    for match in FIGURE.finditer(text):
        number, multiple, unit = match["number"], match["multiple"], match["unit"]
        is_counted = COUNTING.match(unit) or (slot.measure and slot.measure.counter == unit[:1])
        if BARE_DIGITS.fullmatch(number) and not multiple and not is_counted:
            continue
        if number in {"千", "百", "万", "亿", "十"} and not unit:
            continue
        if number == "一" and not multiple and INDEFINITE.match(unit):
            continue
        if number + multiple in asked and (unit[:1] in asked or not unit):
            continue
        if _is_of_date(slot, number, unit) or _is_of_word(text, match):
            continue
        is_share = SHARE.match(unit) or "百分之" in text[max(0, match.start() - 6) : match.start()]
        degree = LOOSE if is_share and is_amount else _degree(slot, text, match)
        yield degree, match.span()


def _is_of_date(slot: Slot, number: str, unit: str) -> bool:
    if YEAR.fullmatch(number) and unit.startswith("年"):
        return True
    lasts = slot.measure is not None and "duration" in slot.measure.quantities
    is_date = NEVER_LASTS if lasts else PART_OF_DATE
    return bool(is_date.match(unit) and SMALL_NUMBER.fullmatch(number))


def _is_of_word(text: str, match: re.Match[str]) -> bool:
    """Whether a number is part of a name (gpt4) or a time (上半年, 二季度), or numbers a paragraph (1.)."""
    before = text[match.start() - 1 : match.start()]
    if (before in ("上", "下") and match["number"] == "半") or match["unit"].startswith("季度"):
        return True
    after = text[match.end("number") : match.end("number") + 1]
    return (before.isalpha() and before.isascii()) or (
        after in tuple(".、)") and match.start() < len("（1）.")
    )


def _degree(slot: Slot, text: str, match: re.Match[str]) -> float:
    """How well a figure fits what it must be in."""
    measure, unit = slot.measure, match["unit"]
    if measure is None:
        return _of_nouns(slot.nouns, text, match) if slot.nouns else UNNAMED
    if measure.quantities == ("length",) and PER_HOUR.search(text[max(0, match.start() - 5) : match.start()]):
        return 0.0
    if _is_measured(measure, text, match):
        return EXACT
    if measure.counter and unit:
        if measure.counter in unit[:2]:
            return EXACT
        if unit[0] in measure.alike:
            return NEAR_COUNTER
    is_large = match["multiple"][-1:] in {"万", "亿"} and ALONE.match(unit)
    return LOOSE if is_large and LARGE_ALONE.intersection(measure.quantities) else 0.0


def _of_nouns(nouns: Sequence[str], text: str, match: re.Match[str]) -> float:
    """How well a figure fits that must count something: by whether a part of its name stands beside it."""
    beside = text[max(0, match.start() - BESIDE) : match.end("multiple") + BESIDE]
    parts = (noun[at : at + 2] for noun in nouns for at in range(len(noun) - 1))
    return EXACT if any(part in beside for part in parts) else 0.0


def _is_measured(measure: Measure, text: str, match: re.Match[str]) -> bool:
    """Whether a figure is of the quantity asked for, or the rank."""
    before, unit = text[max(0, match.start() - 3) : match.start()], match["unit"]
    is_money = bool(match["currency"]) and "money" in measure.quantities
    is_share = "百分之" in before + match["number"] or "分之" in match["number"] + unit
    return (
        (measure.is_rank and before.endswith("第"))
        or is_money
        or ("percent" in measure.quantities and is_share)
        or bool(unit and measure.fits(unit))
    )


def _date(slot: Slot, sentence: Filled, asked: str) -> Fit:
    new = [match for match in DATE.finditer(sentence.text) if match.group() not in asked]
    told = [match.span() for match in new if not VAGUE.fullmatch(match.group())]
    if slot.is_day and told:
        days = [span for span in told if DAY.search(sentence.text[slice(*span)])]
        return Fit(EXACT, tuple(days)) if days else Fit(VAGUE_DATE, tuple(told))
    if told:
        return Fit(EXACT, tuple(told))
    return Fit(VAGUE_DATE, tuple(match.span() for match in new)) if new else Fit(NONE)


def _person(_slot: Slot, sentence: Filled, asked: str) -> Fit:
    mentioned = _mentioned(sentence, AnswerKind.PERSON, asked)
    named = [name for name in mentioned if not persons.is_called_after(sentence.text, name)]
    told = (name for name in persons.after_roles(sentence.text) if name not in asked)
    if certain := [name for name in (*named, *told) if is_person(name)]:
        return Fit(EXACT, _spans(sentence.text, certain))
    if latin := [name for name in named if " " in name and name.replace(" ", "").isascii()]:
        return Fit(EXACT, _spans(sentence.text, latin))
    # Who did it may be an organisation, too.
    if named := named or list(
        filter(ORGANISATION_END.search, _mentioned(sentence, AnswerKind.ORGANISATION, asked))
    ):
        return Fit(ANY_NAME, _spans(sentence.text, named))
    return Fit(NONE)


def _organisation(slot: Slot, sentence: Filled, asked: str) -> Fit:
    named = _mentioned(sentence, AnswerKind.ORGANISATION, asked)
    if slot.ending:
        return _ending(slot.ending, sentence, named)
    if certain := [name for name in named if ORGANISATION_END.search(name)]:
        return Fit(EXACT, _spans(sentence.text, certain))
    if named:
        return Fit(0.7, _spans(sentence.text, named))
    return _name_like(sentence, asked, ANY_NAME)


def _ending(ending: str, sentence: Filled, named: Sequence[str]) -> Fit:
    """Names that end as they must, or only others."""
    if exact := [name for name in named if re.search(ending, name)]:
        return Fit(EXACT, _spans(sentence.text, exact))
    return Fit(UNMEASURED, _spans(sentence.text, named)) if named else Fit(NONE)


def _place(slot: Slot, sentence: Filled, asked: str) -> Fit:
    named = [name for name in _mentioned(sentence, AnswerKind.PLACE, asked) if not name.isascii()]
    if slot.ending:
        return _ending(slot.ending, sentence, named)
    return Fit(EXACT, _spans(sentence.text, named)) if named else _name_like(sentence, asked, ANY_NAME)


def _name(slot: Slot, sentence: Filled, asked: str) -> Fit:
    if slot.is_version:
        return _version(sentence, asked)
    written = _written_names(sentence.text, asked)
    return Fit(EXACT, tuple(sorted(set(written)))) if written else _name_like(sentence, asked, ANY_NAME)


def _version(sentence: Filled, asked: str) -> Fit:
    """The highest version of what is asked for; or else names, of which none is known to be one."""
    found = [one for one in versions(sentence.text, asked) if one.is_asked]
    if not found:
        return _name_like(sentence, asked, OTHER_MEASURE)
    highest = max(one.numbers for one in found)
    spans = tuple(one.span for one in found if one.numbers == highest)
    return Fit(EXACT, spans, highest, RELEASED.search(sentence.text) is not None)


def _written_names(text: str, asked: str) -> list[Span]:
    """Names that are told by how they are written: in quotation marks, in Latin letters."""
    quoted = [
        match.span()
        for match in QUOTED.finditer(text)
        if not any(group and group in asked for group in match.groups())
    ]
    latin = [
        match.span()
        for match in LATIN.finditer(text)
        if len(match.group()) > 1 and match.group() not in asked
    ]
    return quoted + latin


def _name_like(sentence: Filled, asked: str, degree: float) -> Fit:
    kinds = (AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.ORGANISATION)
    named = [name for kind in kinds for name in _mentioned(sentence, kind, asked)]
    spans = (*_written_names(sentence.text, asked), *_spans(sentence.text, named))
    return Fit(degree, tuple(sorted(set(spans)))) if spans else Fit(NONE)


def _mentioned(sentence: Filled, kind: AnswerKind, asked: str) -> list[str]:
    return [name for name in sentence.named(kind) if name not in asked and len(name) > 1]


def _spans(text: str, pieces: Sequence[str]) -> tuple[Span, ...]:
    places = ((text.find(piece), len(piece)) for piece in pieces)
    return tuple(sorted((at, at + length) for at, length in places if at >= 0))


def _marked(pattern: re.Pattern[str]) -> Callable[[Slot, Filled, str], Fit]:
    def find(_slot: Slot, sentence: Filled, _asked: str) -> Fit:
        spans = tuple(match.span() for match in pattern.finditer(sentence.text))
        return Fit(EXACT, spans) if spans else Fit(NONE)

    return find


def _list(_slot: Slot, sentence: Filled, asked: str) -> Fit:
    """An enumeration; where the question says of how many (哪三样), one of as many."""
    items, number = enumerations.longest(sentence.text), enumerations.several(asked)
    if number and items >= LISTED:
        return Fit(EXACT if items == number else UNNAMED)
    marks = sentence.text.count("、") + bool(LISTING.search(sentence.text))
    return Fit(EXACT if marks >= LISTED else VAGUE_DATE if marks else NONE)


FITTING: Mapping[SlotKind, Callable[[Slot, Filled, str], Fit]] = {
    SlotKind.NUMBER: _number,
    SlotKind.DATE: _date,
    SlotKind.PERSON: _person,
    SlotKind.ORGANISATION: _organisation,
    SlotKind.PLACE: _place,
    SlotKind.NAME: _name,
    SlotKind.REASON: _marked(REASON),
    SlotKind.DEFINITION: _marked(DEFINITION),
    SlotKind.LIST: _list,
}
