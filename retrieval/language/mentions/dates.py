"""How dates are written in Chinese, from an age of the earth to an hour: patterns for normalised text."""

from retrieval.language.mentions.patterns import DASH, DIGIT, any_of
from retrieval.regex import regex

DYNASTIES = "夏商周秦汉魏晋隋唐宋元明清辽金"
REIGN_WORDS = tuple(
    """
    建元 元光 元朔 元狩 元鼎 元封 太初 建武 永平 建安 黄初 太和 正始 黄武 黄龙 赤乌 泰始
    太康 永嘉 建兴 咸和 永和 隆安 义熙 元嘉 孝建 大明 永明 天监 大同 太清 天保 武定 大统
    开皇 大业 武德 贞观 永徽 显庆 龙朔 麟德 总章 仪凤 垂拱 长安 神龙 景龙 开元 天宝 至德
    乾元 上元 大历 建中 贞元 元和 长庆 宝历 开成 会昌 大中 咸通 乾符 天祐 显德 建隆 乾德
    开宝 太平兴国 雍熙 端拱 淳化 至道 咸平 景德 大中祥符 天禧 天圣 明道 景祐 宝元 庆历 皇祐
    至和 嘉祐 治平 熙宁 元丰 元祐 绍圣 崇宁 大观 政和 宣和 靖康 建炎 绍兴 隆兴 乾道 淳熙
    绍熙 庆元 嘉泰 开禧 嘉定 宝庆 绍定 端平 嘉熙 淳祐 宝祐 开庆 景定 咸淳 德祐 至元 元贞
    大德 至大 延祐 至治 泰定 至顺 至正 洪武 建文 永乐 洪熙 宣德 正统 景泰 天顺 成化 弘治
    正德 嘉靖 隆庆 万历 泰昌 天启 崇祯 弘光 隆武 永历 天命 天聪 崇德 顺治 康熙 雍正 乾隆
    嘉庆 道光 咸丰 同治 光绪 宣统 民国 昭和 大正 明治 平成 令和 庆应 庆长 元禄 享保 宽永
    文禄 天正 安政 文政 文化 宽政 文久 嘉永 洪宪
    """.split(),
)
"""Reigns that years are counted in: the common ones of China and Japan."""
REIGNS = any_of(*REIGN_WORDS)
YEAR = (
    rf"(?:(?:公元前?|西元前?) ?)?{any_of(r'[0-9]{1,4}', f'[{DIGIT}]{{2,4}}', '[同次当今去前明翌]')} ?年(?!代)"
)
REIGN_YEAR = rf"(?:[{DYNASTIES}]朝?)?{REIGNS}(?:年间|(?:元|[{DIGIT}]{{1,3}}|[0-9]{{1,3}}) ?年)"
ERA_YEAR = rf"(?:[\u4e00-\u9fff]朝)?[\u4e00-\u9fff]{{2}}(?:元|[{DIGIT}]{{1,3}})年"
MONTH = rf"闰?{any_of('[0-9]{1,2}', f'[{DIGIT}正腊]{{1,3}}')} ?月份?"
DAY = any_of(f"初[{DIGIT}]", rf"{any_of(f'[{DIGIT}]{{1,3}}', '[0-9]{1,2}')} ?[日号](?!本)")
LUNAR_DAY = f"(?:初|十|廿|二十|三十)[{DIGIT}]?[日号]?(?: ?[子丑寅卯辰巳午未申酉戌亥]时)?"
CLOCK = (
    "(?: ?(?:清晨|早上|早晨|凌晨|上午|中午|下午|傍晚|晚上|深夜)? ?"
    f"{any_of('[0-9]{1,2}', f'[{DIGIT}]{{1,3}}')}[时点](?:[0-9]{{1,2}}分|半)?)?"
)
PART = any_of(
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
OTHER_CALENDAR = r"(?: ?[(（][^()（）]{1,12}年(?:[^()（）]{1,14})?[)）])"
AGE = any_of(
    f"[{DYNASTIES}]",
    *"西汉 东汉 西晋 东晋 北魏 北宋 南宋 南朝 北朝 战国 春秋 三国 南北朝 五代 民国 国民政府".split(),
    *"飞鸟 大和 奈良 平安 镰仓 室町 江户 幕末 明治 大正 昭和 平成".split(),
    *"日治 日据 殖民地? 二战 一战 冷战 文革 改革开放".split(),
    *"[旧新中]?石器 青铜 铁器 文艺复兴 上古 远古 古 近".split(),
)
BARE_AGE = any_of(
    *"西汉 东汉 西晋 东晋 北魏 东魏 西魏 北齐 北周 北宋 南宋 南朝 北朝".split(),
    *"战国 春秋 三国 南北朝 五代 中世纪 奈良 平安 镰仓 室町 江户 幕末".split(),
    rf"{any_of(*'前?寒武 奥陶 志留 泥盆 石炭 二叠 三叠 侏罗 白垩 第[三四]'.split())}纪",
    "(?:古|始|渐|中|上|更|全)新世",
)
"""Ages that are dates without a further word."""
AGE_WORDS = (
    *"西汉 东汉 西晋 东晋 北魏 东魏 西魏 北齐 北周 北宋 南宋 南朝 北朝 战国 春秋 三国 南北朝 五代".split(),
    *"民国 国民政府 飞鸟 大和 奈良 平安 镰仓 室町 江户 幕末 明治 大正 昭和 平成 中世纪".split(),
    *"日治 日据 殖民 二战 一战 冷战 文革 改革开放 旧石器 新石器 中石器 石器 青铜 铁器 文艺复兴".split(),
    *"上古 远古 前寒武 寒武 奥陶 志留 泥盆 石炭 二叠 三叠 侏罗 白垩 第三 第四".split(),
    *"古新世 始新世 渐新世 中新世 上新世 更新世 全新世".split(),
)
"""What the names of ages begin with, but for those of one character."""
AGE_AND_PART = (
    f"[早晚]?{BARE_AGE}(?:[早晚初末中](?:{DASH}[早晚初末中])?期|初|末|[\u4e00-\u9fff]{{1,2}}[帝宗祖]时?)?"
)
LONG_AGO = rf"(?:大?约)?(?:[0-9][0-9,.]*|[{DIGIT}]+)[万亿]?年(?:以|之)?前"
NAMED_AGE = "[^\\W\\d在于的是从自到至为了这那该此同当由和与及]{2,4}(?:时期|年间)"
POINT = any_of(
    (
        rf"{REIGN_YEAR}{OTHER_CALENDAR}?{PART}?(?: ?(?:农历)?{MONTH}{PART}?)?"
        rf"(?: ?{any_of(DAY, LUNAR_DAY)})?{OTHER_CALENDAR}?"
    ),
    rf"{ERA_YEAR}(?={OTHER_CALENDAR}|{MONTH}){OTHER_CALENDAR}?(?:{MONTH}(?:{DAY})?)?",
    rf"{YEAR}{OTHER_CALENDAR}?{PART}?(?: ?的? ?{MONTH}{PART}?)?(?: ?{DAY})?",
    rf"(?:[0-9]{{1,2}}{DASH})?{MONTH}{PART}?(?: ?{DAY})?",
    rf"{any_of('[0-9]{1,2}', f'[{DIGIT}]{{1,3}}')} ?世纪(?: ?[0-9]0 ?年代)?{PART}?",
    rf"[0-9]{{2,4}} ?年代{PART}?",
    r"[0-9]{1,2} ?[日号](?!本)",
    rf"{AGE}[朝代]?(?:初年|末年|初期|末期|时代|时期|年间|初|末|中叶)",
    f"[{DYNASTIES}][朝代]",
    f"{LONG_AGO}(?:的?{AGE_AND_PART})?",
    AGE_AND_PART,
    f"(?:[{DYNASTIES}][朝代]?[初末]){{2}}(?:时期|年间)?",
    NAMED_AGE,
    "(?:清晨|早上|早晨|凌晨|上午|中午|下午|傍晚|晚上|深夜)? ?[0-9]{1,2}:[0-9]{2}",
    "昨[日天]",
    "[春夏秋冬]季",
    r"(?<![0-9.])(?:1[0-9]|20)[0-9]{2}(?![0-9.]|号)",
)
DATE = regex(rf"{POINT}{CLOCK}(?: ?(?:{DASH}|/) ?{any_of(POINT, '[0-9]{1,4}')}{CLOCK}间?)?")
"""A date, from an age to an hour, and from one to another."""
