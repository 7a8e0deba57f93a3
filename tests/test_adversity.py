"""A full disk, a folder that may not be written, a damaged index: one clear line each, and answers go on."""

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import unprivileged
import warm
from conftest import ROOT

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever, ReloadError
from bot.settings import Settings
from retrieval.errors import IndexingError

QUESTION = "上海规模以上AI企业有多少家？"
FIGURE = "350家"
NEWS = "标题: 月球港口开工\n总结: 月球港口一期工程昨日开工。据介绍，月球港口一期工程耗资35亿元，工期三年。\n"


def begun(folder: Path) -> LiveRetriever:
    """A retriever over the seeds, their index made, in a folder."""
    shutil.copytree(ROOT / "seeds", folder / "corpus")
    warm.indexed(folder / "data", folder / "corpus")
    return LiveRetriever(corpus_of(folder))


def corpus_of(folder: Path) -> CorpusInUse:
    return CorpusInUse(Settings(corpus=folder / "corpus", data=folder / "data"))


def answers(live: LiveRetriever) -> bool:
    answer = live.ask(QUESTION)
    return answer.answered and FIGURE in answer.passages[0].text


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes, for this process and those that it starts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_costs_the_reload_and_nothing_else(tmp_path: Path) -> None:
    live = begun(tmp_path)
    (tmp_path / "corpus" / "news.txt").write_text(NEWS, encoding="utf-8")
    with full_disk(1000), pytest.raises(ReloadError) as caught:
        live.reload()
    assert "the index as it was before answers" in str(caught.value)
    assert "ZHIWEN_DATA" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert answers(live)
    assert answers(LiveRetriever(corpus_of(tmp_path)))
    live.reload()
    assert live.ask("月球港口一期工程耗资多少亿元？").answered


def test_a_folder_that_may_not_be_written_still_answers() -> None:
    with unprivileged.folder() as folder:
        begun(folder)
        for path in (folder / "data").rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        (folder / "data").chmod(0o755)
        (folder / "corpus" / "news.txt").write_text(NEWS, encoding="utf-8")
        with unprivileged.user():
            if os.access(folder / "data", os.W_OK, effective_ids=True):
                pytest.skip("these files belong to this user")
            corpus = corpus_of(folder)
            assert answers(LiveRetriever(corpus))
            with pytest.raises(IndexingError, match=r"cannot be written.*Set ZHIWEN_DATA"):
                corpus.update_here()


def test_a_damaged_index_is_found_and_made_anew(tmp_path: Path) -> None:
    live = begun(tmp_path)
    assert not live.mend()
    (segment,) = (corpus_of(tmp_path).folder / "segments").iterdir()
    content = bytearray(segment.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 500] = bytes(500)
    segment.write_bytes(content)
    assert live.mend()
    assert answers(live)
    assert not live.mend()
    assert answers(LiveRetriever(corpus_of(tmp_path)))
