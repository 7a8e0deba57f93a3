"""Articles of any format become record files, are listed and counted; nothing is overwritten."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from article_files import WRITERS
from test_formats import article, content

from bot.commands.cli import main
from retrieval.corpus import reading

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("ZHIWEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return command


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    for number, name in enumerate(("a.csv", "b.jsonl", "c.xlsx"), start=1):
        articles = [article(10 * number + at) for at in range(3)]
        (folder / name).write_bytes(WRITERS[name.replace("b.", "a.").replace("c.", "a.")](articles))
    return folder


def test_what_is_imported_is_what_was_given(run: Run, given: Path, tmp_path: Path) -> None:
    status, out, err = run("import", given, "--to", tmp_path / "to")
    assert (status, err) == (0, "")
    assert out == f"9 articles in 3 files written to {tmp_path / 'to'}; 0 problems.\n"
    assert content(reading.read([tmp_path / "to"]).articles) == content(reading.read([given]).articles)


def test_an_archive_is_imported(run: Run, given: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in given.iterdir():
            archive.write(path, path.name)
    assert run("import", tmp_path / "all.zip", "--to", tmp_path / "to", "--json")[0] == 0
    titles = {one.title for one in reading.read([tmp_path / "to"]).articles}
    assert titles == {one.title for one in reading.read([given]).articles}


def test_a_dry_run_shows_three_and_writes_none(run: Run, given: Path, tmp_path: Path) -> None:
    status, out, _ = run("import", given, "--to", tmp_path / "to", "--dry-run")
    assert status == 0
    assert out.count("标题: ") == 3
    assert "9 articles would be written" in out
    assert not (tmp_path / "to").exists()


def test_nothing_is_overwritten(run: Run, given: Path, tmp_path: Path) -> None:
    run("import", given, "--to", tmp_path / "to")
    before = {path.name: path.read_bytes() for path in (tmp_path / "to").iterdir()}
    status, out, err = run("import", given, "--to", tmp_path / "to")
    assert (status, out) == (1, "")
    assert "a.txt is there already" in err
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "to").iterdir()}


def test_what_is_lost_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("标题,总结\n甲,甲发布新政。\n乙\n")
    status, out, _ = run("import", tmp_path / "a.csv", "--to", tmp_path / "to", "--json")
    told = json.loads(out)
    assert (status, told["articles"], told["written"]) == (1, 1, {"a.txt": 1})
    assert ("missing_summary", 3) in {(one["code"], one["line"]) for one in told["problems"]}


def test_the_newest_are_listed_first_and_filtered(run: Run, given: Path) -> None:
    lines = run("list", "--corpus", given, "--limit", "2", "--json")[1].splitlines()
    days = [json.loads(line)["published"] for line in lines]
    assert days == sorted(days, reverse=True)
    assert len(days) == 2
    [one] = run("list", "--corpus", given, "--keyword", "關鍵詞21", "--since", "2024-05")[1].splitlines()
    assert one == "2024-05-22  第21座车间投产，年产21万台  https://a.example/news/21?x=1&y=2"
    assert run("list", "--corpus", given, "--until", "2023-12-31")[1] == ""


def test_a_corpus_is_counted(run: Run, given: Path) -> None:
    (given / "d.txt").write_text("标题: 甲\n总结: 甲发布新政。\n")
    counted = json.loads(run("stats", "--corpus", given, "--json")[1])
    assert counted["formats"] == {"csv": 3, "jsonl": 3, "xlsx": 3, "txt": 1}
    assert (counted["articles"], counted["undated"], counted["without_link"]) == (10, 1, 1)
    assert (counted["first_day"], counted["industries"]) == ("2024-05-03", {"制造": 9})
    assert "articles without a date: 1," in run("check", given)[1]
    assert "undated" in run("stats", "--corpus", given)[1]


def test_a_new_record_is_written_once(run: Run, tmp_path: Path) -> None:
    assert run("new")[1].startswith("标题: \n链接: https://\n")
    assert run("new", "a.txt")[0] == 0
    (tmp_path / "a.txt").write_text("mine")
    assert run("new", "a.txt")[0] == 1
    assert (tmp_path / "a.txt").read_text() == "mine"
