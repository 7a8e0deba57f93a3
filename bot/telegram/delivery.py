"""Sending within Telegram's rates, again when the connection failed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from telegram.error import BadRequest, ChatMigrated, NetworkError, TelegramError, TimedOut
from telegram.ext import AIORateLimiter

from bot.telegram.order import FLOOD_RETRIES, GROUP_RATE, MESSAGE_RATE, SEND_PAUSES, Data, logger


class Delivery(AIORateLimiter):
    """Sends within Telegram's rates, and again what a bad connection kept from arriving.

    What may have arrived (Telegram was told, and its answer did not come in time) is not sent twice.

    Args:
        rate: messages a second that Telegram takes of the bot; 0 for no limit, in groups neither.
    """

    def __init__(self, rate: int = MESSAGE_RATE) -> None:
        super().__init__(
            overall_max_rate=rate, group_max_rate=GROUP_RATE if rate else 0, max_retries=FLOOD_RETRIES
        )

    async def process_request(  # noqa: PLR0917 - the base class has these
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | Data | list[Data]]],
        args: Any,  # noqa: ANN401 - as in the base class
        kwargs: Data,
        endpoint: str,
        data: Data,
        rate_limit_args: int | None,
    ) -> bool | Data | list[Data]:
        """Make a request; see the base class."""
        if endpoint == "sendChatAction" or "chat_id" not in data:
            # A typing indicator is worth nothing late, and the limits are for messages.
            return await callback(*args, **kwargs)
        for pause in SEND_PAUSES:
            try:
                return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
            except TelegramError as error:
                if not did_not_arrive(error):
                    raise
                logger.warning("%s did not get through (%s); again in %g s", endpoint, error, pause)
            await asyncio.sleep(pause)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


def did_not_arrive(error: TelegramError) -> bool:
    """Whether a request that failed in this way was in all likelihood not carried out."""
    if isinstance(error, TimedOut):
        return isinstance(error.__cause__, httpx.PoolTimeout | httpx.ConnectTimeout)
    if isinstance(error, NetworkError):
        return not isinstance(error, BadRequest | ChatMigrated)
    return type(error) is TelegramError  # an answer that is no JSON is not Telegram's
