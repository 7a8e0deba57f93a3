"""Questions that a corpus answers, made of its own sentences: to offer where a question is declined.

A clause becomes a question when an asking word takes the place of a figure, a date, a place or a name in it
(上海规模以上AI企业数量已经达到多少家？); a heading or a title may be one as it stands. Whether a question is
answered is for who offers it to find out, by asking.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.answering.passages import LEANING
from retrieval.index.protocol import StoredArticle
from retrieval.language.mentions.mention import Mention
from retrieval.language.normalise import folded, normalise
from retrieval.language.tokeniser import bigrams
from retrieval.models import AnswerKind, Question, SentenceKind, Stream
from retrieval.regex import regex

PROPOSED = 1
"""Questions asked, and proposed if answered, where one is declined: each takes as long as that one did."""
MOST = 3
"""Questions offered beside an answer."""
TRIED = 5
"""Questions asked at most to find them: that bounds what they cost."""
LONGEST, SHORTEST = 40, 9
"""Characters of a question that is offered."""
SHARED_WORDS = 2
"""Words that a question shares with the one that was declined; all, where that has fewer."""
CLAUSE = regex(r"(?:[^，,；;。！？!?：:…]|(?<=\d),(?=\d))+")
LEAD = regex(
    r"(?:而|但是?|且|不过|然而|目前|如今|据悉|据了解|据介绍|其中|比如|例如|同时|此外|另外|因此|所以|于是|又|也|还|更是?|"
    r"早在|截至目前|事实上|并且?|则|就|都|\s)+"
)
"""What a clause may begin with, and a question does without."""
QUOTES = dict(zip("“「『《", "”」』》", strict=True))
QUOTE = regex("[“”「」『』《》]")
BRACKET = regex(r"[（()）［\[\]］]")
ADVERBIAL = regex(
    r"(?:在|为|由|位于|如|从|自|当|随|于|因|对|已|现时|原|其|可能|有|该|此|这|那|他|她|它|[与與本两兩一]|和|及|被|将|把|以|根据|按)"
    r"|.*(?:后|时|期间|前|以来|之际|中|的)$|.*(?:也|更|[还還]|就|因此|[则則]|却)"
)
"""A clause that leaves open what it is about, only says when or why, or leans on the one before."""
ASKING = regex("什[么麼]|怎|如何|[为為]何|多少|哪|[谁誰]|[几幾]|[吗嗎]|呢")
FIGURE = regex(r"\d[\d,.]*[余餘多]?(?P<scale>[十百千万萬亿億]*)[余餘多]?(?P<unit>[^\d]*)")
DATE = regex(r"(?P<year>\d{4}年)?(?:\d{1,2}月(?:\d{1,2}日)?)?")
NO_DATE_AFTER = regex("(?:截至|截止|从|自|至|到|由|近|前)$")
NAMED = regex("[《“「『]|[A-Za-z]{2}")
NAMES = (AnswerKind.PLACE, AnswerKind.ORGANISATION, AnswerKind.PERSON)
PLACE_AFTER = regex("(?:在|位于|来自)$")
HAPPENING = regex(
    "(?:举[行办辦]|召[开開]|[开開]幕|成立|出生|[发發][布佈售]|建成|上映|[去逝]世|[签簽]署|落成|$)"
)
SAYING = regex("(?:[说說]|表示|指出|[认認][为為]|宣布|提出|[发發][现現明]|[创創][办辦立])")
ORGANISATIONS = (
    (regex("(?:公司|集[团團]|企[业業])$"), "哪家公司"),
    (regex("(?:大[学學]|[学學]院)$"), "哪所大学"),
)
TRADITIONAL = {"什么时候": "什麼時候", "哪里": "哪裡", "谁": "誰", "哪所大学": "哪所大學"}
"""Asking words as a text in traditional characters has them."""
MEASURING = regex("(?:[米里时時分秒年岁歲天]|小时|分钟|[a-zA-Z])$")
"""A unit that describes what follows it, rather than being asked for (6米跳台, 5G网络)."""
PASSING = regex(
    r"[今昨明]天|今[晨晚]|近日|日前|(?<!月)\d{1,2}日|^\d+[.、]|[*#`|~<>\[\]]|^(?:公司|企业|项目|工程|产品|平台|系统|团队|会议|活动)"
)
"""What only the day's reader understands, marks of a layout, and a subject that is said before."""
MONEY = regex("元|[镑鎊]|[马馬]克|法郎")
QUANTITY = regex("(?:[数數][量字]?|量|面[积積]|[规規]模|值|[额額]|率|比例|[价價]格)$")
"""What a figure follows without a verb."""
NO_QUANTITY = regex("年代|世[纪紀]|[号號]|大|[届屆]|日$|年初?$")
"""What a figure does not count before, but names by."""


class Suggestion(NamedTuple):
    """A question, and where its answer must be found: in one of these sentences of an article."""

    text: str
    article: StoredArticle
    sentences: range


class Clause(NamedTuple):
    """A clause of a sentence without what leads to it; `start` is its place in the sentence.

    `mentions` are those within it, and `following` is the clause after it.
    """

    text: str
    start: int
    mentions: Sequence[Mention]
    following: str


def suggestions(question: Question, found: Sequence[tuple[StoredArticle, int]]) -> Iterator[Suggestion]:
    """Questions that share words with one that was declined, the nearest first; they may not all be answered.

    Args:
        question: that was declined.
        found: the articles and numbers of the sentences that came nearest to it, best first.
    """
    words = {term.token for term in question.terms[Stream.WORD] if len(term.token) > 1}
    words |= {normalise(word) for word in question.translation.split()} if question.translation else set()
    enough = min(len(words), SHARED_WORDS)
    seen = {normalise(question.text), question.normalised}
    for suggestion in _of_all(question, found):
        text = normalise(suggestion.text)
        is_near = 0 < enough <= sum(word in text for word in words)
        if is_near and SHORTEST <= len(text) <= LONGEST and text not in seen:
            seen.add(text)
            yield suggestion


def _of_all(question: Question, found: Sequence[tuple[StoredArticle, int]]) -> Iterator[Suggestion]:
    for article, number in found:
        text = of_sentence(question, article.text(number), article.mentions(number))
        if text is not None:
            yield Suggestion(text, article, range(number, number + 1))
    for article in dict.fromkeys(article for article, _ in found):
        yield from of_article(article)


def of_article(article: StoredArticle) -> Iterator[Suggestion]:
    """The headings of an article that are questions, answered in their sections, and such a title."""
    sentences, title = article.sentences, article.record.title
    headings = [n for n, sentence in enumerate(sentences) if sentence.kind is SentenceKind.HEADING]
    for number, following in zip(headings, [*headings[1:], len(sentences)], strict=False):
        text = article.text(number)
        if text.endswith(("?", "？")):
            yield Suggestion(text, article, range(number + 1, following))
    if title.endswith(("?", "？")):
        yield Suggestion(title, article, range(len(sentences)))


def of_sentence(question: Question, text: str, mentions: Sequence[Mention]) -> str | None:
    """Of the questions that a sentence answers, the nearest to another one; None when it makes none."""
    made = _made(text, mentions)
    wanted = set(bigrams(question.normalised))
    nearest = max(
        made,
        key=lambda asked: (len(wanted & set(bigrams(normalise(asked[1])))), asked[0] is question.kind),
        default=None,
    )
    return nearest and f"{nearest[1].strip()}？"


def of_text(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[AnswerKind, str]]:
    """What a sentence can be asked for, and the questions that it answers."""
    return ((kind, f"{asked.strip()}？") for kind, asked in _made(text, mentions))


def _made(text: str, mentions: Sequence[Mention]) -> list[tuple[AnswerKind, str]]:
    """What a sentence can be asked for, and the questions; nothing of one that leans on the one before."""
    if LEANING.match(normalise(text)):
        return []
    return [asked for clause in _clauses(text, mentions) for asked in _asked(clause)]


def _clauses(text: str, mentions: Sequence[Mention]) -> Iterator[Clause]:
    """The clauses that can be understood without the others, and that have something to ask for."""
    found = list(CLAUSE.finditer(text))
    for place, match in enumerate(found):
        lead = LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        clause = text[start : match.end()].rstrip()
        within = [m for m in mentions if start <= m.start and m.end <= match.end()]
        if not within or not _stands_alone(clause):
            continue
        following = found[place + 1].group() if place + 1 < len(found) else ""
        yield Clause(clause, start, within, following)


def _stands_alone(clause: str) -> bool:
    """Whether a clause can be understood without the others, and asks nothing itself."""
    if BRACKET.search(clause) or ASKING.search(clause) or ADVERBIAL.match(clause):
        return False
    return not QUOTE.search(clause) or all(
        clause.count(opening) == clause.count(closing) for opening, closing in QUOTES.items()
    )


def _asked(clause: Clause) -> Iterator[tuple[AnswerKind, str]]:
    """What a clause can be asked for, and the questions."""
    for mention in clause.mentions:
        start, end = mention.start - clause.start, mention.end - clause.start
        before, there, after = clause.text[:start], clause.text[start:end], clause.text[end:]
        word = _asking_word(mention.kind, before, there, after)
        if word is None or (before and not _begins_with_subject(clause)) or PASSING.search(before + after):
            continue
        if folded(clause.text) != clause.text.lower():
            word = TRADITIONAL.get(word, word)
        if before or after:
            if _names(clause, mention):
                yield mention.kind, f"{before}{word}{after}"
        elif len(clause.following) >= SHORTEST and _stands_alone(clause.following):
            yield mention.kind, f"{clause.following}是{word}"


def _begins_with_subject(clause: Clause) -> bool:
    """Whether a clause begins with what it is about: a phrase or a name, no verb and no figure."""
    is_quoted = clause.text[:1] in QUOTES
    return is_quoted or any(
        mention.start == clause.start and mention.kind is not AnswerKind.NUMBER for mention in clause.mentions
    )


def _names(clause: Clause, asked: Mention) -> bool:
    """Whether a clause names what it is about, beside what is asked for."""
    others = (m for m in clause.mentions if m.end <= asked.start or asked.end <= m.start)
    return bool(NAMED.search(clause.text)) or any(m.kind in NAMES for m in others)


def _asking_word(kind: AnswerKind, before: str, there: str, after: str) -> str | None:
    """The words that ask for what stands there; None where they would read badly."""
    word: str | None = None
    if kind is AnswerKind.NUMBER:
        word = None if MEASURING.search(there) and after else _for_figure(before, there)
    elif kind is AnswerKind.DATE:
        word = _for_date(before, there, after)
    elif kind is AnswerKind.PLACE and PLACE_AFTER.search(before) and HAPPENING.match(after):
        word = "哪里"
    elif kind is AnswerKind.PERSON and not before and SAYING.match(after):
        word = "谁"
    elif kind is AnswerKind.ORGANISATION and not before and len(after) >= SHORTEST:
        word = next((word for form, word in ORGANISATIONS if form.search(there)), None)
    return word


def _for_date(before: str, there: str, after: str) -> str | None:
    date = DATE.fullmatch(there)
    is_without_subject = after and not before and not NAMED.search(after)
    if date is None or is_without_subject or NO_DATE_AFTER.search(before):
        return None
    return "哪一年" if there == date["year"] else "什么时候"


def _for_figure(before: str, there: str) -> str | None:
    figure = FIGURE.fullmatch(there)
    if figure is None or not before or before.endswith("第") or DATE.fullmatch(there):
        return None
    unit, scale = figure["unit"].strip(), figure["scale"]
    if not (unit or scale) or NO_QUANTITY.match(unit):
        return None
    asked = "百分之多少" if unit == "%" else f"多少{scale if MONEY.search(unit) else ''}{unit}"
    return f"是{asked}" if QUANTITY.search(before) else asked
