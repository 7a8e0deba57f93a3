"""Updates that are set aside: whoever worked on them did not live to see their end."""

from typing import Final

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.telegram.attempts import MOST, Attempts
from bot.telegram.desk import HandlerContext
from bot.telegram.order import Context
from retrieval.errors import ZhiwenError

TOLD: Final = MOST
"""Begun in vain so often, an update is told of; if that is in vain too, nothing more is done about it."""


class SetAsideError(ZhiwenError):
    """An update is not worked on any more."""


class Aside:
    """Comes before every other handler.

    Args:
        desk: what the handlers share.
        attempts: counts how often each update was begun.
    """

    def __init__(self, desk: HandlerContext, attempts: Attempts) -> None:
        self._desk = desk
        self._attempts = attempts

    async def check(self, update: Update, context: Context) -> None:
        """Let an update through, unless it is one of them.

        Raises:
            SetAsideError: it is, and whoever wrote shall be told.
        """
        number = update.update_id
        in_vain = self._attempts.in_vain(number)
        if in_vain < MOST:
            return
        if in_vain > TOLD:
            raise ApplicationHandlerStop
        await self._desk.tell_admins(context.bot, "set_aside_admin", update=number, times=in_vain)
        raise SetAsideError(f"{number} is set aside: it was begun {in_vain} times, and the process ended")
