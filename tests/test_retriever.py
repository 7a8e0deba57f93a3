"""Asking: every question ends well, every quotation is stored text, every explanation adds up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, Retriever
from retrieval.retriever import SCORE_DECIMALS

QUESTION = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from("上海 人工智能 AI 企业 有多少家 ？ 2022年 什么时候 GPT-4 臺灣 <b> 产值 谁".split()),
        max_size=10,
    ).map("".join),
)

RETRIEVER: list[Retriever] = []


@pytest.fixture(autouse=True)
def _keep_retriever(retriever: Retriever) -> None:
    # hypothesis asks for fixtures once an example; the retriever is the same for all.
    RETRIEVER[:] = [retriever]


@settings(max_examples=150)
@given(QUESTION, st.none() | QUESTION)
def test_every_quotation_is_stored_text(question: str, previous: str | None) -> None:
    retriever = RETRIEVER[0]
    stored = [article.summary for article in retriever.articles()]
    answer = retriever.ask(question, previous)
    assert 0 <= answer.confidence <= 1
    assert answer.answered == (answer.reason is None)
    for rank, passage in enumerate(answer.passages, 1):
        assert passage.rank == rank
        quoted = [passage.text, passage.before or "", passage.heading or ""]
        quoted += [sentence.text for sentence in retriever.context(passage)]
        assert all(any(text in summary for summary in stored) for text in quoted)
        spans = [*passage.highlights, *passage.matches]
        assert all(0 <= start < end <= len(passage.text) for start, end in spans)


@settings(max_examples=60)
@given(QUESTION)
def test_explanations_add_up_and_answers_repeat(question: str) -> None:
    retriever = RETRIEVER[0]
    answer = retriever.ask(question)
    again = retriever.ask(question)
    assert answer.model_copy(update={"elapsed_ms": 0}) == again.model_copy(update={"elapsed_ms": 0})
    for passage in answer.passages[:3]:
        explanation = retriever.explain(answer, passage.rank)
        assert explanation is not None
        total = sum(share.amount for share in explanation.shares)
        assert total == pytest.approx(passage.score, abs=10.0**-SCORE_DECIMALS)
        if explanation.runner_up is not None:
            lead = sum(share.amount for share in explanation.lead)
            assert lead == pytest.approx(passage.score - explanation.runner_up.score, abs=1e-8)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "\n\t",
        "？？？",
        "，。！",
        "的了吗",
        "人工智能" * 2500,
        "\u202e\u0000",
        "🤖" * 100,
        "What is this?",
        "これは何ですか",
        "x" * 10_000,
    ],
    ids=lambda question: repr(question[:12]),
)
def test_odd_questions_end_well(retriever: Retriever, question: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered == (answer.reason is None)


def test_the_readme_question(retriever: Retriever, seeds: tuple[Article, ...]) -> None:
    answer = retriever.ask("上海规模以上AI企业有多少家？")
    best = answer.passages[0]
    assert answer.answered
    assert "350家" in [best.text[start:end] for start, end in best.highlights]
    assert best.url == seeds[0].url
    assert best.heading == "上海的AI产业雄心"


def test_a_sentence_that_leans_on_the_one_before_brings_it(retriever: Retriever) -> None:
    best = retriever.ask("AlphaGo几次击败围棋冠军？").passages[0]
    assert best.text.startswith("那一年")
    assert best.before == "2016年被誉为“人工智能元年”。"


def test_headings_are_never_answers(retriever: Retriever) -> None:
    texts = [passage.text for passage in retriever.ask("谁是国内AI产业第一城？").passages]
    assert texts
    assert "谁是国内AI产业第一城？" not in texts


def test_context_has_the_heading_first(retriever: Retriever) -> None:
    best = retriever.ask("上海规模以上AI企业有多少家？").passages[0]
    context = retriever.context(best, around=1)
    assert context[0].text == "上海的AI产业雄心"
    assert [sentence.text for sentence in context if sentence.is_passage] == [best.text]


def test_far_off_questions_are_declined(retriever: Retriever) -> None:
    for question in ("怎么办理护照？", "感冒了吃什么药？", "珠穆朗玛峰有多高？", "明天股市会涨吗？"):
        assert not retriever.ask(question).answered


def test_traditional_questions_find_the_same(retriever: Retriever) -> None:
    simplified = retriever.ask("上海规模以上AI企业有多少家？").passages
    traditional = retriever.ask("上海規模以上ＡＩ企業有多少家？").passages
    assert [passage.text for passage in simplified] == [passage.text for passage in traditional]


def test_an_article_left_aside_is_not_found(retriever: Retriever, seeds: tuple[Article, ...]) -> None:
    answer = retriever.ask("上海规模以上AI企业有多少家？", excluded={seeds[0].id})
    assert not answer.passages
    assert not answer.answered


@pytest.mark.parametrize(
    ("previous", "question", "understood", "expected"),
    [
        ("深圳新增了多少家AI企业？", "北京呢？", "北京新增了多少家AI企业？", "21483家"),
        ("上海有多少家规模以上AI企业？", "产值呢？", "上海有多少家规模以上AI企业；产值呢？", "3800多亿元"),
    ],
)
def test_follow_ups(
    retriever: Retriever, previous: str, question: str, understood: str, expected: str
) -> None:
    answer = retriever.ask(question, previous)
    assert answer.understood == understood
    assert expected in answer.passages[0].text


@pytest.mark.parametrize("question", ["丹麦政府什么时候发布《人工智能国家战略》？", "怎么办理护照？"])
def test_a_new_subject_starts_afresh(retriever: Retriever, question: str) -> None:
    assert retriever.ask(question, "上海有多少家规模以上AI企业？").understood == question


@pytest.mark.parametrize("question", ["火星有多少家AI企业", "金星规模以上AI企业有多少家？"])
def test_what_no_article_speaks_of_is_not_asked_of_the_question_before(
    retriever: Retriever, question: str
) -> None:
    answer = retriever.ask(question, "上海规模以上AI企业；产值呢？")
    assert answer.understood == question
    assert not answer.answered
