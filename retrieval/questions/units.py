"""What unit a question wants its figure in: 多少家, 面积多大, 多久."""

import re
from typing import NamedTuple

from retrieval.models import Question
from retrieval.regex import regex

ASKED_UNIT = regex(r"(?:多少|第?几)(?:万|亿)?(?:个)?([\u4e00-\u9fff]{1,3})")
UNITS = tuple(
    (regex(asked), regex(unit))
    for asked, unit in (
        ("面积|占地", "平方|公顷|亩|m2"),
        (
            "多少钱|金额|价格|售价|门票|收入|工资|薪[资水酬]|利润|营收|费用|产值|投资|资金|成本|票房|预算|造价|融资|规模是多少|规模有多大",
            "元|美金|英镑|法郎|马克|日圆|亿",
        ),
        ("多少人|人口|人数|几人", "人|名|位|万$|口"),
        (
            "多远|多长(?!时间)|多高|多深|多宽|长度|高度|深度|宽度|距离|身高|体长|海拔|全长|总长",
            "里|米|尺|光年|公分|吋|寸|浬|k?m|cm",
        ),
        ("多重|重量|体重|质量", "吨|克|斤|磅|kg"),
        ("比例|占比|百分之|多大比重|率[是为有]|[增涨跌降]幅|增速", "%|成|分之|百分"),
        ("多久|多长时间|多少时间", "年|月|日|天|小时|分|秒|周|星期"),
        ("岁|年龄|年纪", "岁"),
        ("温度|气温|水温|多少度", "°|度"),
        ("第几|排名", "第|名|位"),
    )
)
"""Questions that ask for a quantity of a kind, and the units it comes in."""


class Measure(NamedTuple):
    """What a question wants counted or measured, in its own words, and what a figure must hold to be that."""

    words: str
    unit: re.Pattern[str]


def measure_asked(question: Question) -> Measure | None:
    """What a figure must measure to answer (多少家: 家; 面积多大: 平方米, 公顷); None where any could do."""
    for asked, unit in UNITS:
        if found := asked.search(question.normalised):
            return Measure(found.group().rstrip("是为有"), unit)
    asked_unit = ASKED_UNIT.search(question.normalised)
    if asked_unit is None:
        return None
    words, counted = asked_unit.group(), asked_unit.group(1)
    return Measure(words.removesuffix(counted) + counted[0], re.compile(rf"\D*{counted[0]}"))


def unit_asked(question: Question) -> re.Pattern[str] | None:
    """What a figure must hold to answer; None where any could do."""
    measure = measure_asked(question)
    return None if measure is None else measure.unit
