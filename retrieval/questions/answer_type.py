"""What a question asks for, and where in it the answer would stand."""

from retrieval.models import AnswerKind, Question
from retrieval.regex import regex

CLAUSE_END = regex(r"[,;?!。]+")

PLACES = (
    "(?:国家?(?!王|民|籍)|城市?|省份?|县市?|市|州|镇|村|洲|地方|地区|地带|地点|区域?|岛屿?|大陆|街道?|路(?!线)|山脉?"
    "|河流?|湖泊?|海域?)"
)
PEOPLE = (
    "(?:人(?!种|口|群|类)|人物|皇帝|国王|君主|总统|首相|作家|诗人|演员|歌手|导演|画家|作曲家|科学家|学者|教授|教练|球员"
    "|选手|大臣|将军|将领)"
)
ORGANISATIONS = (
    "(?:公司|机构|组织|大学|学校|学院|中学|球队|球会|俱乐部|政党|部门|单位|企业|厂商|媒体|报纸|银行|医院|电视台|乐团"
    "|研究所|实验室|团队|厂家|机关|集团)"
)
AGES = "(?:世纪|时期|时代|朝代?|年代|年份|季节|日子|时间)"
QUANTITIES = "(?:比例|占比|百分之|数量|人数|排名)(?:大?约)?"
AMOUNTS = (
    "(?:产值|产量|销量|总量|规模|营收|收入|利润|投资额?|金额|价格|售价|价钱|估值|票房|成本|预算|市值|面积|人口|增速|增幅|增长率"
    "|市场份额)"
)
"""What a follow-up asks the amount of by its name alone: 产值呢."""
WHEREABOUTS = "(?:地址|地点|产地|出生地|发源地|国籍|首都|总部)"
ASKING = {
    AnswerKind.DATE: (
        "何[时年]",
        "[什甚]么时[候间]|啥时候?|多会儿",
        "什么(?:时间|年代|朝代|时期|日子)",
        "哪一?[年天月时]",
        "哪一?个月",
        "(?<!第)几月(?!份?的)",
        "几号(?!线)",
        "几点(?!意见|建议|要求)",
        "几时",
        "(?<!第)几年(?!级)",
        "几世纪",
        "哪几[天日年]",
        f"哪一?个?{AGES}",
        "(?:时间|日期|年份)(?:[是为](?!以)|[?]|$)",
    ),
    AnswerKind.NUMBER: (
        "多[少大高长远重宽深快久]",
        "(?<!哪)几(?!乎|何|率|内)",
        rf"{QUANTITIES}[是为有占达]?(?:(?<!为)什么|怎|如何|[?]|$)",
        f"(?:{QUANTITIES}|{AMOUNTS})(?:呢|[?]|$)",
        "几[成倍折块毛]|卖多少|要钱",
    ),
    AnswerKind.PERSON: ("谁(?!家)", "哪一?[位名任]", "何人", f"(?:什么|哪一?个?){PEOPLE}"),
    AnswerKind.PLACE: (
        "哪[里儿]",
        "何[处地]",
        f"(?:哪一?[个座些]?|(?<!为)什么){PLACES}",
        "位于(?:何|哪|什么|[?]|$)",
        "在哪(?:[?,;]|$)",
        f"{WHEREABOUTS}[是在为]?(?:什么|哪|[?]|$)",
    ),
    AnswerKind.REASON: (
        r"(?<![称作视认列定成])为[什甚]么(?![?]|$)",
        r"为何(?![?]|$)",
        "原因",
        "怎么会|咋会|为啥|凭[什啥]|起因|缘由|怎么回事|咋回事",
        "何以",
    ),
    AnswerKind.NAME: (
        "叫(?:什么|啥)|(?:什么|啥)名[字称]?|代号",
        "称[为作]",
        "被称",
        "什么(?:名字|歌|书)",
        "名为",
        "[书片]名",
        "名称",
        "哪一?部",
        "哪[首本]",
        "哪一?篇",
        "专辑",
        "作品",
    ),
    AnswerKind.ORGANISATION: ("哪[家所间]", f"(?:什么|哪一?[个间所家支]?){ORGANISATIONS}", "谁家"),
    AnswerKind.LIST: ("哪些", "哪几", "有啥(?!用|意)", "什么样的", "分别"),
}
"""Patterns of what a question asks for; the first kind that has one in the question wins."""
KINDS = tuple((kind, regex("|".join(patterns))) for kind, patterns in ASKING.items())
GAPS = {
    AnswerKind.DATE: regex(
        rf"何[时年]|啥时候?|多会儿|[什甚]么(?:时候|{AGES})?|哪一?个?(?:年|天|月|{AGES})?|几(?:年|月|号|点|时|世纪)"
    ),
    AnswerKind.NUMBER: regex("多少|第?几|多[大高长远重宽深快久]"),
    AnswerKind.PERSON: regex("谁|何人|什么(?=人)|哪一?[位名任个]?"),
    AnswerKind.PLACE: regex("何[处地]|哪(?:里|儿|国|一?[个座些]?(?:地方|地区)?)|什么(?:地方|地区)?"),
    AnswerKind.ORGANISATION: regex("哪一?[个家所间支]?|谁家|什么|啥"),
    AnswerKind.NAME: regex("(?:什么|啥)(?:名字|名称|名)?|哪一?[部首本篇个]?"),
    AnswerKind.LIST: regex("哪些|哪[几两][个种项]?|什么样的"),
}
"""The words that a question asks with, in the place where an answer would stand."""


def own_part(normalised: str) -> str:
    """What a normalised question asks itself, without the one that it was put after."""
    return normalised.rpartition(";")[2].strip() or normalised


def asked_for(normalised: str) -> AnswerKind:
    """The kind of answer that a normalised question asks for: that of its last clause, if that says."""
    clauses = [clause for clause in CLAUSE_END.split(normalised) if clause]
    kinds = (
        kind for clause in [*clauses[:-2:-1], normalised] for kind, pattern in KINDS if pattern.search(clause)
    )
    return next(kinds, AnswerKind.OTHER)


def asking_words(normalised: str) -> str | None:
    """The words that a normalised question asks with, where they are of those an answer could replace."""
    pattern = GAPS.get(asked_for(normalised))
    found = pattern.search(normalised) if pattern else None
    return found.group() if found else None


def gap(question: Question) -> tuple[str, str]:
    """What of a question's clause stands before and after the words it asks with, normalised."""
    pattern = GAPS.get(question.kind)
    found = pattern.search(question.normalised) if pattern else None
    if found is None:
        return CLAUSE_END.split(question.normalised)[0], ""
    before = CLAUSE_END.split(question.normalised[: found.start()])[-1]
    return before, CLAUSE_END.split(question.normalised[found.end() :])[0]
