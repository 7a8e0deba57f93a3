"""What to mark in a sentence: the question's own words, and the number, date or name that was asked for."""

import re
from collections.abc import Iterable, Sequence

from retrieval.answering.answer_spans import best, places, tokens_of
from retrieval.language.mentions.extraction import Mention
from retrieval.language.tokeniser import align
from retrieval.models import Question, Span

CLAUSE = re.compile(r"[^,，;；。！？!?:：]+")


def matched_spans(question: Question, text: str) -> list[Span]:
    """Where a stored text has the question's own words, and parts of them two characters long or more."""
    normalised, spans = align(text)
    found = [
        (spans[place][0], spans[place + len(token) - 1][1])
        for token in tokens_of(question)
        if len(token) > 1
        for place in places(normalised, token)
    ]
    return merged(found)


def answer_spans(question: Question, text: str, mentions: Sequence[Mention]) -> list[Span]:
    """Where a stored text holds what is asked for, by its kind; never what the question itself says."""
    return merged(best(question, text, mentions))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
