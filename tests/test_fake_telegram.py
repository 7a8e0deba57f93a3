"""The fake server behaves as the Bot API does, and sees what Telegram would refuse."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import bot_api
import fake_telegram
import httpx
import pytest
from fake_telegram import BOT, FakeTelegram, Json


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


async def call(telegram: FakeTelegram, method: str, token: str | None = None, **parameters: object) -> Json:
    """A request as a client makes it."""
    values = {name: v if isinstance(v, str) else json.dumps(v) for name, v in parameters.items()}
    async with httpx.AsyncClient() as client:
        response = await client.post(f"{telegram.url}/bot{token or telegram.token}/{method}", data=values)
    answer: Json = response.json()
    assert answer["ok"] is (response.status_code == 200)
    return answer


async def test_get_me_tells_who_the_bot_is(telegram: FakeTelegram) -> None:
    assert (await call(telegram, "getMe"))["result"]["username"] == BOT["username"]


async def test_another_token_is_rejected(telegram: FakeTelegram) -> None:
    assert (await call(telegram, "getMe", token="1:x"))["error_code"] == 401  # noqa: S106 - opens nothing


async def test_a_method_not_played_is_not_found(telegram: FakeTelegram) -> None:
    assert (await call(telegram, "getMyName"))["error_code"] == 404


async def test_an_update_comes_until_it_is_acknowledged(telegram: FakeTelegram) -> None:
    number = telegram.update(message={})
    for _ in range(2):
        assert [u["update_id"] for u in (await call(telegram, "getUpdates"))["result"]] == [number]
    assert (await call(telegram, "getUpdates", offset=number + 1))["result"] == []
    assert (await call(telegram, "getUpdates"))["result"] == []


async def test_a_poll_waits_for_an_update(telegram: FakeTelegram) -> None:
    polling = asyncio.create_task(call(telegram, "getUpdates", timeout=20))
    await telegram.until(lambda: bool(telegram.calls))
    number = telegram.update(message={})
    assert (await polling)["result"][0]["update_id"] == number


async def test_a_second_poll_ends_the_first(telegram: FakeTelegram) -> None:
    first = asyncio.create_task(call(telegram, "getUpdates", timeout=20))
    await telegram.until(lambda: bool(telegram.calls))
    await call(telegram, "getUpdates")
    assert (await first)["error_code"] == 409


async def test_entities_count_in_utf16() -> None:
    assert fake_telegram.entities("/ask@zhiwen_bot 🀄 @zhiwen_bot mail@example.com") == [
        {"type": "bot_command", "offset": 0, "length": 15},
        {"type": "mention", "offset": 19, "length": 11},
    ]


async def test_a_message_is_shown_without_its_markup(telegram: FakeTelegram) -> None:
    chat = telegram.private(telegram.user("小明"))
    await call(telegram, "sendMessage", chat_id=chat.id, text="<b>350家</b> &lt;", parse_mode="HTML")
    assert (await chat.sent()).message["text"] == "350家 <"


async def test_a_message_can_be_edited(telegram: FakeTelegram) -> None:
    chat = telegram.private(telegram.user("小明"))
    await call(telegram, "sendMessage", chat_id=chat.id, text="一")
    number = (await chat.sent()).message["message_id"]
    await call(telegram, "editMessageText", chat_id=chat.id, message_id=number, text="二")
    assert (await chat.sent()).message["message_id"] == number
    assert chat.messages[number]["text"] == "二"


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({"chat_id": 5}, "chat not found"),
        ({"message_thread_id": 5}, "message thread not found"),
        ({"reply_parameters": {"message_id": 5}}, "message to be replied not found"),
    ],
)
async def test_what_is_not_there_is_refused(
    telegram: FakeTelegram, parameters: dict[str, Any], description: str
) -> None:
    chat = telegram.private(telegram.user("小明"))
    answer = await call(telegram, "sendMessage", **{"chat_id": chat.id, "text": "一", **parameters})
    assert answer["description"] == f"Bad Request: {description}"


async def test_a_fault_meets_one_request(telegram: FakeTelegram) -> None:
    telegram.fail("getMe", fake_telegram.too_many(7))
    assert (await call(telegram, "getMe"))["parameters"] == {"retry_after": 7}
    assert (await call(telegram, "getMe"))["ok"]


async def test_a_cut_connection_gives_no_answer(telegram: FakeTelegram) -> None:
    telegram.fail("getMe", fake_telegram.CUT)
    with pytest.raises(httpx.RemoteProtocolError):
        await call(telegram, "getMe")


async def test_a_server_gone_comes_back_at_its_address(telegram: FakeTelegram) -> None:
    await telegram.go_away()
    with pytest.raises(httpx.ConnectError):
        await call(telegram, "getMe")
    await telegram.come_back()
    assert (await call(telegram, "getMe"))["ok"]


async def test_a_violation_is_refused_and_fails_the_test() -> None:
    telegram = await FakeTelegram().__aenter__()
    answer = await call(telegram, "sendMessage", chat_id=1, text="<p>一</p>", parse_mode="HTML")
    assert answer["error_code"] == 400
    with pytest.raises(AssertionError, match="unknown tag"):
        await telegram.__aexit__(None, None, None)


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<b>一</b> <i>二</i>", "一 二"),
        ('<a href="https://news.cctv.com/?a=1&amp;b=2">题</a>', "题"),
        ("<blockquote expandable>一<b>二</b></blockquote><blockquote>三</blockquote>", "一二三"),
        ('<pre><code class="language-python">1 &lt; 2</code></pre>', "1 < 2"),
        ('<span class="tg-spoiler">一</span><tg-spoiler>二</tg-spoiler>', "一二"),
        ("&#20013;&#x4e2d;&quot;&amp; > ok", '中中"& > ok'),
    ],
)
def test_markup_that_telegram_accepts(markup: str, plain: str) -> None:
    assert bot_api.plain_text(markup) == plain


@pytest.mark.parametrize(
    "markup",
    [
        "<p>一</p>",
        "一<br>",
        "<b>一",
        "一</b>",
        "<b><i>一</b></i>",
        "1 < 2",
        "<!-- 一 -->",
        "一 & 二",
        "&nbsp;",
        "&#39",
        '<a href="tg://user?id=1">一</a>',
        '<a href="javascript:alert(1)">一</a>',
        '<a href="https://">一</a>',
        "<a>一</a>",
        '<b class="x">一</b>',
        '<span class="red">一</span>',
        "<code><b>一</b></code>",
        "<blockquote>一<blockquote>二</blockquote></blockquote>",
    ],
)
def test_markup_that_is_refused(markup: str) -> None:
    with pytest.raises(bot_api.MarkupError):
        bot_api.plain_text(markup)


def keyboard(data: str) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "更多", "callback_data": data}]]})


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"text": ""}, "empty"),
        ({"text": " <b> </b> ", "parse_mode": "HTML"}, "empty"),
        ({"text": "知" * 4097}, "4097 UTF-16 units"),
        ({"text": "🀄" * 2049}, "4098 UTF-16 units"),
        ({"text": "一", "parse_mode": "MarkdownV2"}, "parse_mode"),
        ({"text": "一", "reply_markup": keyboard("知" * 22)}, "66 bytes"),
        ({"text": "一", "reply_markup": keyboard("")}, "0 bytes"),
    ],
)
def test_limits_that_always_hold(parameters: dict[str, str], complaint: str) -> None:
    found = bot_api.violations("sendMessage", {"chat_id": "1", **parameters})
    assert [complaint in one for one in found] == [True]


@pytest.mark.parametrize(
    "parameters",
    [
        {"text": "<b>" + "🀄" * 2048 + "</b>", "parse_mode": "HTML"},
        {"text": "一", "reply_markup": keyboard("x" * 64)},
        {"text": "一", "chat_id": "@channel"},
        {"text": "true", "disable_notification": "true", "link_preview_options": '{"is_disabled": true}'},
    ],
)
def test_calls_that_are_right(parameters: dict[str, str]) -> None:
    assert bot_api.violations("sendMessage", {"chat_id": "1", **parameters}) == []


@pytest.mark.skipif(not bot_api.SPECIFICATION.exists(), reason=f"no specification at {bot_api.SPECIFICATION}")
@pytest.mark.parametrize(
    ("method", "parameters", "complaint"),
    [
        ("sendMesage", {}, "no such method"),
        ("sendMessage", {"text": "一"}, "chat_id is missing"),
        ("sendMessage", {"chat_id": "1", "text": "一", "colour": "red"}, "unknown parameter colour"),
        ("sendMessage", {"chat_id": "1", "text": "一", "message_thread_id": "x"}, "not Integer"),
        ("sendMessage", {"chat_id": "1", "text": "一", "disable_notification": "1"}, "not Boolean"),
        ("sendMessage", {"chat_id": "1", "text": "一", "reply_parameters": '{"id": 1}'}, "ReplyParameters"),
        ("getUpdates", {"allowed_updates": '["message", 1]'}, "not Array of String"),
        ("setMyCommands", {"commands": '[{"command": "help"}]'}, "not Array of BotCommand"),
    ],
)
def test_calls_against_the_specification(method: str, parameters: dict[str, str], complaint: str) -> None:
    found = bot_api.violations(method, parameters)
    assert [complaint in one for one in found] == [True]
