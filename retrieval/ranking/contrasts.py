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
LIKE_PLACES = {end: regex(f"[\u4e00-\u9fff]{end}") for end in "省市县区州镇"}
"""The end of a place's name, by its last character."""
NO_PLACE = regex("[全各本该城都上超集夜门地社小园景山郊辖片专跨两多几][省市县区州镇]")
REFUSING = ("不", "没", "没有", "未", "非", "无", "拒绝", "反对")
"""What turns the meaning of what stands behind it."""
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


class Contrasts:
    """Tells texts that speak of another than a question does; what is read of the question is read once."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        is_figure = asked.slot.kind is SlotKind.NUMBER
        owner = _owner(asked) if asked.slot.kind in MATTERS else []
        self._owners = [
            ([word for word in asked.names.get(flag, ()) if is_name(word.token)] or owner, kind, is_name)
            for flag, kind, is_name in (ANOTHER if asked.slot.kind in MATTERS else ())
        ]
        self._like_place = _like_place(asked)
        self._is_of_whole = is_figure and not ASKS_CHANGE.search(asked.asked)
        self._quantities = [word for word in asked.words if is_figure and _is_quantity(word.token)]
        self._fields = _fields(asked.asked)

    def is_anothers(self, sentence: Filled, clause: str, spans: Sequence[Span], *, is_nobodys: bool) -> bool:
        """Whether a figure or a date is another place's or person's than the one asked for.

        Either its clause names that one, and the sentence nowhere the one asked for; or that one stands
        before it, and the one asked for only after it.

        Args:
            sentence: that has it.
            clause: of what fits best.
            spans: where what fits stands.
            is_nobodys: whether whose matter it is stands nowhere near.
        """
        if is_nobodys and self._owners and self._has_like_place(clause):
            return True
        for names, kind, is_name in self._owners:
            if names or is_nobodys:
                others = [name for name in sentence.named(kind) if is_name(name) and self._is_other(name)]
                if others and _is_before(others, names, sentence.text, clause, spans):
                    return True
        return False

    def _is_other(self, name: str) -> bool:
        return name not in self._asked.text and name not in COMMON_NAMES

    def _has_like_place(self, clause: str) -> bool:
        """Whether a clause has another place than was asked for, told by the same end: 苔原市 for 雪原市."""
        if self._like_place is None:
            return False
        return any(not NO_PLACE.fullmatch(other) for other in self._like_place.findall(clause))

    def is_behind_another(self, found: Sequence[Designation], own: str, spans: Sequence[Span]) -> bool:
        """Whether who is asked for stands right behind another of several: 神舟二十号航天员陈冬 for 二十一号.

        Args:
            found: the designations of a sentence.
            own: the sentence.
            spans: where what fits stands.
        """
        if self._asked.slot.kind is not SlotKind.PERSON or not spans:
            return False
        start = spans[0][0]
        others = {
            other.text
            for one in self._asked.designations
            for other in found
            if other.family == one.family and other.which != one.which
        }
        return any(text in own[max(start - len(text) - BESIDE, 0) : start] for text in others)

    def is_growth(self, own: str, spans: Sequence[Span]) -> bool:
        """Whether all figures that fit say how much was added, where that was not asked for."""
        if not self._is_of_whole or not spans or "增" not in own:
            return False
        return all(GROWTH.search(_before(own, start)) for start, _ in spans)

    def is_unmeasured(self, near: str) -> bool:
        """Whether the question wants measured, by its own noun, what a text does not speak of: 产值, 日活."""
        return bool(self._quantities) and not all(_is_said(word, near) for word in self._quantities)

    def is_of_another_field(self, own: str) -> bool:
        """Whether a text tells of firms, people or output of another field alone: AI企业 for 芯片企业."""
        if not self._fields:
            return False
        others = {of for of, _ in _fields(own) - self._fields}
        return any(field not in own and of in others for of, field in self._fields)

    def is_turned(self, clause: str, own: str) -> bool:
        """Whether the text says the reverse: 同意 for 不同意, 改造后 for 改造前."""
        if not self._asked.turned and not self._asked.sides:
            return False
        turned = any(
            one in clause and not any(clause.endswith(REFUSING, 0, at) for at in places(clause, one))
            for one in self._asked.turned
        )
        return turned or any(
            _has_side(clause, one, other) and not _has_side(own, one, side)
            for one, side, other in self._asked.sides
        )


def _owner(asked: Asked) -> list[Word]:
    """Whose the things are that the question wants counted: [火星]有多少家企业."""
    lead = asked.leading
    at = asked.asked.find(lead.token) if lead else -1
    is_owner = lead is not None and at >= 0 and OWNS.match(asked.asked, at + len(lead.token)) is not None
    return [lead] if lead is not None and is_owner else []


def _is_before(
    others: Sequence[str], names: Sequence[Word], text: str, clause: str, spans: Sequence[Span]
) -> bool:
    """Whether what fits is one of others': they are in its clause or before it, and no name up to it."""
    if not any(is_named(word, text) for word in names):
        return any(name in clause for name in others)
    if not spans or any(is_named(word, text[: spans[-1][1]]) for word in names):
        return False
    return any(name in text[: spans[0][0]] for name in others)


def _like_place(asked: Asked) -> re.Pattern[str] | None:
    """What places end like the one whose matter it is, if that is one by its end."""
    at = asked.asked.find(asked.leading.token) if asked.leading else -1
    end = PLACE.match(asked.asked, at) if at >= 0 else None
    return LIKE_PLACES[end[1]] if end else None


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


def _before(text: str, start: int) -> str:
    """The clause up to a place."""
    marks = [match.end() for match in CLAUSE_MARK.finditer(text, 0, start)]
    return text[marks[-1] if marks else 0 : start]


def _is_quantity(noun: str) -> bool:
    return QUANTITY.search(noun) is not None and TOLD_BY_UNIT.search(noun) is None


def _is_said(word: Word, near: str) -> bool:
    return any(form in near or form[-SAID:] in near for form in word.forms)


def _fields(text: str) -> set[tuple[str, str]]:
    """Of what in which field a text tells."""
    told = FIELD.finditer(text)
    return {(match["of"], FIELD_NAMES.get(match["field"], match["field"])) for match in told}


def _has_side(text: str, one: str, side: str) -> bool:
    return any(f"{one}{between}{side}" in text for between in ("", "之", "以"))
