"""The running bot: put together, started, watched, stopped."""

import asyncio
import logging
import re
import signal
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, Protocol

from bot.corpus import following
from bot.corpus.following import Reloader
from bot.corpus.in_use import CorpusInUse
from bot.corpus.live import LiveRetriever
from bot.corpus.uploads import Shelves
from bot.operations import heap, logs, supervision
from bot.operations.health import Health
from bot.operations.metrics import Metrics
from bot.operations.supervision import Supervisor
from bot.settings import Settings
from bot.store import Store, retention
from bot.telegram.application import application, finish, message_ids_of
from bot.telegram.clock import TelegramClock
from bot.telegram.handlers import ALLOWED_UPDATES, Access, HandlerContext, Limits, introduction
from bot.telegram.insisting import App, TokenError
from bot.telegram.polling import Poller
from bot.telegram.posting import Posting
from bot.telegram.tidying import tidy
from bot.telegram.watching import Watching

logger = logging.getLogger(__name__)

STOP_SECONDS: Final = 6.5
"""How long the questions in flight may take after the order to stop; with what follows, under ten."""

Chore = Callable[[], Coroutine[Any, Any, None]]
"""Something that goes on as long as the service runs; when it ends, it ends the service."""


class Source(Protocol):
    """Where updates come from."""

    async def run(self) -> None:
        """Connect, then hand updates to the application for ever."""

    async def close(self) -> None:
        """Tell Telegram what is done with, where it does not know; called when nothing is worked on."""


def serve(settings: Settings) -> int:
    """Run the bot until SIGINT or SIGTERM; the exit status.

    Raises:
        SettingsError: there is no token, or a setting cannot be used.
        TokenError: the token is malformed, or Telegram rejects it, at the start or later.
        CorpusError: there is no index yet, and no folder of records to make one of.
        IndexingError: there is no index yet, and none can be made now.
        StuckError: updates are no longer fetched.
    """
    token = _token(settings)
    heap.one_arena()
    logs.set_up(_level(settings), _secrets(settings, token), form=settings.log_format)
    corpus = CorpusInUse(settings)
    metrics = Metrics(None if settings.is_shared else corpus.folder)
    live = LiveRetriever(corpus, metrics)
    store = Store.of(settings)
    desk = HandlerContext(
        live,
        token,
        store=store,
        access=Access(admins=settings.admins, allowed=settings.allowed),
        limits=Limits(user=settings.user_rate, group=settings.group_rate, watches=settings.watches),
        uploads=settings.uploads,
    )
    heap.freeze()
    return asyncio.run(_serve(settings, token, desk, live=live, metrics=metrics, store=store))


def _level(settings: Settings) -> int:
    return logging.getLevelNamesMapping()[settings.log_level.upper()]


def _secrets(settings: Settings, token: str) -> list[str]:
    """What no log line may show."""
    found = [token]
    if (password := settings.index_secret()) is not None:
        found.append(password.get_secret_value())
    if settings.store is not None:
        found += logs.secrets_of_url(settings.store.get_secret_value())
    if settings.webhook_url is not None:
        from bot.telegram import webhook  # noqa: PLC0415  only who listens pays for it

        found += [webhook.secret_for(token, settings.webhook_secret), webhook.path_for(token)]
    return found


def _token(settings: Settings) -> str:
    """The token, of characters that can stand in a URL."""
    token = settings.token().get_secret_value()
    if not re.fullmatch(r"[\w:-]+", token, re.ASCII):
        raise TokenError(
            "The bot token holds characters that no token has: "
            "check ZHIWEN_TELEGRAM_TOKEN or ZHIWEN_TELEGRAM_TOKEN_FILE."
        )
    return token


async def _serve(
    settings: Settings,
    token: str,
    desk: HandlerContext,
    *,
    live: LiveRetriever,
    metrics: Metrics,
    store: Store,
) -> int:
    stop, health, supervisor = asyncio.Event(), Health(told=metrics.heard), Supervisor()
    health.serving(lambda: live.article_count, lambda: live.is_reached)
    reloader = Reloader(live, settings.corpus, supervisor)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reloader.want)
    api = str(settings.telegram_api) if settings.telegram_api else None
    clock = TelegramClock()
    app = application(token, api, desk, metrics, settings.message_rate, clock=clock, folder=settings.updates)
    source, chores = _front(settings, app, health, metrics)
    if settings.keeps_index:
        chores += [reloader.run, reloader.watch]
    if settings.is_shared:
        chores.append(reloader.follow)
    chores.append(lambda: supervision.watch(health, supervisor))
    chores.append(lambda: introduction(app.bot, desk))
    posting = Posting(app.bot, desk, message_ids_of(app), metrics)
    chores += [posting.run, Watching(desk, posting).run]
    chores.append(lambda: retention.keep(store, settings.retention, ahead=clock.ahead))
    chores.append(lambda: retention.erase(store))
    chores.append(lambda: tidy(store, Shelves(settings.uploads)))
    chores.append(heap.keep_trimmed)
    supervisor.ready(f"answering from {live.article_count} articles")
    try:
        await run(app, stop, source=source, health=health, supervisor=supervisor, chores=chores)
    finally:
        following.abandon()
        desk.memory.close()
        store.close()
    return 0


def _front(settings: Settings, app: App, health: Health, metrics: Metrics) -> tuple[Source, list[Chore]]:
    """Where updates come from, and what listens: health and metrics apart from the webhook, which is public.

    Raises:
        SettingsError: nothing can listen at an address set.
    """
    chores: list[Chore] = []
    if settings.health is not None:
        from bot.operations import web  # noqa: PLC0415  only who listens pays for it

        inner = web.listening(settings.health, "ZHIWEN_HEALTH")
        chores.append(lambda: web.serve(web.probes(health, metrics), inner))
    if settings.webhook_url is None:
        return Poller(app, ALLOWED_UPDATES, health), chores
    from bot.operations import web  # noqa: PLC0415
    from bot.telegram.webhook import Webhook  # noqa: PLC0415

    webhook = Webhook(
        app, ALLOWED_UPDATES, url=settings.webhook_url, secret=settings.webhook_secret, health=health
    )
    outer = web.listening(settings.listen, "ZHIWEN_LISTEN")
    chores.append(lambda: web.serve(webhook.web, outer, "the webhook"))
    return webhook, chores


async def run(
    app: App,
    stop: asyncio.Event,
    *,
    source: Source,
    health: Health,
    supervisor: Supervisor,
    chores: Sequence[Chore] = (),
    grace: float = STOP_SECONDS,
) -> None:
    """Answer until told to stop; what was asked before that is still answered.

    Args:
        app: the bot.
        stop: set when it shall stop.
        source: where updates come from.
        health: told when nothing more is taken.
        supervisor: told of the stop.
        chores: what goes on beside it.
        grace: seconds that the questions in flight may take after the stop.

    Raises:
        TokenError: Telegram rejects the token.
        StuckError: the watchdog found that updates are no longer fetched.
    """
    receiving = asyncio.create_task(source.run())
    working = [asyncio.create_task(chore()) for chore in chores]
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({receiving, stopping, *working}, return_when=asyncio.FIRST_COMPLETED)
    health.stopping()
    supervisor.stopping()
    await _cancelled(receiving, stopping)
    await finish(app, grace)
    await source.close()
    await _cancelled(*working)
    await app.shutdown()
    await app.bot.shutdown()  # where the application never got as far as being initialised
    logger.info("stopped")
    for task in done:
        task.result()  # tells why it ended


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
