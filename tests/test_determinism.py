"""The same question on the same index gives the same answer, to the last byte, whoever asks."""

import datetime as dt
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import warm

from bot.commands.answer_json import answer_json
from bot.commands.journal import Journal
from bot.conversation.conversation import Conversation
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.settings import Settings
from bot.store import Exchange, Store
from retrieval.models import EVERYTHING, Answer
from retrieval.retriever import Retriever

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = (
    "上海规模以上AI企业有多少家？",
    "谁是国内AI产业第一城？",
    "丹麦什么时候发布战略？",
    "世界杯冠军是哪个队？",
)


def zhiwen(*arguments: str, data: Path, seed: str = "0", said: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ZHIWEN_DATA": str(data), "PYTHONHASHSEED": seed, "ZHIWEN_CORPUS": str(SEEDS)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment,
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def timeless(output: str) -> list[str]:
    found = [json.loads(line) for line in output.splitlines()]
    return [json.dumps(answer | {"elapsed_ms": 0}, ensure_ascii=False) for answer in found]


def test_every_process_answers_alike(tmp_path: Path) -> None:
    said = "\n".join(QUESTIONS)
    one, another = (warm.warm(tmp_path / name) for name in ("one", "another"))
    runs = [
        zhiwen("ask", "--json", "--explain", data=data, seed=seed, said=said)
        for data, seed in ((one, "0"), (one, "1"), (another, "4242"))
    ]
    outputs = {tuple(timeless(run.stdout)) for run in runs}
    assert len(outputs) == 1
    assert len(outputs.pop()) == len(QUESTIONS)


def test_every_thread_answers_alike(retriever: Retriever) -> None:
    def ask(question: str) -> str:
        return retriever.ask(question).model_copy(update={"elapsed_ms": 0}).model_dump_json()

    alone = [ask(question) for question in QUESTIONS]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(ask, QUESTIONS * 5))
    assert together == alone * 5


def test_an_id_names_what_an_answer_depends_on(retriever: Retriever) -> None:
    ids = [
        retriever.ask("产值呢？").id,
        retriever.ask("产值呢？", "上海有多少家AI企业？").id,
        retriever.ask("产值呢？", limit=3).id,
        retriever.ask("产值呢？", filters=EVERYTHING.model_copy(update={"industries": ("金融",)})).id,
        retriever.ask("产值是多少？").id,
    ]
    assert len(set(ids)) == len(ids)
    assert retriever.ask("产值呢？").id == ids[0]


def test_an_answer_is_given_once_more(tmp_path: Path) -> None:
    warm.indexed(tmp_path)
    asked = zhiwen("ask", "--json", "产值呢？", "--previous", "上海有多少家规模以上AI企业？", data=tmp_path)
    answer = json.loads(asked.stdout)
    again = zhiwen("replay", answer["id"], "--json", data=tmp_path, seed="7")
    assert timeless(again.stdout) == timeless(asked.stdout)
    assert again.stdout == zhiwen("replay", answer["id"], "--json", data=tmp_path).stdout
    assert "理解为" in zhiwen("replay", answer["id"], data=tmp_path).stdout


def test_an_answer_that_the_service_gave_is_given_once_more(tmp_path: Path) -> None:
    settings = Settings(corpus=SEEDS, data=warm.indexed(tmp_path))
    conversation = Conversation(LiveRetriever(CorpusInUse(settings)))
    store = Store.of(settings)
    for number, question in enumerate(("上海有多少家规模以上AI企业？", "产值呢？", "世界杯冠军是哪个队？")):
        conversation.ask(question)
        now = dt.datetime.now(dt.UTC)
        store.exchanges.remember(Exchange(chat=1, answered=number, state=conversation.state, at=now))
        answer = conversation.state.answer
        assert answer is not None
        again = zhiwen("replay", answer.id, "--json", data=tmp_path)
        assert timeless(again.stdout) == timeless(answer_json(answer))
    store.close()


def test_what_was_never_answered_cannot_be(tmp_path: Path) -> None:
    result = zhiwen("replay", "0123456789ab", data=warm.indexed(tmp_path))
    assert result.returncode == 1
    assert "0123456789ab" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "store.sqlite3").exists()


def test_a_journal_is_bounded_and_private(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 5)
    for number in range(30):
        journal.note(
            Answer(id=f"{number:012}", question="问", understood="问", answered=False, confidence=0),
            None,
            EVERYTHING,
        )
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0
    assert len((tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()) <= 10
    latest = journal.find(f"{29:012}")
    assert latest is not None
    assert latest.question == "问"
    assert journal.find(f"{0:012}") is None


def test_no_journal_is_kept_when_none_is_wanted(tmp_path: Path) -> None:
    Journal(tmp_path, 0).note(
        Answer(id="0" * 12, question="问", understood="问", answered=False, confidence=0), None, EVERYTHING
    )
    assert not list(tmp_path.iterdir())


def test_a_question_with_any_end_of_a_line_is_found_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 5)
    question = "一\u2028二\u2029三\x85四\x0b五\x1c六"
    given = Answer(id="0123456789ab", question=question, understood="问", answered=False, confidence=0)
    journal.note(given, None, EVERYTHING)
    found = journal.find("0123456789ab")
    assert found is not None
    assert found.question == question
