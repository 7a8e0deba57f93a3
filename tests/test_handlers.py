"""The real client against the fake server: private chats, groups, topics, order, trouble."""

import asyncio
from collections.abc import AsyncIterator

import fake_telegram as fake
import pytest
import sample
from bot_at_work import FIGURE, Library, fixed, handler_context, polling
from fake_telegram import BOT, FakeTelegram, Fault, Json, Sent

from bot.conversation.conversation import Conversation
from bot.layout.language import Language
from bot.layout.responder import Responder
from bot.telegram.application import application
from bot.telegram.handlers import Limits

NAME = BOT["username"]


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
async def telegram(library: Library) -> AsyncIterator[FakeTelegram]:
    """A server with the bot at work."""
    async with FakeTelegram() as server:
        stop = asyncio.Event()
        desk = handler_context(library, server.token, limits=Limits(user=0, group=0))
        running = asyncio.create_task(polling(application(server.token, server.url, desk), stop))
        yield server
        library.held.set()
        stop.set()
        await running


@pytest.fixture
def reader(telegram: FakeTelegram) -> Json:
    return telegram.user("小明")


async def test_a_question_is_answered_with_the_sentence(telegram: FakeTelegram, reader: Json) -> None:
    chat = telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    sent = await chat.sent()
    assert "<b>350家</b>" in sent.text
    assert FIGURE in sent.message["text"]
    assert "news.cctv.com" in sent.text
    assert sent.call["link_preview_options"] == {"is_disabled": True}
    assert sent.call["parse_mode"] == "HTML"
    assert "reply_parameters" not in sent.call.parameters


@pytest.mark.parametrize("fault", [Fault(), fake.BAD_GATEWAY, fake.CUT, fake.too_many(1)])
async def test_typing_is_shown_before_an_answer_that_takes_long_and_never_after(
    telegram: FakeTelegram, reader: Json, library: Library, fault: Fault
) -> None:
    telegram.fail("sendChatAction", fault)
    chat = telegram.private(reader)
    chat.say(reader, f"慢！{sample.QUESTION}")
    await telegram.until(lambda: bool(telegram.called("sendChatAction")))
    library.held.set()
    assert FIGURE in (await chat.sent()).message["text"]
    methods = [call.method for call in telegram.calls if "chat_id" in call.parameters]
    assert methods == ["sendChatAction", "sendMessage"]


async def test_an_answer_that_comes_at_once_is_not_announced(telegram: FakeTelegram, reader: Json) -> None:
    chat = telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    await chat.sent()
    assert telegram.called("sendChatAction") == []


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/start", "start"),
        ("/START", "start"),
        ("/help", "help"),
        (f"/help@{NAME}", "help"),
        ("/more", "nothing_asked"),
        ("/context", "nothing_asked"),
        ("/why", "nothing_asked"),
        ("/ask", "empty"),
        ("？！", "empty"),
        ("/nonsense", "unknown_command"),
    ],
)
async def test_commands_in_a_private_chat(
    telegram: FakeTelegram, reader: Json, command: str, name: str
) -> None:
    chat = telegram.private(reader)
    chat.say(reader, command)
    assert (await chat.sent()).text == fixed(name)


@pytest.mark.parametrize(("code", "language"), [("en", "en"), ("zh-hant", "zh-hant"), ("zh-hans", "zh-hans")])
async def test_the_interface_speaks_the_readers_language(
    telegram: FakeTelegram, code: str, language: str
) -> None:
    reader = telegram.user("Ann", code)
    chat = telegram.private(reader)
    chat.say(reader, "/help")
    assert (await chat.sent()).text == fixed("help", Language(language))


async def test_commands_ask_about_the_last_answer(
    telegram: FakeTelegram, reader: Json, library: Library
) -> None:
    chat = telegram.private(reader)
    conversation, responder = Conversation(library), Responder()
    for said, reply in [
        (sample.QUESTION, conversation.ask(sample.QUESTION)),
        ("/context", conversation.context()),
        ("/why 2", conversation.why(2)),
        ("/why 二", conversation.why()),
        ("/context 99", conversation.context(99)),
        ("那产值呢？", conversation.ask("那产值呢？")),
        ("/more", conversation.more()),
    ]:
        chat.say(reader, said)
        assert (await chat.sent()).text == responder.telegram(reply)


async def test_chats_do_not_share_a_conversation(telegram: FakeTelegram, reader: Json) -> None:
    first, other = telegram.private(reader), telegram.user("小红")
    first.say(reader, sample.QUESTION)
    await first.sent()
    second = telegram.private(other)
    second.say(other, "/more")
    assert (await second.sent()).text == fixed("nothing_asked")


GROUP_ANSWERS = [
    pytest.param(f"@{NAME} {sample.QUESTION}", id="mention first"),
    pytest.param(f"{sample.QUESTION} @{NAME.upper()}", id="mention last, in capitals"),
    pytest.param(f"🀄🀄 @{NAME} {sample.QUESTION}", id="mention after characters of two units"),
    pytest.param(f"/ask {sample.QUESTION}", id="command"),
    pytest.param(f"/ask@{NAME} {sample.QUESTION}", id="command with the bot's name"),
]


@pytest.mark.parametrize("text", GROUP_ANSWERS)
async def test_what_is_addressed_to_the_bot_in_a_group_is_answered_as_a_reply(
    telegram: FakeTelegram, reader: Json, library: Library, text: str
) -> None:
    group = telegram.group("新闻")
    asked = group.say(reader, text)
    sent = await group.sent()
    assert FIGURE in sent.message["text"]
    assert sent.call["reply_parameters"] == {
        "message_id": asked["message_id"],
        "allow_sending_without_reply": True,
    }
    assert library.asked[0][0].removeprefix("🀄🀄").strip() == sample.QUESTION


@pytest.mark.parametrize("text", ["/ask", f"@{NAME}"])
async def test_what_somebody_else_wrote_can_be_pointed_at(
    telegram: FakeTelegram, reader: Json, library: Library, text: str
) -> None:
    group = telegram.group("新闻")
    theirs = group.say(telegram.user("小红"), sample.QUESTION)
    group.say(reader, text, reply_to=theirs)
    assert FIGURE in (await group.sent()).message["text"]
    assert library.asked == [(sample.QUESTION, None)]


async def test_a_mention_by_name_is_cut_out_too(
    telegram: FakeTelegram, reader: Json, library: Library
) -> None:
    group = telegram.group("新闻")
    mention = {"type": "text_mention", "offset": 0, "length": 2, "user": BOT}
    group.say(reader, f"知闻{sample.QUESTION}", entities=[mention])
    await group.sent()
    assert library.asked == [(sample.QUESTION, None)]


async def test_a_reply_to_the_bot_in_a_group_is_answered(telegram: FakeTelegram, reader: Json) -> None:
    group = telegram.group("新闻")
    group.say(reader, f"@{NAME} {sample.QUESTION}")
    first = await group.sent()
    group.say(reader, "那广东呢？", reply_to=first.message)
    assert "广东" in (await group.sent()).message["text"]


@pytest.mark.parametrize(
    "text",
    [
        "上海规模以上AI企业有多少家？",
        "@another_bot 上海规模以上AI企业有多少家？",
        f"@{NAME}x 上海规模以上AI企业有多少家？",
        "/ask@another_bot 上海规模以上AI企业有多少家？",
        f"/ask@another_bot @{NAME} 上海",
        "/nonsense",
    ],
)
async def test_what_is_not_addressed_to_the_bot_in_a_group_is_ignored(
    telegram: FakeTelegram, reader: Json, text: str
) -> None:
    group = telegram.group("新闻")
    group.say(reader, text)
    await answered_next(group.say(reader, "/help"), await group.sent())
    assert group.quiet


async def answered_next(asked: Json, sent: Sent) -> None:
    assert sent.call["reply_parameters"]["message_id"] == asked["message_id"]


async def test_a_reply_to_somebody_else_is_ignored(telegram: FakeTelegram, reader: Json) -> None:
    group = telegram.group("新闻")
    group.say(reader, sample.QUESTION, reply_to=group.say(reader, "早"))
    await answered_next(group.say(reader, "/help"), await group.sent())


async def test_other_bots_are_ignored(telegram: FakeTelegram, reader: Json) -> None:
    group = telegram.group("新闻")
    group.say(telegram.user("机器人", is_bot=True), f"@{NAME} {sample.QUESTION}")
    group.say(reader, f"@{NAME} {sample.QUESTION}", via_bot=telegram.user("机器人", is_bot=True))
    await answered_next(group.say(reader, "/help"), await group.sent())


async def test_an_anonymous_admin_is_answered(telegram: FakeTelegram) -> None:
    group = telegram.group("新闻", forum=True)
    admin = telegram.user("GroupAnonymousBot", is_bot=True)
    group.say(admin, f"@{NAME} {sample.QUESTION}", sender_chat=group.info)
    assert FIGURE in (await group.sent()).message["text"]


async def test_an_answer_stays_in_its_topic(telegram: FakeTelegram, reader: Json, library: Library) -> None:
    forum = telegram.group("论坛", forum=True)
    topic = forum.topic("上海")
    forum.say(reader, f"@{NAME} 慢！{sample.QUESTION}", topic=topic)
    await telegram.until(lambda: bool(telegram.called("sendChatAction")))
    library.held.set()
    assert (await forum.sent()).call["message_thread_id"] == topic
    assert telegram.called("sendChatAction")[0]["message_thread_id"] == topic


async def test_a_topic_the_bot_opened_is_not_a_conversation_with_it(
    telegram: FakeTelegram, reader: Json
) -> None:
    forum = telegram.group("论坛", forum=True)
    topic = forum.topic("上海", creator=BOT)
    forum.say(reader, sample.QUESTION, topic=topic)
    await answered_next(forum.say(reader, "/help", topic=topic), await forum.sent())


async def test_a_thread_of_replies_is_not_a_topic(telegram: FakeTelegram, reader: Json) -> None:
    group = telegram.group("新闻", forum=True)
    group.say(reader, f"@{NAME} {sample.QUESTION}", message_thread_id=77)
    assert "message_thread_id" not in (await group.sent()).call.parameters


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(
    telegram: FakeTelegram, reader: Json
) -> None:
    group = telegram.group("新闻")
    asked = group.say(reader, f"@{NAME} {sample.QUESTION}")
    del group.messages[asked["message_id"]]
    assert FIGURE in (await group.sent()).message["text"]


async def test_questions_of_one_chat_are_answered_in_order_while_other_chats_go_on(
    telegram: FakeTelegram, reader: Json, library: Library
) -> None:
    held = telegram.private(reader)
    held.say(reader, f"慢！{sample.QUESTION}")
    for _ in range(50):  # more than there are places at work
        held.say(reader, "/sources")
    held.say(reader, "/help")
    other = telegram.user("小红")
    going_on = telegram.private(other)
    going_on.say(other, sample.QUESTION)
    assert FIGURE in (await going_on.sent()).message["text"]
    assert held.quiet
    library.held.set()
    assert FIGURE in (await held.sent()).message["text"]
    sources = [(await held.sent()).text for _ in range(50)]
    assert len(set(sources)) == 1
    assert (await held.sent()).text == fixed("help")


async def test_trouble_ends_in_one_apology_and_a_log_line(
    telegram: FakeTelegram, reader: Json, caplog: pytest.LogCaptureFixture
) -> None:
    group = telegram.group("新闻")
    await answered_next(group.say(reader, "/ask 崩"), apology := await group.sent())
    assert apology.text == fixed("apology")
    assert any("RuntimeError" in (record.exc_text or "") for record in caplog.records)
    await answered_next(group.say(reader, "/help"), await group.sent())
    assert group.quiet


async def test_small_talk_is_answered_and_keeps_the_last_answer(telegram: FakeTelegram, reader: Json) -> None:
    chat = telegram.private(reader)
    chat.say(reader, sample.QUESTION)
    await chat.sent()
    for said, phrase in [
        ("谢谢！", "talk_thanks"),
        ("👍", "talk_laughter"),
        ("帮助", "help"),
        ("退出", "bye"),
    ]:
        chat.say(reader, said)
        sent = await chat.sent()
        assert sent.text == fixed(phrase)
        assert sent.buttons == []
    chat.say(reader, "/more")
    assert (await chat.sent()).text not in {fixed("nothing_asked"), fixed("no_more")}


async def test_chatter_of_a_group_is_met_with_silence(telegram: FakeTelegram, reader: Json) -> None:
    group = telegram.group("AI 新闻")
    group.say(reader, f"@{NAME} {sample.QUESTION}")
    answer = await group.sent()
    for said in ("哈哈哈", "👍", "谢谢", "好的"):
        group.say(reader, said, reply_to=answer.message)
    group.say(reader, "你是谁？", reply_to=answer.message)
    assert (await group.sent()).text == fixed("talk_who")
