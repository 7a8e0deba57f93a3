"""Whatever is typed, up to what Telegram lets through: bounded work, and never an error."""

import tracemalloc

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from retrieval import Retriever
from retrieval.questions.syllables import table

LONGEST_MESSAGE = 4096
MOST_MEMORY = 20_000_000
PIECES = st.one_of(
    st.sampled_from(sorted(table().characters)),
    st.sampled_from(
        [
            "xian",
            "上海",
            "2023年",
            "1.5亿",
            "（",
            "【",
            "“",
            "OpenAI",
            "gpt-",
            "企业",
            "呢",
            " ",
            "？",
            "\ud800",
        ]
    ),
    st.text(max_size=6),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789.-", max_size=30),
)
EVERY_CHARACTER = "".join(chr(0x4E00 + number) for number in range(LONGEST_MESSAGE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, min_size=1, max_size=12), times=st.integers(1, LONGEST_MESSAGE))
@example(pieces=["xian"], times=1024)
@example(pieces=["xian"], times=125)
@example(pieces=["OpenAIGpt"], times=450)
@example(pieces=["gpt"], times=1300)
@example(pieces=[EVERY_CHARACTER], times=1)
@example(pieces=["a-b."], times=1000)
def test_a_question_takes_little_memory_and_raises_nothing(
    retriever: Retriever, pieces: list[str], times: int
) -> None:
    question = ("".join(pieces) * times)[:LONGEST_MESSAGE]
    retriever.ask("上海有多少企业？")
    tracemalloc.start()
    answer = retriever.ask(question, previous=question)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_MEMORY
    answer.model_dump_json().encode()


@pytest.mark.parametrize("sentence", [-1, 10_000])
def test_a_passage_that_is_gone_is_none(retriever: Retriever, sentence: int) -> None:
    answer = retriever.ask("上海有多少企业？")
    assert retriever.passage(answer, answer.passages[0].article, sentence) is None
