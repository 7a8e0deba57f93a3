"""A text's marks, names and phrases, laid out for any medium."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from bot.layout.hidden import HIDE
from retrieval.models import DemandKind, Lack, Passage, Problem, Reason, Share, Span, Stream


def fact(share: Share, phrases: Mapping[str, str]) -> str:
    """What a share of no stream was given for: a kind of answer, or a feature, maybe one of a stream's."""
    if share.field == "answer":
        return phrases.get(f"kind_{share.token}", phrases["field_answer"])
    stream, _, feature = share.token.partition(" ")
    if stream in set(Stream) and feature:
        named = phrases.get(_feature(feature))
        return f"{phrases[f'stream_{stream}']} · {named}" if named else phrases["field_learned"]
    return phrases.get(_feature(share.token), phrases["field_learned"])


def _feature(token: str) -> str:
    return f"feature_{token.replace(' ', '_')}"


MARKS: Final = 10
"""Marks in one sentence beyond which they would hide rather than show."""
LONGEST_NAME: Final = 100
LONGEST_QUESTION: Final = 200
"""Code points of a text that is no quotation."""


class Mark(IntEnum):
    """Why a part of a sentence stands out."""

    PLAIN = 0
    MATCH = 1
    HIGHLIGHT = 2


def marks(text: str, highlights: Iterable[Span], matches: Iterable[Span]) -> list[Mark]:
    """The mark of each character: overlapping spans merge, and matches that would overload are left out."""
    found = [Mark.PLAIN] * len(text)
    for mark, spans in ((Mark.MATCH, matches), (Mark.HIGHLIGHT, highlights)):
        for start, end in spans:
            for place in range(max(start, 0), min(end, len(text))):
                found[place] = mark
    many = sum(mark is not Mark.PLAIN for mark, _ in groupby(found)) > MARKS
    overloaded = many or found.count(Mark.MATCH) * 2 > len(text)
    if overloaded and Mark.MATCH in found:
        return marks(text, highlights, ())
    return [Mark.PLAIN] * len(text) if many else found


def runs(text: str, found: Sequence[Mark]) -> Iterator[tuple[str, Mark]]:
    """A text in pieces of one mark each."""
    start = 0
    for mark, group in groupby(found):
        end = start + len(list(group))
        yield text[start:end], mark
        start = end


def site(url: str | None) -> str:
    """The site of an address, as a reader names it."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def clean(text: str) -> str:
    """A text that is not a quotation, without what could steer a terminal."""
    return " ".join(re.sub(f"[{HIDE}]", " ", text).split())


def name(text: str, length: int = LONGEST_NAME) -> str:
    """A title or another text that is no quotation, clean and not too long."""
    text = clean(text)
    return text if len(text) <= length else text[: length - 1] + "…"


def question(text: str) -> str:
    """A question as it was understood."""
    return name(text, LONGEST_QUESTION)


def because(reason: Reason, phrases: Mapping[str, str]) -> str:
    """Why a question was declined, in the reader's language."""
    if not reason.lacks:
        return phrases[f"reason_{reason.code}"].format(missing=_listed(reason.missing, phrases))
    return "\n".join(_lacking(lack, phrases) for lack in reason.lacks)


def in_words(names: Sequence[str], phrases: Mapping[str, str]) -> str:
    """Several names in a sentence: A, B and C."""
    *first, last = [clean(name) for name in names]
    return f"{phrases['and'].join(first)}{phrases['and_last']}{last}" if first else last


def quotation(passage: Passage) -> str:
    """A passage with its source, as it is quoted elsewhere."""
    return f"{passage.text}\n——{passage.title}\n{passage.url or ''}".strip()


def counted(name: str, count: int, phrases: Mapping[str, str]) -> str:
    """So many of something, as the language says of one and of several."""
    return phrases[f"{name}_one" if count == 1 else name].format(count=count)


def problem(found: Problem, phrases: Mapping[str, str]) -> str:
    """What is wrong with a record, in the reader's language, and where: in the file as they named it."""
    file = name(re.sub(r"^(?:.*/)?\d{3}-\d{4}-", "", found.file), 40)
    where = f"{file}:{found.line}" if found.line else file
    text = phrases.get(f"problem_{found.code}") or name(found.message, 120)
    return f"{phrases[f'level_{found.level}']} {where} {text}"


def _lacking(lack: Lack, phrases: Mapping[str, str]) -> str:
    """What is missing of one kind, and what there is instead."""
    phrase = f"lack_{lack.kind}" if lack.instead else "reason_unmet_demand"
    missing, instead = (
        _listed(_as_said(lack.kind, names, phrases), phrases) for names in (lack.missing, lack.instead)
    )
    return phrases[phrase].format(missing=missing, instead=instead)


def _as_said(kind: DemandKind, names: Iterable[str], phrases: Mapping[str, str]) -> Iterator[str]:
    """Names as the reader's language has them: a year is written 2023年 in Chinese only."""
    for one in names:
        yield phrases["year"].format(year=one.removesuffix("年")) if kind is DemandKind.YEAR else one


def _listed(names: Iterable[str], phrases: Mapping[str, str]) -> str:
    return phrases["and"].join(clean(name) for name in names)
