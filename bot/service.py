"""The running bot: connect to Telegram, poll it, answer, stop when told to."""

import asyncio
import logging
import os
import re
import signal
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

from bot import logs
from bot.chats import Chat, Context, Data, Delivery, InChatOrder, pauses
from bot.conversation import Asked
from bot.handlers import ALLOWED_UPDATES, Access, Desk, Handlers
from bot.settings import Settings, SettingsError
from bot.store import FILE, Store

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 30
"""How long Telegram may hold a request for updates open."""
CONNECTIONS: Final = 16
"""More only lengthen httpx's search for a free one."""
POLL_CONNECTIONS: Final = 4
"""More than one: a connection that was cut can stay taken for good."""
ANSWER_SECONDS: Final = 20.0
"""How long Telegram may take to answer: what timed out may have arrived and is not sent again."""
STOP_SECONDS: Final = 10.0

App = Application[ExtBot[int], Context, Data, Chat, Data, None]
Result = TypeVar("Result")


class TokenError(SettingsError):
    """The bot token cannot be one, or Telegram does not accept it."""


def serve(settings: Settings, retriever: Asked) -> int:
    """Run the bot until SIGINT or SIGTERM; the exit status.

    Raises:
        SettingsError: there is no token.
        TokenError: it is malformed, or Telegram rejects it, at the start or later.
    """
    token = _token(settings)
    logs.set_up(secrets=[token])
    api = str(settings.telegram_api) if settings.telegram_api else None
    desk = Desk(
        retriever,
        token,
        store=_store(settings),
        access=Access(admins=settings.admins, allowed=settings.allowed),
        uploads=settings.uploads,
    )
    return asyncio.run(_serve(token, api, desk))


def _store(settings: Settings) -> Store:
    """The store that the settings name, or the one in the data folder."""
    if settings.store is not None:
        return Store(settings.store.get_secret_value())
    return Store(f"sqlite:///{settings.data / FILE}")


def _token(settings: Settings) -> str:
    """The token, of characters that can stand in a URL."""
    token = settings.token().get_secret_value()
    if not re.fullmatch(r"[\w:-]+", token, re.ASCII):
        raise TokenError(
            "The bot token holds characters that no token has: "
            "check ZHIWEN_TELEGRAM_TOKEN or ZHIWEN_TELEGRAM_TOKEN_FILE."
        )
    return token


async def _serve(token: str, api: str | None, desk: Desk) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(application(token, api, desk), stop)
    return 0


def application(token: str, api: str | None, desk: Desk) -> App:
    """The bot with its handlers, not yet connected.

    Args:
        token: as @BotFather gave it.
        api: base URL of a self-hosted Bot API server; None for Telegram's own.
        desk: what its handlers work with.
    """
    # The library warns on each flood limit unless told that its durations may be timedeltas.
    os.environ["PTB_TIMEDELTA"] = "true"
    handlers = Handlers(desk)
    builder = (
        Application.builder()
        .token(token)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(chat_data=Chat))
        .concurrent_updates(InChatOrder())
        .rate_limiter(Delivery())
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(ANSWER_SECONDS)
        .read_timeout(ANSWER_SECONDS)
        .get_updates_request(PollingRequest(connection_pool_size=POLL_CONNECTIONS))
    )
    if api:
        base = api.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    app: App = builder.build()
    app.add_handlers(handlers.all())
    app.add_error_handler(handlers.failed)
    return app


async def run(app: App, stop: asyncio.Event, grace: float = STOP_SECONDS) -> None:
    """Answer until told to stop; what was asked before that is still answered.

    Args:
        app: the bot.
        stop: set when it shall stop.
        grace: seconds that the questions in flight may take after that.

    Raises:
        TokenError: Telegram rejects the token.
    """
    poller = Poller(app)
    polling = asyncio.create_task(poller.run())
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (polling, stopping):
        task.cancel()
    await asyncio.gather(polling, stopping, return_exceptions=True)
    await _finish(app, grace)
    await poller.acknowledge()
    await app.shutdown()
    await app.bot.shutdown()  # where the application never got as far as being initialised
    logger.info("stopped")
    if polling in done:
        polling.result()  # tells why it ended


async def _finish(app: App, grace: float) -> None:
    """Answer the questions in flight, within measure."""
    if not app.running:
        return
    try:
        async with asyncio.timeout(grace):
            await app.stop()
    except TimeoutError:
        logger.error("not every question was answered within %g s of the stop", grace)  # noqa: TRY400 - the traceback would say nothing


class Poller:
    """Fetches updates by long polling and hands them to the application.

    The library's own Updater is not used: when the token is rejected it ends in silence and leaves the
    process alive and deaf.

    Args:
        app: what the updates are for.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._offset = 0

    async def run(self) -> None:
        """Connect, then fetch updates for ever.

        Raises:
            TokenError: Telegram rejects the token.
        """
        bot = self._app.bot
        await insist(self._app.initialize)
        await insist(bot.delete_webhook)  # updates go to a webhook or to a poller, never to both
        await self._app.start()
        logger.info("answering as @%s", bot.username)
        while True:
            for update in await insist(self._fetch):
                await self._app.update_queue.put(update)
                self._offset = update.update_id + 1

    async def acknowledge(self) -> None:
        """Tell Telegram that the updates fetched so far need not come again."""
        if not self._offset:
            return
        try:
            await self._app.bot.get_updates(offset=self._offset, limit=1, timeout=0)
        except TelegramError as error:
            logger.warning("the last updates may come again, they could not be acknowledged: %s", error)

    async def _fetch(self) -> Iterable[Update]:
        return await self._app.bot.get_updates(
            offset=self._offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
        )


async def insist(action: Callable[[], Awaitable[Result]]) -> Result:
    """Try until it works: Telegram may be away for a while, and says how long where it is only busy.

    Raises:
        TokenError: Telegram rejects the token; to try again is of no use.
    """
    for pause in pauses():
        try:
            return await action()
        except InvalidToken:
            raise TokenError(
                "Telegram rejects the bot token: set ZHIWEN_TELEGRAM_TOKEN or ZHIWEN_TELEGRAM_TOKEN_FILE "
                "to the one that @BotFather shows; ZHIWEN_TELEGRAM_API, if set, must be a Bot API server."
            ) from None  # the library's message holds the token
        except TelegramError as error:
            seconds = max(pause, _asked_to_wait(error))
            logger.warning("%s; trying again in %g s", _trouble(error), seconds)
        except Exception:  # whatever the library makes of an answer that is not Telegram's
            seconds = pause
            logger.exception("Telegram's answer cannot be read; trying again in %g s", seconds)
        await asyncio.sleep(seconds)
    raise AssertionError("pauses never end")


def _asked_to_wait(error: TelegramError) -> float:
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())


def _trouble(error: TelegramError) -> str:
    match error:
        case Conflict():
            return f"another program reads this bot's updates: stop one of the two ({error})"
        case RetryAfter():
            return f"Telegram asks for patience ({error})"
        case _:
            return f"Telegram cannot be reached ({error})"


class PollingRequest(HTTPXRequest):
    """The connections for getUpdates; an update that cannot be parsed comes as an empty one.

    Otherwise one such update would make every batch it is in unreadable, and no offset would ever pass it.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> Data:
        """The answer to a request, its unreadable updates emptied."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer, dict) and isinstance(updates := answer.get("result"), list):
            answer["result"] = [_readable(update) for update in updates]
        return answer


def _readable(update: Any) -> Any:  # noqa: ANN401 - JSON, not yet known to be an update
    try:
        Update.de_json(update, None)
    except Exception:
        number = update["update_id"]
        logger.exception("update %s cannot be parsed and is passed over", number)
        return {"update_id": number}
    return update
