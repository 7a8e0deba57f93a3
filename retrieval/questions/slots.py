"""The slot that a question leaves open: what kind of thing fills it, in what measure, of whom."""

from enum import StrEnum
from functools import lru_cache

from retrieval.models import AnswerKind, Model, Question, Stream
from retrieval.questions.answer_type import asked_for, own_part
from retrieval.questions.measures import Measure, measure_asked, noun_asked
from retrieval.questions.newest import wants_version
from retrieval.regex import regex


class SlotKind(StrEnum):
    """What fills a slot."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"
    DEFINITION = "definition"
    REASON = "reason"
    LIST = "list"
    YESNO = "yesno"
    OTHER = "other"


class Slot(Model):
    """What a question asks for.

    `measure` is what a figure must be in, where the question says, else `nouns` what it counts (多少航班), by
    that and by what else the corpus may call it;
    `is_day` tells that a month is not enough; `is_version` that of a name its version is wanted (最新版是几);
    `ending` is a pattern for how the name of an organisation or a place must end (哪所大学, 哪个省).
    """

    kind: SlotKind
    measure: Measure | None = None
    nouns: tuple[str, ...] = ()
    is_day: bool = False
    is_version: bool = False
    ending: str | None = None


ROLES = (
    "联合创始人|创始人|ceo|首席执行官|cto|首席科学家|首席.{0,2}官|董事长|总裁|掌门人?|老板|头儿|负责人|作者|一作|指令长|主唱|主席|部长|总统"
    "|总理|飞行员|发现人|宇航员|航天员|所长|院士|设计师|歌手|演员|院长|主任|局长|校长|冠军|得主|发言人|导演|记者|司令|行长|教练|队长|市长|省长|县长|镇长|书记|高管|研究员|程序员|经理|教授|馆长"
)
THING = (
    "模型|产品|软件|工具|平台|项目|版本|应用|品牌|游戏|节目|奖|芯片|型号"
    "|火箭|飞机|材料|卫星|系统|技术|算法|框架|语言"
)
KINDS = tuple(
    (kind, regex(pattern))
    for kind, pattern in (
        (SlotKind.REASON, r"为(?:什么|啥)(?!单位)"),
        (
            SlotKind.PERSON,
            rf"(?:{ROLES}|那个?人|(?<!机器)人|哥们|小伙|网友|学生|女孩|男孩)(?:叫|是)(?:什么|啥)(?:名字?)?",
        ),
        (
            SlotKind.NAME,
            (
                r"叫(?:什么|啥|做什么|做啥)|(?:什么|啥)名字?|名字|代号|名称|哪一?[款部本首篇]|哪[种项]"
                rf"|(?:哪个|什么)(?:{THING})|最新的?(?:{THING}).{{0,2}}是(?:什么|啥|哪个)|(?:{THING})是哪个"
                r"|v几|几点几|几代|版本号"
            ),
        ),
        (
            SlotKind.DEFINITION,
            (
                r"(?<!因)(?:是|为)个?(?:什么|啥|甚么)(?:东西|玩意儿?|意思|产品|模型|工具|项目|软件|公司|机构|技术|来头|鬼|平台|框架|概念)?"
                r"[啊呀呢的]?[?？]?$|是(?:一?[个种款])(?:什么|啥|甚么)(?:样的)?[\u4e00-\u9fff]{1,3}[?？]?$|什么是|啥是|啥叫|什么叫|干(?:嘛|啥|什么)用?的|干啥用|做什么的|做啥的|有什么用|有啥用|啥意思|什么意思"
                r"|介绍一?下|讲讲|是啥|是个啥|何为|指的是(?:什么|啥)|指什么"
            ),
        ),
        (
            SlotKind.DATE,
            (
                r"什么时[候间]|哪一?个?[月季]|哪一?[天年日]|哪几[天日年]|啥时候?|何时|几月|几号(?!线)|几时|几点|(?<!多长)(?<!多少)时间[?？]?$|日期"
                r"|什么日子|多会儿|年份|(?:上市|发布|开通|开售|上线|发射|成立|通车|开幕|实施|生效|截止|举办|开源|公布)(?:时间|日期)"
            ),
        ),
        (
            SlotKind.REASON,
            r"为什么|为啥|为何|怎么会|怎么就|原因|咋会|何以|凭什么|凭啥|干嘛要|怎么回事|起因|缘由|咋回事|理由",
        ),
        (SlotKind.PERSON, rf"谁(?!家)|哪一?[位名任]|何人|哪个人|哪个高管|(?:{ROLES})(?:是|叫)?[?？]?$"),
        (
            SlotKind.NUMBER,
            (
                r"多[少大高长远重宽深快久贵]|(?<!哪)几(?!乎|何|率|内)|百分之|比例|占比|比重|份额|[价售]格|售价|定价|估值|市值|增速|排名|总额|产量|数量"
                r"|人数|面积|规模(?:[是有多达]|[?？]?$)|身高|月费|费用|[^效]率[?？]?$|多少"
            ),
        ),
        (
            SlotKind.PLACE,
            (
                r"哪[里儿](?!家)|何[处地]|在哪|(?:哪|什么)一?[个座些]?(?:国家?|城市?|省|市|县|州|镇|村|地方|地区|地点|岛|海|河|机场|港)|地址"
                r"|地点|总部|哪国|(?:举办|所在|出生|产|发源)地"
            ),
        ),
        (
            SlotKind.ORGANISATION,
            r"哪[家所间]|(?:哪|什么)一?[个些]?(?:公司|机构|组织|大学|学校|团队|集团|企业|厂商|部门|单位|实验室|研究所|银行|媒体)|谁家|哪儿(?:出|做|搞)的",
        ),
        (SlotKind.LIST, r"哪些|哪几|有啥|都有|有什么|哪[三四五六七八九十两]|分别|什么样的"),
        (SlotKind.YESNO, r"吗|是不是|有没有|能不能|要不要|会不会|可不可以|是否|没有[?？]?$|了没|对不对|真的"),
    )
)
"""Patterns of what a question asks for, in the words of readers; the first kind that has one wins."""
FROM_ANSWER = {
    AnswerKind.DATE: SlotKind.DATE,
    AnswerKind.NUMBER: SlotKind.NUMBER,
    AnswerKind.PERSON: SlotKind.PERSON,
    AnswerKind.PLACE: SlotKind.PLACE,
    AnswerKind.ORGANISATION: SlotKind.ORGANISATION,
    AnswerKind.NAME: SlotKind.NAME,
    AnswerKind.REASON: SlotKind.REASON,
    AnswerKind.LIST: SlotKind.LIST,
}
SOFT_END = regex(r"[啊呀呢吧嘛哈哦~～!！。.\s]+$")
ENDINGS = tuple(
    (regex(rf"(?:哪|什么)一?[个所家座些]?(?:{asked})"), ending)
    for asked, ending in (
        ("大学|高校|学校", "(?:大学|学院|学校|校|大)$"),
        ("银行", "银?行$|银行"),
        ("研究所|研究院", "(?:所|院|实验室)$"),
        ("省份?", "省$|自治区$|^(?:北京|上海|天津|重庆|[\u4e00-\u9fff]{2,3})$"),
        ("机场", "机场$"),
        ("港口?", "港$"),
        ("[江河]", "[江河]$"),
        ("岛", "岛$"),
    )
)
DAY = regex("哪一?[天日]|几号|几月几")
REMEMBERED = 64
"""Questions of which the slot is kept: sentences are bound to it, and their answers marked by it."""


def slot_asked(question: Question) -> Slot:
    """The slot of a question: of a follow-up its own, of an English one that of its translation."""
    whole = question.normalised if question.translation is None else question.translation
    asked = SOFT_END.sub("", own_part(whole.lower()))
    slot = _slot(asked)
    nouns = _counted(question, asked) if slot.kind is SlotKind.NUMBER and slot.measure is None else ()
    return slot.model_copy(update={"nouns": nouns}) if nouns else slot


@lru_cache(REMEMBERED)
def _slot(asked: str) -> Slot:
    """What is asked for, but for what is counted."""
    kind = next((kind for kind, pattern in KINDS if pattern.search(asked)), None)
    kind = kind or FROM_ANSWER.get(asked_for(asked), SlotKind.OTHER)
    is_version = wants_version(asked)
    kind = SlotKind.NAME if is_version else kind
    measure = None
    if kind in (SlotKind.NUMBER, SlotKind.OTHER):
        measure = measure_asked(asked)
        kind = SlotKind.NUMBER if measure else kind
    return Slot(
        kind=kind,
        measure=measure,
        is_day=DAY.search(asked) is not None,
        is_version=is_version,
        ending=next((ending for pattern, ending in ENDINGS if pattern.search(asked)), None),
    )


def _counted(question: Question, asked: str) -> tuple[str, ...]:
    """What a question wants counted, by all the names that its words may have."""
    noun = noun_asked(asked)
    if noun is None:
        return ()
    words = (term for term in question.terms.get(Stream.WORD, ()) if term.token in noun)
    return tuple(dict.fromkeys((noun, *(form for term in words for form, _ in term.alternatives))))
