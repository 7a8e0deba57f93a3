"""Telegram's updates: read the update, ask the conversation off the event loop, send its reply.

In a group only what is addressed to the bot is answered: a mention, a reply to it, a command.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import LinkPreviewOptions, Message, MessageEntity, ReplyParameters, Update
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.chats import Chat, Context
from bot.conversation import Asked, Conversation, Reply
from bot.language import Language
from bot.responder import Responder

logger = logging.getLogger(__name__)

TYPING_TIMEOUT: Final = 3.0
"""Seconds: an indicator that takes longer is given up, the answer does not wait for it."""

Handler = BaseHandler[Update, Context, None]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]


class FromPerson(filters.MessageFilter):
    """Messages a person wrote. Anonymous admins and channels write through a bot of Telegram's own."""

    def filter(self, message: Message) -> bool:
        """Whether a message is of this kind."""
        sender = message.from_user
        return sender is not None and (not sender.is_bot or message.sender_chat is not None)


class Addressed(filters.MessageFilter):
    """Messages that mention the bot or reply to it."""

    def filter(self, message: Message) -> bool:
        """Whether a message is of this kind."""
        return bool(addresses(message)) or _replies_to_bot(message)


FOR_US: Final = filters.UpdateType.MESSAGE & FromPerson() & ~filters.VIA_BOT
QUESTION: Final = FOR_US & filters.TEXT & ~filters.COMMAND & (filters.ChatType.PRIVATE | Addressed())
UNKNOWN_COMMAND: Final = FOR_US & filters.COMMAND & filters.ChatType.PRIVATE

ALLOWED_UPDATES: Final = (Update.MESSAGE,)
"""The kinds of updates that a handler here takes."""


class Handlers:
    """What the bot does with updates.

    Args:
        retriever: what the conversations ask.
    """

    def __init__(self, retriever: Asked) -> None:
        self._retriever = retriever
        self._responders = {language: Responder(language) for language in Language}

    def all(self) -> list[Handler]:
        """Every handler, specific before general: the first that takes an update is the only one."""
        return [
            CommandHandler("start", self.start, FOR_US),
            CommandHandler("help", self.help, FOR_US),
            CommandHandler("more", self.more, FOR_US),
            CommandHandler("context", self.context, FOR_US),
            CommandHandler("why", self.why, FOR_US),
            CommandHandler("sources", self.sources, FOR_US),
            CommandHandler("ask", self.ask, FOR_US),
            MessageHandler(UNKNOWN_COMMAND, self.unknown),
            MessageHandler(QUESTION, self.ask),
        ]

    async def start(self, update: Update, _context: Context) -> None:
        """Say what this bot is."""
        await self._tell(_message(update), "start")

    async def help(self, update: Update, _context: Context) -> None:
        """Say what can be asked."""
        await self._tell(_message(update), "help")

    async def unknown(self, update: Update, _context: Context) -> None:
        """Say that there is no such command."""
        await self._tell(_message(update), "unknown_command")

    async def ask(self, update: Update, context: Context) -> None:
        """Answer a question."""
        question = question_of(_message(update))
        await self._reply(update, context, lambda conversation: conversation.ask(question))

    async def more(self, update: Update, context: Context) -> None:
        """Show the next passages."""
        await self._reply(update, context, Conversation.more)

    async def context(self, update: Update, context: Context) -> None:
        """Show the sentences around a passage."""
        number = _number(context)
        await self._reply(update, context, lambda conversation: conversation.context(number))

    async def why(self, update: Update, context: Context) -> None:
        """Explain why a passage was chosen."""
        number = _number(context)
        await self._reply(update, context, lambda conversation: conversation.why(number))

    async def sources(self, update: Update, context: Context) -> None:
        """List the articles."""
        await self._reply(update, context, Conversation.sources)

    async def failed(self, update: object, context: Context) -> None:
        """Log what went wrong and apologise, where there is somebody who can be told."""
        error = context.error
        message = update.effective_message if isinstance(update, Update) else None
        if isinstance(error, Forbidden):
            logger.info("a chat cannot be written to any more: %s", error)
            return
        logger.error("an update was not answered", exc_info=error)
        undeliverable = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
        if message is None or undeliverable:
            return
        try:
            await self._tell(message, "apology")
        except TelegramError as unsent:
            logger.warning("the apology could not be sent: %s", unsent)

    async def _tell(self, message: Message, phrase: str) -> None:
        """Send a fixed text."""
        await send(message, self._responder(message).phrase(phrase))

    async def _reply(self, update: Update, context: Context, turn: Callable[[Conversation], Reply]) -> None:
        """Take a turn of the chat's conversation and send what comes of it."""
        message = _message(update)
        conversation = self._conversation(context)
        responder = self._responder(message)
        typing = asyncio.create_task(show_typing(message))
        try:
            text = await asyncio.to_thread(lambda: responder.telegram(turn(conversation)))
        finally:
            await typing  # an indicator that came after the answer would stay
        await send(message, text)

    def _conversation(self, context: Context) -> Conversation:
        chat = context.chat_data or Chat()
        chat.conversation = chat.conversation or Conversation(self._retriever)
        return chat.conversation

    def _responder(self, message: Message) -> Responder:
        sender = message.from_user
        return self._responders[Language.of(sender.language_code if sender else None)]


async def send(message: Message, text: str) -> None:
    """Answer a message with a text in Telegram's HTML: in a group as a reply, in its topic."""
    private = message.chat.type == message.chat.PRIVATE
    await message.get_bot().send_message(
        message.chat_id,
        text,
        parse_mode=ParseMode.HTML,
        message_thread_id=_topic(message),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=None
        if private
        else ReplyParameters(message.message_id, allow_sending_without_reply=True),
    )


async def show_typing(message: Message) -> None:
    """Show that an answer is on its way; that this fails is no reason not to answer."""
    try:
        await message.get_bot().send_chat_action(
            message.chat_id,
            ChatAction.TYPING,
            message_thread_id=_topic(message),
            read_timeout=TYPING_TIMEOUT,
            connect_timeout=TYPING_TIMEOUT,
            pool_timeout=TYPING_TIMEOUT,
        )
    except TelegramError as error:
        logger.debug("no typing indicator: %s", error)


def question_of(message: Message) -> str:
    """The text of a message without what only addresses the bot: its mentions, the command at the start."""
    cut = addresses(message)
    if (first := next(iter(message.entities), None)) and _is_command(first):
        cut.append(first)
    # Telegram counts in UTF-16 units.
    text = (message.text or "").encode("utf-16-le", "surrogatepass")
    for entity in sorted(cut, key=lambda entity: entity.offset, reverse=True):
        text = text[: 2 * entity.offset] + text[2 * (entity.offset + entity.length) :]
    return text.decode("utf-16-le", "replace").strip()


def addresses(message: Message) -> list[MessageEntity]:
    """The mentions of the bot in a message."""
    bot = message.get_bot()
    mentions = message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION])
    return [
        entity
        for entity, text in mentions.items()
        if text.lower() == f"@{bot.username}".lower() or (entity.user and entity.user.id == bot.id)
    ]


def _replies_to_bot(message: Message) -> bool:
    """Whether a message answers one of the bot's; in a topic every message "answers" its opening."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created:
        return False
    return replied.from_user.id == message.get_bot().id


def _is_command(entity: MessageEntity) -> bool:
    return entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0


def _topic(message: Message) -> int | None:
    """The topic of a message; outside of topics the number names a thread of replies, not to be sent to."""
    return message.message_thread_id if message.is_topic_message else None


def _number(context: Context) -> int:
    """The number after a command: which passage is meant."""
    argument = next(iter(context.args or ()), "")
    return int(argument) if argument.isdecimal() else 1


def _message(update: Update) -> Message:
    """The message of an update that a handler here was given."""
    if update.effective_message is None:
        raise TypeError("an update without a message")
    return update.effective_message
