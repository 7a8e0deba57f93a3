"""How dates, quantities and names are written in Chinese: the patterns of mentions, for normalised text."""

import re


def _any(*choices: str) -> str:
    """A group that matches any of these, the first that does."""
    return f"(?:{'|'.join(choices)})"


DIGIT = "零〇一二两三四五六七八九十百千万亿"
DASH = "(?:至|到|~|—+|-+|–)"

LENGTH = _any(
    "公里", "千米", "公尺", "公分", "厘米", "毫米", "微米", "纳米", "英[里尺呎寸吋]", "海[里浬]", "光年"
)
AREA = _any(f"(?:平方|立方){_any(LENGTH, '米', '英尺', '尺')}", "公顷", "英亩", "k?m[23]")
WEIGHT = _any("公斤", "公克", "公吨", "千克", "英磅", "kg")
MONEY = _any(
    "(?:美|日|欧|港|韩|澳|加|新加坡|新台币|人民币|卢布)?元", "美金", "法郎", "马克", "英镑", "日圆", "里拉"
)
TIME = _any("个?(?:小时|星期|月|世纪|年头)", "分钟", "周年", "年代", "年[前后间来]?")
OTHER_UNITS = _any(
    "个?百分点", "公升", "毫升", "加仑", "马力", "千瓦时?", "天文单位", "车道", "人次", "字节", "比特"
)
LATIN_UNIT = _any("[kmgt]?[wb]h?(?![a-z])", "[a-z]{1,3}(?![a-z])", "°[cf]?")
MEASURES = (
    "个名位次月天日岁种座条人家部元倍分成号级届集章层米里吨斤件支只项款所间场篇首张台辆架艘艇口户棵株头匹枚颗门套组"
    "批期代卷册页行字句段度点秒时刻步班辑类样局轮站艺回轨国省市县区州镇村尺寸克升磅亩顷周手票席面把根片块串滴杯瓶箱"
    "双对副幅顶盏尊圈环节队排连营团师军"
)
UNIT = _any(AREA, LENGTH, WEIGHT, MONEY, TIME, OTHER_UNITS, LATIN_UNIT, f"[{MEASURES}]")
NUMERAL = _any(
    r"\d[\d,]*(?:\.\d+)?",
    f"百分之[{DIGIT}点]+",
    f"[{DIGIT}]+分之[{DIGIT}]+",
    rf"[{DIGIT}]+(?= ?{UNIT})",
)
AMOUNT = rf"(?:第 ?)?{NUMERAL}(?: ?[多余几]?[百千万亿兆]+)*[多余]? ?(?:%|‰)?(?: ?{UNIT})?"
ABOUT = "(?:大?约为?|近|超过?|逾|不到|不足|不超过|至少|最多|多达|高达)"
QUANTITY = re.compile(
    rf"{ABOUT}? ?{AMOUNT}(?: ?(?:{DASH}|/|×|x|、|或) ?{AMOUNT})*(?:左右|以上|以下|上下)?",
)
"""A number with its unit, its 约 and 以上, and from one to another."""

YEAR = (
    rf"(?:(?:公元前?|西元前?) ?)?{_any(r'[0-9]{1,4}', f'[{DIGIT}]{{2,4}}', '[同次当今去前明翌]')} ?年(?!代)"
)
ERA_YEAR = rf"(?:[\u4e00-\u9fff]朝)?[\u4e00-\u9fff]{{2}}(?:元|[{DIGIT}]{{1,3}})年"
MONTH = rf"闰?{_any('[0-9]{1,2}', f'[{DIGIT}正腊]{{1,3}}')} ?月份?"
DAY = _any(f"初[{DIGIT}]", rf"{_any(f'[{DIGIT}]{{1,3}}', '[0-9]{1,2}')} ?[日号](?!本)")
CLOCK = (
    "(?: ?(?:清晨|早上|早晨|凌晨|上午|中午|下午|傍晚|晚上|深夜)? ?"
    f"{_any('[0-9]{1,2}', f'[{DIGIT}]{{1,3}}')}[时点](?:[0-9]{{1,2}}分|半)?)?"
)
PART = _any(
    "年间",
    "[上下]半年",
    "[上中下]旬",
    "[初中末]叶",
    "[早晚前后初末]期",
    "[初末底中间](?![一二三四五六七八九十])",
    "前后?",
    "后",
    "[春夏秋冬][季天]?",
)
OTHER_CALENDAR = r"(?: ?[(（][^()（）]{1,12}年[)）])"
DYNASTIES = "夏商周秦汉魏晋隋唐宋元明清辽金"
AGE = _any(
    f"[{DYNASTIES}]",
    *"西汉 东汉 西晋 东晋 北魏 北宋 南宋 南朝 北朝 战国 春秋 三国 南北朝 五代 民国 国民政府".split(),
    *"奈良 平安 镰仓 室町 江户 幕末 明治 大正 昭和 平成".split(),
    *"日治 日据 殖民地? 二战 一战 冷战 文革 改革开放".split(),
    *"[旧新中]?石器 青铜 铁器 侏罗纪 白垩纪 三叠纪 寒武纪 中世纪 文艺复兴 上古 远古 古 近".split(),
)
POINT = _any(
    rf"{ERA_YEAR}(?={OTHER_CALENDAR}|{MONTH}){OTHER_CALENDAR}?(?:{MONTH}(?:{DAY})?)?",
    rf"{YEAR}{OTHER_CALENDAR}?{PART}?(?: ?的? ?{MONTH}{PART}?)?(?: ?{DAY})?",
    rf"(?:[0-9]{{1,2}}{DASH})?{MONTH}{PART}?(?: ?{DAY})?",
    rf"{_any('[0-9]{1,2}', f'[{DIGIT}]{{1,3}}')} ?世纪(?: ?[0-9]0 ?年代)?{PART}?",
    rf"[0-9]{{2,4}} ?年代{PART}?",
    r"[0-9]{1,2} ?[日号](?!本)",
    rf"{AGE}[朝代]?(?:初年|末年|初期|末期|时代|时期|年间|初|末|中叶)",
    f"[{DYNASTIES}][朝代]",
    "昨[日天]",
    "[春夏秋冬]季",
    r"(?<![0-9])[0-9]{4}(?![0-9])",
)
DATE = re.compile(rf"{POINT}{CLOCK}(?: ?{DASH} ?{_any(POINT, '[0-9]{1,4}')}{CLOCK}间?)?")
"""A date, from an age to an hour, and from one to another."""

FOREIGN_NAME = re.compile(r"[\u4e00-\u9fffa-z.]{1,8}(?:[·・‧•][\u4e00-\u9fffa-z.]{1,8})+")
"""A name whose parts are divided by a dot: 尼古拉·特斯拉."""
LATIN_NAME = re.compile(
    r"[A-Z][A-Za-z.'-]+(?: (?:[A-Z][A-Za-z.'-]+|de|van|von|of|and|the))* [A-Z][A-Za-z'-]+|[A-Z][A-Za-z]{2,}",
)
"""Of the text as it is stored: only its case tells a name from a word."""
PLACE_END = re.compile(
    _any(
        "[省市县区州镇乡村岛湾路街港山河江湖海洋国洲府郡町坡城堡宫寺庙塔桥道]",
        "[东南西北中]部",
        *"半岛 大陆 盆地 平原 高原 山脉 机场 车站 广场 公园 大厦 体育[场馆] 地区 境内 附近 一带".split(),
        *"沿海 沿岸 流域 教堂 中心 车厂 球场 剧院".split(),
    )
    + "$",
)
ORGANISATION_END = re.compile(
    _any(
        "[党局院台社队会部厂军报网]",
        *"公司 集团 大学 学院 研究[院所] 机构 组织 协会 学会 委员会 政府 部门 银行 实验室 俱乐部".split(),
        *"中学 小学 学校 乐团 联盟 基金 工作室 唱片 航空".split(),
    )
    + "$",
)

HELD_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,6}(?:省|市|县|区|州|镇|村|岛|湾|路|街|港|山|河|湖|国|半岛|大陆|地区)",
)
HELD_ORGANISATION = re.compile(
    "公司|集团|大学|学院|研究院|研究所|机构|组织|协会|委员会|政府|部门|银行|实验室|党|局|院|队|社",
)
HELD_REASON = re.compile("因为|因[^此而]|由于|因此|因而|所以|为了|导致|使得|原因|从而|出于|鉴于|以便")
HELD_LIST = re.compile("、|包括|分别|以及|等")
HELD_NUMBER = re.compile(
    rf"\d[\d,]*(?:\.\d+)?%?|[{DIGIT}]+(?=[个名位次年天月日岁种座条人家部亿万元倍分成号级届集章层米公里吨斤件支只])"
    f"|百分之[{DIGIT}]+",
)
HELD_DATE = re.compile(
    rf"\d{{1,4}}年|\d{{1,2}}月|\d{{1,2}}日|世纪|年代|[{DIGIT}]{{2,}}年|[春夏秋冬]季|朝代?|时期"
    "|昨日|今年|去年|上午|下午|凌晨|晚上",
)
