"""What is to be said about a large corpus: some problems are listed, all are counted and in a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.in_use import CorpusInUse
from bot.settings import Settings
from retrieval.corpus import problem_log
from retrieval.corpus.problem_log import ProblemLog, Problems
from retrieval.models import Level, Problem


def problem(number: int, code: str = "missing_link", level: Level = Level.WARNING) -> Problem:
    return Problem(file="a.txt", record=number, line=1, code=code, level=level, message="without a link")


@pytest.mark.parametrize("count", [0, 1, problem_log.LISTED, problem_log.LISTED + 1, 3 * problem_log.LISTED])
def test_all_are_counted_and_few_are_kept_in_memory(tmp_path: Path, count: int) -> None:
    path = tmp_path / "problems.jsonl"
    path.write_text("of the time before")
    with ProblemLog(path) as log:
        log.add(problem(number) for number in range(count))
        log.add([problem(count, "missing_title", Level.ERROR)])
        problems = log.problems()
    assert (problems.total, problems.count(Level.ERROR), problems.count(Level.INFO)) == (count + 1, 1, 0)
    assert len(problems.listed) == min(count + 1, problem_log.LISTED)
    if problems.total == len(problems.listed):
        assert (problems.file, list(tmp_path.iterdir())) == (None, [])
    else:
        lines = [Problem.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]
        assert lines[:-1] == [problem(number) for number in range(count)]
        assert (problems.file, list(tmp_path.iterdir())) == (path, [path])


def test_a_reading_that_fails_leaves_the_file_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "problems.jsonl"
    path.write_text("of the time before")

    def failing() -> Iterator[Problem]:
        yield problem(1)
        raise OSError("the disk is full")

    with ProblemLog(path) as log, pytest.raises(OSError, match="full"):
        log.add(failing())
    assert [(one, one.read_text()) for one in tmp_path.iterdir()] == [(path, "of the time before")]


def test_indexing_lists_some_problems_and_tells_where_all_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_log, "LISTED", 2)
    records = "\n".join(f"标题: 月城{number}\n总结: 月城有{number}家企业。\n" for number in range(5))
    (settings.corpus / "many.txt").write_text(records, encoding="utf-8")
    _, problems = CorpusInUse(settings).update_here()
    assert problems.file is not None
    assert len(problems.listed) == 2
    assert problems.counts["missing_link"] == 5
    found = [json.loads(line)["code"] for line in problems.file.read_text("utf-8").splitlines()]
    assert found.count("missing_link") == 5
    assert len(found) == problems.total


def test_a_few_problems_are_all_listed() -> None:
    problems = Problems.of([problem(1), problem(2, "missing_title", Level.ERROR)])
    assert (problems.total, problems.count(Level.ERROR, Level.WARNING)) == (2, 2)
