"""Replies as messages: a trend with its picture where pictures can be drawn, all others as texts."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from telegram import InlineKeyboardMarkup, InputFile, InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ParseMode

from bot.conversation.replies import Reply
from bot.layout.charts import ChartsUnavailableError, draw
from bot.layout.responder import Responder
from bot.telegram.messages.addressing import is_private, topic_of

NAME: Final = "trend.png"

logger = logging.getLogger(__name__)


async def picture(reply: Reply, phrases: Mapping[str, str], *, dark: bool = False) -> bytes | None:
    """The picture of a reply; None where it has none, or none can be drawn here."""
    if reply.trend is None or not (reply.trend.points or reply.trend.months):
        return None
    try:
        return await asyncio.to_thread(draw, reply.trend, phrases, dark=dark)
    except ChartsUnavailableError as error:
        logger.info("%s", error)
        return None


async def send_picture(
    message: Message, shown: bytes, caption: str, buttons: InlineKeyboardMarkup | None
) -> Message:
    """Answer a message with a picture: in a group as a reply, in its topic."""
    asked = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    return await message.get_bot().send_photo(
        message.chat_id,
        InputFile(shown, NAME),
        caption=caption,
        parse_mode=ParseMode.HTML,
        message_thread_id=topic_of(message),
        reply_markup=buttons,
        reply_parameters=None if is_private(message) else asked,
    )


def media(shown: bytes, reply: Reply, responder: Responder) -> InputMediaPhoto:
    """A picture with its caption, to be put in the place of another."""
    return InputMediaPhoto(shown, filename=NAME, caption=responder.caption(reply), parse_mode=ParseMode.HTML)
