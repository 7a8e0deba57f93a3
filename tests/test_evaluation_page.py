"""The page of an evaluation shows what was measured, and needs nothing but itself."""

import re
from pathlib import Path

import pytest

from bot.commands import evaluation_page
from bot.commands.evaluation_page import ReportError
from retrieval import evaluation
from retrieval.evaluation import Outcome
from retrieval.question_sets import GoldQuestion

TITLE = "<script>alert(1)</script>哪一句？"


def outcome(number: int, *, rank: int, confidence: float) -> Outcome:
    return Outcome(
        question=GoldQuestion(id=str(number), text=TITLE, gold=(("a", 1),)),
        kind="number",
        rank=rank,
        right_article=True,
        answered=True,
        highlighted=True,
        elapsed_ms=1.0,
        confidence=confidence,
        won="赢了的句子。",
        right="对的句子。",
    )


OUTCOMES = [outcome(n, rank=1 if n % 3 else 2, confidence=n / 30) for n in range(30)]


def written(folder: Path, name: str) -> str:
    page = evaluation_page.write(folder, name, OUTCOMES, evaluation.report(OUTCOMES))
    return page.read_text(encoding="utf-8")


def test_a_page_is_whole_and_safe(tmp_path: Path) -> None:
    page = written(tmp_path, "set")
    assert page.count("<svg") == 3
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "赢了的句子。" in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert set(re.findall(r"https?://[^\s\"'<)]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_sets_are_shown_together(tmp_path: Path) -> None:
    written(tmp_path, "one")
    (tmp_path / "broken.figures.json").write_text("{", encoding="utf-8")
    page = written(tmp_path, "two")
    assert "hit@k by set" in page
    assert page.count("<svg") == 4


def test_the_worst_are_the_most_confident_mistakes() -> None:
    worst = evaluation_page.worst(OUTCOMES)
    assert [found.rank for found in worst] == [2] * 10
    assert [found.confidence for found in worst] == sorted(
        (found.confidence for found in worst), reverse=True
    )


def test_declining_more_answers_less() -> None:
    shares = [share for share, _ in evaluation_page.refusal(OUTCOMES)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be written"):
        evaluation_page.write(tmp_path / "file", "set", OUTCOMES, evaluation.report(OUTCOMES))
