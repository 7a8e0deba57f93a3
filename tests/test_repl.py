"""The conversation in a real terminal, and from a pipe."""

import base64
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

TESTS = Path(__file__).parent
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sample import COPY, OFFLINE, SHANGHAI, Library
from bot.commands import repl
from bot.conversation.conversation import Conversation
from bot.layout.language import Language
from bot.layout.responder import Responder
history = Path(sys.argv[2]) if sys.argv[2] else None
library = Library(SHANGHAI, COPY, OFFLINE)
repl.run(Conversation(library), Responder(Language.of(sys.argv[3])), library, history=history)
"""
KEYS = {"tab": "\t", "up": "\x1b[A", "clear": "\x03", "end": "\x04"}


def command(history: Path | None = None, language: str = "zh") -> list[str]:
    return [sys.executable, "-c", SCRIPT, str(TESTS), str(history or ""), language]


class Reader:
    """Somebody at a terminal of 80 columns."""

    def __init__(self, history: Path | None = None, language: str = "zh") -> None:
        program, *arguments = command(history, language)
        # A terminal would answer where its cursor is; pexpect is none.
        environment = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self.terminal = pexpect.spawn(
            program,
            arguments,
            env=environment,
            dimensions=(40, 80),
            encoding="utf-8",
            timeout=20,
        )

    def sees(self, *texts: str) -> None:
        for text in texts:
            self.terminal.expect_exact(text)

    def types(self, line: str) -> None:
        self.terminal.send(f"{line}\r")

    def presses(self, key: str) -> None:
        self.terminal.send(KEYS[key])

    def has_left(self) -> None:
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        assert self.terminal.exitstatus == 0


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return tmp_path / "of" / "me" / "history"


@pytest.fixture
def reader(history: Path) -> Iterator[Reader]:
    reader = Reader(history)
    reader.sees("知闻 zhiwen", "上海规模以上AI企业有多少家？", "› ")
    yield reader
    reader.terminal.close(force=True)


def test_a_question_and_what_can_be_asked_about_its_answer(reader: Reader) -> None:
    reader.types("上海规模以上AI企业有多少家？")
    reader.sees("350家", "news.cctv.com · 2023-07-08", "https://news.cctv.com/2023/07/08/", "/more", "› ")
    reader.types("/more")
    reader.sees("接下来的几句", "4 ", "› ")
    reader.types("/context")
    reader.sees("上海的AI产业雄心", "350家", "› ")
    reader.types("/why 2")
    reader.sees("切分", "得分", "› ")
    reader.types("/why 99")
    reader.sees("没有这个编号的句子", "› ")
    reader.types("/sources")
    reader.sees("收录的文章", "无链接 · local/广东.txt · 第 2 条", "› ")
    reader.types("那产值呢？")
    reader.sees("理解为：上海规模以上AI企业有多少家？ 那产值呢？", "› ")
    reader.types("/quit")
    reader.has_left()


def test_what_is_shown_can_be_opened_copied_and_saved(reader: Reader, tmp_path: Path) -> None:
    reader.types("/save")
    reader.sees("还没有问过问题", "› ")
    reader.types("上海规模以上AI企业有多少家？")
    reader.sees("350家", "› ")
    reader.types("/open")
    reader.sees("打造人工智能“上海高地”", "350家", "› ")
    reader.types("/open 99")
    reader.sees("没有这个编号的句子", "› ")
    reader.types("/copy")
    reader.sees("——打造人工智能“上海高地”", "已复制")
    reader.terminal.expect("\x1b]52;c;([A-Za-z0-9+/=]+)\x07")
    copied = base64.b64decode(reader.terminal.match[1]).decode()
    assert copied.splitlines()[0].startswith("目前，上海规模以上AI企业数量已经达到350家")
    assert copied.splitlines()[-1].startswith("https://news.cctv.com/")
    reader.sees("› ")
    reader.types("/latest")
    reader.sees("1. ", "› ")
    reader.types("/open 2")
    reader.sees("▎", "› ")
    file = tmp_path / "session.md"
    reader.types(f"/save {file}")
    reader.sees("已存为", "› ")
    saved = file.read_text(encoding="utf-8")
    assert saved.startswith("## 上海规模以上AI企业有多少家？\n\n> ")
    assert "**350家**" in saved
    assert "## /latest" in saved
    reader.types(f"/save {file}")
    reader.sees("已经有了", "› ")
    reader.types(f"/save {file}/below")
    reader.sees("写不了", "› ")
    assert file.read_text(encoding="utf-8") == saved


def test_the_articles_looked_into_and_the_language_are_chosen(reader: Reader) -> None:
    reader.types("/filter")
    reader.sees("现在在所有文章里找", "2023", "› ")
    reader.types("/filter 2023")
    reader.sees("只在这些文章里找", "2023-01-01", "› ")
    reader.types("/filter 2032")
    reader.sees("没有“2032”", "相近的有：2023", "› ")
    reader.types("/filter off")
    reader.sees("在所有文章里找。", "› ")
    reader.types("/language en")
    reader.sees("English", "› ")
    reader.types("/more")
    reader.sees("Nothing has been asked yet", "› ")
    reader.types("/language fr")
    reader.sees("Write /language zh-hans", "› ")
    reader.types("/reload")
    reader.sees("0 added, 0 removed, 3 kept", "› ")


def test_every_article_can_be_listed(reader: Reader) -> None:
    reader.types("/sources 2")
    reader.sees("2. ", "› ")
    reader.types("/sources 99")
    reader.sees("没有这个编号", "› ")
    reader.types("/sources 上海")
    reader.sees("上海", "1. ", "› ")


def test_words_after_a_command_are_completed(reader: Reader) -> None:
    reader.terminal.send("/language zh-hant")
    reader.presses("clear")
    reader.terminal.send("/language e")
    reader.presses("tab")
    reader.types("")
    reader.sees("English", "› ")


def test_help_and_unknown_commands(reader: Reader) -> None:
    reader.types("/help")
    reader.sees("/context", "/sources", "› ")
    reader.types("/nonsense 1")
    reader.sees("没有这个命令", "› ")
    reader.types("")
    reader.sees("想问什么", "› ")
    reader.types("／EXIT")
    reader.has_left()


def test_a_command_is_completed_and_a_line_dropped(reader: Reader) -> None:
    reader.terminal.send("/so")
    reader.presses("tab")
    reader.sees("收录了哪些文章")
    reader.presses("clear")
    reader.sees("› ")
    reader.types("/more")
    reader.sees("还没有问过问题", "› ")
    reader.presses("end")
    reader.sees("再见")
    reader.has_left()


def test_what_was_typed_is_kept_for_the_next_session_and_for_the_reader_alone(
    reader: Reader, history: Path
) -> None:
    reader.types("早在2017年上海发布了什么？")
    reader.sees("实施意见", "› ")
    reader.presses("end")
    reader.has_left()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    later = Reader(history, "zh-TW")
    later.sees("問一個問題", "› ")
    later.presses("up")
    later.sees("早在2017年上海发布了什么？")
    later.types("")
    later.sees("实施意见", "› ")
    later.presses("end")
    later.has_left()


def test_a_history_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    reader = Reader(tmp_path / "file" / "history", "en")
    reader.sees("Ask", "› ")
    reader.types("/more")
    reader.sees("Nothing has been asked yet", "› ")
    reader.presses("end")
    reader.has_left()


def piped(lines: bytes) -> tuple[str, str, int]:
    done = subprocess.run(command(), input=lines, capture_output=True, check=False, timeout=60)
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def test_lines_from_a_pipe_are_answered_one_a_line() -> None:
    questions = "上海规模以上AI企业有多少家？\r\n\nzzqx\n/more\n/quit\n不再回答\n"
    shown, errors, status = piped(questions.encode())
    assert errors == ""
    assert status == 0
    answer, *others = shown.splitlines()
    assert answer.count("\t") == 2
    assert answer.endswith("ARTIV8GuPiroS1Fr9Ogh4SS8230708.shtml")
    assert others == [
        "想问什么？直接写下来就好。",
        "收录的新闻里没有答案 · 收录的新闻没有提到你问的内容。",
        "  上一个问题没有找到相关的句子，换个问法试试。",
    ]


def test_what_is_no_text_is_told_and_what_comes_after_it_is_answered() -> None:
    shown, errors, _ = piped(b"\xef\xbb\xbf\xff\xfe\n\x00\n/latest\n")
    assert errors == "zhiwen: 第 1 行不是 UTF-8 文字\n"
    assert len(shown.splitlines()) > 2


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig"])
def test_a_mark_before_the_text_tells_how_it_is_written(codec: str) -> None:
    shown, errors, status = piped("上海规模以上AI企业有多少家？\r\n/quit\r\n".encode(codec))
    assert (errors, status) == ("", 0)
    assert shown.count("\n") == 1
    assert "350家" in shown


def test_a_reader_that_has_gone_is_no_error() -> None:
    with subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as chat:
        assert chat.stdin
        assert chat.stdout
        assert chat.stderr
        chat.stdout.close()
        chat.stdin.write("上海有多少家企业？\n".encode() * 100)
        chat.stdin.close()
        assert chat.stderr.read() == b""
        assert chat.wait(20) == 0


def test_files_that_change_are_read_before_the_next_question(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("标题: 甲地新桥\n总结: 甲地新桥长1200米。\n", encoding="utf-8")
    settings = {"ZHIWEN_DATA": str(tmp_path / "data"), "ZHIWEN_CORPUS": str(corpus)}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        env={**os.environ, **settings},
        cwd=TESTS.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as chat:
        assert chat.stdin
        assert chat.stdout

        def asked(question: str) -> str:
            assert chat.stdin
            assert chat.stdout
            chat.stdin.write(f"{question}\n")
            chat.stdin.flush()
            return chat.stdout.readline()

        assert "1200米" in asked("甲地新桥有多长？")
        (corpus / "b.csv").write_text("标题,总结\n乙地新港,乙地新港有泊位36个。\n", encoding="utf-8")
        assert "36个" in asked("乙地新港有多少个泊位？")
        chat.stdin.close()
        assert chat.wait(timeout=60) == 0
