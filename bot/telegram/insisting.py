"""Getting through to Telegram: again until it works, unless it never can."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ExtBot

from bot.errors import SettingsError
from bot.telegram.order import Context, Data, pauses

logger = logging.getLogger(__name__)

App = Application[ExtBot[int], Context, Data, Data, Data, None]
Result = TypeVar("Result")


class TokenError(SettingsError):
    """The bot token cannot be one, or Telegram does not accept it."""


async def insist(action: Callable[[], Awaitable[Result]], tried: Callable[[], None] = lambda: None) -> Result:
    """Try until it works: Telegram may be away for a while, and says how long where it is only busy.

    Args:
        action: what to do.
        tried: called whenever it ended, well or badly.

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
            seconds = max(pause, asked_to_wait(error))
            logger.warning("%s; trying again in %g s", trouble(error), seconds)
        except Exception:  # whatever the library makes of an answer that is not Telegram's
            seconds = pause
            logger.exception("Telegram's answer cannot be read; trying again in %g s", seconds)
        finally:
            tried()
        await asyncio.sleep(seconds)
    raise AssertionError("pauses never end")


def asked_to_wait(error: TelegramError) -> float:
    """Seconds that Telegram wants to be left alone."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return float(wait if isinstance(wait, int) else wait.total_seconds())


def trouble(error: TelegramError) -> str:
    """What an error means for who runs the bot."""
    match error:
        case Conflict():
            return f"another program reads this bot's updates: stop one of the two ({error})"
        case RetryAfter():
            return f"Telegram asks for patience ({error})"
        case _:
            return f"Telegram cannot be reached ({error})"
