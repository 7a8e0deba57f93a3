"""The commands as scripts use them: JSON, exit statuses, errors of one line."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import warm
from conftest import ROOT, SHARED

from bot.commands.cli import main

QUESTION = "上海规模以上AI企业有多少家？"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warm.indexed(tmp_path_factory.mktemp("data"))


class Zhiwen:
    """Runs the program as a person would, in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ZHIWEN_")},
            "ZHIWEN_DATA": str(data),
            "ZHIWEN_CORPUS": str(ROOT / "seeds"),
            "PYTHONIOENCODING": "utf-8",
        }

    def __call__(self, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=self._environment | settings,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def here(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """The same in this process, for what neither signals, nor pipes, nor a start can change."""
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self._environment | settings, clear=True),
            contextlib.chdir(ROOT),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = main(arguments)
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


@pytest.fixture
def zhiwen(data: Path) -> Zhiwen:
    return Zhiwen(data)


def one_line(run: subprocess.CompletedProcess[str], status: int) -> str:
    """The error of a command: one line that names the program, and nothing on standard output."""
    assert run.returncode == status
    assert run.stdout == ""
    assert run.stderr.startswith("zhiwen")
    assert run.stderr.count("\n") == 1
    return run.stderr


def test_ask_json(zhiwen: Zhiwen) -> None:
    run = zhiwen("ask", "--json", QUESTION)
    assert (run.returncode, run.stderr) == (0, "")
    answer: dict[str, Any] = json.loads(run.stdout)
    assert answer.keys() >= {"question", "answered", "confidence", "reason", "passages", "elapsed_ms"}
    assert answer["question"] == QUESTION
    assert answer["answered"] is True
    assert answer["reason"] is None
    best = answer["passages"][0]
    assert list(best) == [
        "rank", "text", "highlights", "score", "title", "url", "published",
        "file", "article", "sentence", "before", "heading",
    ]  # fmt: skip
    assert "350家" in [best["text"][start:end] for start, end in best["highlights"]]
    assert best["published"] == "2023-07-08"


def test_ask_with_a_follow_up(zhiwen: Zhiwen) -> None:
    run = zhiwen.here("ask", "--json", "产值呢？", "--previous", "上海有多少家规模以上AI企业？")
    assert "3800多亿元" in json.loads(run.stdout)["passages"][0]["text"]


def test_synonyms_of_the_corpus_are_read(zhiwen: Zhiwen, tmp_path: Path) -> None:
    words = tmp_path / "synonyms.txt"
    words.write_text("# 别名\n上海 东方明珠城\n", encoding="utf-8")
    question = "东方明珠城规模以上AI企业有多少家？"
    assert json.loads(zhiwen.here("ask", "--json", question).stdout)["understood"] == question
    answer = json.loads(zhiwen.here("ask", "--json", question, ZHIWEN_SYNONYMS=str(words)).stdout)
    assert answer["understood"] == "上海规模以上AI企业有多少家？"
    assert answer["answered"]
    one_line(zhiwen.here("ask", question, ZHIWEN_SYNONYMS=str(tmp_path / "none")), 2)


def test_no_answer_is_done_but_told_by_the_status(zhiwen: Zhiwen) -> None:
    run = zhiwen("ask", "--json", "怎么办理护照？")
    answer = json.loads(run.stdout)
    assert run.returncode == 1
    assert answer["answered"] is False
    assert answer["reason"].keys() == {"code", "message", "missing", "instead", "lacks"}


def test_ask_for_a_person(zhiwen: Zhiwen) -> None:
    run = zhiwen.here("ask", QUESTION)
    assert "350家" in run.stdout
    assert "news.cctv.com" in run.stdout
    assert "\x1b" not in run.stdout


def test_ask_from_a_pipe_gives_a_line_each(zhiwen: Zhiwen) -> None:
    run = zhiwen("ask", stdin=f"{QUESTION}\n怎么办理护照？\n\n")
    lines = run.stdout.splitlines()
    assert len(lines) == 3
    assert "350家" in lines[0]
    assert lines[0].count("\t") == 2
    assert run.returncode == 1


def test_a_pipe_is_told_what_it_asked_to_have_explained(zhiwen: Zhiwen) -> None:
    run = zhiwen("ask", "--explain", stdin=f"{QUESTION}\n")
    assert "得分" in run.stdout
    assert "--explain" in one_line(zhiwen("ask", "--explain", "--format", "tsv", stdin=QUESTION), 2)


def test_answers_are_the_same_in_every_process(zhiwen: Zhiwen) -> None:
    runs = [zhiwen("ask", "--json", QUESTION, PYTHONHASHSEED=seed) for seed in ("0", "1", "2")]
    answers = [json.loads(run.stdout) | {"elapsed_ms": 0} for run in runs]
    assert answers[0] == answers[1] == answers[2]


def test_check_json(zhiwen: Zhiwen, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("标题: 好\n链接: https://a.example/2024/05/06/x\n总结: 一句。两句。\n")
    (tmp_path / "bad.txt").write_text("标题: 坏\n链接: https://a.example/2\n")
    run = zhiwen.here("check", "--json", str(tmp_path))
    found = json.loads(run.stdout)
    assert run.returncode == 1
    assert [problem["code"] for problem in found["problems"]] == ["missing_summary"]
    assert found["problems"][0].keys() == {"file", "record", "line", "code", "level", "message"}
    record = found["records"][0]
    assert record["sentences"] == ["一句。", "两句。"]
    assert record["published"] == "2024-05-06"
    assert record.keys() == {
        "file", "record", "title", "url", "summary", "keywords", "technologies", "industries",
        "published", "extra", "sentences",
    }  # fmt: skip


def test_check_for_a_person(zhiwen: Zhiwen) -> None:
    run = zhiwen("check", "seeds")
    assert run.returncode == 0
    assert "records: 1, problems: 0" in run.stdout


def test_index_tells_what_it_did(zhiwen: Zhiwen, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("标题: 甲\n链接: https://a.example/1\n总结: 一句话。\n")
    first = json.loads(zhiwen.here("index", "--json", "--corpus", str(tmp_path)).stdout)
    assert (first["added"], first["removed"], first["kept"]) == (1, 0, 0)
    (tmp_path / "b.txt").write_text("标题: 乙\n链接: https://a.example/2\n总结: 机器人。\n")
    second = json.loads(zhiwen.here("index", "--json", "--corpus", str(tmp_path)).stdout)
    assert (second["added"], second["removed"], second["kept"]) == (1, 0, 1)
    verified = zhiwen.here("index", "--verify", "--json", "--corpus", str(tmp_path))
    assert (verified.returncode, json.loads(verified.stdout)["whole"]) == (0, True)
    (segment, *_) = Path(json.loads(verified.stdout)["folder"]).glob("segments/*")
    segment.write_bytes(segment.read_bytes()[:-1] + b"?")
    damaged = zhiwen.here("index", "--verify", "--json", "--corpus", str(tmp_path))
    assert (damaged.returncode, damaged.stdout) == (1, "")
    assert zhiwen.here("index", "--verify", "--corpus", str(tmp_path)).stderr == damaged.stderr


def test_a_new_record_is_in_the_next_answer(zhiwen: Zhiwen, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("标题: 甲\n链接: https://a.example/1\n总结: 一句话。\n")
    assert zhiwen.here("ask", "--corpus", str(tmp_path), "机器人的产值是多少？").returncode == 1
    (tmp_path / "b.txt").write_text("标题: 乙\n链接: https://a.example/2\n总结: 机器人的产值是9亿元。\n")
    assert "9亿元" in zhiwen.here("ask", "--corpus", str(tmp_path), "机器人的产值是多少？").stdout


def test_eval_prints_the_figures(zhiwen: Zhiwen, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    gold = "2022年中国人工智能核心产业规模达5080亿元，同比增长18%。"
    questions.write_text(
        json.dumps(
            {
                "id": "1",
                "kind": "direct",
                "question": "2022年中国人工智能核心产业规模是多少？",
                "gold_sentence": gold,
            },
        ),
    )
    run = zhiwen.here("eval", "--questions", str(questions), "--json")
    figures = json.loads(run.stdout)
    names = ["n", "hit@1", "hit@3", "mrr@10", "article@1", "answered", "shown", "wrong"]
    names += ["likely", "likely_right", "highlight", "p50_ms", "p99_ms"]
    assert list(figures["overall"]) == list(figures["by_kind"]["direct"]) == names
    assert figures["overall"]["hit@1"] == 1
    table = zhiwen.here("eval", "--questions", str(questions)).stdout
    assert all(name in table for name in names)


def test_eval_of_a_squad_file(zhiwen: Zhiwen) -> None:
    if not SHARED.is_dir():
        pytest.skip("needs the measuring data in ../shared/data")
    run = zhiwen("eval", "--squad", str(SHARED / "xquad.zh.json"), "--json")
    overall = json.loads(run.stdout)["overall"]
    assert overall["hit@1"] >= 0.787 - 0.003
    assert overall["hit@3"] >= 0.920 - 0.003
    assert overall["mrr@10"] >= 0.858 - 0.003


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["ask", "--frobnicate"],
        ["check", "/nowhere"],
        ["eval"],
        ["ask", "x", "--corpus", "/nowhere"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_status_2(zhiwen: Zhiwen, arguments: list[str]) -> None:
    one_line(zhiwen.here(*arguments), 2)


def test_a_bad_setting_is_named_with_an_example(zhiwen: Zhiwen) -> None:
    error = one_line(zhiwen("ask", "x", ZHIWEN_CONFIDENT="very", ZHIWEN_TELEGRAM_API="nonsense"), 2)
    assert "ZHIWEN_CONFIDENT" in error
    assert "ZHIWEN_TELEGRAM_API" in error
    assert "http://127.0.0.1:8081" in error


def test_serve_without_a_token_says_what_to_set(zhiwen: Zhiwen) -> None:
    assert "ZHIWEN_TELEGRAM_TOKEN" in one_line(zhiwen.here("serve"), 2)


def test_a_token_never_shows(zhiwen: Zhiwen) -> None:
    token = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105  nobody's
    run = zhiwen("serve", ZHIWEN_TELEGRAM_TOKEN=token, ZHIWEN_CONFIDENT="7")
    assert token not in run.stdout + run.stderr


def in_shell(zhiwen: Zhiwen, redirection: str) -> subprocess.CompletedProcess[str]:
    """What the program prints that a shell started so."""
    return subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m bot ask --json '{QUESTION}' {redirection}"],
        cwd=ROOT,
        env=zhiwen._environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_reader_that_goes_away_is_no_error(zhiwen: Zhiwen) -> None:
    assert in_shell(zhiwen, "| true").stderr == ""


def test_a_full_disk_is_told_in_one_line(zhiwen: Zhiwen) -> None:
    assert "The output cannot be written" in one_line(in_shell(zhiwen, ">/dev/full"), 1)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_was_closed_before_is_no_error(zhiwen: Zhiwen, closed: str) -> None:
    run = in_shell(zhiwen, closed)
    assert (run.returncode, run.stderr) == (0, "")
    assert bool(run.stdout) == (closed != ">&-")
