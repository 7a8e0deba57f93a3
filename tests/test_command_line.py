"""The command line as a person meets it: help, languages, formats, errors that say what to do, completion."""

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import warm
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.commands.cli import COMMANDS, main, zhiwen
from bot.commands.command_line import TEXTS, Group, Words
from bot.commands.options import first_day
from bot.layout.language import Language, texts

QUESTION = "上海规模以上AI企业有多少家？"
TODAY = dt.date(2024, 3, 6)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warm.indexed(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def _own_settings(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIWEN_DATA", str(data))
    monkeypatch.setenv("ZHIWEN_CORPUS", str(ROOT / "seeds"))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Runs a command: its status, what it printed, what it said on standard error."""

    def ran(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(arguments)
        return status, *capsys.readouterr()

    return ran


def commands(group: click.Command = zhiwen, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that name it."""
    yield path, group
    if isinstance(group, Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from commands(command, *path, name)


def test_alone_it_shows_its_help(run: Said) -> None:
    status, out, err = run()
    assert (status, err) == (0, "")
    assert all(f"  {name} " in out for name in COMMANDS)
    assert run("--help") == (0, out, "")
    assert "export" in run("store")[1]


def test_it_says_its_version(run: Said) -> None:
    status, out, _ = run("--version")
    assert status == 0
    assert out.startswith("zhiwen ")


@pytest.mark.parametrize("language", Language)
def test_every_command_and_option_is_explained(language: Language) -> None:
    said = Words(language)
    for path, command in commands():
        name = " ".join(path) or "zhiwen"
        assert said.about(name), name
        assert isinstance(command, Group) or path == ("zhiwen",) or said.examples(name), name
        for parameter in command.params:
            explained = said.about(name, parameter.name or "")
            assert explained or isinstance(parameter, click.Argument), (name, parameter.name)


def test_no_text_is_left_untranslated_or_unused() -> None:
    english, chinese = (texts(TEXTS, language) for language in (Language.EN, Language.HANS))
    assert chinese.keys() == {
        name for name in english if name == "words.examples" or not name.endswith(".examples")
    }
    named = {" ".join(path) or "zhiwen" for path, _ in commands()}
    assert {name.rpartition(".")[0] for name in english} <= {*named, "words", "shared"}


@pytest.mark.parametrize("path", [" ".join(path) for path, _ in commands()])
@pytest.mark.parametrize("columns", [40, 80])
def test_help_fits_the_terminal(run: Said, monkeypatch: pytest.MonkeyPatch, path: str, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for language in Language:
        status, out, _ = run(*path.split(), "--language", language.value, "--help")
        assert status == 0
        text, _, _ = out.partition(Words(language)("words.examples"))  # what is copied is not broken
        assert max(map(cell_len, text.splitlines())) <= columns


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh_CN.UTF-8", "用法："), ("zh_TW.UTF-8", "選項"), ("en_GB.UTF-8", "Usage:"), ("C", "Usage:")],
)
def test_help_is_in_the_language_of_the_locale(
    run: Said, monkeypatch: pytest.MonkeyPatch, locale: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert said in run("ask", "--help")[1]
    assert "Usage:" in run("--language", "en", "ask", "--help")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aks", "x"], "没有 aks 这个命令；是不是 ask？"),
        (["ask", "--jsn"], "没有 --jsn 这个选项"),
        (["ask", "x", "--limit", "many"], "--limit 要是整数 1-10"),
        (["ask", "x", "--limit", "11"], "--limit 要是整数 1-10"),
        (["ask", "x", "--format", "pdf"], "--format 只能是 text, md, tsv, json 之一"),
        (["ask", "x", "--since", "someday"], "--since: someday 不是日期"),
        (["ask", "--previous"], "--previous 后面要有值"),
        (["replay"], "缺少 ID"),
        (["eval"], "--questions FILE.jsonl"),
        (["store", "purge", "--older-than", "1", "--user", "2"], "只能给一个"),
        (["completion", "tcsh"], "bash, zsh, fish"),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else "",
)
def test_a_wrong_call_is_one_line_in_the_readers_language(
    run: Said, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    status, out, err = run(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("zhiwen")
    assert said in err
    assert "--help" in err


def test_a_question_needs_no_quotes(run: Said) -> None:
    found = json.loads(run("ask", "--json", "AI", "企业", "有多少家")[1])
    assert found["question"] == "AI 企业 有多少家"


def test_an_answer_is_printed_in_several_formats(run: Said) -> None:
    one = run("ask", QUESTION, "--format", "tsv")[1].splitlines()
    three = run("ask", QUESTION, "--format", "tsv", "--limit", "3")[1].splitlines()
    assert len(one) == 1
    assert len(three) == 3
    assert one == three[:1]
    assert all(line.count("\t") == 2 for line in three)
    markdown = run("ask", QUESTION, "--format", "md", "--limit", "1")[1]
    assert "**350家**" in markdown
    assert "](https://news.cctv.com/" in markdown
    assert markdown.count("— [") == 1
    assert run("ask", QUESTION, "--limit", "1")[1].count("https://") == 1
    assert run("ask", QUESTION, "--limit", "5")[1].count("▎") > run("ask", QUESTION)[1].count("▎")
    as_json = json.loads(run("ask", QUESTION, "--format", "json", "--limit", "2")[1])
    assert [passage["rank"] for passage in as_json["passages"]] == [1, 2]
    declined = run("ask", "怎么办理护照？", "--format", "md")
    assert declined[0] == 1
    assert declined[1].startswith("**")
    assert declined[1].count("— [") <= 1


def test_a_line_may_be_json_with_the_question_before(run: Said) -> None:
    follow_up = json.dumps({"question": "产值呢？", "previous": "上海有多少家规模以上AI企业？"})
    status, out, _ = run("ask", "--json", stdin=f"{follow_up}\n{QUESTION}\n{{不是 JSON\n")
    found = [json.loads(line) for line in out.splitlines()]
    assert "3800多亿元" in found[0]["passages"][0]["text"]
    assert [one["question"] for one in found[1:]] == [QUESTION, "{不是 JSON"]
    assert status == 1
    status, out, err = run("ask", "--json", stdin=f'{QUESTION}\n{{"qestion": "产值呢？"}}\n')
    assert (status, out.count("\n")) == (2, 1)
    assert "line 2" in err


def test_a_label_that_does_not_exist_is_told_with_those_near_it(run: Said) -> None:
    _, out, err = run("ask", "--json", QUESTION, "--industry", "医療", "--industry", "金 融")
    assert json.loads(out)["answered"]
    assert err.splitlines() == ["zhiwen: no article has --industry 金 融. Near it: 金融."]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", (2024, 1, 1)),
        ("2024年", (2024, 1, 1)),
        ("2024-06", (2024, 6, 1)),
        ("2024年6月", (2024, 6, 1)),
        ("2024-06-09", (2024, 6, 9)),
        ("2024年6月9日", (2024, 6, 9)),
        ("今天", (2024, 3, 6)),
        ("昨天", (2024, 3, 5)),
        ("Yesterday", (2024, 3, 5)),
        ("本周", (2024, 3, 4)),
        ("上周", (2024, 2, 26)),
        ("上个月", (2024, 2, 1)),
        ("去年", (2023, 1, 1)),
    ],
)
def test_a_day_is_written_in_many_ways(text: str, day: tuple[int, int, int]) -> None:
    assert first_day(text, TODAY) == dt.date(*day)


@given(st.text(max_size=8))
def test_a_text_names_a_day_or_none(text: str) -> None:
    day = first_day(text, TODAY)
    assert day is None or isinstance(day, dt.date)


@given(st.dates(dt.date(1000, 1, 1)))
def test_a_date_names_itself(day: dt.date) -> None:
    assert first_day(day.isoformat(), TODAY) == day


def test_problems_come_a_line_each_where_no_person_reads(run: Said, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("标题: 坏\n链接: https://a.example/2\n", encoding="utf-8")
    status, out, _ = run("check", str(tmp_path))
    first, counts = out.splitlines()
    assert status == 1
    assert first.startswith("bad.txt:1: error missing_summary ")
    assert counts == "records: 0, problems: 1 (errors: 1, warnings: 0, infos: 0)"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "LANG": "zh_CN.UTF-8",
        "_ZHIWEN_COMPLETE": f"{shell}_complete",
    }
    words = {
        "bash": {"COMP_WORDS": "zhiwen ask --ind", "COMP_CWORD": "2"},
        "zsh": {"COMP_WORDS": "zhiwen ask --ind", "COMP_CWORD": "2"},
        "fish": {"COMP_WORDS": "zhiwen ask --ind", "COMP_CWORD": "--ind"},
    }[shell]
    found = subprocess.run(
        [sys.executable, "-m", "bot"],
        env=environment | words,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "--industry" in found.stdout
    assert shell == "bash" or "行业" in found.stdout


def test_the_completion_script_is_printed(run: Said) -> None:
    status, out, _ = run("completion", "zsh")
    assert status == 0
    assert "_ZHIWEN_COMPLETE=zsh_complete" in out


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}],
    ids=["C", "ASCII"],
)
def test_any_locale_will_do(data: Path, environment: dict[str, str]) -> None:
    known = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "ZHIWEN_DATA": str(data)}
    command: list[str | bytes] = [
        sys.executable,
        "-m",
        "bot",
        "ask",
        "--format",
        "tsv",
        QUESTION.encode(),
    ]
    found = subprocess.run(command, env=known | environment, cwd=ROOT, capture_output=True, check=False)
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.count(b"\t") == 2
    assert b"350" in found.stdout


def test_without_the_extra_a_report_is_refused_before_anything_is_asked(
    run: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pygal", None)
    status, out, err = run("eval", "--questions", "questions.jsonl", "--report", str(tmp_path))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "zhiwen[report]" in err
