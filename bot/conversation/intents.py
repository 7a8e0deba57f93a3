"""What a reader wishes instead of asking: 再多几条, 为什么是这句, 上下文, show more, 怎么用, 退出.

Only whole messages count: 为什么？ right after an answer wants it explained, 为什么上海领先？ is a question.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from retrieval.language.normalise import normalise
from retrieval.regex import regex


class Wish(StrEnum):
    """What is wanted: of the last answer, or of the bot."""

    MORE = "more"
    WHY = "why"
    CONTEXT = "context"
    HELP = "help"
    LEAVE = "leave"


class Intent(NamedTuple):
    """A wish, and the number of the passage that it is about, where it is about one."""

    wish: Wish
    number: int


LONGEST = 24
"""Characters of a wish at most."""
NUMBERED = "第?[1-9][句条个]"
SHOW = "(?:给我|[再还多来给看说发要]|看看|显示)*"
SOME = "(?:[几一两三二五]?[条句个点些]|结果|内容|答案)*"
THIS = rf"(?:[选是给答说]*[这那它](?:一?[句条个段]|样)?(?:话|回答|答案|结果)?|[选是给]*{NUMBERED})"
OTHERS = "(?:更多|还有|再来|再多|多来|多看|再看|继续|下一[页批]|接着[说来]?|别的|其他的?)"
WISHES = {
    Wish.MORE: (
        rf"{SHOW}{OTHERS}{SOME}(?:有?没有|别的|其他的?|更多)*",
        "[再多来](?:给我|[再还多来看])*[几一两三]?[条句点些]",
        "(?:show |give )?(?:me )?(?:some )?more(?: please| results)?",
        "next",
        "anything else",
    ),
    Wish.WHY: (
        rf"(?:为什么|为何|为啥|凭什么){THIS}?(?:排?第一|最好)?",
        rf"怎么(?:得出|选出?|找到)的?{THIS}?的?",
        "解释(?:这|一)?(?:一下|[句条个])?",
        "why(?: this| that)?(?: one| answer| sentence)?",
        "explain(?: this| that| it)?",
    ),
    Wish.CONTEXT: (
        rf"{SHOW}(?:{NUMBERED}的?)?(?:上下文|前后文|前文后文|语境|前后(?:几句|内容)?|上文|下文)(?:是什么)?",
        "(?:show )?(?:me )?(?:the )?context",
        "before and after",
    ),
    Wish.HELP: (
        "(?:这个?|这东西)?(?:应该)?(?:怎么|如何|咋)(?:使用|[用玩问]|操作|提问)你?",
        "帮助|使用(?:说明|方法|帮助|指南|教程)|用法|说明书|操作(?:说明|指南)|(?:看|有)(?:什么|哪些)?(?:命令|指令|帮助)|(?:命令|指令)(?:有哪些|列表)?|菜单|教我怎么用",
        "(?:i need |show )?(?:some )?(?:help|usage|instructions|commands|menu|manual)(?: me)?(?: please)?",
        "how (?:do|can|should|to)(?: i| you)? (?:use|work|ask)(?: (?:this|you|it))?(?: bot)?",
        "how does (?:this|it)(?: bot)? work",
    ),
    Wish.LEAVE: (
        "退出|离开|结束(?:对话|聊天)?|关闭对话",
        ":?q!?|exit|quit|(?:let me )?(?:leave|out)|log ?out",
    ),
}
POLITE = "(?:请|麻烦)?(?:你|给我|帮我|我想|我要|可以|能)?"
PARTICLES = "(?:一下|一看)?[吗呢吧呀啊么]*"
PATTERNS = {wish: regex(f"{POLITE}(?:{'|'.join(patterns)}){PARTICLES}") for wish, patterns in WISHES.items()}


def intent(text: str) -> Intent | None:
    """What a message wishes; None where it is a question of its own."""
    said = re.sub(r"[\s,.。!?;:~…]+$", "", normalise(text).strip())
    if not said or len(said) > LONGEST:
        return None
    wish = next((wish for wish, pattern in PATTERNS.items() if pattern.fullmatch(said)), None)
    number = re.search(f"({NUMBERED})", said)
    return Intent(wish, int(re.sub(r"\D", "", number.group())) if number else 1) if wish else None
