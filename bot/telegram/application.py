"""The python-telegram-bot application, put together and brought to its end."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Final

from telegram.ext import Application, ContextTypes

from bot.operations.metrics import Metrics
from bot.telegram.attempts import Attempts
from bot.telegram.clock import TelegramClock
from bot.telegram.delivery import MESSAGE_RATE, Delivery
from bot.telegram.handlers import HandlerContext, Handlers
from bot.telegram.insisting import App
from bot.telegram.intake import Intake
from bot.telegram.message_ids import MessageIds
from bot.telegram.order import InChatOrder, intake_of
from bot.telegram.requests import CountedRequest, PollingRequest
from bot.telegram.waiting import Waiting

logger = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 1.0
"""How long what is on its way to Telegram at the end may take to arrive and be remembered."""


def application(
    token: str,
    api: str | None,
    desk: HandlerContext,
    metrics: Metrics | None = None,
    rate: int = MESSAGE_RATE,
    *,
    clock: TelegramClock | None = None,
    folder: Path | None = None,
) -> App:
    """The bot with its handlers, not yet connected.

    Args:
        token: as @BotFather gave it.
        api: base URL of a self-hosted Bot API server; None for Telegram's own.
        desk: what its handlers work with.
        metrics: told of updates and requests.
        rate: messages a second that Telegram takes; 0 for no limit.
        clock: told when messages were written.
        folder: for what is known of updates that wait or were begun, where that shall outlast the process.
    """
    # The library warns on each flood limit unless told that its durations may be timedeltas.
    os.environ["PTB_TIMEDELTA"] = "true"
    metrics = metrics or Metrics()
    ids, attempts = MessageIds(), Attempts(folder / "begun" if folder else None)
    handlers = Handlers(desk, attempts)
    registered = handlers.all()
    intake = Intake(desk.memory, waiting=Waiting(folder / "waiting" if folder else None))
    order = InChatOrder(
        metrics,
        ids,
        intake,
        clock=clock,
        attempts=attempts,
        is_wanted=lambda update: any(handler.check_update(update) for handler in registered[0]),
    )
    builder = (
        Application.builder()
        .token(token)
        .context_types(ContextTypes(chat_data=dict))
        .updater(None)
        .job_queue(None)
        .concurrent_updates(order)
        .rate_limiter(Delivery(rate, ids))
        .request(CountedRequest(metrics))
        .get_updates_request(PollingRequest(metrics, intake.knows))
    )
    if api:
        base = api.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    app: App = builder.build()
    app.add_handlers(registered)
    app.add_error_handler(handlers.failed)
    return app


async def begin(app: App) -> None:
    """Work on updates, first on those that the process before had written down."""
    intake = intake_of(app)
    await intake.open()
    await app.start()
    for update in intake.left(app.bot):
        await app.update_queue.put(update)


def message_ids_of(app: App) -> MessageIds:
    """The message numbers that an application of ours has seen."""
    limiter = app.bot.rate_limiter
    if not isinstance(limiter, Delivery):
        raise TypeError("an application that delivers otherwise")
    return limiter.ids


async def finish(app: App, grace: float) -> None:
    """Answer the questions in flight, within measure; what was not answered stays with Telegram.

    Args:
        app: which takes nothing more.
        grace: seconds that it may take.
    """
    if not app.running:
        return
    stopping = asyncio.create_task(app.stop())
    done, _ = await asyncio.wait({stopping}, timeout=grace)
    if not done:
        logger.warning(
            "not every question was answered within %g s of the stop: the others come again", grace
        )
        if isinstance(app.bot.rate_limiter, Delivery):
            app.bot.rate_limiter.close()
        await asyncio.wait({stopping}, timeout=SETTLE_SECONDS)
        await intake_of(app).give_up()
    await stopping
