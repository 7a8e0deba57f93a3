"""What a command loads in a process of its own: each module that it has no use for is waited for."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import warm
from conftest import ROOT

QUESTION = "上海规模以上AI企业有多少家？"

LIBRARIES = frozenset(
    """
    alembic asyncio feedparser jinja2 matplotlib openpyxl prompt_toolkit prometheus_client rich.console
    selectolax sqlalchemy starlette telegram uvicorn watchfiles yaml
    """.split()
)
ROOMS = frozenset(
    """
    bot.conversation bot.layout.console bot.layout.responder bot.operations bot.service bot.store bot.telegram
    retrieval.corpus.articles retrieval.corpus.reading retrieval.evaluation retrieval.index.opensearch.writer
    retrieval.index.segment.merger retrieval.index.update.updates retrieval.insight.overview
    retrieval.insight.timeline retrieval.insight.trend retrieval.insight.watching
    retrieval.language.mentions.extraction retrieval.language.sentences retrieval.language.streams
    """.split()
)
FIGURES = frozenset({"retrieval.insight.claims", "retrieval.insight.figures"})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warm.indexed(tmp_path_factory.mktemp("data"))


def loaded(data: Path, *arguments: str) -> frozenset[str]:
    """The modules that a command loads, as Python tells them."""
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *arguments],
        env=os.environ | {"ZHIWEN_DATA": str(data), "ZHIWEN_CORPUS": str(ROOT / "seeds")},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    lines = (line.rsplit("|", 1) for line in said.stderr.splitlines() if line.startswith("import time:"))
    return frozenset(name.strip() for _, name in lines)


@pytest.mark.parametrize("name", sorted(LIBRARIES | ROOMS | FIGURES))
def test_what_is_not_loaded_is_there(name: str) -> None:
    assert importlib.util.find_spec(name) is not None


def test_an_answer_for_programs_loads_what_finds_it(data: Path) -> None:
    found = loaded(data, "ask", "--json", QUESTION)
    assert found.isdisjoint(LIBRARIES | ROOMS)
    assert found >= FIGURES


def test_an_answer_without_a_figure_compares_none(data: Path) -> None:
    assert loaded(data, "ask", "--json", "上海规模以上AI企业在哪里？").isdisjoint(LIBRARIES | ROOMS | FIGURES)


def test_help_needs_no_library_but_that_of_the_command_line(data: Path) -> None:
    found = loaded(data, "--help")
    assert "click" in found
    assert found.isdisjoint(LIBRARIES | ROOMS | FIGURES | {"bot.settings", "numpy", "opencc", "pydantic"})
