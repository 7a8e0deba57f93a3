"""What is said of another than was asked for, told by how it is put: 新增 for all, 改造后 for 改造前."""

import re
from collections.abc import Callable, Sequence

from retrieval.language.mentions.designations import Designation
from retrieval.language.tokeniser import places
from retrieval.models import AnswerKind, Span
from retrieval.questions.slots import SlotKind
from retrieval.ranking.asked import COMMON_NAMES, Asked
from retrieval.ranking.fitting import Filled
from retrieval.ranking.persons import is_person
from retrieval.ranking.words import Word
from retrieval.regex import regex

ENDINGS = "省市县区州"
ANOTHER: tuple[tuple[str, AnswerKind, Callable[[str], bool]], ...] = (
    ("ns", AnswerKind.PLACE, lambda name: not name.isascii()),
    ("nr", AnswerKind.PERSON, is_person),
)
"""Of what part of speech and what kind what a figure or a date is of can be, and how it is told."""
PLACE = regex("[\u4e00-\u9fff]{2,3}?([省市县区州镇])")
"""A word that is a place by its end, though no dictionary has it."""
NO_PLACE = regex("[全各本该城都上超集夜门地社小园景山郊辖片专跨两多几][省市县区州镇]")
MATTERS = (SlotKind.NUMBER, SlotKind.DATE)

NUMBERED = regex(r"([a-z]{3,})[-. ]?\d[a-z\d.]*")
LETTERED = regex(r"([a-z]{3,})-[a-z]+")
"""Latin names of which the first part says what they are one of: GPT-5, ImageNet-X."""
OWNS = regex("(?:现在|目前|一共|总共|共)?有(?:多少|几)[家个座条所名款种项]?(?:[a-z]+|[\u4e00-\u9fff]{2})")
"""What stands behind whose the things are that a question wants counted."""
BESIDE = 5
"""Characters between one of several and who belongs to it: 神舟二十号[航天员]陈冬."""
GROWTH = regex("新增|净增|增[加长](?![至到])")
"""What a figure that stands behind it says the growth of, not the whole."""
ASKS_CHANGE = regex("[增减涨降升跌变]|[多少]了")
CLAUSE_MARK = regex("[,，;；。!！?？:：\n]")
QUANTITY = regex(
    "(?:[产销总市估价均]值|[^数重]量|[总金差余份]额|[^效几]率|[日月]活|收入|利润|营收|人数|面积)$"
)
"""Nouns of what is measured: whoever tells how much it is says the word."""
FIELD = regex(
    "(?P<field>ai|人工智能|大?模型|机器人|芯片|半导体|集成电路|软件|汽车|无人机|新能源|光伏|电池|医药|互联网|电商|游戏|元宇宙|航天|船舶|云计算|大数据)"
    "(?:产业|行业|领域)?(?:相关|代表|龙头|头部|初创|规上|核心)?(?P<of>企业|公司|厂商|人才|产值|产业规模|岗位)"
)
"""What there is in each field of the economy, and in which."""
FIELD_NAMES = {"人工智能": "ai", "大模型": "模型", "集成电路": "芯片", "半导体": "芯片"}
"""Fields by another name."""
TOLD_BY_UNIT = regex("面积|[温气]温|温度|体重|重量|时速")
"""What a figure is of by its unit alone: 5万平方米."""
SAID = 2
"""Characters at the end of such a noun that tell which it is: [总][产值]."""


def is_named(word: Word, text: str) -> bool:
    """Whether a text has a name, perhaps without what says that it is a province or a town."""
    return any(
        form in text or (len(form) > len("上海") and form.rstrip(ENDINGS) in text) for form in word.forms
    )


def is_anothers(
    asked: Asked, sentence: Filled, clause: str, spans: Sequence[Span], *, is_nobodys: bool
) -> bool:
    """Whether a figure or a date is another place's or person's than the one asked for.

    Either its clause names that one, and the sentence nowhere the one asked for; or that one stands before
    it, and the one asked for only after it.

    Args:
        asked: the question.
        sentence: that has it.
        clause: of what fits best.
        spans: where what fits stands.
        is_nobodys: whether whose matter it is stands nowhere near.
    """
    if asked.slot.kind not in MATTERS:
        return False
    if is_nobodys and asked.leading is not None and _has_like_place(asked, asked.leading.token, clause):
        return True
    for flag, kind, is_name in ANOTHER:
        names = [word for word in asked.names.get(flag, ()) if is_name(word.token)] or _owner(asked)
        if not names and not is_nobodys:
            continue
        others = [
            name
            for name in sentence.named(kind)
            if is_name(name) and name not in asked.text and name not in COMMON_NAMES
        ]
        if not others:
            continue
        before, until = (sentence.text[: spans[0][0]], sentence.text[: spans[-1][1]]) if spans else ("", "")
        is_there = any(is_named(word, sentence.text) for word in names)
        is_after = is_there and not any(is_named(word, until) for word in names)
        if (not is_there and any(name in clause for name in others)) or (
            is_after and any(name in before for name in others)
        ):
            return True
    return False


def _owner(asked: Asked) -> list[Word]:
    """Whose the things are that the question wants counted: [火星]有多少家企业."""
    lead = asked.leading
    at = asked.asked.find(lead.token) if lead else -1
    is_owner = lead is not None and at >= 0 and OWNS.match(asked.asked, at + len(lead.token)) is not None
    return [lead] if lead is not None and is_owner else []


def is_behind_another(asked: Asked, found: Sequence[Designation], own: str, spans: Sequence[Span]) -> bool:
    """Whether who is asked for stands right behind another of several: 神舟二十号航天员陈冬 for 二十一号.

    Args:
        asked: the question.
        found: the designations of a sentence.
        own: the sentence.
        spans: where what fits stands.
    """
    if asked.slot.kind is not SlotKind.PERSON or not spans:
        return False
    start = spans[0][0]
    others = {
        other.text
        for one in asked.designations
        for other in found
        if other.family == one.family and other.which != one.which
    }
    return any(text in own[max(start - len(text) - BESIDE, 0) : start] for text in others)


def _has_like_place(asked: Asked, name: str, clause: str) -> bool:
    """Whether a clause has another place than was asked for, told by the same end: 苔原市 for 雪原市."""
    end = PLACE.match(asked.asked, asked.asked.find(name))
    others = re.findall(f"[\u4e00-\u9fff]{end[1]}", clause) if end else ()
    return any(not NO_PLACE.fullmatch(other) for other in others)


def is_another_of(name: str, near: str) -> bool:
    """Whether a text without a Latin name has another one of those that it is one of: GPT-4 for GPT-5."""
    stem = NUMBERED.fullmatch(name) or LETTERED.fullmatch(name)
    if stem is None:
        return False
    ends = (at + len(stem[1]) for at in places(near, stem[1]) if not _is_latin(near[max(at - 1, 0) : at]))
    following = (near[end : end + 1] for end in ends)
    return any(not _is_latin(one) if stem.re.pattern == NUMBERED.pattern else one == "-" for one in following)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def is_growth(asked: Asked, own: str, spans: Sequence[Span]) -> bool:
    """Whether all figures that fit say how much was added, where that was not asked for."""
    if asked.slot.kind is not SlotKind.NUMBER or not spans or ASKS_CHANGE.search(asked.asked):
        return False
    return all(GROWTH.search(_before(own, start)) for start, _ in spans)


def _before(text: str, start: int) -> str:
    """The clause up to a place."""
    marks = [match.end() for match in CLAUSE_MARK.finditer(text, 0, start)]
    return text[marks[-1] if marks else 0 : start]


def is_unmeasured(asked: Asked, near: str) -> bool:
    """Whether the question wants measured, by its own noun, what a text does not speak of: 产值, 日活."""
    if asked.slot.kind is not SlotKind.NUMBER:
        return False
    wanted = (word for word in asked.words if QUANTITY.search(word.token))
    return any(not _is_said(word, near) for word in wanted if not TOLD_BY_UNIT.search(word.token))


def _is_said(word: Word, near: str) -> bool:
    return any(form in near or form[-SAID:] in near for form in word.forms)


def is_of_another_field(asked: Asked, own: str) -> bool:
    """Whether a text tells of firms, people or output of another field alone: AI企业 for 芯片企业."""
    wanted = {(match["of"], _field(match["field"])) for match in FIELD.finditer(asked.asked)}
    told = {(match["of"], _field(match["field"])) for match in FIELD.finditer(own)} if wanted else set()
    return any(field not in own and any(of == other for other, _ in told - wanted) for of, field in wanted)


def _field(name: str) -> str:
    return FIELD_NAMES.get(name, name)


def is_turned(asked: Asked, clause: str, own: str) -> bool:
    """Whether the text says the reverse: 同意 for 不同意, 改造后 for 改造前."""
    turned = any(
        one in clause and not re.search(f"(?:不|没有?|未|非|无|拒绝|反对){one}", clause)
        for one in asked.turned
    )
    return turned or any(
        re.search(f"{one}[之以]?{other}", clause) and not re.search(f"{one}[之以]?{side}", own)
        for one, side, other in asked.sides
    )
