"""What may not be read, is no text or goes meanwhile ends in one line, and the rest is answered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import unprivileged
import warm
from conftest import ROOT

from bot.corpus.fingerprints import Look, Looks
from bot.corpus.in_use import CorpusInUse
from bot.errors import SettingsError
from bot.settings import Settings
from retrieval.corpus import reading
from retrieval.errors import CorpusError
from retrieval.questions.chinese import LONGEST

QUESTION = "上海规模以上AI企业有多少家？"


def ask(data: Path, stdin: bytes, *arguments: bytes) -> subprocess.CompletedProcess[bytes]:
    settings = {"ZHIWEN_DATA": str(data), "ZHIWEN_CORPUS": str(ROOT / "seeds"), "LC_ALL": "C"}
    return subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"bot", b"ask", *arguments],
        env={name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")} | settings,
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warm.indexed(tmp_path_factory.mktemp("data"))


def test_a_line_that_is_no_text_is_told_and_those_after_it_are_answered(data: Path) -> None:
    lines = [
        b"\xfe\x0a\xff",
        b'{"answer": 1}',
        b"\xef\xbb\xbf" + QUESTION.encode() + b"\r",
        QUESTION.encode(),
    ]
    run = ask(data, b"\n".join(lines) + b"\n")
    assert run.returncode == 2
    told = run.stderr.decode().splitlines()
    assert len(told) == 3  # the first is two lines
    assert all(line.startswith("zhiwen: ") for line in told)
    answers = run.stdout.decode().splitlines()
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert "350家" in answers[0]


def test_text_in_utf_16_with_its_mark_is_read(data: Path) -> None:
    run = ask(data, f"{QUESTION}\r\n{QUESTION}\n".encode("utf-16"))
    assert (run.returncode, run.stderr) == (0, b"")
    answers = run.stdout.decode().splitlines()
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert "350家" in answers[0]


def test_an_argument_that_is_no_text_is_one_line_and_status_2(data: Path) -> None:
    run = ask(data, b"", b"\xff\xfe")
    assert (run.returncode, run.stdout) == (2, b"")
    assert len(run.stderr.decode().splitlines()) == 1
    assert b"UTF-8" in run.stderr


def test_what_is_dropped_of_a_long_question_is_said(data: Path) -> None:
    run = ask(data, b"", (QUESTION * 100).encode())
    (told,) = run.stderr.decode().splitlines()
    assert str(LONGEST) in told
    assert not ask(data, b"", QUESTION.encode()).stderr


def test_a_corpus_that_may_not_be_read_does_not_look_empty() -> None:
    with unprivileged.folder() as folder:
        (folder / "a.txt").write_text("标题: 月城\n总结: 月城有三家企业。\n", encoding="utf-8")
        folder.chmod(0o000)
        with unprivileged.user(), pytest.raises(CorpusError, match="rights"):
            reading.read([folder])
        with unprivileged.user(), pytest.raises(CorpusError, match="rights"):
            reading.read([folder / "a.txt"])
        folder.chmod(0o755)


def test_a_data_folder_that_may_not_be_entered_is_a_wrong_setting() -> None:
    with unprivileged.folder() as folder:
        folder.chmod(0o000)
        settings = Settings(corpus=ROOT / "seeds", data=folder)
        with unprivileged.user(), pytest.raises(SettingsError, match="ZHIWEN_DATA"):
            CorpusInUse(settings)
        folder.chmod(0o755)


def test_a_file_that_goes_between_two_looks_is_a_file_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("text")
    names = ["here.txt", "gone.txt"]
    looks = Looks((tmp_path / name, Look.of(tmp_path / name, name)) for name in names)
    assert list(looks.files) == [str(tmp_path / "here.txt")]
