"""Updates delivered to the bot's webhook, one after the other, each until it is taken."""

import asyncio
from types import TracebackType
from typing import Any, Final, Self

import httpx

from fake_telegram.calls import Json
from fake_telegram.world import World

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
AGAIN: Final = 0.05
"""Seconds before what was not taken is delivered again; Telegram doubles them each time."""


class Deliveries:
    """Delivers what happens in a world, as long as the block lasts.

    Args:
        world: what happens in it.
        proxied: the part of the path that a proxy in between takes away.
    """

    def __init__(self, world: World, proxied: str = "") -> None:
        self._proxied = proxied
        self.statuses: list[int] = []
        self._world = world
        self._client = httpx.AsyncClient(timeout=20)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._deliver())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._client.aclose()

    async def post(self, update: Json | bytes, **headers: str) -> httpx.Response:
        """Deliver anything once; as Telegram does, unless headers are given."""
        webhook = self._world.webhook
        assert webhook is not None
        content: dict[str, Any] = {"content": update} if isinstance(update, bytes) else {"json": update}
        headers = headers or {HEADER: webhook.parameters["secret_token"]}
        url = webhook.parameters["url"].replace(self._proxied, "")
        return await self._client.post(url, headers=headers, **content)

    async def _deliver(self) -> None:
        while True:
            await self._world.wait(20, lambda: self._world.webhook and self._world.updates)
            if not (self._world.webhook and self._world.updates):
                continue
            number, update = next(iter(self._world.updates.items()))
            try:
                response = await self.post(update)
            except httpx.TransportError:
                await asyncio.sleep(AGAIN)
                continue
            self.statuses.append(response.status_code)
            if response.is_success:
                del self._world.updates[number]
                self._world.notify()
            else:
                await asyncio.sleep(AGAIN)
