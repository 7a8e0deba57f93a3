"""Messages of a group that only one member sees (ephemeral messages of Bot API 10.3)."""

import logging

from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.telegram.handlers.pressing import Press, pressed_message
from bot.telegram.messages.addressing import topic_of
from bot.telegram.messages.sending import NO_PREVIEW

logger = logging.getLogger(__name__)


class Whispers:
    """Sends them, until it turns out that the server does not know them.

    A Bot API server of an older version takes no notice of what it does not know, and shows the message to
    all: it is deleted at once, and no other is sent.
    """

    def __init__(self) -> None:
        self._are_known = True

    async def whisper(self, press: Press, text: str) -> bool:
        """Show a text to who pressed a button and to nobody else; whether that is done."""
        if not self._are_known:
            return False
        message, bot = pressed_message(press), press.query.get_bot()
        alone = {"receiver_user_id": press.user.id, "callback_query_id": press.query.id}
        try:
            sent = await bot.send_message(
                press.chat,
                text,
                parse_mode=ParseMode.HTML,
                message_thread_id=topic_of(message) if message else None,
                link_preview_options=NO_PREVIEW,
                api_kwargs={"ephemeral_message_parameters": alone},
            )
            if "ephemeral_message_id" in sent.api_kwargs:
                return True
            self._are_known = False
            await sent.delete()
        except TelegramError as error:
            logger.info("a message for one member of a group is not sent: %s", error)
        return False
