"""The python-telegram-bot application, put together."""

import os

from telegram.ext import Application, ContextTypes

from bot.operations.metrics import Metrics
from bot.telegram.delivery import Delivery
from bot.telegram.handlers import Desk, Handlers
from bot.telegram.insisting import App
from bot.telegram.order import MESSAGE_RATE, Chat, CountedUpdates, InChatOrder
from bot.telegram.requests import CountedRequest, PollingRequest


def application(
    token: str, api: str | None, desk: Desk, metrics: Metrics | None = None, rate: int = MESSAGE_RATE
) -> App:
    """The bot with its handlers, not yet connected.

    Args:
        token: as @BotFather gave it.
        api: base URL of a self-hosted Bot API server; None for Telegram's own.
        desk: what its handlers work with.
        metrics: told of updates and requests.
        rate: messages a second that Telegram takes; 0 for no limit.
    """
    # The library warns on each flood limit unless told that its durations may be timedeltas.
    os.environ["PTB_TIMEDELTA"] = "true"
    metrics = metrics or Metrics()
    handlers = Handlers(desk)
    builder = (
        Application.builder()
        .token(token)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(chat_data=Chat))
        .concurrent_updates(CountedUpdates(InChatOrder(), metrics))
        .rate_limiter(Delivery(rate))
        .request(CountedRequest(metrics))
        .get_updates_request(PollingRequest(metrics))
    )
    if api:
        base = api.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    app: App = builder.build()
    app.add_handlers(handlers.all())
    app.add_error_handler(handlers.failed)
    return app
