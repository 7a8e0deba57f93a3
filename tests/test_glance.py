"""What a reader takes in at once: the answer alone, why it is one, which days are meant."""

import datetime as dt

import pytest
from sample import answer, passage

from bot.conversation.replies import Kind, Reply
from bot.layout.glance import days, lead, reasons
from bot.layout.language import Language, phrases
from retrieval.models import AnswerKind, Period


def test_a_value_that_stands_alone_is_the_first_line() -> None:
    one = passage("目前已达350家，产值3800亿元。", highlights=((4, 8),))
    two = passage("目前已达350家，产值3800亿元。", highlights=((4, 8), (11, 17)))
    assert lead(one, answer(one)) == "350家"
    assert lead(two, answer(two)) == ""
    assert lead(two, answer(two, kind=AnswerKind.LIST)) == "350家、3800亿元"
    for asked in (
        "企业和产值分别是多少？",
        "企业数和产值各有多少？",
        "How many firms, and what output, respectively?",
    ):
        assert lead(two, answer(two, question=asked)) == "350家、3800亿元"
    assert lead(two, answer(two, question="各地有多少企业？")) == ""


def test_why_is_told_in_words() -> None:
    best = passage("上海AI企业已达350家。", highlights=((8, 12),), matches=((0, 2), (2, 4), (4, 6)))
    older = best.model_copy(update={"rank": 2, "article": "b", "published": dt.date(2020, 1, 1)})
    found = answer(best, older, kind=AnswerKind.NUMBER, confidence=0.95)
    reply = Reply(kind=Kind.WHY, answer=found, passages=(best,))
    assert list(reasons(reply, phrases(Language.HANS))) == [
        "它说到了上海、AI和企业。",
        "它给出了你问的数字：350家。",
        "在找到的文章里，这是最新的一篇（2023-07-08）。",
        "把握很大。",
    ]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (None, None, ""),
        (dt.date(2026, 3, 3), dt.date(2026, 3, 3), "2026-03-03"),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 28), "2026年2月"),
        (dt.date(2025, 1, 1), dt.date(2025, 12, 31), "2025年"),
        (dt.date(2026, 2, 23), dt.date(2026, 3, 1), "2026-02-23 – 2026-03-01"),
    ],
)
def test_a_period_is_said_as_a_person_would(since: dt.date | None, until: dt.date | None, said: str) -> None:
    assert days(Period(since=since, until=until), phrases(Language.HANS)) == said
