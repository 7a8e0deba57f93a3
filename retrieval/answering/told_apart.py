"""Which of several figures that all fit is the one: by what stands before each, as in the question.

新增员工320人，减少员工150人: that behind 减少员工 was asked for. 一季度12亿，三季度18亿: that of the time.
企业数量350家，产值3800亿元，人才23万: 企业数量和产值分别是多少 asks for the first two.
"""

from collections.abc import Sequence

from retrieval.language.mentions.designations import Designation, designations
from retrieval.language.mentions.years import spoken
from retrieval.models import Span
from retrieval.regex import regex

ENDS = " 的了是为有达到至约超共计已经,;:。、"
"""What stands between a figure and what it is of, and says nothing."""
ALIKE, CLEARLY = 3, 2
"""Characters before a figure that are as in the question, and how many more than before others."""
SEVERAL = regex(
    "(?P<first>[^,;。?和与及、]{2,14})(?:和|与|以及|及|、)(?P<second>[^,;。?和与及、]{2,8}?)(?:分别|各自?)(?:是|有|为|达)?(?:多少|几)"
)
"""Two figures asked for at once."""
EACH = regex("([\u4e00-\u9fff]{2})(?:分别|各)?(?:[有是为达]|达到)?(?:多少|几)")
"""What each of the figures is asked of: 企业有多少家，产值多少."""
ASKS = regex("多少|几|多[大高长远重宽深久]")
FILLING = regex("^(?:那么?|还有|它的?|其)|(?:呢|的|[?？。,])+$")
"""What a follow-up has around what it names."""
PART_OF_NAME = 2
"""The last characters of what a figure is of that must stand before it: 数量 of 企业数量."""


def several(asked: str) -> tuple[str, ...]:
    """How what two or more figures are asked of ends, in a normalised question; nothing where one is."""
    if together := SEVERAL.search(asked):
        return together["first"][-PART_OF_NAME:], together["second"][-PART_OF_NAME:]
    names = tuple(match[1] for match in EACH.finditer(asked))
    return names if len(names) > 1 else ()


def named_by(own: str) -> str:
    """What a follow-up without an asking word names (那停车位呢); nothing where it asks itself."""
    return "" if ASKS.search(own) else FILLING.sub("", own)


class Wanted:
    """What of a question tells which of several figures it asks for.

    Args:
        asked: the normalised question.
        left: what of it stands before its asking word.
    """

    def __init__(self, asked: str, left: str) -> None:
        self._names = several(asked)
        self._designations = designations(asked)
        self._kinds = {one.kind for one in self._designations}
        self._years = frozenset(spoken(asked))
        self._left = left.rstrip(ENDS)

    def of(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """Of the figures of a sentence those that were asked for; all of them where nothing tells.

        Args:
            text: the sentence, normalised, one character for one.
            spans: of the figures.
        """
        ordered = sorted(spans)
        before = {
            span: text[last : span[0]]
            for span, last in zip(ordered, (0, *(end for _, end in ordered)), strict=False)
        }
        if self._names:
            found = [span for span in ordered if any(name in before[span] for name in self._names)]
            return found or list(spans)
        kept = [span for span in spans if not self._tells_another(before[span])] or list(spans)
        alike = {span: _common_end(before[span].rstrip(ENDS), self._left) for span in kept}
        most, *others = sorted(alike.values(), reverse=True)
        is_whole = most == len(self._left) >= CLEARLY
        if others and (is_whole or most >= ALIKE) and most >= others[0] + (1 if is_whole else CLEARLY):
            return [span for span in kept if alike[span] == most]
        return kept

    def _tells_another(self, before: str) -> bool:
        """Whether what stands before a figure names another of several alike, or another year."""
        if self._years and (told := frozenset(spoken(before))) and not told & self._years:
            return True
        return bool(self._designations) and self._names_another(designations(before, self._kinds))

    def _names_another(self, told: Sequence[Designation]) -> bool:
        return any(
            one.family == other.family and one.which != other.which
            for one in self._designations
            for other in told
            if not any(same.family == one.family and same.which == one.which for same in told)
        )


def _common_end(one: str, other: str) -> int:
    count = 0
    for mine, its in zip(reversed(one), reversed(other), strict=False):
        if mine != its:
            break
        count += 1
    return count
