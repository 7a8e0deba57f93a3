"""A Bot API server on loopback: users, chats, groups and topics, for the real client to talk to.

    async with FakeTelegram() as telegram:
        reader = telegram.user("Ann", language="zh-hans")
        chat = telegram.private(reader)
        chat.say(reader, "上海规模以上AI企业有多少家？")
        sent = await chat.sent()

Every request is recorded and held against `bot_api`; a violation is answered with 400, as by Telegram, and
fails the test when the server closes. `fail` scripts faults. Nothing here is faster or kinder than Telegram,
except that groups have no privacy mode: the bot sees every message.
"""

import asyncio
import itertools
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl

import bot_api

Json = dict[str, Any]

TOKEN: Final = "123456789:AAF-fake_token_of_the_tests_0123456789"  # noqa: S105 - opens nothing
BOT: Final[Json] = {"id": 123456789, "is_bot": True, "first_name": "知闻", "username": "zhiwen_test_bot"}
DEADLINE: Final = 20.0
"""Seconds after which a test gives up waiting for what should have come at once."""

MENTION: Final = re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}", re.ASCII)
COMMAND: Final = re.compile(r"^/[A-Za-z0-9_]{1,32}(@\w+)?", re.ASCII)


@dataclass(frozen=True)
class Call:
    """One request of the bot: the method and its parameters as they came."""

    method: str
    parameters: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - JSON, read as it comes
        """A parameter, parsed where it is JSON."""
        try:
            return json.loads(self.parameters[name])
        except ValueError:
            return self.parameters[name]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request; a fault without a body only delays it or cuts the connection."""

    status: int = 200
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False


def refusal(code: int, description: str, **parameters: int) -> Fault:
    """An error in Telegram's own words."""
    answer: Json = {"ok": False, "error_code": code, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return Fault(status=code, body=json.dumps(answer).encode())


def too_many(retry_after: int) -> Fault:
    """A flood limit was hit."""
    return refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


UNAUTHORIZED: Final = refusal(401, "Unauthorized")
BLOCKED: Final = refusal(403, "Forbidden: bot was blocked by the user")
CONFLICT: Final = refusal(409, "Conflict: terminated by other getUpdates request")
BAD_GATEWAY: Final = Fault(status=502, body=b"<html><body><h1>502 Bad Gateway</h1></body></html>")
BROKEN_JSON: Final = Fault(body=b'{"ok":true,"result":[{"upd')
CUT: Final = Fault(cut=True)


class RefusedError(Exception):
    """The request is answered with an error."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def bad_request(description: str) -> RefusedError:
    return RefusedError(refusal(400, f"Bad Request: {description}"))


@dataclass(frozen=True)
class Sent:
    """A message of the bot: how it was asked for, and what the chat shows."""

    call: Call
    message: Json

    @property
    def text(self) -> str:
        """The text with its markup."""
        return self.call.parameters["text"]


@dataclass
class Chat:
    """A chat as its members see it."""

    telegram: "FakeTelegram"
    info: Json
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Json] = field(default_factory=dict)
    _sent: asyncio.Queue[Sent] = field(default_factory=asyncio.Queue)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def id(self) -> int:
        """The chat's number."""
        return int(self.info["id"])

    def topic(self, name: str, creator: Json = BOT) -> int:
        """Open a topic of a forum; its number is its message_thread_id."""
        message = self.record({"from": creator, "forum_topic_created": {"name": name, "icon_color": 7322096}})
        self.topics[message["message_id"]] = message
        return int(message["message_id"])

    def say(
        self, sender: Json, text: str, reply_to: Json | None = None, topic: int | None = None, **extra: object
    ) -> Json:
        """A member writes; the bot gets it as an update."""
        content: Json = {"from": sender, "text": text, "entities": entities(text), **extra}
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
            reply_to = reply_to or self.topics[topic]
        if reply_to is not None:
            content["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
        message = self.record(content)
        self.telegram.update(message=message)
        return message

    def record(self, content: Json) -> Json:
        """A message of this chat, numbered and dated."""
        message = {"message_id": next(self._numbers), "date": 1_767_225_600, "chat": self.info, **content}
        self.messages[message["message_id"]] = message
        return message

    def show(self, sent: Sent) -> None:
        """The bot's message has come."""
        self._sent.put_nowait(sent)

    async def sent(self) -> Sent:
        """The bot's next message, waited for."""
        return await asyncio.wait_for(self._sent.get(), DEADLINE)

    @property
    def quiet(self) -> bool:
        """True when every message of the bot has been looked at."""
        return self._sent.empty()


def entities(text: str) -> list[Json]:
    """The command at the start of a text and its mentions, as Telegram's server finds them."""
    found = [("bot_command", match) for match in COMMAND.finditer(text)]
    found += [("mention", match) for match in MENTION.finditer(text)]
    return [
        {
            "type": kind,
            "offset": bot_api.utf16_units(text[: match.start()]),
            "length": bot_api.utf16_units(match[0]),
        }
        for kind, match in found
    ]


class FakeTelegram:
    """The server. `token` is what it accepts, `url` where it listens."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.chats: dict[int, Chat] = {}
        self._port = 0
        self._ids = itertools.count(1001)
        self._update_ids = itertools.count(500_000)
        self._updates: dict[int, Json] = {}
        self._polls = 0
        self._something: asyncio.Condition = asyncio.Condition()
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._notices: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Base URL, as ZHIWEN_TELEGRAM_API takes it."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.go_away()
        if error is None:
            assert not self.violations, self.violations

    async def come_back(self) -> None:
        """Listen, at the same address as before."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        """Stop listening and drop every connection; nothing told to the server is forgotten."""
        if self._server is not None:
            self._server.close()
        for task in (tasks := [*self._connections, *self._notices]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def user(self, name: str, language: str = "zh-hans", *, is_bot: bool = False) -> Json:
        """Somebody who can write."""
        return {"id": next(self._ids), "is_bot": is_bot, "first_name": name, "language_code": language}

    def private(self, user: Json) -> Chat:
        """The chat of a user with the bot."""
        return self._chat({"id": user["id"], "type": "private", "first_name": user["first_name"]})

    def group(self, title: str, *, forum: bool = False) -> Chat:
        """A group, or a supergroup with topics."""
        if forum:
            info = {"id": -1_000_000_000_000 - next(self._ids), "type": "supergroup", "is_forum": True}
        else:
            info = {"id": -next(self._ids), "type": "group"}
        return self._chat(info | {"title": title})

    def _chat(self, info: Json) -> Chat:
        return self.chats.setdefault(info["id"], Chat(self, info))

    def update(self, **content: object) -> int:
        """Queue an update for the bot, whatever it holds; its number."""
        number = next(self._update_ids)
        self._updates[number] = {"update_id": number, **content}
        self._notify()
        return number

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of a method meet these faults, one each."""
        self._faults[method].extend(faults)

    @property
    def pending(self) -> int:
        """Updates not acknowledged yet."""
        return len(self._updates)

    def called(self, method: str) -> list[Call]:
        """The calls of one method so far."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked at after every request and update."""
        async with asyncio.timeout(DEADLINE), self._something:
            await self._something.wait_for(condition)

    def _notify(self) -> None:
        async def notify() -> None:
            async with self._something:
                self._something.notify_all()

        task = asyncio.get_running_loop().create_task(notify())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    # HTTP

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client went, or the server does
        finally:
            writer.transport.abort()
            self._connections.discard(task)

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; False when the connection is done."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?im)^content-length: *(\d+)", head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        call, token = parsed(head, body)
        self.calls.append(call)
        self._notify()
        fault = self._faults[call.method].popleft() if self._faults[call.method] else Fault()
        await asyncio.sleep(fault.delay)
        if fault.cut:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            return False
        if fault.body is None:
            fault = await self._answer(call, token)
        body = fault.body or b""
        writer.write(f"HTTP/1.1 {fault.status} .\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        self._notify()
        return True

    async def _answer(self, call: Call, token: str) -> Fault:
        if token != self.token:
            return UNAUTHORIZED
        if complaints := bot_api.violations(call.method, call.parameters):
            self.violations += complaints
            return refusal(400, f"Bad Request: {complaints[0]}")
        try:
            handler = METHODS.get(call.method)
            result = await self._get_updates(call) if handler is None else handler(self, call)
        except RefusedError as refused:
            return refused.fault
        return Fault(body=json.dumps({"ok": True, "result": result}).encode())

    # Methods

    async def _get_updates(self, call: Call) -> list[Json]:
        """Long polling; an offset acknowledges what came before it; a newer poll ends an older one."""
        if call.method != "getUpdates":
            raise RefusedError(refusal(404, "Not Found"))
        self._polls += 1
        poll = self._polls
        offset = int(call.parameters.get("offset", "0"))
        self._updates = {number: update for number, update in self._updates.items() if number >= offset}
        self._notify()
        try:
            async with asyncio.timeout(float(call.parameters.get("timeout", "0"))), self._something:
                await self._something.wait_for(lambda: self._updates or poll != self._polls)
        except TimeoutError:
            return []
        if poll != self._polls:
            raise RefusedError(CONFLICT)
        return list(self._updates.values())[: int(call.parameters.get("limit", "100"))]

    def _existing_chat(self, call: Call) -> Chat:
        chat = self.chats.get(int(call.parameters["chat_id"]))
        if chat is None:
            raise bad_request("chat not found")
        thread = call.parameters.get("message_thread_id")
        if thread is not None and int(thread) not in chat.topics:
            raise bad_request("message thread not found")
        return chat

    def _send_message(self, call: Call) -> Json:
        chat = self._existing_chat(call)
        content: Json = {"from": BOT, "text": shown(call)}
        if "message_thread_id" in call.parameters:
            content |= {"message_thread_id": call["message_thread_id"], "is_topic_message": True}
        if "reply_parameters" in call.parameters:
            reply = call["reply_parameters"]
            replied = chat.messages.get(reply["message_id"])
            if replied is None and not reply.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            if replied is not None:
                content["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
        message = chat.record(content)
        chat.show(Sent(call, message))
        return message

    def _edit_message_text(self, call: Call) -> Json:
        chat = self._existing_chat(call)
        message = chat.messages.get(int(call.parameters["message_id"]))
        if message is None or message["from"] != BOT:
            raise bad_request("message to edit not found")
        message["text"] = shown(call)
        chat.show(Sent(call, message))
        return message

    def _send_chat_action(self, call: Call) -> bool:
        return bool(self._existing_chat(call))


def shown(call: Call) -> str:
    """The text of a message as a reader sees it."""
    text = call.parameters["text"]
    return bot_api.plain_text(text) if call.parameters.get("parse_mode") == "HTML" else text


def parsed(head: str, body: bytes) -> tuple[Call, str]:
    """A request's call and its token."""
    target = re.match(r"\w+ /bot([^/ ]+)/(\w+)", head)
    assert target is not None, f"not a Bot API request: {head.splitlines()[0]}"
    if "application/json" in head:
        values = {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    else:
        values = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Call(target[2], values), target[1]


def always(_telegram: FakeTelegram, _call: Call) -> bool:
    return True


METHODS: Final[Mapping[str, Callable[[FakeTelegram, Call], object]]] = {
    "getMe": lambda _telegram, _call: {**BOT, "can_join_groups": True, "can_read_all_group_messages": True},
    "getWebhookInfo": lambda telegram, _call: {"url": "", "pending_update_count": telegram.pending},
    "sendMessage": FakeTelegram._send_message,
    "sendChatAction": FakeTelegram._send_chat_action,
    "editMessageText": FakeTelegram._edit_message_text,
    "answerCallbackQuery": always,
    "deleteWebhook": always,
    "setMyCommands": always,
    "logOut": always,
    "close": always,
}
"""What is answered at once; getUpdates waits."""
