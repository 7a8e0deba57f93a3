"""Compiled loops find and count what the arrays do, to the last digit."""

import fcntl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import Settings, SettingsError
from retrieval import Article, EmbeddedIndex, Filters, Tokeniser
from retrieval.index.compiled import acceleration
from retrieval.index.compiled.acceleration import Kernels
from retrieval.index.protocol import Evidence
from retrieval.index.update import updates
from retrieval.models import EVERYTHING, Question, Stream
from retrieval.questions.chinese import understand

WORDS = "上海 北京 深圳 企业 产值 增长 补贴 芯片 机器人 大模型 GPT-4 2023年 30% 的 在 𠮷 月球港口".split()


@pytest.fixture(scope="session")
def kernels(tmp_path_factory: pytest.TempPathFactory) -> Kernels:
    # One worker compiles, the others wait for it and load.
    cache = tmp_path_factory.getbasetemp().parent / "numba"
    cache.mkdir(exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return acceleration.load(cache)


def articles(seed: int, count: int) -> list[Article]:
    """Made articles whose words are drawn from few, some of them often in one."""
    chance = np.random.default_rng(seed)
    share = chance.dirichlet(np.full(len(WORDS), 0.5))
    made = []
    for number in range(count):
        words = chance.choice(WORDS, chance.integers(1, 9), p=share).tolist()
        if number % 97 == 0:
            words += [words[0]] * 300
        made.append(
            Article(
                title="".join(chance.choice(WORDS, 2)),
                url=None,
                summary="，".join(words) + f"。第{number}号。",
                industries=(words[0],),
                file=f"{number}",
                record=1,
            )
        )
    return made


def with_alternatives(question: Question) -> Question:
    """The question with some words that are found by further tokens, too."""
    words = tuple(
        replace(term, alternatives=((term.token, 0.5), ("企业", 0.2), ("补贴", 0.3)))
        if term.token in {"上海", "增长", "芯片"}
        else term
        for term in question.terms[Stream.WORD]
    )
    return question.model_copy(update={"terms": {**question.terms, Stream.WORD: words}})


def assert_same(one: Evidence, other: Evidence) -> None:
    assert one.articles == other.articles
    for stream, found in one.streams.items():
        same = other.streams[stream]
        assert found.statistics == same.statistics
        assert np.array_equal(found.frequencies, same.frequencies)
        assert np.array_equal(found.titles, same.titles)
        assert np.array_equal(found.lengths, same.lengths)


def assert_same_searches(kernels: Kernels, tokeniser: Tokeniser, made: Sequence[Article], asked: str) -> None:
    """Search the articles, cut into segments and some of them removed, in both ways."""
    made = list({article.id: article for article in made}.values())
    plain_question = understand(asked, tokeniser)
    with TemporaryDirectory() as place, mock.patch.object(updates, "SMALL", 0):
        updates.update(Path(place), made[2:], tokeniser)
        updates.change(Path(place), made[:2], (), tokeniser)
        updates.change(Path(place), (), {article.id for article in made[::5]}, tokeniser)
        plain = EmbeddedIndex(Path(place), tokeniser)
        compiled = EmbeddedIndex(Path(place), tokeniser, kernels=kernels)
        for question, filters, limit in product(
            (plain_question, with_alternatives(plain_question)),
            (EVERYTHING, Filters(industries=("上海", "企业"))),
            (1, 7, 50),
        ):
            excluded = [article.id for article in made[3:5]]
            assert_same(
                plain.search(question, limit, excluded, filters),
                compiled.search(question, limit, excluded, filters),
            )


@hypothesis_settings(max_examples=10)
@given(
    made=st.builds(articles, st.integers(0, 10**6), st.sampled_from([1, 40, 200])),
    asked=st.lists(st.sampled_from(WORDS), max_size=6).map("".join),
)
def test_evidence_is_the_same(
    kernels: Kernels, tokeniser: Tokeniser, made: Sequence[Article], asked: str
) -> None:
    assert_same_searches(kernels, tokeniser, made, asked)


@pytest.mark.parametrize("asked", ["上海企业的产值增长30%", "月球港口在北京", "机器人芯片GPT-4的大模型补贴"])
def test_evidence_is_the_same_where_much_is_skipped(
    kernels: Kernels, tokeniser: Tokeniser, asked: str
) -> None:
    assert_same_searches(kernels, tokeniser, articles(7, 2000), asked)


def test_a_service_that_is_prepared_answers_as_before(kernels: Kernels, settings: Settings) -> None:
    live = LiveRetriever(CorpusInUse(settings.model_copy(update={"compiled": True})))
    question = "上海有多少家AI企业？"
    before = live.ask(question)
    with mock.patch.object(kernels, "best", wraps=kernels.best) as compiled:
        live.prepare()
        assert live.ask(question).model_copy(update={"elapsed_ms": before.elapsed_ms}) == before
    assert compiled.called
    assert before.passages


def test_without_numba_the_setting_is_refused(settings: Settings) -> None:
    wanted = settings.model_copy(update={"compiled": True})
    with (
        mock.patch("importlib.util.find_spec", return_value=None),
        pytest.raises(SettingsError, match=r"zhiwen\[numba\]"),
    ):
        CorpusInUse(wanted)


REFUSED = """
import ctypes
from bot.corpus.in_use import CorpusInUse
from bot.settings import Settings, SettingsError

PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0):
    print("cannot be tried")
try:
    CorpusInUse(Settings(_env_file=None, compiled=True))
except SettingsError as error:
    print(error)
"""


def test_where_no_code_may_be_made_the_setting_is_refused() -> None:
    done = subprocess.run([sys.executable, "-c", REFUSED], capture_output=True, text=True, check=True)
    if "cannot be tried" in done.stdout:
        pytest.skip("this kernel is older than 6.3")
    assert "MemoryDenyWriteExecute" in done.stdout
