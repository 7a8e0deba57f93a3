"""The HTTP connections to Telegram: how long they may take, what is counted, what is passed over."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from telegram import Update
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.operations.metrics import Metrics
from bot.telegram.order import Data

logger = logging.getLogger(__name__)

CONNECTIONS: Final = 16
"""More only lengthen httpx's search for a free one."""
POLL_CONNECTIONS: Final = 4
"""More than one: a connection that was cut can stay taken for good."""
ANSWER_SECONDS: Final = 20.0
"""How long Telegram may take to answer: what timed out may have arrived and is not sent again."""
POLL_SECONDS: Final = 30
"""How long Telegram may hold a request for updates open."""
HANGING: Final = POLL_SECONDS + 2 * ANSWER_SECONDS
"""Seconds after which a request for updates that has not ended never will."""
OK: Final = 200


class CountedRequest(HTTPXRequest):
    """Requests to the Bot API, each counted and timed.

    Args:
        metrics: told of each request; None where nobody asks.
        connections: at most this many at once.
    """

    def __init__(self, metrics: Metrics | None = None, connections: int = CONNECTIONS) -> None:
        super().__init__(
            connection_pool_size=connections, read_timeout=ANSWER_SECONDS, pool_timeout=ANSWER_SECONDS
        )
        self._metrics = metrics

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as in the base class
        """Make a request; its HTTP status and body."""
        if self._metrics is None:
            return await super().do_request(url, *args, **kwargs)
        method = "download" if "/file/bot" in url else url.rpartition("/")[2]
        started = time.monotonic()
        error: str | None = None
        try:
            status, body = await super().do_request(url, *args, **kwargs)
            error = None if status == OK else str(status)
        except NetworkError as trouble:
            error = type(trouble).__name__
            raise
        finally:
            self._metrics.called(method, time.monotonic() - started, error)
        return status, body


class PollingRequest(CountedRequest):
    """The connections for getUpdates; an update that cannot be parsed comes as an empty one.

    Otherwise one such update would make every batch it is in unreadable, and no offset would ever pass it.
    So does one that is known: in a burst Telegram gives each a dozen times before one is done with.

    Args:
        metrics: told of each request; None where nobody asks.
        is_known: whether an update was taken before.
        hanging: seconds after which a request is given up and all connections are made anew: what hangs
            on one may hang on the others.
    """

    def __init__(
        self,
        metrics: Metrics | None = None,
        is_known: Callable[[int], bool] = lambda _: False,
        hanging: float = HANGING,
    ) -> None:
        super().__init__(metrics, POLL_CONNECTIONS)
        self._is_known = is_known
        self._hanging = hanging

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 - as in the base class
        """Make a request; its HTTP status and body."""
        try:
            async with asyncio.timeout(self._hanging):
                return await super().do_request(url, *args, **kwargs)
        except TimeoutError:
            logger.warning("a request for updates hung: its connections are made anew")
            await self.shutdown()
            await self.initialize()
            raise TimedOut("a request for updates did not end") from None

    def parse_json_payload(self, payload: bytes) -> Data:  # type: ignore[override]  # called of the object
        """The answer to a request, its updates emptied that are known or unreadable."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer, dict) and isinstance(updates := answer.get("result"), list):
            answer["result"] = [self._new(update) for update in updates]
        return answer

    def _new(self, update: Any) -> Any:  # noqa: ANN401 - JSON, not yet known to be an update
        if isinstance(update, dict) and self._is_known(number := update.get("update_id", 0)):
            return {"update_id": number}
        return _readable(update)


def _readable(update: Any) -> Any:  # noqa: ANN401
    try:
        Update.de_json(update, None)
    except Exception:
        number = update["update_id"]
        logger.exception("update %s cannot be parsed and is passed over", number)
        return {"update_id": number}
    return update
