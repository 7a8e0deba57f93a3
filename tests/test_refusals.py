"""A refusal in the reader's words: what is missing, and what there is instead, never what is not so."""

import pytest
from sample import answer, passage

from bot.conversation.replies import Kind, Reply
from bot.layout.language import Language, phrases
from bot.layout.responder import Responder
from bot.layout.words import because
from retrieval.answering.refusals import reason
from retrieval.answering.unmet import Unmet
from retrieval.language.mentions.years import Years
from retrieval.models import AnswerKind, Demand, DemandKind, Lack, Question, Reason, Stream, Term
from retrieval.ranking.second_stage import Hit

QUESTION = Question(
    text="问",
    understood="问",
    normalised="问",
    kind=AnswerKind.OTHER,
    terms={Stream.WORD: (Term.plain("问"),)},
)
HITS = [
    Hit(row=n, article=0, sentence=n, matched=score, bonus=0, correction=0)
    for n, score in enumerate((1.0, 0.9, 0.6, 0.2))
]
LACKS = [
    Lack(kind=kind, missing=("甲", "乙"), instead=("丙",) if told else ())
    for kind in DemandKind
    for told in (True, False)
    if not told or kind not in (DemandKind.NAME, DemandKind.SUPERLATIVE)
]


def unmet(kind: DemandKind, text: str, *instead: str) -> Unmet:
    return Unmet(Demand(kind=kind, text=text), lambda: instead)


def refused(unmet: list[Unmet], years: list[int], *, is_near: bool = True) -> Reason:
    return reason(
        QUESTION,
        HITS,
        unmet,
        lambda hit: Years((years[hit.sentence],), ()),
        is_near=is_near,
        corpus_is_empty=False,
    )


@pytest.mark.parametrize(
    ("years", "instead"),
    [
        ([2022, 2021, 2020, 2019], ("2021年", "2022年")),  # of what scores much less, nothing is said
        ([2022, 2021, 2023, 2019], ()),  # something near does speak of it
        ([2022, 2022, 2020, 2023], ("2022年",)),
    ],
)
def test_the_years_there_are_come_from_what_is_near(years: list[int], instead: tuple[str, ...]) -> None:
    found = refused([unmet(DemandKind.YEAR, "2023年", "2022年")], years)
    assert (found.missing, found.instead) == (("2023年",), instead)


def test_of_what_is_far_off_nothing_is_told() -> None:
    found = refused([unmet(DemandKind.PLACE, "杭州", "上海")], [2022] * 4, is_near=False)
    assert (found.missing, found.instead) == (("杭州",), ())


def test_each_kind_has_its_sentence_and_names_are_too_many_to_tell() -> None:
    missed = [
        unmet(DemandKind.NAME, "华为", "腾讯"),
        unmet(DemandKind.PLACE, "杭州", "上海", "五城"),
        unmet(DemandKind.YEAR, "2023年"),
    ]
    found = refused(missed, [2022] * 4)
    assert [lack.kind for lack in found.lacks] == [DemandKind.YEAR, DemandKind.PLACE, DemandKind.NAME]
    assert found.missing == ("2023年", "杭州", "华为")
    assert found.instead == ("2022年", "上海")
    assert found.message.count("。") == len(found.lacks)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("lack", LACKS, ids=lambda lack: f"{lack.kind} {' '.join(lack.instead)}")
def test_every_lack_is_told_in_every_language(lack: Lack, language: Language) -> None:
    declined = Reason(code="unmet_demand", message="", missing=lack.missing, lacks=(lack, lack))
    lines = because(declined, phrases(language)).split("\n")
    assert len(lines) == 2
    assert all(name in lines[0] for name in (*lack.missing, *lack.instead))
    assert ("年" in lines[0]) is (lack.kind is DemandKind.YEAR and language is not Language.EN)
    of = answer(passage(), answered=False, confidence=0.1, reason=declined)
    shown = Responder(language).telegram(Reply(kind=Kind.DECLINED, answer=of, passages=of.passages))
    assert lines[0] in shown


def test_a_refusal_of_an_older_version_is_told_as_then() -> None:
    declined = Reason(code="unmet_demand", message="", missing=("2023年",))
    assert "2023年" in because(declined, phrases(Language.HANS))
