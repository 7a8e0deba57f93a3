"""Sends what the bot says of its own accord: each letter once, whatever ends the process in between.

A letter is noted before it is sent, with the latest message numbers known; one that a process left in this
state may have arrived, and is looked for: its buttons are no other message's, and Telegram tells of a message
that has them already.
"""

import asyncio
import json
import logging
from typing import Final

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.operations.metrics import Metrics
from bot.store import Letter, StoreError
from bot.telegram.delivery import NOT_THERE, THERE, UncertainError
from bot.telegram.desk import HandlerContext
from bot.telegram.message_ids import MessageIds
from bot.telegram.messages.sending import NO_PREVIEW, is_of_the_chat

logger = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""Letters sent at the same time: what Telegram says of one chat keeps no other waiting."""
EVERY: Final = 30.0
"""Seconds after which letters are looked for though nobody posted any."""
BEYOND: Final = 40
"""Numbers beyond the latest one known by which a letter may have arrived: other messages came meanwhile."""
NEAR: Final = 3
"""The same among those of its chat alone."""
MOST: Final = 200
"""Numbers looked at for one letter."""


class Posting:
    """Delivers letters.

    Args:
        bot: that sends.
        desk: what the handlers share.
        ids: the message numbers seen.
        metrics: told of what was sent.
    """

    def __init__(self, bot: Bot, desk: HandlerContext, ids: MessageIds, metrics: Metrics) -> None:
        self._bot = bot
        self._desk = desk
        self._letters = desk.store.letters
        self._ids = ids
        self._metrics = metrics
        self._posted = asyncio.Event()

    def wake(self) -> None:
        """Look for letters now."""
        self._posted.set()

    async def run(self) -> None:
        """Deliver, for ever."""
        known = False
        while True:
            self._posted.clear()
            try:
                if not known:
                    for chat, number in (await asyncio.to_thread(self._letters.latest_numbers)).items():
                        self._ids.note(chat, number)
                    known = True
                await self.deliver()
            except StoreError as error:
                logger.warning("%s", error)
            try:
                async with asyncio.timeout(EVERY):
                    await self._posted.wait()
            except TimeoutError:
                continue

    async def deliver(self) -> None:
        """Send the letters that wait, those of one chat one after the other.

        Raises:
            StoreError: the store cannot be used.
        """
        unreachable = await asyncio.to_thread(self._letters.unreachable)
        by_chat: dict[int, list[Letter]] = {}
        for letter in await asyncio.to_thread(self._letters.waiting):
            if letter.chat not in unreachable:
                by_chat.setdefault(letter.chat, []).append(letter)
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for letters in by_chat.values():
                tasks.create_task(self._to_chat(letters, places))

    async def _to_chat(self, letters: list[Letter], places: asyncio.Semaphore) -> None:
        for letter in letters:
            try:
                async with places:
                    went_on = await self._sent(letter)
            except StoreError as error:
                logger.warning("%s", error)
                return
            if not went_on:
                return

    async def _sent(self, letter: Letter) -> bool:
        """Send a letter; whether the next one of its chat may follow."""
        number = letter.id or 0
        try:
            message = await self._arrived(letter) if letter.in_chat is not None else None
            if message is None:
                mark = self._ids.mark(letter.chat)
                if not await asyncio.to_thread(self._letters.begin, number, mark.in_chat, mark.shared):
                    return True  # forgotten meanwhile
                message = await self._send(letter)
        except TelegramError as error:
            await self._failed(letter, error)
            return False
        await asyncio.to_thread(self._letters.arrived, number, message)
        self._metrics.told(letter.kind)
        return True

    async def _send(self, letter: Letter) -> int:
        sent = await self._bot.send_message(
            letter.chat,
            letter.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=letter.topic,
            link_preview_options=NO_PREVIEW,
            reply_markup=_buttons(letter, self._bot),
        )
        return sent.message_id

    async def _failed(self, letter: Letter, error: TelegramError) -> None:
        number = letter.id or 0
        if isinstance(error, UncertainError):
            logger.warning("a letter may have arrived or not, and is looked for: %s", error)
            return
        if is_of_the_chat(error):
            logger.info("a chat takes no messages: nothing is sent there until it is heard of (%s)", error)
            await asyncio.to_thread(self._letters.put_back, number)
            await self._desk.memory.cannot_reach(letter.chat)
        elif isinstance(error, ChatMigrated):
            await asyncio.to_thread(self._letters.put_back, number)
            await self._desk.memory.migrate(letter.chat, error.new_chat_id)
            self.wake()
        elif isinstance(error, BadRequest):
            logger.error("a letter is given up, for Telegram will not have it: %s", error)
            await asyncio.to_thread(self._letters.give_up, number)
        else:
            logger.warning("a letter did not get through (%s); it is sent later", error)
            await asyncio.to_thread(self._letters.put_back, number)

    async def _arrived(self, letter: Letter) -> int | None:
        """The message that a letter became which a process may have sent before it ended; None for none.

        Raises:
            TelegramError: Telegram does not tell.
        """
        known = await asyncio.to_thread(self._letters.numbers, letter.chat)
        buttons = _buttons(letter, self._bot)
        for number in self._numbers(letter):
            if number in known:
                continue
            try:
                await self._bot.edit_message_reply_markup(letter.chat, number, reply_markup=buttons)
            except BadRequest as error:
                said = str(error).lower()
                if THERE in said:
                    return number
                if not any(form in said for form in NOT_THERE):
                    raise
        return None

    def _numbers(self, letter: Letter) -> list[int]:
        """The numbers that a letter's message can have."""
        in_chat, shared = letter.in_chat or 0, letter.shared or 0
        latest = self._ids.mark(letter.chat).shared
        near = range(in_chat + 1, in_chat + NEAR + 1)
        beyond = range(shared + 1, max(latest, shared) + BEYOND + 1)
        return list(dict.fromkeys((*near, *beyond)))[:MOST]


def _buttons(letter: Letter, bot: Bot) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup.de_json(json.loads(letter.buttons), bot)
