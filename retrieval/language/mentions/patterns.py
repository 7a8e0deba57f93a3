"""How quantities and names are written in Chinese: the patterns of mentions, for normalised text.

Noun phrases are the pieces of a sentence between its verbs, prepositions and punctuation. A dictionary knows
few names; but what stands between 由 and 执导, or after 位于, is a name or the description of one, whatever
its words are. So phrases are found by what ends them, when a sentence is indexed.
"""

from collections.abc import Iterator

from retrieval.models import Span
from retrieval.regex import regex

COMMON = frozenset(
    """
    东西 城市 城镇 都市 外国 内陆地区 西区 高山 山脉 大洋 共和国 王朝 关联 嘉宾 论文 抗议 抗争 古老 安静 许可
    诸如 申请人 高水平 登月 复合物 钱财 恐龙 交易所 联邦政府 音乐会 努力争取 相冲突 上市
    """.split(),
)
"""Words that jieba's dictionary has for names, and that are none."""


ENDING_FLAGS = ("p", "c", "y", "ul", "uz", "ug")
"""Parts of speech that end a phrase: prepositions, conjunctions, particles but 的 and 之."""
VERB_FLAGS = ("v", "vd", "vi", "vq", "d", "r")
"""Parts of speech that end a phrase in words of two characters: of one, names are made of them too."""
ENDING_WORDS = frozenset(
    "是为由被在于有称叫受拜任当入至到自从向往对把将让使令用以与和及或跟同住居葬并也又均都就而他她它说指写唱拍娶嫁派讲谈"
)
"""Words of one character that end a phrase whatever they are tagged."""
PUNCTUATION = frozenset(",;。!?:、…~\n()")
OPENING = "《“「『"
CLOSING = "》”」』"
LOOSE = " 的之等地\"'·"
"""Characters that no phrase begins or ends with."""
LONGEST = 40
"""Characters of a phrase: a longer one names nothing."""


def trimmed(normalised: str, start: int, end: int) -> Iterator[Span]:
    """A phrase without loose characters and lone quotation marks at its ends; nothing when none is left."""
    piece = normalised[start:end]
    while piece and (piece[0] in LOOSE + CLOSING or _is_lone(piece[0], piece)):
        start, piece = start + 1, piece[1:]
    while piece and (piece[-1] in LOOSE + OPENING or _is_lone(piece[-1], piece)):
        end, piece = end - 1, piece[:-1]
    if 0 < len(piece) <= LONGEST:
        yield start, end


def _is_lone(mark: str, piece: str) -> bool:
    pairs = zip(OPENING, CLOSING, strict=True)
    return any(mark in pair and piece.count(pair[0]) != piece.count(pair[1]) for pair in pairs)


def any_of(*choices: str) -> str:
    """A group that matches any of these, the first that does."""
    return f"(?:{'|'.join(choices)})"


DIGIT = "零〇一二两三四五六七八九十百千万亿"
DASH = "(?:至|到|~|—+|-+|–)"

LENGTH = any_of(
    "公里", "千米", "公尺", "公分", "厘米", "毫米", "微米", "纳米", "英[里尺呎寸吋]", "海[里浬]", "光年"
)
AREA = any_of(f"(?:平方|立方){any_of(LENGTH, '米', '英尺', '尺')}", "公顷", "英亩", "k?m[23]")
WEIGHT = any_of("公斤", "公克", "公吨", "千克", "英磅", "kg")
MONEY = any_of(
    "(?:美|日|欧|港|韩|澳|加|新加坡|新台币|人民币|卢布)?元", "美金", "法郎", "马克", "英镑", "日圆", "里拉"
)
TIME = any_of("周岁", "个?(?:小时|星期|月|世纪|年头)", "分钟", "周年", "年代", "年[前后间来]?")
OTHER_UNITS = any_of(
    "个?百分点", "公升", "毫升", "加仑", "马力", "千瓦时?", "天文单位", "车道", "人次", "字节", "比特"
)
PREFIXED = "(?:瓦时?|伏特?|安时?|赫兹?|帕|焦耳?|卡|字节|比特|瓦小时)"
POWER_UNIT = any_of(f"[千兆吉太毫微纳]{PREFIXED}", "毫安时", "安时", "摄氏度", "华氏度")
"""Units that begin as a multiple does: 210亿千瓦时 is no 210亿千."""
LATIN_UNIT = any_of("[kmgt]bps", "[kmgt]?[wb]h?(?![a-z])", "[a-z]{1,3}(?![a-z])", "°[cf]?")
MEASURES = (
    "个名位次月天日岁种座条人家部元倍分成号级届集章层米里吨斤件支只项款所间场篇首张台辆架艘艇口户棵株头匹枚颗门套组"
    "批期代卷册页行字句段度点秒时刻步班辑类样局轮站艺回轨国省市县区州镇村尺寸克升磅亩顷周手票席面把根片块串滴杯瓶箱"
    "双对副幅顶盏尊圈环节队排连营团师军趟处旗球路床股桌碗波枪炮拳脚餐桶袋管筐捆垛"
)
UNIT = any_of(POWER_UNIT, AREA, LENGTH, WEIGHT, MONEY, TIME, OTHER_UNITS, LATIN_UNIT, f"[{MEASURES}]")
IDIOM = "[步路线手行席片面圈把站]"
"""What 一 makes a word with, that counts nothing: 进一步, 一路. Nor does a number before 号: 夸父一号."""
LIST_LABEL = r"(?<![^\s。;:(])[0-9]{1,2}[.、)](?![0-9])"
"""The number of an item."""
NUMERAL = any_of(
    r"\d[\d,]*(?:\.\d+)?",
    f"百分之[{DIGIT}点]+",
    f"[{DIGIT}]+分之[{DIGIT}]+",
    rf"(?![{DIGIT}]+号|(?<![0-9{DIGIT}])一{IDIOM})[{DIGIT}]+(?= ?{UNIT})",
    rf"[{DIGIT}]+(?={DASH}[{DIGIT}]+ ?{UNIT})",
    rf"[{DIGIT}]+[万亿][{DIGIT}]*",
    "[数几][十百千万亿]+",
    "一?大?半数?以?上?(?![径岛天夜])",
    "大?多数",
)
RANK = rf"第 ?{any_of(r'[0-9]+', f'[{DIGIT}]+')}(?: ?{UNIT})?大?"
MULTIPLE = rf"(?:[百万亿]|[千兆](?!{PREFIXED}|米|克))"
AMOUNT = any_of(
    RANK,
    rf"(?!{LIST_LABEL}){NUMERAL}(?: ?[多余几]?{MULTIPLE}+)*[多余]?(?: ?[%‰])?"
    rf"(?: ?{UNIT}(?:/[a-z\u4e00-\u9fff]{{1,2}})?)?",
)
BETWEEN = rf"(?:{DASH}|/|×|x|、|或|比|:|零|(?<=[^0-9,.]))"
"""What stands between two amounts that are one: a range, a ratio, or nothing (3分08秒)."""
CURRENCY = "(?:人民币|新?台币|港币|日币|美金|欧元)"
ABOUT = "(?:大?约为?|近|超过?|逾|不到|不足|不超过|至少|最多|多达|高达)"
SIGN = r"(?:零下 ?|(?<![\w.%)\]-])[-−±+](?=\d)|(?<=[\u4e00-\u9fff])[-−±](?=\d[\d.]* ?[%‰°]))"
"""What makes a figure negative; a dash between figures or behind a letter does not (2019-2021, gpt-4)."""
QUANTITY = regex(
    rf"(?:{ABOUT} ?)?(?:{CURRENCY} ?)?{SIGN}?{AMOUNT}(?: ?{BETWEEN} ?{AMOUNT})*(?:左右|以上|以下|上下|不等)?",
)
"""A number with its unit, its 约 and 以上, and from one to another."""

FOREIGN_NAME = regex(r"[\u4e00-\u9fffa-z.]{1,8}(?:[·・‧•][\u4e00-\u9fffa-z.]{1,8})+")
"""A name whose parts are divided by a dot: 尼古拉·特斯拉."""
LATIN_NAME = regex(
    r"[A-Z][A-Za-z.'-]+(?: (?:[A-Z][A-Za-z.'-]+|de|van|von|of|and|the))* [A-Z][A-Za-z'-]+|[A-Z][A-Za-z]{2,}",
)
"""Of the text as it is stored: only its case tells a name from a word."""
PLACE_END = regex(
    any_of(
        "[省市县区州镇乡村岛湾路街港山河江湖海洋国洲府郡町坡城堡宫寺庙塔桥道]",
        "[东南西北中]部",
        *"半岛 大陆 盆地 平原 高原 山脉 机场 车站 广场 公园 大厦 体育[场馆] 地区 境内 附近 一带".split(),
        *"沿海 沿岸 流域 教堂 中心 车厂 球场 剧院".split(),
    )
    + "$",
)
ORGANISATION_END = regex(
    any_of(
        "[党局院台社队会部厂军报网]",
        *"公司 集团 大学 学院 研究[院所] 机构 组织 协会 学会 委员会 政府 部门 银行 实验室 俱乐部".split(),
        *"中学 小学 学校 乐团 联盟 基金 工作室 唱片 航空".split(),
    )
    + "$",
)

HELD_PLACE_ENDS = "省市县区州镇村岛湾路街港山河湖国"
"""Behind a Chinese character they end the name of a place, and so does 大陆."""
HELD_ORGANISATION = (
    *"公司 集团 大学 研究所 机构 组织 协会 委员会 政府 部门 银行 实验室 党 局 院 队 社".split(),
)
HELD_REASON = ("因", *"由于 所以 为了 导致 使得 从而 出于 鉴于 以便".split())
HELD_LIST = ("、", *"包括 分别 以及 等".split())
HELD_NUMBER = regex(
    rf"\d[\d,]*(?:\.\d+)?%?|[{DIGIT}]+(?=[个名位次年天月日岁种座条人家部亿万元倍分成号级届集章层米公里吨斤件支只])"
    f"|百分之[{DIGIT}]+",
)
HELD_DATE = regex(
    rf"\d{{1,4}}年|\d{{1,2}}月|\d{{1,2}}日|世纪|年代|[{DIGIT}]{{2,}}年|[春夏秋冬]季|朝代?|时期"
    "|昨日|今年|去年|上午|下午|凌晨|晚上",
)
