"""Whom a message is for, and what of it is the question."""

from typing import Final

from telegram import Message, MessageEntity
from telegram.ext import filters


class FromPerson(filters.MessageFilter):
    """Messages a person wrote. Anonymous admins and channels write through a bot of Telegram's own."""

    def filter(self, message: Message) -> bool:
        """Whether a message is of this kind."""
        sender = message.from_user
        return sender is not None and (not sender.is_bot or message.sender_chat is not None)


class Addressed(filters.MessageFilter):
    """Messages that mention the bot, reply to it, or give it a command."""

    def filter(self, message: Message) -> bool:
        """Whether a message is of this kind."""
        return bool(addresses(message)) or replied_to_bot(message) is not None


WRITTEN: Final = FromPerson() & ~filters.VIA_BOT
FOR_US: Final = filters.UpdateType.MESSAGE & WRITTEN
ASKED: Final = filters.TEXT & ~filters.COMMAND & (filters.ChatType.PRIVATE | Addressed())
QUESTION: Final = FOR_US & ASKED
CAPTION: Final = FOR_US & filters.CAPTION & ~filters.Document.ALL & (filters.ChatType.PRIVATE | Addressed())
EDITED: Final = filters.UpdateType.EDITED_MESSAGE & WRITTEN & (filters.TEXT | filters.CAPTION)
UNKNOWN_COMMAND: Final = FOR_US & filters.COMMAND & filters.ChatType.PRIVATE
NO_TEXT: Final = FOR_US & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
DOCUMENT: Final = FOR_US & filters.ChatType.PRIVATE & filters.Document.ALL


def question_of(message: Message) -> str:
    """The text of a message without what only addresses the bot: its mentions, the command at the start."""
    cut = addresses(message)
    if (first := next(iter(_entities(message)), None)) and _is_command(first):
        cut.append(first)
    # Telegram counts in UTF-16 units.
    text = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for entity in sorted(cut, key=lambda entity: entity.offset, reverse=True):
        text = text[: 2 * entity.offset] + text[2 * (entity.offset + entity.length) :]
    return text.decode("utf-16-le", "replace").strip()


def addresses(message: Message) -> list[MessageEntity]:
    """The mentions of the bot in a message."""
    bot = message.get_bot()
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    mentions = message.parse_entities(kinds) if message.text else message.parse_caption_entities(kinds)
    return [
        entity
        for entity, text in mentions.items()
        if text.lower() == f"@{bot.username}".lower() or (entity.user and entity.user.id == bot.id)
    ]


def is_addressed(message: Message) -> bool:
    """Whether the bot is to answer a message: private, mentioned, replied to, or given a command."""
    if message.chat.type == message.chat.PRIVATE:
        return True
    return bool(addresses(message)) or replied_to_bot(message) is not None or is_command_for_us(message)


def is_command_for_us(message: Message) -> bool:
    """Whether a message begins with a command that names this bot or none."""
    first = next(iter(_entities(message)), None)
    if first is None or not _is_command(first):
        return False
    _, named, bot = message.parse_entity(first).partition("@")
    return not named or bot.lower() == (message.get_bot().username or "").lower()


def replied_to_bot(message: Message) -> Message | None:
    """The message of the bot that a message answers; in a topic every message "answers" its opening."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.forum_topic_created:
        return None
    return replied if replied.from_user.id == message.get_bot().id else None


def topic_of(message: Message) -> int | None:
    """The topic of a message; outside of topics the number names a thread of replies, not to be sent to."""
    return message.message_thread_id if message.is_topic_message else None


def asker_of(message: Message) -> int | None:
    """Who writes: a person, or the group or channel that an anonymous admin or a channel writes as.

    Telegram's bots that stand for those are the same in all groups, so their numbers name nobody.
    """
    sender = message.from_user
    if message.sender_chat is not None and (sender is None or sender.is_bot):
        return message.sender_chat.id
    return sender.id if sender else None


def is_private(message: Message) -> bool:
    """Whether a message stands in the chat of one person with the bot."""
    return message.chat.type == message.chat.PRIVATE


def _entities(message: Message) -> tuple[MessageEntity, ...]:
    return tuple(message.entities or message.caption_entities)


def _is_command(entity: MessageEntity) -> bool:
    return entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
