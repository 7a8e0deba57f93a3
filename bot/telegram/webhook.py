"""Updates delivered by Telegram to a webhook."""

import asyncio
import hashlib
import hmac
import json
import logging
import operator
from collections.abc import Sequence
from typing import Final

from pydantic import AnyHttpUrl, SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update, WebhookInfo

from bot.operations.health import Health
from bot.telegram.application import begin
from bot.telegram.insisting import App, insist
from bot.telegram.intake import HOLDING
from bot.telegram.order import intake_of

logger = logging.getLogger(__name__)

HEADER: Final = "x-telegram-bot-api-secret-token"
LARGEST: Final = 1 << 20
"""Bytes of a delivery: Telegram's are a few thousand at most."""
BODY_SECONDS: Final = 10.0
"""How long a delivery may take to arrive."""
CHECK_SECONDS: Final = 60.0
"""Between two looks whether Telegram still delivers here."""
DELIVERIES: Final = 40
"""Deliveries that Telegram may have under way at once."""
HELD_SECONDS: Final = 20.0
"""How long a delivery waits for its update to be done with; after that Telegram is to deliver it again."""


def path_for(token: str) -> str:
    """Where deliveries come in: a path that only who knows the token can tell."""
    return f"/telegram/{_derived(token, 'webhook path')[:32]}"


def secret_for(token: str, given: SecretStr | None) -> str:
    """What deliveries must show: the one set, or one that only who knows the token can tell."""
    return given.get_secret_value() if given else _derived(token, "webhook secret")


def _derived(token: str, purpose: str) -> str:
    """64 hexadecimal digits."""
    return hmac.new(token.encode(), f"zhiwen {purpose}".encode(), hashlib.sha256).hexdigest()


class Webhook:
    """Takes deliveries and hands them to the application.

    Args:
        app: what the updates are for.
        kinds: the kinds of updates to have delivered.
        url: where the outside reaches this service; the path is appended to it.
        secret: what each delivery must show; derived from the token where none is given.
        health: told when Telegram was heard.
    """

    def __init__(
        self,
        app: App,
        kinds: Sequence[str],
        *,
        url: AnyHttpUrl,
        secret: SecretStr | None,
        health: Health,
    ) -> None:
        self._app = app
        self._kinds = kinds
        self._secret = secret_for(app.bot.token, secret)
        self.path = path_for(app.bot.token)
        self._url = str(url).rstrip("/") + self.path
        self._health = health
        self._intake = intake_of(app)
        self._taking = False

    @property
    def web(self) -> Starlette:
        """Where deliveries come in."""
        return Starlette(routes=[Route(self.path, self.deliver, methods=["POST"])])

    async def run(self) -> None:
        """Connect, have updates delivered, and see to it that it stays so.

        Raises:
            TokenError: Telegram rejects the token.
        """
        await insist(self._app.initialize, self._health.tried)
        await begin(self._app)
        self._taking = True
        try:
            await self._follow()
        finally:
            self._taking = False

    async def _follow(self) -> None:
        """Have updates delivered, and look time after time whether Telegram still does."""
        await insist(self._register, self._health.tried)
        self._health.heard()
        logger.info("answering as @%s, by webhook", self._app.bot.username)
        while True:
            info = await insist(self._look, self._health.tried)
            if info.url != self._url:
                logger.warning(
                    "another program takes this bot's updates: stop one of the two; the webhook is set again"
                )
                await insist(self._register, self._health.tried)
            elif info.last_error_message:
                logger.info(
                    "Telegram's last failed delivery (%s): %s", info.last_error_date, info.last_error_message
                )
            await asyncio.sleep(CHECK_SECONDS)

    async def close(self) -> None:
        """Tell nothing: Telegram was told of each delivery whether it is done with."""
        await self._intake.close()

    async def deliver(self, request: Request) -> Response:
        """Take one delivery, and tell Telegram that it came when its update is done with."""
        shown = request.headers.get(HEADER, "").encode("latin-1")
        if not hmac.compare_digest(shown, self._secret.encode()):
            return Response(status_code=403)
        if not self._taking:
            return _later()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        self._health.heard()
        update = self._parsed(body)
        if update is None:
            return Response(status_code=200)
        if self._intake.take(update):
            await self._app.update_queue.put(update)
        done = await self._intake.is_done(update.update_id, HOLDING)
        if not done and 2 * self._intake.taken > DELIVERIES:  # those held keep away what comes after them
            self._intake.make_room()
        done = done or await self._intake.is_done(update.update_id, HELD_SECONDS)
        return Response(status_code=200) if done else _later()

    def _parsed(self, body: bytes) -> Update | None:
        """The update; what cannot be read would not be readable a second time, and is passed over."""
        try:
            given = json.loads(body)
            operator.index(given["update_id"])  # the library takes anything for a number
            return Update.de_json(given, self._app.bot)
        except Exception:
            logger.exception("a delivery cannot be parsed and is passed over")
            return None

    async def _register(self) -> bool:
        return await self._app.bot.set_webhook(
            self._url, secret_token=self._secret, allowed_updates=self._kinds, max_connections=DELIVERIES
        )

    async def _look(self) -> WebhookInfo:
        info = await self._app.bot.get_webhook_info()
        if not info.pending_update_count:  # where some wait, each that is delivered shows that all is well
            self._health.heard()
        return info


def _later() -> Response:
    """Telegram keeps the update and delivers it again."""
    return Response(status_code=503, headers={"Retry-After": "1"})


async def _body(request: Request) -> bytes | None:
    """The body of a request; None when it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return None
    return bytes(body)
