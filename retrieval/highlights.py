"""What to mark in a sentence: the question's own words, and the number, date or name that was asked for."""

import re
from collections.abc import Iterable, Sequence

from retrieval.mentions import Mention, spans_of
from retrieval.models import AnswerKind, Question, Span, Stream
from retrieval.text import align, normalise

ASKED_UNIT = re.compile(r"(?:多少|第?几)(?:万|亿)?(?:个)?([\u4e00-\u9fff]{1,3})")
UNITS = tuple(
    (re.compile(asked), re.compile(unit))
    for asked, unit in (
        ("面积|占地", "平方|公顷|亩|m2"),
        (
            "多少钱|金额|价格|售价|收入|产值|投资|资金|成本|票房|预算|造价|融资|规模是多少|规模有多大",
            "元|美金|英镑|法郎|马克|日圆|亿",
        ),
        ("多少人|人口|人数|几人", "人|名|位|万$|口"),
        (
            "多远|多长(?!时间)|多高|多深|多宽|长度|高度|深度|宽度|距离|身高|体长|海拔|全长|总长",
            "里|米|尺|光年|公分|吋|寸|浬|k?m|cm",
        ),
        ("多重|重量|体重|质量", "吨|克|斤|磅|kg"),
        ("比例|占比|百分之|多大比重|率[是为有]", "%|成|分之|百分"),
        ("多久|多长时间|多少时间", "年|月|日|天|小时|分|秒|周|星期"),
        ("岁|年龄|年纪", "岁"),
        ("温度|气温|水温|多少度", "°|度"),
        ("第几|排名", "第|名|位"),
    )
)
"""Questions that ask for a quantity of a kind, and the units it comes in."""
CLAUSE = re.compile(r"[^,，;；。！？!?:：]+")


def matched_spans(question: Question, text: str) -> list[Span]:
    """Where a stored text has the question's own words, and parts of them two characters long or more."""
    normalised, spans = align(text)
    terms = (*question.terms[Stream.WORD], *question.terms[Stream.BIGRAM])
    tokens = {token for term in terms for token, _ in term.alternatives}
    found = [
        (spans[match.start()][0], spans[match.end() - 1][1])
        for token in tokens
        if len(token) > 1
        for match in re.finditer(re.escape(token), normalised)
    ]
    return merged(found)


def answer_spans(question: Question, text: str, mentions: Sequence[Mention]) -> list[Span]:
    """Where a stored text holds what is asked for, by its kind; never what the question itself says."""
    spans = [span for span in spans_of(question.kind, mentions) if _is_new(text[slice(*span)], question)]
    if question.kind is AnswerKind.NUMBER:
        dates = spans_of(AnswerKind.DATE, mentions)
        spans = _figures(question, text, spans, dates)
    return merged(_in_best_clause(question, text, spans))


def _is_new(piece: str, question: Question) -> bool:
    return normalise(piece) not in question.normalised


def _figures(question: Question, text: str, spans: list[Span], dates: list[Span]) -> list[Span]:
    """Of several figures those that look most like the one asked for (多少家: 350家, not 23万)."""
    unit = unit_asked(question)
    kept = [span for span in spans if unit and unit.search(normalise(text[slice(*span)]))]
    if kept:
        return kept
    apart = [span for span in spans if not any(_within(span, date) for date in dates)]
    counted = [span for span in apart or spans if not re.match("[一第]", text[span[0] :])]
    return counted or apart or spans


def _within(span: Span, other: Span) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


def unit_asked(question: Question) -> re.Pattern[str] | None:
    """What a figure must hold to answer (多少家: 家; 面积多大: 平方米, 公顷); None where any could."""
    for asked, unit in UNITS:
        if asked.search(question.normalised):
            return unit
    asked_unit = ASKED_UNIT.search(question.normalised)
    return re.compile(rf"\D*{asked_unit.group(1)[0]}") if asked_unit else None


def _in_best_clause(question: Question, text: str, spans: list[Span]) -> list[Span]:
    """Of several spans those in the clause that has most of the question's words."""
    if len(spans) <= 1:
        return spans
    matches = matched_spans(question, text)

    def matched_beside(span: Span) -> int:
        clause = next(c for c in CLAUSE.finditer(text) if c.end() > span[0])
        return sum(max(0, min(end, clause.end()) - max(start, clause.start())) for start, end in matches)

    best = max(map(matched_beside, spans))
    return [span for span in spans if matched_beside(span) == best]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
