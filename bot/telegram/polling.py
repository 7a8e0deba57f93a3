"""Updates fetched by long polling."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from telegram import Update

from bot.operations.health import Health
from bot.telegram.insisting import App, TokenError, insist
from bot.telegram.requests import POLL_SECONDS

logger = logging.getLogger(__name__)

ACKNOWLEDGE_SECONDS: Final = 2.0


class Poller:
    """Fetches updates and hands them to the application.

    The library's own Updater is not used: when the token is rejected it ends in silence and leaves the
    process alive and deaf.

    Args:
        app: what the updates are for.
        kinds: the kinds of updates to fetch.
        health: told when Telegram was heard.
    """

    def __init__(self, app: App, kinds: Sequence[str], health: Health | None = None) -> None:
        self._app = app
        self._kinds = kinds
        self._health = health or Health()
        self._offset = 0

    async def run(self) -> None:
        """Connect, then fetch updates for ever.

        Raises:
            TokenError: Telegram rejects the token.
        """
        bot = self._app.bot
        await insist(self._app.initialize, self._health.tried)
        await insist(
            bot.delete_webhook, self._health.tried
        )  # updates go to a webhook or to a poller, never to both
        await self._app.start()
        logger.info("answering as @%s", bot.username)
        while True:
            for update in await insist(self._fetch, self._health.tried):
                await self._app.update_queue.put(update)
                self._offset = update.update_id + 1

    async def close(self) -> None:
        """Tell Telegram that the updates fetched so far need not come again."""
        if not self._offset:
            return
        bot, offset = self._app.bot, self._offset
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await insist(lambda: bot.get_updates(offset=offset, limit=1, timeout=0))
        except (TokenError, TimeoutError):
            logger.warning("the last updates may come again: Telegram could not be told that they came")

    async def _fetch(self) -> Iterable[Update]:
        updates = await self._app.bot.get_updates(
            offset=self._offset, timeout=POLL_SECONDS, allowed_updates=self._kinds
        )
        self._health.heard()
        return updates
