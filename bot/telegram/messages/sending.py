"""Messages to a chat: sent as replies in groups and topics, edited in place, whatever became of the chat."""

import logging
from typing import Final

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.telegram.messages.addressing import is_private, topic_of

logger = logging.getLogger(__name__)

TYPING_TIMEOUT: Final = 3.0
"""Seconds: an indicator that takes longer is given up, the answer does not wait for it."""
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)
UNCHANGED: Final = "not modified"
UNEDITABLE: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")
"""How Telegram says that a message is gone, or too old."""


NO_ENTRY: Final = (
    "rights",
    "forbidden",
    "restricted",
    "slowmode",
    "topic_closed",
    "topic_deleted",
    "thread not found",
    "chat not found",
    "was deactivated",
    "peer_id_invalid",
)
"""How it says that nothing can be sent to a chat: no right to, too soon, a topic closed, the chat gone."""


async def send(message: Message, text: str, buttons: InlineKeyboardMarkup | None = None) -> Message:
    """Answer a message with a text in Telegram's HTML: in a group as a reply, in its topic."""
    bot = message.get_bot()
    private = is_private(message)
    try:
        return await bot.send_message(
            message.chat_id,
            text,
            parse_mode=ParseMode.HTML,
            message_thread_id=topic_of(message),
            link_preview_options=NO_PREVIEW,
            reply_markup=buttons,
            reply_parameters=None
            if private
            else ReplyParameters(message.message_id, allow_sending_without_reply=True),
        )
    except ChatMigrated as migrated:
        # The group became a supergroup: the message to reply to is not there, and buttons of the old chat
        # would do nothing in the new one.
        return await bot.send_message(
            migrated.new_chat_id, text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        )


def is_of_the_chat(error: TelegramError) -> bool:
    """Whether an error tells of the chat that nothing can be sent there now: nor can an apology."""
    said = str(error).lower()
    return isinstance(error, Forbidden) or (
        isinstance(error, BadRequest) and any(form in said for form in NO_ENTRY)
    )


async def edit(
    bot: Bot, chat: int, message: int, text: str, buttons: InlineKeyboardMarkup | None = None
) -> bool:
    """Put another text in the place of one of the bot's; False where that is not there any more."""
    try:
        await bot.edit_message_text(
            text,
            chat,
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=buttons,
        )
    except BadRequest as error:
        return _was_edited(error)
    return True


async def edit_buttons(bot: Bot, chat: int, message: int, buttons: InlineKeyboardMarkup) -> None:
    """Put other buttons under one of the bot's messages, where it is still there."""
    try:
        await bot.edit_message_reply_markup(chat, message, reply_markup=buttons)
    except BadRequest as error:
        _was_edited(error)


def _was_edited(error: BadRequest) -> bool:
    said = str(error).lower()
    if UNCHANGED in said:
        return True
    if any(form in said for form in UNEDITABLE):
        return False
    raise error


async def show_typing(message: Message) -> None:
    """Show that an answer is on its way; that this fails is no reason not to answer."""
    try:
        await message.get_bot().send_chat_action(
            message.chat_id,
            ChatAction.TYPING,
            message_thread_id=topic_of(message),
            read_timeout=TYPING_TIMEOUT,
            connect_timeout=TYPING_TIMEOUT,
            pool_timeout=TYPING_TIMEOUT,
        )
    except TelegramError as error:
        logger.debug("no typing indicator: %s", error)
