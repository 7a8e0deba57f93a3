"""Greetings and thanks at the ends of a question (你好，想问一下……谢谢): nobody looks for them."""

from retrieval.language.normalise import folded
from retrieval.regex import regex

BREAK = r"[\s,，.。!！~～、:：;；…]*"
GREETINGS = (
    "(?:你|您|大家|老师|各位)好[呀啊哈]?"
    "|哈[喽啰罗]|嗨|嘿|hi|hello|hey|早上好|早安|下午好|晚上好|在吗|不好意思"
)
ASKING_LEAVE = (
    "请问(?:一下)?|(?:打扰|麻烦|劳驾)(?:一?下|了|各?位|您)?"
    "|(?:我|咱)?(?:就|还)?(?:想|要)?(?:请?问|请教|咨询|了解|打听)(?:一下|下|个问题|一个问题)"
    "|(?:我|咱)(?:就|还)?想(?:问问?|知道|了解)|有个?问题(?:想问)?"
    "|(?:请|帮忙?)?(?:告诉|帮)我?(?:查|看|找)?一?下(?!子)|please"
)
THANKS = "谢谢[谢你您啦了啊呀哈]*+|谢[啦了]|多谢[啦了]?|感谢[你您]?|thx|thanks(?: a lot)?|thank you"
BEGGING = "拜托[了啦]?|麻烦[你您]?[了啦]|辛苦[你您]?[了啦]|在线等|求(?:解答?|告知|科普|教)|急++|please|pls"
LONGEST = 60
"""Characters of thanks at most."""
OPENING = regex(rf"^(?:{BREAK}+(?:{GREETINGS}|{ASKING_LEAVE})(?![a-z]))++{BREAK}")
CLOSING = regex(
    rf"(?:{BREAK}+(?<![a-z])(?:{THANKS})|{BREAK}+(?<=[\s,，.。!！?？~])(?:{BEGGING}))++{BREAK}+[?？]?{BREAK}$"
)


def without_courtesies(text: str) -> str:
    """A question without what greets before it and thanks after it; itself, where that is all there is."""
    asked = folded(text)
    opening = OPENING.search(asked)
    closing = CLOSING.search(asked, max(0, len(asked) - LONGEST))
    start = opening.end() if opening else 0
    end = max(closing.start() if closing else len(text), start)
    if not any(character.isalnum() for character in asked[start:end]):
        return text
    return f"{text[start:end]}?" if "?" in asked[end:] else text[start:end]
