"""What is new: a question that wants the newest articles, of a subject or of a time, and no sentence of one.

最近有什么新闻, 6月有什么新闻, 华为最近发布了什么, the latest news about Huawei: a whole sentence of one of
a few forms, and what the form leaves open is the subject.
"""

import datetime as dt
from typing import Final

from retrieval.language.normalise import normalise
from retrieval.models import NewsRequest, Period
from retrieval.questions.periods import MENTION, period
from retrieval.regex import regex

LONGEST: Final = 60
"""Characters of such a question."""
LONGEST_SUBJECT: Final = 24

NEWS: Final = "(?:新闻|消息|资讯|动态|要闻|头条|快讯|大事儿?|新鲜事儿?)"
MORE: Final = (
    f"(?:{NEWS}|报道|文章|事情?|事件|进展|动作|动向|动静|热点|新?东西|新品|新?产品|变化|更新|模型|功能)"
)
WHICH: Final = "(?:什么样?|啥|哪些|嘛)"
NEW: Final = "(?:最?新的?|重要的?|大的?|相关的?)?"
DOING: Final = "(?:发布|推出|宣布|上线|开源|更新|公布|[做干搞出])[了过]?"
PLEASE: Final = "(?:请|帮我|给我|我想|想|能不能|可以)*(?:看看?|查查?|找找?|说说|讲讲|列出?|了解)?(?:一下)?的?"
ABOUT: Final = "(?:关于|有关)?(?P<subject>.*?)(?:圈|界|领域|方面|行业)?[里都还又的]*"
ENGLISH_ABOUT: Final = r"(?: (?:about|on|of|from|for|with|at|in|regarding) (?P<subject>.+?))?"
LEAD: Final = "(?:what(?: is|'s|s) |show me |give me |any |tell me |i want )*(?:the )?"
PLAIN: Final = tuple(
    regex(form)
    for form in (
        f"{PLEASE}{ABOUT}(?:有|出了?)(?:没有|{WHICH})?{NEW}{NEWS}吗?",  # 有什么新闻, 华为有没有新消息
        f"{PLEASE}{ABOUT}{NEW}{NEWS}(?:有?{WHICH})?",  # 华为的新闻, 芯片的消息有哪些
        rf"{LEAD}(?:(?:latest|newest|recent|new)\b)? ?(?P<before>.*?) ?(?:news|headlines){ENGLISH_ABOUT}",
        f"what(?: is|'s|s) (?:new|the latest|happening){ENGLISH_ABOUT}",
        f"(?:show me )?(?:the )?latest{ENGLISH_ABOUT}",
    )
)
"""Forms that want news whatever else they say."""
TIMED: Final = tuple(
    regex(form)
    for form in (
        f"{PLEASE}{ABOUT}(?:有|发生了?|出了?){WHICH}{NEW}{MORE}?吗?",  # 6月有什么, 上周发生了什么大事
        f"{PLEASE}{ABOUT}{NEW}{MORE}(?:有?{WHICH})?",  # 具身智能最新进展
        f"{ABOUT}在?{DOING}{WHICH}{NEW}{MORE}?",  # 华为最近发布了什么
        # 华为最近怎么样了
        f"{PLEASE}(?P<subject>(?![你您我咱]|天气).{{2,}}?)(?<!过得)(?:怎么|咋)(?:了|样了?)",
        "(?:what(?: is|'s|s)?|show me)?(?: ?the)?(?: ?(?:on|about) (?P<subject>.+?))?",  # the latest on X
        "what(?: has| have)? happened(?: (?:to|with|at|in) (?P<subject>.+?))?",
        "what (?:did|has|have|is) (?P<subject>.+?) (?:release|announce|launch|publish|do)(?:e?d|ing)?",
    )
)
"""Forms that want news only where they name a time; of a subject, one that lies near today."""
ASKING: Final = regex(
    r"什么|啥|谁|哪|多少|几|怎|为何|吗|么$|是否|[?？]|\b(?:who|what|when|where|why|how|which|is|are|did)\b"
)
"""What shows that the subject of a form is a question of its own."""
ENDING: Final = regex(r"[\s,.。!?;:~…啊呀吧呢啦]+$")


def news_request(text: str, today: dt.date, newest: dt.date | None = None) -> NewsRequest | None:
    """What is wanted of the news; None for any other question.

    Args:
        text: that was asked.
        today: the date that 昨天 and its like count from.
        newest: when the newest article was published; see `period`.
    """
    asked = ENDING.sub("", normalise(text).strip())
    if not asked or len(asked) > LONGEST:
        return None
    when = MENTION.search(asked)
    rest = " ".join(f"{asked[: when.start()]} {asked[when.end() :]}".split()) if when else asked
    for form in (*PLAIN, *(TIMED if when else ())):
        if found := form.fullmatch(rest):
            parts = found.groupdict(default="")
            subject = (parts.get("subject") or parts.get("before") or "").strip(" ,，的")
            is_of_now = form in PLAIN or not subject or (when is not None and when["recent"])
            if is_of_now and len(subject) <= LONGEST_SUBJECT and not ASKING.search(subject):
                days = period(when["recent"] or when["written"], today, newest) if when else Period()
                return NewsRequest(subject=_as_typed(text, subject), period=days)
    return None


def _as_typed(text: str, subject: str) -> str:
    """A subject in the letters and the script that it was typed in, where that can be told."""
    place = normalise(text).find(subject)
    typed = text[place : place + len(subject)]
    return typed if normalise(typed) == subject else subject
