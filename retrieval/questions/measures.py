"""In what a question wants its figure: money, a share, people, a length; or a counter (多少家).

Counters that count alike stand for one another (张, 个, 台, 块), as do the units of a quantity (度, 千瓦时).
"""

import functools
import re

from retrieval.models import Model
from retrieval.regex import regex

MULTIPLE = "[多余几]?(?:万亿|千万|百万|十万|千亿|百亿|十亿|万|亿|千|百)?[多余]?"
"""What stands between a number and its unit."""
QUANTITIES = {
    "money": (
        (
            "多少钱|[价售]格|售价|价钱|定价|卖多少|多贵|估值|市值|融资|融了|融到|投了|投资|营收|收入|利润|票房|身家|身价|财富|(?<!付)费用|费是|薪|工资|成本"
            "|预算|罚|金额|产值|gdp|生产总值|总额|几块|多少元|多少.?元|块钱|花了|赚|亏损|赔|贷款|余额|补贴|奖金|订阅|月费|[出进]口额|销售额|零售额"
            "|[交成]交?易?额|门票|造价|募|出价|报价|均价|借了|多少[刀亿]|风投|做了多少"
        ),
        "(?:美元|欧元|元|新加坡元|加拿大元|澳大利亚元|新?台币|卢布|比索|克朗|泰铢|迪拉姆|英镑|日元|韩元|港元|卢比|美金|人民币|块|刀|美分|分钱|新元|加元|澳元|法郎|马克|日圆)",
    ),
    "percent": (
        (
            "几分之几|百分之|百分比|比例|占比|比重|份额|增速|增长多少|增长了多少|涨幅|涨了?多少|增幅|降幅|[^效功频]率|[提升下]高?了?多少|[提下]高?升?降?了?多少"
            "|降了多少|[赚亏]了?多少(?!钱)|占(?!地).{0,8}多少|几成|高多少|准多少|快多少|超[过出了]?多少|同比|环比|几倍|多少倍|强度|覆盖率"
        ),
        "(?:%|‰|个?百分点|倍|成(?![立为功果员本都长])|x(?![a-z]))",
    ),
    "people": (
        (
            "(?:多少|几)(?:个|名|位|千|万|百|亿|号)?(?:人|名|位|用户|员工|旅客|游客|乘客|观众|学生|毕业生|月活|日活|周活|粉丝|开发者|工程师|运动员|选手)"
            "|人数|人口|用户[数量]|[月日周]活|客流|旅客|游客|载客"
        ),
        "(?:[个家]?亿?(?:名|位|人|用户|员工|户|粉丝|开发者|旅客|游客|口)|[月日周]活)",
    ),
    "length": (
        (
            "多远|多长(?!时间|的?上下文)|多高|多深|多宽|[长高深宽]度(?=[是有多达为几能超 ?？]|$)|距离|身高"
            "|海拔|[全总]长|里程|航程|(?:几|多少)(?:公里|米)|直径|体长"
        ),
        "(?:公里|千米|米|厘米|毫米|里|海里|英里|km|cm|mm|微米|纳米|nm|英寸|英尺|光年|公分|公尺|呎|尺|m(?![a-z]))",
    ),
    "area": ("(?<!大)面积|占地|多少亩|平方|公顷|多大地方", "(?:平方|公顷|[万亿]?亩|㎡|m2|km2)"),
    "weight": ("多重|重量|体重|(?:几|多少)吨|多少斤|公斤|吨", "(?:吨|公斤|千克|克|斤|kg|磅|g(?![a-z]))"),
    "duration": (
        (
            "多久|多长时间|多少时间|几年(?!.{0,3}(?:发布|上市|级))|多少[年天]|几天|几个月|(?:几|多少)个?(?:小时|分钟|秒)|几个钟头|时长|续航|寿命"
            "|周期|延迟|待了"
        ),
        "个?多?(?:年|月|周|天|日|小时|分钟|分(?!之)|秒|毫秒|ms|钟头|星期|h(?![a-z]))",
    ),
    "speed": ("时速|多快|速度|几马赫", "(?:公里|千米|km|米|token|帧|倍|马赫|fps|m/s)"),
    "temperature": ("[温气]温?度|气温|水温|多少度(?!电)|几度|摄氏", "(?:℃|°|摄氏度|度|k(?![a-z]))"),
    "energy": (
        "装机|发电量|用电量|千瓦|度电|多少度?电|功率|功耗|毫瓦|兆瓦|gw|电量|耗电",
        "(?:千瓦|万千瓦|度|毫?瓦|兆瓦|吉瓦|mw|gw|kw|w(?![a-z])|mah|毫安)",
    ),
    "parameters": (
        "参数|多少b|几b|多大的?模型",
        "(?:b(?![a-z])|m(?![a-z])|个?参数|亿|万亿|t(?![a-z]))",
    ),
    "tokens": ("上下文|token|窗口", "(?:k(?![a-z])|m(?![a-z])|b(?![a-z])|t(?![a-z])|个?token|万|亿|字)"),
    "storage": ("显存|内存|多少g|几g|存储|硬盘|数据量", "(?:gb|tb|mb|pb|g(?![a-z])|t(?![a-z]))"),
    "age": ("几岁|多少岁|多大岁数|年龄|年纪", "周?岁"),
    "score": ("多少分|几分(?!之)|[得跑]分|分数|成绩", "(?:分(?!之|钟)|%|elo)"),
}
"""By its name, what asks for a quantity in a question, and the units that it comes in."""
COMPILED = {name: (regex(asked), regex(unit)) for name, (asked, unit) in QUANTITIES.items()}
LARGE_ALONE = frozenset({"money", "people", "parameters", "tokens"})
"""Quantities that a large number may be of without a unit (估值3亿)."""
RATE = regex(
    "(?:[增降涨跌]幅|增速|增长率|占比|比例|比重|份额|[^效功频汇]率)(?:是|为|有|达到?)?(?:了?多少|几|百分之几)?[?]?$"
    "|(?:增长|下降|上涨|下跌|增加|减少|提高|回落|涨|降|跌)了?(?:多少|几成|百分之几)[?]?$"
)
"""How a question ends that asks by what share something changed, or what share it is: of no amount."""
RANK = regex("第几|排名|排第|排在第?几|名次|位列")
NOUN = regex("(?:多少|几)(?:十|百|千|万|亿)*个?([\u4e00-\u9fff]{2,5})")
"""What a question without a measure counts (多少付费用户, 几个直播间)."""
COUNTED = regex(r"(?:多少|几)(?:十|百|千|万|亿)*多?个?(?P<counter>[\u4e00-\u9fff])")
PERSONS = "个人名位口"
TIMES = "个次场届轮回圈"
THINGS = (
    "个张台款项家种条件只座辆艘架套本部篇起株棵头颗枚块支幅间处户门班列节道层代类批组"
    "例集首把根步行字页句笔份单帧箱趟站样"
)
COUNTERS = frozenset(PERSONS + TIMES + THINGS + "公期")
"""Counters of one character; of those that count alike, one may stand for another (张, 个)."""
REMEMBERED = 16
"""Questions whose measures are kept: several look into one."""
SOFT_END = "是为有达到了"
"""What the words that ask may end with and say nothing by."""


class Measure(Model):
    """What a figure must be in to answer: one of some quantities, a counter, or a rank.

    `words` are those of the question that say so.
    """

    words: str = ""
    quantities: tuple[str, ...] = ()
    counter: str | None = None
    is_rank: bool = False

    def fits(self, unit: str) -> bool:
        """Whether a figure with this unit behind it is of one of the quantities."""
        return any(COMPILED[name][1].match(unit) for name in self.quantities)

    @functools.cached_property
    def alike(self) -> str:
        """The counters that count as the one asked for does, itself first."""
        groups = (group for group in (PERSONS, TIMES, THINGS) if self.counter and self.counter in group)
        return "".join(dict.fromkeys((self.counter or "") + "".join(groups)))

    @functools.cached_property
    def pattern(self) -> str:
        """A pattern of what a figure holds (350家, 第三, 5.2%) that is in this measure."""
        found = [QUANTITIES[name][1] for name in self.quantities]
        found += ["分之"] if "percent" in self.quantities else []
        found += ["[万亿]$"] if LARGE_ALONE.intersection(self.quantities) else []
        found += [f"[{self.alike}]"] if self.counter else []
        return "|".join([*found, *(["第|名|位"] if self.is_rank else [])])

    def holds(self, figure: str) -> bool:
        """Whether a normalised figure, as it is written, is in this measure."""
        return re.search(self.pattern, figure) is not None


def _counters(counted: re.Match[str]) -> str:
    """What could be the counter: the character asked with, or 个 before what is none (多少个城市)."""
    return counted["counter"] + ("个" if counted.group()[-2] == "个" else "")


def noun_asked(asked: str) -> str | None:
    """What a normalised question wants counted, by its name; None where it does not say."""
    found = NOUN.search(asked)
    return found[1] if found else None


@functools.lru_cache(REMEMBERED)
def measure_asked(asked: str) -> Measure | None:
    """What a normalised question wants its figure in; None where it does not say."""
    found = {name: match for name, (pattern, _) in COMPILED.items() if (match := pattern.search(asked))}
    if "percent" in found and RATE.search(asked):
        found = {"percent": found["percent"]}
    counted = COUNTED.search(asked)
    counter = next((one for one in _counters(counted) if one in COUNTERS), None) if counted else None
    rank = RANK.search(asked)
    said = [match for match in (counted if counter else None, *found.values(), rank) if match]
    if not said:
        return None
    return Measure(
        words=said[0].group().rstrip(SOFT_END),
        quantities=tuple(found),
        counter=counter,
        is_rank=rank is not None,
    )
