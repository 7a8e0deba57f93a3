"""What Telegram shows of the bot: its commands by kind of chat and by language, and its descriptions.

Telegram knows languages by two letters, so it can tell Chinese from the others, but not the two scripts: who
reads traditional Chinese gets the commands in it for their own chat, once the bot has met them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Any, Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    User,
)
from telegram.error import BadRequest, TelegramError

from bot.layout.language import Language, phrases
from bot.telegram.desk import HandlerContext
from bot.telegram.order import pauses

logger = logging.getLogger(__name__)

GROUP: Final = (
    "ask",
    "more",
    "context",
    "why",
    "latest",
    "timeline",
    "trend",
    "explore",
    "sources",
    "watch",
    "watches",
    "digest",
    "hours",
    "settings",
    "filter",
    "language",
    "help",
)
PRIVATE: Final = (*GROUP[:-1], "feedback", "privacy", "forget", "help")
ADMIN: Final = (*PRIVATE, "stats", "gaps", "reload", "uploads")
LANGUAGES: Final = {"": Language.EN, "zh": Language.HANS}
"""By Telegram's code; the empty one is for all languages without their own."""


def commands(names: Sequence[str], language: Language) -> list[BotCommand]:
    """Commands with what each does."""
    return [BotCommand(name, phrases(language)[f"menu_{name}"]) for name in names]


async def introduction(bot: Bot, desk: HandlerContext) -> None:
    """Introduce the bot as soon as Telegram lets it; then wait for ever, as a chore of the service does."""
    for pause in pauses():
        if await introduce(bot, desk):
            break
        await asyncio.sleep(pause)
    await asyncio.Event().wait()


async def introduce(bot: Bot, desk: HandlerContext) -> bool:
    """Set commands and descriptions, where they are not as they should be; whether it is worth no other try.

    That this fails is no reason not to answer: what could not be set is logged.
    """
    scopes: list[tuple[BotCommandScope, Sequence[str]]] = [
        (BotCommandScopeDefault(), PRIVATE),
        (BotCommandScopeAllPrivateChats(), PRIVATE),
        (BotCommandScopeAllGroupChats(), GROUP),
        *((BotCommandScopeChat(admin), ADMIN) for admin in sorted(desk.access.admins)),
    ]
    done = True
    for code, language in LANGUAGES.items():
        texts = phrases(language)
        done &= await _tolerant(_describe(bot, code, texts["description"], texts["short_description"]))
        for scope, names in scopes:
            done &= await _tolerant(_set_commands(bot, names, language, scope, code))
    return done


async def offer_commands(bot: Bot, desk: HandlerContext, chat: int, user: User) -> None:
    """Give a private chat the commands in its language, where those for everyone are in another."""
    language = (await desk.memory.settings(chat)).language or Language.of(user.language_code)
    names = ADMIN if desk.access.is_admin(user.id) else PRIVATE
    scope = BotCommandScopeChat(chat)
    everyones = LANGUAGES["zh" if (user.language_code or "").startswith("zh") else ""]
    for code in LANGUAGES:
        if language is everyones and not desk.access.is_admin(user.id):
            await _tolerant(bot.delete_my_commands(scope, code))
        else:
            await _tolerant(bot.set_my_commands(commands(names, language), scope, code))


async def _describe(bot: Bot, code: str, long: str, short: str) -> None:
    if (await bot.get_my_description(code)).description != long:
        await bot.set_my_description(long, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


async def _set_commands(
    bot: Bot, names: Sequence[str], language: Language, scope: BotCommandScope, code: str
) -> None:
    wanted = commands(names, language)
    if list(await bot.get_my_commands(scope, code)) != wanted:
        await bot.set_my_commands(wanted, scope, code)


async def _tolerant(step: Awaitable[Any]) -> bool:
    """Take a step; whether it is worth no other try."""
    try:
        await step
    except BadRequest as error:  # an admin who never wrote to the bot, for one
        logger.warning("commands and descriptions are not all set: %s", error)
    except TelegramError as error:
        logger.warning("commands and descriptions are not all set: %s; trying again", error)
        return False
    return True
