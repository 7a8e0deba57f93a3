"""The server: HTTP, faults, long polling."""

import asyncio
import json
import re
from collections import defaultdict, deque
from types import TracebackType
from typing import Final, Self

import bot_api

from fake_telegram.calls import (
    CONFLICT,
    DOWNLOAD,
    UNAUTHORIZED,
    Call,
    Fault,
    Json,
    RefusedError,
    parsed,
    refusal,
)
from fake_telegram.methods import METHODS, download
from fake_telegram.world import World

TOKEN: Final = "123456789:AAF-fake_token_of_the_tests_0123456789"  # noqa: S105 - opens nothing


class FakeTelegram(World):
    """The server. `token` is what it accepts, `url` where it listens, `latency` what each answer takes."""

    def __init__(self, token: str = TOKEN, latency: float = 0.0) -> None:
        super().__init__()
        self.token = token
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self._latency = latency
        self._port = 0
        self._polls = 0
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

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
        for task in (tasks := [*self._connections, *self.notices]):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of a method meet these faults, one each."""
        self._faults[method].extend(faults)

    def fault(self, call: Call) -> Fault:
        """What goes wrong with a request; nothing, for one without script."""
        script = self._faults[call.method]
        return script.popleft() if script else Fault()

    def called(self, method: str) -> list[Call]:
        """The calls of one method so far."""
        return [call for call in self.calls if call.method == method]

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
        self.notify()
        fault = self.fault(call)
        await asyncio.sleep(fault.delay or self._latency)
        if fault.taken:
            await self._answer(call, token)
            self.notify()
        if fault.cut:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            return False
        if fault.body is None:
            fault = await self._answer(call, token)
        body = fault.body or b""
        writer.write(f"HTTP/1.1 {fault.status} .\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        self.notify()
        return True

    async def _answer(self, call: Call, token: str) -> Fault:
        if token != self.token:
            return UNAUTHORIZED
        if call.method == DOWNLOAD:
            return Fault(body=download(self, call))
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

    async def _get_updates(self, call: Call) -> list[Json]:
        """Long polling; an offset acknowledges what came before it; a newer poll ends an older one."""
        self._polls += 1
        poll = self._polls
        offset = int(call.parameters.get("offset", "0"))
        self.updates = {number: update for number, update in self.updates.items() if number >= offset}
        self.notify()
        timeout = float(call.parameters.get("timeout", "0"))
        if not await self.wait(timeout, lambda: self.updates or poll != self._polls):
            return []
        if poll != self._polls:
            raise RefusedError(CONFLICT)
        return list(self.updates.values())[: int(call.parameters.get("limit", "100"))]
