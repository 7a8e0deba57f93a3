"""Follow-ups: a question that only makes sense after another one, completed from it.

北京呢？ after a question about 深圳 takes its place, and so does 2021年 that of another year; 产值呢？ or
用在哪些领域？ is put after it, with a ； between. A question that names its own subject starts afresh.
"""

import re

from retrieval.language.normalise import folded, normalise
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import AnswerKind
from retrieval.questions.answer_type import asked_for, asking_words
from retrieval.questions.chinese import AFTER, IGNORED
from retrieval.questions.courtesies import without_courtesies
from retrieval.questions.exchange import NAMED, Piece, exchanged, pieces
from retrieval.regex import regex

LONGEST = 20
"""Characters of a follow-up at most: longer questions stand alone."""
FEW_WORDS = 2
"""Words of its own, at most, in a question that opens like a follow-up."""
LEAD = r"(?:那么?|还有|至于|换[成做作]|要是|如果是?|关于|对于|[,\s])*"
SUBJECT = regex(rf"^{LEAD}(?P<subject>.+?)的?(?:呢|又?怎么?样|如何)[?!。\s]*$")
"""X呢？: what is said of X's like, asked of X."""
OPENING = regex(
    r"那么?|还有|是|有|在|用|由|被|能|会|要|于|从|到|约?占|共|总共|一共|计划|预计|打算|什么时候|何[时地处年]|为什么|为何|怎么|如何|哪|谁|多[少大高长久远]|几|具体|分别|[同环]比"
)
PRONOUN = regex(
    r"[它他她]们?|里面|当中|其中|[这那该此](?:个|条|颗|枚|架|辆|台|只|样|批|支|艘|笔|轮|项|些|次|场|家|部|座|份|款|种|位|届|件|篇|里|时|年|儿|$)|其(?![他它中实余])"
)
NAMELESS = frozenset({None, "unknown"})
SOMEBODY = regex("[你您我咱]")
"""Talk with the bot, not about its corpus."""
REPEATED = regex(rf"^{LEAD}(?:(?:别的|其他的?|更多|继续|再说说)[呢吗]?|[呢吗])?[?!。\s]*$")
"""A follow-up without any content: the same question once more."""
NOTHING_MORE = regex(rf"^{LEAD}|[有是的了吗呢啊呀共家个只名位款条座种项在\W]")
"""What a question that only says of whom the same is asked has besides: 那广东有多少家."""
LOOSE = "在是于由被有达为共"
"""What an asking word follows."""
END = regex(r"[?？!！。.,，\s]+$")


def complete(text: str, previous: str, tokeniser: Tokeniser) -> str:
    """What a question means after `previous`: itself, unless it is a follow-up."""
    asked = folded(text).strip()
    if not asked or len(asked) > LONGEST or SOMEBODY.search(asked):
        return text
    if REPEATED.match(asked):
        return previous
    if subject := SUBJECT.match(folded(text)):
        own = text[slice(*subject.span("subject"))].strip()
        if like := exchanged(own, previous, tokeniser):
            return like
        if "呢" in asked:
            return after(previous, text, tokeniser)
    if like := _elliptic(text, previous, tokeniser):
        return like
    leans = _asks_how_many(text, tokeniser) or is_followup(text, tokeniser)
    return after(previous, text, tokeniser) if leans else text


def may_lean(text: str) -> bool:
    """Whether a question could be one after another: neither empty, nor long, nor talk with the bot."""
    asked = folded(text).strip()
    return any(map(str.isalnum, asked)) and len(asked) <= LONGEST and not SOMEBODY.search(asked)


def is_followup(text: str, tokeniser: Tokeniser) -> bool:
    """Whether a question cannot be understood alone."""
    asked = normalise(text).strip()
    own = own_words(text, tokeniser)
    if (
        len(asked) > LONGEST
        or any(piece.names not in NAMELESS for piece in own)
        or re.search('[《“「"]', asked)
    ):
        return False
    if re.search(r"呢[?!。]*$", asked) or PRONOUN.search(asked):
        return True
    subjectless = (
        OPENING.match(asked)
        or SUBJECT.match(asked)
        or (own and _is_verb(own[0].text, tokeniser) and asked.startswith(own[0].text))
    )
    if subjectless:
        return len(own) <= FEW_WORDS
    return len(own) == 1 and asked_for(asked) is not AnswerKind.LIST


def own_words(text: str, tokeniser: Tokeniser) -> list[Piece]:
    """The words that a question is about: those that are asked with, and measure words, are none."""
    found = (piece for piece in pieces(text, tokeniser) if piece.text not in IGNORED)
    return [piece for piece in found if piece.names or len(piece.text) > 1]


def _elliptic(text: str, previous: str, tokeniser: Tokeniser) -> str | None:
    """A question that says only of whom the same is asked (广东有多少？), completed."""
    own = own_words(text, tokeniser)
    asked = asking_words(folded(text))
    if len(own) != 1 or asked in {None, "谁"} or asked != asking_words(folded(previous)):
        return None
    if NOTHING_MORE.sub("", folded(text).replace(own[0].text, "", 1).replace(asked or "", "", 1)):
        return None
    return exchanged(text[own[0].start : own[0].end], previous, tokeniser)


def _asks_how_many(text: str, tokeniser: Tokeniser) -> bool:
    """Whether a question names somebody and asks how many, but not of what (北京是多少？)."""
    words = [piece for piece in pieces(text, tokeniser) if piece.text not in IGNORED]
    return len(words) == 1 and words[0].names in NAMED and asked_for(folded(text)) is AnswerKind.NUMBER


def after(previous: str, text: str, tokeniser: Tokeniser) -> str:
    """A follow-up put after the question before, in the place of an earlier follow-up to it.

    One that asks something else by name (主题, 产值) is put after the subject alone.
    """
    before = END.sub("", without_courtesies(previous).partition(AFTER)[0])
    asks_by_name = any(not _is_verb(piece.text, tokeniser) for piece in own_words(text, tokeniser))
    return f"{_subject(before, tokeniser) if asks_by_name else before}{AFTER}{text.strip()}"


def _subject(question: str, tokeniser: Tokeniser) -> str:
    """A question without what it asks at its end (在哪里举行, 投入多少钱); itself where that is more."""
    asked = folded(question)
    words = asking_words(asked)
    if words is None:
        return question
    start = asked.rindex(words)
    said = [piece.text for piece in own_words(asked[start + len(words) :], tokeniser)]
    left = question[:start].rstrip(LOOSE)
    before = own_words(left, tokeniser)
    while before and left.endswith(before[-1].text) and _is_verb(before[-1].text, tokeniser):
        left = left[: before.pop().start].rstrip(LOOSE)
    return left if before and all(_is_verb(word, tokeniser) for word in said) else question


def _is_verb(word: str, tokeniser: Tokeniser) -> bool:
    return tokeniser.part_of_speech(word) == "v"
