"""What a sentence mentions: dates, numbers, people, places, organisations, reasons, lists.

Found by rules on the normalised text and by jieba's part-of-speech tags, when a sentence is indexed; they
tell whether it holds the kind of answer that a question asks for, and where in it the answer stands.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.models import AnswerKind, Span
from retrieval.text import Tokeniser, align, normalise

CHINESE_DIGIT = "零〇一二两三四五六七八九十百千万亿"
MEASURE = (
    "个名位次年天月日岁种座条人家部亿万元倍分成号级届集章层米公里吨斤件支只项款所间场篇首张台辆架艘艇口户"
    "棵株头匹枚颗门套组批期周代卷册页行字句段度点秒时刻"
)
QUANTITY = re.compile(
    rf"(?:\d[\d,]*(?:\.\d+)?|百分之[{CHINESE_DIGIT}点]+|[{CHINESE_DIGIT}]+(?=[{MEASURE}]))"
    r"(?:[多余几]?[百千万亿兆]+)*[多余]?"
    r"(?:%|‰|℃|个?百分点|(?:平方|立方)?(?:公里|千米|厘米|毫米|分米|米)|公顷|公斤|千克|英里|英尺|海里"
    r"|[a-z]{1,3}(?![a-z])|(?:美|日|欧|港|韩|澳|新加坡|人民币)?元|英镑|个(?:月|小时|星期|百分点)|分钟|小时"
    rf"|[{MEASURE}])?",
)
DATE = re.compile(
    rf"(?:公元前?)?(?:\d{{1,4}}|[{CHINESE_DIGIT}]{{2,4}}|同|次|当|今|去|前|明|翌|元)年代?(?:[初末底中]期?|[上下]半年)?"
    rf"(?:[春夏秋冬][季天])?(?:的?(?:\d{{1,2}}|[{CHINESE_DIGIT}]{{1,3}})月份?(?:[初末底]|[上中下]旬)?)?"
    rf"(?:(?:\d{{1,2}}|[{CHINESE_DIGIT}]{{1,3}})[日号])?"
    rf"|(?:\d{{1,2}}|[{CHINESE_DIGIT}]{{1,3}})月(?:份|底|初|末|[上中下]旬)?(?:(?:\d{{1,2}}|[{CHINESE_DIGIT}]{{1,3}})[日号])?"
    rf"|(?:\d{{1,2}}|[{CHINESE_DIGIT}]{{1,3}})(?:世纪|日(?!本)|号)(?:\d{{2}}年代|[初末中]叶?期?|前期|后期)?"
    r"|[\u4e00-\u9fff]{1,2}朝(?:初年|末年|时期)?|\d{2}年代|昨[日天]|上午|下午|凌晨|晚上|[春夏秋冬]季",
)
DATE_SPAN = re.compile(rf"(?:{DATE.pattern})(?:(?:至|到|~|—+|-+|–)(?:{DATE.pattern}))?")
PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:省|市|县|区|州|镇|村|岛|湾|路|街|港|山|河|湖|国|半岛|大陆|地区)",
)
ORGANISATION = re.compile(
    r"公司|集团|大学|学院|研究院|研究所|机构|组织|协会|委员会|政府|部门|银行|实验室|党|局|院|队|社",
)
REASON = re.compile(r"因为|因[^此而]|由于|因此|因而|所以|为了|导致|使得|原因|从而|出于|鉴于|以便")
LISTING = re.compile(r"、|包括|分别|以及|等")
HELD_NUMBER = re.compile(
    rf"\d[\d,]*(?:\.\d+)?%?|[{CHINESE_DIGIT}]+(?=[个名位次年天月日岁种座条人家部亿万元倍分成号级届集章层米公里吨斤件支只])"
    rf"|百分之[{CHINESE_DIGIT}]+",
)
HELD_DATE = re.compile(
    rf"\d{{1,4}}年|\d{{1,2}}月|\d{{1,2}}日|世纪|年代|[{CHINESE_DIGIT}]{{2,}}年|[春夏秋冬]季|朝代?|时期"
    r"|昨日|今年|去年|上午|下午|凌晨|晚上",
)

TAGGED = {"nr": AnswerKind.PERSON, "ns": AnswerKind.PLACE, "nt": AnswerKind.ORGANISATION}
BITS = {
    AnswerKind.PERSON: 1,
    AnswerKind.PLACE: 2,
    AnswerKind.ORGANISATION: 4,
    AnswerKind.REASON: 8,
    AnswerKind.LIST: 16,
}
"""The kinds that a sentence holds whatever the question; dates and numbers must be new to the question."""


class Mention(NamedTuple):
    """A piece of a sentence (a span of the text as stored) that could answer a question of this kind."""

    kind: AnswerKind
    start: int
    end: int


class Held(NamedTuple):
    """What one sentence mentions, and the bits of the kinds that it holds."""

    mentions: tuple[Mention, ...]
    bits: int


def find(text: str, tokeniser: Tokeniser) -> Held:
    """What a stored sentence mentions."""
    normalised, spans = align(text)
    tagged = tuple(_tagged(normalised, tokeniser))
    found = [*_patterns(normalised), *tagged]
    bits = 0
    for kind, _, _ in tagged:
        bits |= BITS[kind]
    if PLACE.search(normalised):
        bits |= BITS[AnswerKind.PLACE]
    if ORGANISATION.search(normalised):
        bits |= BITS[AnswerKind.ORGANISATION]
    if REASON.search(normalised):
        bits |= BITS[AnswerKind.REASON]
    if LISTING.search(normalised):
        bits |= BITS[AnswerKind.LIST]
    mentions = {Mention(kind, spans[start][0], spans[end - 1][1]) for kind, start, end in found}
    return Held(tuple(sorted(mentions, key=lambda mention: mention[1:])), bits)


def _patterns(normalised: str) -> Iterator[Mention]:
    for kind, pattern in ((AnswerKind.DATE, DATE_SPAN), (AnswerKind.NUMBER, QUANTITY)):
        for match in pattern.finditer(normalised):
            yield Mention(kind, *match.span())


def _tagged(normalised: str, tokeniser: Tokeniser) -> Iterator[Mention]:
    """Names by their part of speech; neighbours of one kind are one name (尼古拉·特斯拉)."""
    kind, start, end = None, 0, 0
    for word, flag, position in tokeniser.tagged(normalised):
        joins = kind is not None and position == end
        if joins and word in "·.-" and flag[0] in "xwm":
            end += len(word)
            continue
        found = TAGGED.get(flag[:2])
        if joins and found is kind:
            end = position + len(word)
            continue
        if kind is not None:
            yield Mention(kind, start, end)
        kind, start, end = found, position, position + len(word)
    if kind is not None:
        yield Mention(kind, start, end)


def is_new(kind: AnswerKind, sentence: str, question: str) -> bool:
    """Whether a sentence holds a date or a number that the question does not (both as stored).

    Args:
        kind: DATE or NUMBER.
        sentence: the text of the sentence.
        question: the normalised question.
    """
    normalised = normalise(sentence)
    numbers = HELD_NUMBER.findall(normalised)
    if kind is AnswerKind.NUMBER:
        return any(number not in question for number in numbers)
    dates = HELD_DATE.findall(normalised) + [number for number in numbers if len(number) == len("2022")]
    return any(date not in question for date in dates)


def spans_of(kind: AnswerKind, mentions: Sequence[Mention]) -> list[Span]:
    """The spans of one kind."""
    return [(mention.start, mention.end) for mention in mentions if mention.kind is kind]
