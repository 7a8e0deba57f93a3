"""A damaged index, a folder that cannot be written, a full disk: a clear line and the answer."""

import fcntl
import json
import os
import random
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import unprivileged
import warm
from conftest import ROOT
from test_adversity import FIGURE, NEWS, QUESTION, answers, corpus_of, full_disk
from test_cli import Zhiwen, one_line

from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever, ReloadError
from retrieval.errors import IndexUnusableError

ANEW = "It is made anew now."


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and a data folder that has its index."""
    folder = tmp_path_factory.mktemp("indexed")
    shutil.copytree(ROOT / "seeds", folder / "corpus")
    warm.indexed(folder / "data", folder / "corpus")
    return folder


@pytest.fixture
def folder(indexed: Path, tmp_path: Path) -> Path:
    shutil.copytree(indexed, tmp_path / "copy")
    # The index's folder is named after where the corpus lies.
    (index,) = (tmp_path / "copy" / "data" / "index").iterdir()
    index.rename(corpus_of(tmp_path / "copy").folder)
    return tmp_path / "copy"


def segment_of(folder: Path) -> Path:
    (segment,) = (corpus_of(folder).folder / "segments").iterdir()
    return segment


def overwrite(file: Path, share: float, size: int, value: int) -> None:
    """Put other bytes into the middle of a file, as a disk does that goes bad."""
    length = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(int(share * length))
        opened.write(bytes([value]) * min(size, length))


def overwritten(file: Path) -> None:
    draw = random.Random(file.stat().st_size)
    for _ in range(3):
        overwrite(file, draw.random(), draw.choice([300, 30_000]), draw.choice([0, 255]))


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("damage", [overwritten, emptied, cut, Path.unlink])
def test_a_question_of_a_damaged_index_is_answered(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(segment_of(folder))
    run = Zhiwen(folder / "data")("ask", "--corpus", str(folder / "corpus"), QUESTION)
    assert (run.returncode, run.stderr.count("\n")) == (0, 1)
    assert ANEW in run.stderr
    assert FIGURE in run.stdout


def test_a_set_of_questions_is_not_measured_on_a_damaged_index(folder: Path) -> None:
    zhiwen = Zhiwen(folder / "data")
    questions = folder / "questions.jsonl"
    questions.write_text("", encoding="utf-8")
    overwrite(segment_of(folder), 0.2, 30_000, 255)
    run = zhiwen("eval", "--corpus", str(folder / "corpus"), "--questions", str(questions))
    assert (run.returncode, run.stderr.count("\n")) == (0, 1)
    assert ANEW in run.stderr


def test_an_answer_is_shown_again_from_an_index_that_was_damaged_meanwhile(folder: Path) -> None:
    zhiwen = Zhiwen(folder / "data")
    asked = zhiwen("ask", "--corpus", str(folder / "corpus"), "--json", QUESTION)
    segment_of(folder).unlink()
    replayed = zhiwen("replay", "--corpus", str(folder / "corpus"), json.loads(asked.stdout)["id"])
    assert FIGURE in replayed.stdout
    assert ANEW in replayed.stderr


def damage_records(segment: Path) -> None:
    """Make the articles' texts unreadable in a file that others have mapped, and nothing else."""
    content = segment.read_bytes()
    length = int.from_bytes(content[-16:-8], "little")
    _, start, count = json.loads(content[-16 - length : -16])["arrays"]["records"]
    with segment.open("r+b") as opened:
        opened.seek(start)
        opened.write(bytes(count))


def test_damage_that_comes_while_it_answers_is_mended(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveRetriever(corpus_of(folder))
    damage_records(segment_of(folder))
    assert answers(live)
    assert ANEW in caplog.text
    assert not live.mend()


def is_refused(live: LiveRetriever) -> bool:
    try:
        live.ask("广东人工智能相关企业有多少家？")
    except IndexUnusableError as error:
        return "ask again later" in str(error)
    return False


def test_while_it_is_mended_others_need_not_wait(folder: Path) -> None:
    live = LiveRetriever(corpus_of(folder))
    damage_records(segment_of(folder))
    found: list[bool] = []
    with (corpus_of(folder).folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # so that it cannot be finished
        asking = threading.Thread(target=lambda: found.append(answers(live)))
        asking.start()
        while not live._mending.locked():
            assert asking.is_alive()
        assert is_refused(live)
        assert not found
    asking.join()
    assert found == [True]


def test_an_error_that_no_damage_explains_is_not_hidden(folder: Path) -> None:
    live = LiveRetriever(corpus_of(folder))
    with pytest.raises(ValueError, match="invalid literal"):
        live.article("no id")


def test_a_fault_of_the_program_is_that_questions_and_has_the_index_read_once(folder: Path) -> None:
    class Counted(CorpusInUse):
        read = 0

        def verify(self) -> None:
            self.read += 1
            super().verify()

    corpus = Counted(corpus_of(folder).settings)
    live = LiveRetriever(corpus)
    wrong = 0
    with ThreadPoolExecutor(8) as threads:
        for asked in [threads.submit(live.article, "no id") for _ in range(40)]:
            with pytest.raises(ValueError, match="invalid literal"):
                asked.result()
            wrong += 1
    assert (wrong, corpus.read) == (40, 1)
    assert answers(live)


def test_where_it_cannot_be_made_anew_that_is_said(folder: Path) -> None:
    live = LiveRetriever(corpus_of(folder))
    damage_records(segment_of(folder))
    (folder / "corpus").rename(folder / "away")
    with pytest.raises(ReloadError, match="does not exist"):
        live.ask(QUESTION)


def test_on_a_full_disk_what_is_indexed_is_answered(folder: Path) -> None:
    zhiwen = Zhiwen(folder / "data")
    (folder / "corpus" / "news.txt").write_text(NEWS, encoding="utf-8")
    with full_disk(100):
        run = zhiwen("ask", "--corpus", str(folder / "corpus"), QUESTION)
        anew = Zhiwen(folder / "new")("ask", "--corpus", str(folder / "corpus"), QUESTION)
    assert (run.returncode, run.stderr.count("\n")) == (0, 1)
    assert "the index as it was before answers" in run.stderr
    assert FIGURE in run.stdout
    assert "ZHIWEN_DATA" in one_line(anew, 1)


def test_in_a_folder_that_may_not_be_written_what_is_indexed_is_answered(
    indexed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with unprivileged.folder() as made:
        folder = made / "copy"
        shutil.copytree(indexed, folder)
        (index,) = (folder / "data" / "index").iterdir()
        index.rename(corpus_of(folder).folder)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        (folder / "corpus" / "news.txt").write_text(NEWS, encoding="utf-8")
        with unprivileged.user():
            if os.access(folder / "data", os.W_OK, effective_ids=True):
                pytest.skip("these files belong to this user")
            live = LiveRetriever(corpus_of(folder))
            live.refresh()
            assert answers(live)
    assert "the index as it was before answers" in caplog.text
