"""What a question insists on must be spoken of; the refusal says what is not, and what there is instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Retriever, Tokeniser
from retrieval.answering.unmet import Said, unmet
from retrieval.language.mentions.years import Years
from retrieval.models import Demand, DemandKind
from retrieval.questions.chinese import understand
from retrieval.questions.demands import demands

YEAR, PLACE, NAME = DemandKind.YEAR, DemandKind.PLACE, DemandKind.NAME
MEASURE, SUPERLATIVE = DemandKind.MEASURE, DemandKind.SUPERLATIVE


def said(sentence: str, *, years: Years | None = None, figures: tuple[str, ...] = ()) -> Said:
    return Said(sentence=sentence, surroundings=sentence, years=years or Years((), ()), figures=figures)


def lacking(question: str, of: Said, tokeniser: Tokeniser) -> dict[DemandKind, tuple[str, ...]]:
    """By kind, what a sentence has instead of what a question demands of it in vain."""
    understood = understand(question, tokeniser)
    missed = unmet(understood, demands(understood, tokeniser), of, tokeniser)
    return {one.demand.kind: one.instead() for one in missed}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (
            "2023年杭州有多少家AI企业？",
            {(YEAR, "2023年"), (PLACE, "杭州"), (NAME, "ai"), (MEASURE, "多少家")},
        ),
        ("二〇二三年北京的展览面积有多大？", {(YEAR, "2023年"), (PLACE, "北京"), (MEASURE, "面积")}),
        ("新增企业最多的城市是哪个？", {(SUPERLATIVE, "最多")}),
        ("最后一次会议在什么时候？", set()),
    ],
)
def test_what_is_demanded(question: str, found: set[tuple[DemandKind, str]], tokeniser: Tokeniser) -> None:
    demanded = demands(understand(question, tokeniser), tokeniser)
    assert {(demand.kind, demand.text) for demand in demanded} == found


@given(st.integers(1000, 2099), st.integers(1000, 2099))
def test_a_year_is_met_by_itself_only(tokeniser: Tokeniser, asked: int, there: int) -> None:
    found = lacking(f"{asked}年有什么规划？", said("有规划。", years=Years((there,), (asked,))), tokeniser)
    assert found == ({} if asked == there else {YEAR: (f"{there}年",)})


@given(st.text("的上海北京杭州市有哪些多少家企业最第一23年0,。？ ai", max_size=30))
def test_a_sentence_meets_its_own_demands(tokeniser: Tokeniser, text: str) -> None:
    question = understand(text, tokeniser)
    for demand in demands(question, tokeniser):
        itself = said(
            question.normalised,
            years=Years(tuple(int(form) for form in demand.forms) if demand.kind is YEAR else (), ()),
            figures=tuple(f"3{one}" for one in "家个年月日元人名位次" if demand.kind is MEASURE),
        )
        assert demand.kind is MEASURE or not unmet(question, [demand], itself, tokeniser)


def test_a_place_may_be_written_shorter(tokeniser: Tokeniser) -> None:
    question = "北京市有哪些法规？"
    assert PLACE not in lacking(question, said("北京的法规"), tokeniser)
    assert lacking(question, said("上海的法规"), tokeniser)[PLACE] == ("上海",)


@pytest.mark.parametrize(
    ("figures", "instead"), [(("2019年3月",), ()), (("350家",), ("350家",)), (("5亿元",), None)]
)
def test_a_measure_wants_a_figure_of_its_kind(
    figures: tuple[str, ...], instead: tuple[str, ...] | None, tokeniser: Tokeniser
) -> None:
    assert lacking("预算是多少？", said("", figures=figures), tokeniser).get(MEASURE) == instead


def test_a_superlative_goes_by_other_words(tokeniser: Tokeniser) -> None:
    assert not lacking("是第一部吗？", said("这是首部省级法规。"), tokeniser)
    assert lacking("是第一部吗？", said("这是一部省级法规。"), tokeniser) == {SUPERLATIVE: ()}


def test_a_name_counts_by_every_form(tokeniser: Tokeniser) -> None:
    demand = Demand(kind=NAME, text="ai", forms=("ai", "人工智能"))
    question = understand("AI企业", tokeniser)
    assert not unmet(question, [demand], said("人工智能企业"), tokeniser)


@pytest.mark.parametrize(
    ("question", "missing", "instead"),
    [
        ("2023年中国人工智能核心产业规模是多少？", ("2023年",), ("2022年",)),
        ("2024世界人工智能大会在哪里举行？", ("2024年",), ("2023年",)),
        ("美国有多少家人工智能代表企业？", ("美国",), ("中国",)),
    ],
)
def test_a_refusal_says_what_is_missing_and_what_there_is(
    retriever: Retriever, question: str, missing: tuple[str, ...], instead: tuple[str, ...]
) -> None:
    answer = retriever.ask(question)
    assert not answer.answered
    assert answer.confidence < 0.5
    assert answer.reason is not None
    assert answer.reason.code == "unmet_demand"
    assert (answer.reason.missing, answer.reason.instead) == (missing, instead)
    assert all(name in answer.reason.message for name in (*missing, *instead))


def test_what_is_far_off_has_nothing_instead(retriever: Retriever) -> None:
    reason = retriever.ask("世界杯冠军是哪个队？").reason
    assert reason is not None
    assert reason.missing
    assert not reason.instead


@pytest.mark.parametrize(
    "question", ["2022年中国人工智能核心产业规模是多少？", "2017年7月又发布了什么规划？"]
)
def test_a_question_with_the_right_year_is_answered(retriever: Retriever, question: str) -> None:
    assert retriever.ask(question).answered


def test_last_year_is_the_one_before_the_newest_article(retriever: Retriever) -> None:
    answer = retriever.ask("去年中国人工智能核心产业规模是多少？")
    assert answer.answered
    assert answer.understood == "2022年中国人工智能核心产业规模是多少？"
    declined = retriever.ask("今年中国人工智能核心产业规模是多少？").reason
    assert declined is not None
    assert (declined.missing, declined.instead) == (("2023年",), ("2022年",))
