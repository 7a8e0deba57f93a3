"""What is not answered: alike questions as one, mended ones gone, askers told, exports without persons."""

import datetime as dt
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import sample
import warm
from bot_at_work import Library, Working, alert, bot_at_work, fixed, settled
from fake_telegram import Chat, FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st
from test_cli import Zhiwen
from test_store import ANN, BO, GROUP, NOW, declined, exchange
from test_watches import article

from bot.store import FILE, Fault, Gap, Letter, LetterKind, Store, Verdict, Why, now
from bot.store.gaps import exported, holds_personal, open_gaps
from bot.telegram.handlers import Access
from retrieval.models import Answer, Passage

ADMIN = 1001
"""The first user that the fake server makes."""
MOON = "月球港口耗资多少亿元？"


class Corpus:
    """Answers some questions; those are alike that begin alike."""

    def __init__(self, *answered: str) -> None:
        self.answered = answered
        self.asked: list[str] = []

    def look_up(self, text: str) -> Answer:
        self.asked.append(text)
        return sample.answer(sample.passage()) if text in self.answered else declined(text)

    def groups(self, questions: Sequence[str]) -> list[list[int]]:
        found: dict[str, list[int]] = {}
        for place, text in enumerate(questions):
            found.setdefault(text[:2], []).append(place)
        return list(found.values())


def ask(store: Store, *questions: str, user: int = ANN) -> None:
    for number, text in enumerate(questions):
        message = 1000 * user + number
        store.exchanges.remember(exchange(message, declined(text), chat=user, user=user, asked=message + 500))


def test_questions_that_are_alike_are_one_gap(store: Store) -> None:
    ask(store, "月球多少钱", "月球多少钱？", "火星多远")
    ask(store, "月球花了多少", user=BO)
    store.exchanges.remember(exchange(20))
    store.feedback.rate(BO, GROUP, 20, Verdict.DOWN, fault=Fault.TIME)
    gaps = open_gaps(store.summaries, Corpus(), 9).gaps
    shown = [(gap.question, gap.alike, gap.count, gap.why) for gap in gaps]
    assert shown[0] == ("月球多少钱？", ("月球花了多少",), 3, Why.UNANSWERED)
    assert {one[0] for one in shown[1:]} == {"火星多远", sample.QUESTION}
    assert [gap.faults for gap in gaps if gap.why is Why.RATED_DOWN] == [{Fault.TIME: 1}]


def test_what_is_answered_by_now_leaves_the_list_and_is_never_looked_up_again(store: Store) -> None:
    ask(store, "月球多少钱", "火星多远")
    corpus = Corpus("月球多少钱")
    found = open_gaps(store.summaries, corpus, 9)
    assert [gap.question for gap in found.gaps] == ["火星多远"]
    assert store.summaries.mend(found.mended) == 1
    corpus.asked.clear()
    assert open_gaps(store.summaries, corpus, 9).mended == ()
    assert corpus.asked == ["火星多远"]


def test_who_asked_in_private_is_told_once_for_a_question(store: Store) -> None:
    ask(store, "月球多少钱", "月球多少钱？")
    ask(store, "月球多少钱", user=BO)
    store.exchanges.remember(exchange(6, declined("月球多少钱")))
    store.summaries.mend([gap.exchange for gap in store.summaries.gaps()])
    askers = store.summaries.askers()
    assert {asker.chat for asker in askers} == {ANN, BO}
    for asker in askers:
        letter = Letter(chat=asker.chat, kind=LetterKind.ANSWERED, at=now(), text="有了", buttons="{}")
        assert store.summaries.tell(asker, letter)
        assert not store.summaries.tell(asker, letter)
    assert store.summaries.askers() == ()
    assert {letter.chat for letter in store.letters.waiting()} == {ANN, BO}
    ask(store, "月球多少钱", user=13)
    assert [gap.count for gap in store.summaries.gaps()] == [1]


def gap(question: str, *alike: str) -> Gap:
    return Gap(exchange=1, question=question, alike=alike, why=Why.UNANSWERED, count=2, last=NOW)


def test_what_is_exported_tells_nothing_of_persons() -> None:
    lines = [
        json.loads(line)
        for line in exported(
            [
                gap("火星有多远？", "我叫小明，火星有多远？", "火星离我们多远"),
                gap("打 13800138000 找谁？"),
                gap("我的手机号是多少", "2031年云州GDP是多少？"),
            ]
        )
    ]
    assert [(line["question"], line["alike"]) for line in lines] == [
        ("火星有多远？", ["火星离我们多远"]),
        ("2031年云州GDP是多少？", []),
    ]
    assert all(line.keys().isdisjoint({"exchange", "chat", "user", "last"}) for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "xiaoming@example.com是谁的邮箱",
        "请问@xiaoming_2031是谁",
        "电话+86 138-0013-8000是哪里的",
        "身份证110101199003070011查得到吗",
        "我姓王，我的住址在哪",
        "https://t.me/xiaoming说了什么",
    ],
)
def test_a_text_that_looks_personal_is_known(text: str) -> None:
    assert holds_personal(text)


@given(year=st.integers(1900, 2099), month=st.integers(1, 12), count=st.integers(0, 999_999))
def test_years_dates_and_figures_are_nobodys(year: int, month: int, count: int) -> None:
    assert not holds_personal(f"{year}年{month}月云州产量达{count}辆，增长多少？")
    assert not holds_personal(f"{year}-{month:02}云州地铁6号线有{count}人吗")


# As the commands show it.


@pytest.fixture
def zhiwen(tmp_path: Path) -> Zhiwen:
    data = warm.indexed(tmp_path / "data")
    store = Store(f"sqlite:///{data / FILE}")
    ask(store, "火星农场耗资多少亿元？", "火星农场耗资多少钱", "我叫小明，火星农场种了什么？")
    ask(store, "火星农场耗资多少亿元", "上海规模以上AI企业有多少家？", user=BO)
    store.close()
    return Zhiwen(data)


def test_gaps_are_printed_and_exported_for_eval(zhiwen: Zhiwen, tmp_path: Path) -> None:
    run = zhiwen.here("gaps", "--language", "zh-hans")
    assert run.returncode == 0
    assert "3 × 火星农场耗资多少亿元 (没答上, 2026-11-24)\n    也问： 火星农场耗资多少钱" in run.stdout
    assert "上海" not in run.stdout.replace("≈", "\n").split("\n", maxsplit=1)[0]
    gaps = json.loads(zhiwen.here("gaps", "--json").stdout)
    assert [one["count"] for one in gaps] == [3, 1]
    file = tmp_path / "gaps.jsonl"
    run = zhiwen.here("gaps", "--export", str(file), "--language", "en")
    assert "1 questions written" in run.stdout
    assert "小明" not in file.read_text(encoding="utf-8")
    report = zhiwen.here("eval", "--questions", str(file), "--json")
    assert json.loads(report.stdout)["by_kind"]["unanswered"]["n"] == 1
    assert zhiwen.here("gaps", "--export", str(tmp_path / "none" / "gaps.jsonl")).returncode == 1


def test_where_nothing_was_asked_there_are_no_gaps(tmp_path: Path) -> None:
    run = Zhiwen(warm.indexed(tmp_path / "data")).here("gaps", "--language", "en")
    assert (run.returncode, run.stdout) == (1, "")
    assert "no gaps" in run.stderr


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    access = Access(admins=frozenset({ADMIN}))
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, Library(), access) as at_work:
        yield at_work


@pytest.fixture
def admin(working: Working) -> Json:
    return working.telegram.user("管理员")


@pytest.fixture
def chat(working: Working, admin: Json) -> Chat:
    del admin
    return working.telegram.private(working.telegram.user("小明"))


async def test_an_admin_sees_gaps_and_has_those_told_whose_question_is_answered_now(
    working: Working, admin: Json, chat: Chat
) -> None:
    telegram, reader = working.telegram, {"id": chat.id, "first_name": "小明", "is_bot": False}
    for question in (MOON, "火星农场番茄辣椒茄子卖多少亿元？"):
        chat.say(reader, question)
        await chat.sent()
    await settled(chat, reader)
    theirs = telegram.private(admin)
    theirs.say(admin, "/gaps")
    listed = await theirs.sent()
    assert "2 × " in listed.text
    assert fixed("gap_also") in listed.text
    assert listed.buttons == []
    working.library.stock([sample.SHANGHAI, article(12)])
    theirs.say(admin, "/gaps")
    listed = await theirs.sent()
    assert MOON not in listed.text
    assert "1 × 火星农场" in listed.text
    assert fixed("gaps_mended_one") in listed.text
    query = theirs.press(admin, listed.message, fixed("button_tell_askers"))
    assert await alert(telegram, query) == fixed("gaps_told_one")
    told = await chat.sent()
    assert fixed("answered_later") + MOON in told.text
    assert "月球港口耗资达12亿元" in told.message["text"]
    chat.press(reader, told.message, fixed("button_ask_watched"))
    assert "12亿元" in (await chat.sent()).text
    query = theirs.press(admin, listed.message, fixed("button_tell_askers"))
    assert await alert(telegram, query) == fixed("gaps_told_none")


async def test_many_long_gaps_are_one_message(working: Working, admin: Json) -> None:
    passage = Passage.model_validate(sample.passage("文" * 300).model_dump())
    for number in range(40):
        question = "问答题目编号" * 40 + f"{number:05}"
        answer = declined(question).model_copy(update={"passages": (passage,)})
        working.store.exchanges.remember(
            exchange(2 * number + 2, answer, at=NOW + dt.timedelta(seconds=number))
        )
    theirs = working.telegram.private(admin)
    theirs.say(admin, "/gaps")
    sent = await theirs.sent()
    assert 1000 < len(sent.message["text"]) <= 4096
