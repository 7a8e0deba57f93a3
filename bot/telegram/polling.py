"""Updates fetched by long polling."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import Final

from telegram import Update

from bot.operations.health import Health
from bot.telegram.application import begin
from bot.telegram.insisting import App, TokenError, insist
from bot.telegram.intake import PLACES
from bot.telegram.order import intake_of
from bot.telegram.requests import POLL_SECONDS

logger = logging.getLogger(__name__)

ACKNOWLEDGE_SECONDS: Final = 2.0
LONGEST_PAUSE: Final = 0.4
"""Seconds between two looks for updates while some are worked on: all that wait are given each time."""


class Poller:
    """Fetches updates and hands them to the application.

    The library's own Updater is not used: when the token is rejected it ends in silence and leaves the
    process alive and deaf.

    Args:
        app: what the updates are for.
        kinds: the kinds of updates to fetch.
        health: told when Telegram was heard.
    """

    def __init__(self, app: App, kinds: Sequence[str], health: Health) -> None:
        self._app = app
        self._kinds = kinds
        self._health = health
        self._intake = intake_of(app)

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
        self._health.heard()
        await begin(self._app)
        logger.info("answering as @%s", bot.username)
        pauses = _pauses()
        while True:
            found = await self._fetched()
            new = [update for update in found if self._intake.take(update)]
            if len(found) == PLACES and not new:  # what was taken keeps away what comes after it
                self._intake.make_room()
            for update in new:
                await self._app.update_queue.put(update)
            if new:
                pauses = _pauses()
            await self._intake.room(LONGEST_PAUSE if len(found) == PLACES else next(pauses))

    async def close(self) -> None:
        """Tell Telegram what is done with and need not come again."""
        if not self._intake.offset:
            return
        await self._intake.close()
        bot, offset = self._app.bot, self._intake.offset
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await insist(lambda: bot.get_updates(offset=offset, limit=1, timeout=0))
        except (TokenError, TimeoutError):
            logger.warning("the last updates may come again: Telegram could not be told that they came")

    async def _fetched(self) -> Sequence[Update]:
        """The updates from the first that is not done with; waited for where there is none such."""
        intake = self._intake
        wait = POLL_SECONDS if intake.is_idle else 0

        async def fetch() -> Sequence[Update]:
            found = await self._app.bot.get_updates(
                offset=intake.offset, limit=PLACES, timeout=wait, allowed_updates=self._kinds
            )
            self._health.heard()
            return found

        return await insist(fetch, self._health.tried)


def _pauses() -> Iterator[float]:
    """Seconds between two looks for updates while some are worked on, the longer the less comes."""
    return chain((0.05, 0.1, 0.2), repeat(LONGEST_PAUSE))
