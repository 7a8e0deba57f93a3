"""What a reader takes in at once: the answer alone, why it is the answer, which days are meant; in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.conversation.replies import Reply
from bot.layout.words import clean, in_words, name
from retrieval.language.normalise import normalise
from retrieval.language.sentences import split
from retrieval.models import Answer, AnswerKind, Article, Explanation, Passage, Period, Stream

LONGEST_LEAD: Final = 40
"""Characters of an answer that stands alone; a longer one is read in its sentence."""
BEGINNING: Final = 6
"""Sentences that an article is shown with."""
LISTED: Final = 5
"""Answers that stand alone where several are asked for."""
SEVERAL: Final = re.compile(
    r"分别|分別|各(?:自|是|有|为|為|占|多少|几|幾)|\b(?:each|respectively|both)\b", re.IGNORECASE
)
"""What a question says that asks for more than one."""
LONGEST_WORD: Final = 20
WORDS: Final = 6
"""Words of the question that a reason names."""
FOLDED: Final = 300
"""Characters beyond which a quotation is folded."""
SURE: Final = (("sure", 0.9), ("rather", 0.7), ("unsure", 0.0))
"""What a reason says of a confidence from so much on."""


def lead(passage: Passage, answer: Answer | None) -> str:
    """The value or name that was asked for, as it stands in the passage.

    Those that were asked for, where these are several; empty where it is not clear which it is.
    """
    found = [passage.text[start:end] for start, end in passage.highlights]
    values = list(dict.fromkeys(value for value in found if value.strip() and "\n" not in value))
    most = LISTED if answer is not None and _asks_for_several(answer) else 1
    text = "、".join(values)
    return text if 0 < len(values) <= most and len(text) <= LONGEST_LEAD else ""


def _asks_for_several(answer: Answer) -> bool:
    return answer.kind is AnswerKind.LIST or SEVERAL.search(answer.question) is not None


def reasons(reply: Reply, phrases: Mapping[str, str]) -> Iterator[str]:
    """Why a passage was chosen, a sentence each."""
    passage, answer = reply.passages[0], reply.answer
    said = _said(passage)
    if said:
        yield phrases["why_said"].format(words=in_words(said, phrases))
    if reply.explanation is not None:
        around = _around(reply.explanation, passage)
        for where, words in around.items():
            yield phrases[f"why_{where}"].format(words=in_words(words, phrases))
    value = lead(passage, answer)
    if value and answer is not None and (kind := phrases.get(f"kind_{answer.kind}")):
        yield phrases["why_value"].format(kind=kind, value=clean(value))
    if answer is not None and _is_newest(passage, answer):
        yield phrases["why_newest"].format(date=passage.published)
    if answer is not None and answer.answered:
        yield phrases[next(f"why_{word}" for word, least in SURE if answer.confidence >= least)]


def _said(passage: Passage) -> list[str]:
    """The words of the question that the passage says, each once, the longest first kept."""
    runs: list[str] = []
    end = -1
    for start, stop in sorted(span for span in passage.matches if 0 <= span[0] < span[1]):
        if start < end and runs:
            runs[-1] += passage.text[max(end, start) : stop]
        else:
            runs.append(passage.text[start:stop])
        end = max(end, stop)
    words = dict.fromkeys(word for run in runs if len(word := name(run, LONGEST_WORD)) > 1)
    return [word for word in words if not any(word != other and word in other for other in words)][:WORDS]


def _around(explanation: Explanation, passage: Passage) -> dict[str, list[str]]:
    """The words of the question that only the title or the neighbours say, by where."""
    here = normalise(passage.text)
    found: dict[str, list[str]] = {}
    for share in explanation.shares:
        where = {"title": "title", "previous": "beside", "next": "beside"}.get(share.field)
        is_word = share.stream is Stream.WORD and len(share.token) > 1
        if where and is_word and share.amount > 0 and share.token not in here:
            found.setdefault(where, [])
            if len(found[where]) < WORDS and (word := name(share.token, LONGEST_WORD)) not in found[where]:
                found[where].append(word)
    return found


def _is_newest(passage: Passage, answer: Answer) -> bool:
    """Whether others of the answer's articles are older, and none is newer."""
    others = {one.published for one in answer.passages if one.article != passage.article and one.published}
    return passage.published is not None and bool(others) and all(passage.published > day for day in others)


def days(period: Period, phrases: Mapping[str, str]) -> str:
    """A period in words; empty for one without borders."""
    since, until = period.since, period.until
    if since is None or until is None:
        return phrases["since"].format(date=since) if since else ""
    if since == until:
        return str(since)
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year:
        return phrases["year"].format(year=since.year)
    if since.day == 1 and (since.year, since.month) == (until.year, until.month):
        return phrases["month"].format(year=since.year, month=since.month)
    return f"{since} – {until}"


def beginning(article: Article) -> list[str]:
    """The first sentences of an article, as many as it is shown with."""
    return [article.summary[s.start : s.end] for s in split(article.summary)][:BEGINNING]


def is_long(parts: Sequence[str | None]) -> bool:
    """Whether what is quoted is folded, so that it does not fill the screen."""
    return sum(len(part or "") for part in parts) > FOLDED
