"""The buttons under an answer: in place, after a restart, forged, and when something is gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sample
from bot_at_work import FIGURE, Working, alert, bot_at_work, fixed, pressed, settled
from fake_telegram import FakeTelegram, Json
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.conversation import Conversation
from bot.layout.responder import Responder
from bot.store import Verdict
from bot.telegram.messages.signing import LONGEST, Signer

ROWS = [["更多 2", "上下文", "为什么"], ["复制", "分享", "文章", "相关问题"], ["👍", "👎"]]


@pytest.fixture
async def working(tmp_path: Path) -> AsyncIterator[Working]:
    async with FakeTelegram() as telegram, bot_at_work(tmp_path, telegram) as at_work:
        yield at_work


@pytest.fixture
def reader(working: Working) -> Json:
    return working.telegram.user("小明")


async def test_buttons_turn_the_message_and_turn_it_back(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    conversation, responder = Conversation(working.library), Responder()
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    first = responder.telegram(conversation.ask(sample.QUESTION))
    assert answer.text == first
    assert answer.buttons == ROWS
    more = await pressed(telegram, chat, reader, answer, "更多")
    assert more.text == responder.telegram(conversation.more())
    assert more.buttons == [["上下文 4", "上下文 5"], ["‹ 返回答案"]]
    around = await pressed(telegram, chat, reader, answer, "上下文 5")
    assert around.text == responder.telegram(conversation.context(5))
    reasons = await pressed(telegram, chat, reader, answer, "为什么")
    assert reasons.text == responder.telegram(conversation.why(5))
    back = await pressed(telegram, chat, reader, answer, "返回")
    assert back.text == first
    assert {sent.message["message_id"] for sent in (answer, more, around, back)} == {
        answer.message["message_id"]
    }


async def test_buttons_of_a_command_are_about_the_answer_before(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    chat.say(reader, "/context 2")
    context = await chat.sent()
    back = await pressed(telegram, chat, reader, context, "返回")
    assert back.text == answer.text
    assert back.message["message_id"] == context.message["message_id"]


async def test_a_declined_question_has_buttons_but_no_rating(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, "广东今年新增多少吨芯片？")
    assert (await chat.sent()).buttons[-1][-2:] == ["上下文", "为什么"]
    chat.say(reader, "hey")
    assert (await chat.sent()).buttons == []


async def test_a_declined_question_proposes_others_that_are_asked_by_button(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        async with bot_at_work(tmp_path, telegram):
            chat.say(reader, "广东今年新增多少吨芯片？")
            declined = await chat.sent()
            assert fixed("suggested") in declined.text
            assert declined.buttons[:-1] == [[sample.QUESTION], [fixed("button_watch")]]
        async with bot_at_work(tmp_path, telegram) as again:
            answer = await pressed(telegram, chat, reader, declined, sample.QUESTION)
            assert "350家" in answer.text
            assert again.library.asked[-1] == (sample.QUESTION, None)
            await again.desk.memory.forget(reader["id"])
            query = chat.press(reader, declined.message, sample.QUESTION)
            assert await alert(telegram, query) == fixed("answer_forgotten")


async def test_buttons_and_follow_ups_work_after_a_restart(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        reader = telegram.user("小明")
        chat = telegram.private(reader)
        async with bot_at_work(tmp_path, telegram):
            asked = chat.say(reader, sample.QUESTION)
            answer = await chat.sent()
        async with bot_at_work(tmp_path, telegram) as again:
            assert "产值" in (await pressed(telegram, chat, reader, answer, "上下文")).text
            chat.say(reader, "那产值呢？")
            await chat.sent()
            assert again.library.asked[-1] == ("那产值呢？", sample.QUESTION)
            chat.edit(asked, "广东的AI企业数量？")
            edited = await chat.sent()
            assert edited.message["message_id"] == answer.message["message_id"]
            assert "广东" in edited.text


async def test_an_article_that_is_gone_is_told_of(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    working.library.withdraw()
    for label in ("更多", "上下文", "为什么"):
        assert await alert(telegram, chat.press(reader, answer.message, label)) == fixed("gone")
    assert chat.quiet


async def test_an_answer_that_is_forgotten_is_told_of(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    await settled(chat, reader)
    await working.desk.memory.forget(reader["id"])
    for label in ("上下文", "👍"):
        query = chat.press(reader, answer.message, label)
        assert await alert(telegram, query) == fixed("answer_forgotten")


async def test_a_deleted_answer_breaks_nothing(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    asked = chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    query = chat.press(reader, answer.message, "上下文")
    chat.delete(answer.message)
    await telegram.answer(query)
    chat.edit(asked, "广东的AI企业数量？")
    assert "广东" in (await chat.sent()).message["text"]


async def test_ratings_are_kept_shown_and_taken_back(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    number = answer.message["message_id"]
    for label, row, verdict, said in [
        ("👎", ["👍", "👎 ✓"], Verdict.DOWN, "rated_down"),
        ("👍", ["👍 ✓", "👎"], Verdict.UP, "rated_up"),
        ("👍", ["👍", "👎"], None, "rating_taken_back"),
    ]:
        query = chat.press(reader, answer.message, label)
        assert (await telegram.answer(query))["text"] == fixed(said)
        assert (await chat.sent()).buttons[-1] == row
        assert working.store.feedback.verdict(reader["id"], chat.id, number) is verdict


@pytest.mark.parametrize("data", ["", "c:0:1", "c:0:1.AAAAAAAAAAAA", "\u202e", "x" * 64, "c:0:1.", "."])
async def test_forged_data_does_nothing(working: Working, reader: Json, data: str) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    query = chat.press_forged(reader, answer.message, data)
    assert await alert(telegram, query) == fixed("button_stale")


async def test_data_of_another_chat_does_nothing(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    data = answer.message["reply_markup"]["inline_keyboard"][0][1]["callback_data"]
    other = telegram.user("小红")
    there = telegram.private(other)
    there.say(other, sample.QUESTION)
    query = there.press_forged(other, (await there.sent()).message, data)
    assert await alert(telegram, query) == fixed("button_stale")


async def test_a_button_that_fails_apologises(working: Working, reader: Json) -> None:
    telegram, chat = working.telegram, working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    answer = await chat.sent()
    data = working.desk.signer.data(chat.id, "c", 0, "x")
    assert await alert(telegram, chat.press_forged(reader, answer.message, data)) == fixed("apology")


async def test_a_reply_to_an_older_answer_follows_up_on_that(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    older = await chat.sent()
    chat.say(reader, "广东的AI企业数量？")
    await chat.sent()
    chat.say(reader, "那产值呢？", reply_to=older.message)
    assert FIGURE in (await chat.sent()).message["text"]
    assert working.library.asked[-1] == ("那产值呢？", sample.QUESTION)


async def test_an_edited_follow_up_is_completed_from_the_question_before_it(
    working: Working, reader: Json
) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    await chat.sent()
    asked = chat.say(reader, "那产值呢？")
    answer = await chat.sent()
    chat.edit(asked, "那人才呢？")
    edited = await chat.sent()
    assert working.library.asked[-1] == ("那人才呢？", sample.QUESTION)
    assert edited.edited
    assert edited.message["message_id"] == answer.message["message_id"]


async def test_an_edit_that_changes_nothing_is_no_trouble(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    asked = chat.say(reader, sample.QUESTION)
    await chat.sent()
    chat.edit(asked, sample.QUESTION)
    chat.say(reader, "/help")
    assert (await chat.sent()).text == fixed("help")
    assert chat.quiet


async def test_a_message_of_a_group_that_an_edit_addresses_is_answered(
    working: Working, reader: Json
) -> None:
    group = working.telegram.group("新闻")
    asked = group.say(reader, sample.QUESTION)
    group.edit(asked, f"@zhiwen_test_bot {sample.QUESTION}")
    assert FIGURE in (await group.sent()).message["text"]


async def test_a_group_gets_the_short_form(working: Working, reader: Json) -> None:
    group = working.telegram.group("新闻")
    group.say(reader, f"/ask {sample.QUESTION}")
    sent = await group.sent()
    assert sent.text.count("<blockquote") == 1
    assert sent.buttons[0][0] == "更多 4"
    more = await pressed(working.telegram, group, reader, sent, "更多")
    assert more.buttons[0] == ["上下文 2", "上下文 3", "上下文 4"]


async def test_a_person_who_follows_up_in_a_group_follows_up_on_their_own_question(
    working: Working, reader: Json
) -> None:
    telegram, group = working.telegram, working.telegram.group("新闻")
    other = telegram.user("小红")
    group.say(reader, f"/ask {sample.QUESTION}")
    await group.sent()
    group.say(other, "/ask 广东的AI企业数量？")
    await group.sent()
    group.say(reader, "/ask 那产值呢？")
    await group.sent()
    assert working.library.asked[-1] == ("那产值呢？", sample.QUESTION)


async def test_a_long_text_is_asked_by_its_first_sentences(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, sample.QUESTION.replace("？", "。") + "这是一段贴进来的新闻。" * 300)
    sent = await chat.sent()
    assert fixed("shortened") + sample.QUESTION[:-1] in sent.message["text"]
    assert len(working.library.asked[0][0]) <= 150


async def test_a_pasted_text_is_asked_by_its_question(working: Working, reader: Json) -> None:
    chat = working.telegram.private(reader)
    chat.say(reader, "这是一段贴进来的新闻。" * 50 + sample.QUESTION)
    await chat.sent()
    assert working.library.asked[0][0] == sample.QUESTION


@given(st.integers(), st.sampled_from(["m", "c", "up"]), st.lists(st.integers(0, 10**9), max_size=3))
def test_what_is_signed_is_read_in_its_chat_only(chat: int, action: str, arguments: list[int]) -> None:
    signer = Signer("1:token")
    data = signer.data(chat, action, *arguments)
    assert len(data.encode()) <= LONGEST
    assert signer.read(chat, data) == (action, tuple(map(str, arguments)))
    assert signer.read(chat + 1, data) is None
    assert Signer("2:token").read(chat, data) is None


@given(st.text(max_size=80))
def test_no_other_data_is_read(data: str) -> None:
    assert Signer("1:token").read(1, data) is None


def test_what_does_not_fit_a_button_is_an_error() -> None:
    for arguments in (["x" * 60], ["a b"], ["a.b"]):
        with pytest.raises(ValueError, match="a button cannot carry"):
            Signer("1:token").data(1, "m", *arguments)
