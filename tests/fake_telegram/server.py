"""The server: HTTP, the methods, long polling."""

import asyncio
import itertools
import json
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self

import bot_api

from fake_telegram.calls import (
    CONFLICT,
    UNAUTHORIZED,
    Call,
    Fault,
    Json,
    RefusedError,
    bad_request,
    parsed,
    refusal,
    shown,
)
from fake_telegram.chats import BOT, DEADLINE, Chat, Sent

TOKEN: Final = "123456789:AAF-fake_token_of_the_tests_0123456789"  # noqa: S105 - opens nothing


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
        return self.chats.setdefault(info["id"], Chat(info, self.update))

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
            if call.method == "getUpdates":
                result: object = await self._get_updates(call)
            elif handler := METHODS.get(call.method):
                result = handler(self, call)
            else:
                return refusal(404, "Not Found")
        except RefusedError as refused:
            return refused.fault
        return Fault(body=json.dumps({"ok": True, "result": result}).encode())

    # Methods

    async def _get_updates(self, call: Call) -> list[Json]:
        """Long polling; an offset acknowledges what came before it; a newer poll ends an older one."""
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
