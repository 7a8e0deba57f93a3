"""Nothing is lost and nothing comes twice: drops before and after Telegram took a message, floods, stops."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import fake_telegram as fake
import pytest
import sample
from bot_at_work import FIGURE, Library, bot_at_work, fixed, handler_context, polling
from fake_telegram import Call, Chat, FakeTelegram, Fault, Json
from hypothesis import given
from hypothesis import strategies as st
from service_process import service
from telegram import Update
from telegram.error import BadRequest, NetworkError

from bot.store import Store
from bot.telegram.application import application
from bot.telegram.delivery import Delivery
from bot.telegram.intake import Intake
from bot.telegram.message_ids import BEYOND, MOST, MessageIds

CHATS = 60


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


class Unreliable(FakeTelegram):
    """A server with every third message of which something is wrong, before or after it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._draw = random.Random(1)

    def fault(self, call: Call) -> Fault:
        if call.method != "sendMessage" or self._draw.random() > 1 / 3:
            return super().fault(call)
        return self._draw.choice([fake.CUT, fake.DROPPED, fake.GARBLED, fake.BAD_GATEWAY, fake.too_many(1)])


def ask_in(telegram: FakeTelegram, chats: int = CHATS) -> list[Chat]:
    """A question in each of so many chats."""
    asked = []
    for number in range(chats):
        reader = telegram.user(f"r{number}")
        asked.append(telegram.private(reader))
        asked[-1].say(reader, sample.QUESTION)
    return asked


def received(chats: list[Chat]) -> Iterator[int]:
    """How many messages have come in each chat."""
    for chat in chats:
        count = 0
        while not chat.quiet:
            chat.next_sent()
            count += 1
        yield count


async def test_whatever_the_connection_does_each_question_is_answered_once(tmp_path: Path) -> None:
    async with Unreliable() as telegram, bot_at_work(tmp_path, telegram):
        chats = ask_in(telegram)
        await telegram.until(lambda: not any(chat.quiet for chat in chats))
    assert list(received(chats)) == [1] * CHATS


@pytest.mark.parametrize("fault", [fake.DROPPED, fake.GARBLED])
async def test_a_message_whose_answer_was_lost_is_known_all_the_same(
    telegram: FakeTelegram, tmp_path: Path, fault: Fault
) -> None:
    async with bot_at_work(tmp_path, telegram):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        telegram.fail("sendMessage", fault)
        chat.say(reader, sample.QUESTION)
        sent = await chat.sent()
        await telegram.until(lambda: bool(telegram.called("editMessageReplyMarkup")))
        query = chat.press(reader, sent.message, "👍")
        assert (await telegram.answer(query)).parameters["text"] == fixed("rated_up")
    assert len(telegram.called("sendMessage")) == 1


async def test_what_nothing_tells_of_is_not_sent_twice_and_can_be_followed_up_on(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with bot_at_work(tmp_path, telegram):
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        telegram.fail("sendMessage", fake.DROPPED)
        telegram.fail("editMessageReplyMarkup", fake.refusal(400, "Bad Request: unheard of"))
        chat.say(reader, sample.QUESTION)
        await chat.sent()
        chat.say(reader, "/why")
        assert (await chat.sent()).text != fixed("nothing_asked")
    assert len(telegram.called("sendMessage")) == 2


async def test_of_many_messages_sent_meanwhile_the_one_is_found_when_the_others_are_known() -> None:
    ids, chat, other, sent = MessageIds(), 5, 6, 7
    ids.note(other, 1)
    looked_at: list[int] = []

    async def call(endpoint: str, data: Json) -> bool | Json | list[Json]:
        if endpoint == "sendMessage":
            ids.note(other, 2 * MOST)  # it took its time, and many wrote meanwhile
            asyncio.get_running_loop().call_later(0.1, tell)
            raise NetworkError("the answer was lost")
        looked_at.append(data["message_id"])
        if data["message_id"] != sent:
            raise BadRequest("message to edit not found")
        return True

    def tell() -> None:
        for number in range(1, 2 * MOST):
            if number != sent:
                ids.note(other, number)

    data = {"chat_id": chat, "text": "a"}
    delivery = Delivery(0, ids)
    message = await delivery.process_request(call, ("sendMessage", data), {}, "sendMessage", data, None)
    assert isinstance(message, dict)
    assert message["message_id"] == sent
    assert sent in looked_at
    assert len(looked_at) <= BEYOND + 1


async def test_one_chats_flood_limit_is_that_chats(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, telegram):
        flooded, other = ask_in(telegram, 1)[0], telegram.user("小红")
        telegram.fail("sendMessage", fake.too_many(4))
        await telegram.until(lambda: bool(telegram.called("sendMessage")))
        telegram.private(other).say(other, sample.QUESTION)
        assert FIGURE in (await telegram.private(other).sent()).message["text"]
        assert flooded.quiet
        assert FIGURE in (await flooded.sent()).message["text"]


async def test_what_is_not_answered_before_the_stop_stays_with_telegram(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    store, stop = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}"), asyncio.Event()
    desk = handler_context(Library(), telegram.token, store=store)
    app = application(telegram.token, telegram.url, desk, rate=4)
    running = asyncio.create_task(polling(app, stop, grace=0.5))
    chats = ask_in(telegram)
    await telegram.until(lambda: not all(chat.quiet for chat in chats))
    stop.set()
    await running
    before = list(received(chats))
    assert telegram.pending >= before.count(0) > 0
    stop.clear()
    desk = handler_context(Library(), telegram.token, store=store)
    running = asyncio.create_task(polling(application(telegram.token, telegram.url, desk), stop))
    await telegram.until(lambda: telegram.pending == 0)
    stop.set()
    await running
    after = list(received(chats))
    assert [one + other for one, other in zip(before, after, strict=True)] == [1] * CHATS


async def test_a_killed_process_loses_no_question(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with service(telegram, tmp_path) as started:
        await started.says("answering as")
        chats = ask_in(telegram)
        await started.meanwhile(telegram.wait(60, lambda: bool(telegram.called("sendMessage"))))
        await started.stop(signal.SIGKILL)
    assert telegram.pending
    async with service(telegram, tmp_path) as started:
        await started.meanwhile(telegram.wait(60, lambda: not any(chat.quiet for chat in chats)))
        assert await started.stop() == 0
    assert all(received(chats))
    assert telegram.pending == 0


async def test_a_question_answered_before_a_restart_is_not_answered_again(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    reader = telegram.user("小明")
    chat = telegram.private(reader)
    async with bot_at_work(tmp_path, telegram):
        asked = chat.say(reader, sample.QUESTION)
        await chat.sent()
    telegram.update(message=asked)  # as if the last acknowledgement had been lost
    async with bot_at_work(tmp_path, telegram):
        chat.say(reader, "/help")
        assert (await chat.sent()).text == fixed("help")


async def test_a_chat_that_waits_keeps_telegram_from_nothing(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, telegram) as working:
        reader, other = telegram.user("小明"), telegram.user("小红")
        telegram.private(reader).say(reader, "慢")
        await telegram.until(lambda: bool(telegram.called("sendChatAction")))
        for _ in range(3):
            telegram.private(other).say(other, sample.QUESTION)
            assert FIGURE in (await telegram.private(other).sent()).message["text"]
        assert telegram.pending == 4
        working.library.held.set()
        await telegram.until(lambda: telegram.pending == 0)


@given(st.lists(st.integers(1, 12), max_size=40), st.integers(1, 4))
def test_the_offset_passes_nothing_that_is_not_done_with(numbers: list[int], places: int) -> None:
    async def play() -> None:
        intake = Intake(places=places)
        taken: set[int] = set()
        finished: set[int] = set()
        for number in numbers:
            if number in taken:
                with intake.work_on(number):
                    pass
                taken.discard(number)
                finished.add(number)
            elif number >= intake.offset:
                new = intake.take(Update(number))
                assert new == (len(taken) < places and number not in finished)
                if new:
                    taken.add(number)
            assert all(intake.offset <= number for number in taken)
            assert intake.free == places - len(taken)

    asyncio.run(play())


@given(st.lists(st.tuples(st.sampled_from([5, 6, -7, -1_000_000_000_009]), st.integers(1, 3)), max_size=30))
def test_the_number_of_the_next_message_is_among_those_looked_at(said: list[tuple[int, int]]) -> None:
    ids, latest = MessageIds(), {True: 0, False: 0}
    for chat, gap in said:
        supergroup = chat < -1_000_000_000_000
        before = ids.mark(chat)
        latest[supergroup] += gap
        candidates = ids.since(chat, before)
        assert candidates is not None
        assert len(candidates) <= MOST
        if gap <= 3:
            assert latest[supergroup] in candidates
        ids.note(chat, latest[supergroup])


async def test_who_waits_for_the_rates_sees_that_an_answer_is_on_its_way(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram, rate=1):
        chats = ask_in(telegram, 4)
        await telegram.until(lambda: not any(chat.quiet for chat in chats))
        typing = telegram.called("sendChatAction")
        assert typing
        assert {call["action"] for call in typing} == {"typing"}
