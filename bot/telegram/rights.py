"""Who may do what: use the bot, change the corpus, choose for a group, press what concerns one person."""

import logging
import time
from dataclasses import dataclass
from typing import Final

from telegram import Bot, ChatMember
from telegram.error import TelegramError

from bot.telegram.latest import Latest

logger = logging.getLogger(__name__)

REMEMBERED_SECONDS: Final = 60.0
"""How long it is taken for granted that somebody is, or is no, admin of a group."""
REMEMBERED: Final = 1_000
ADMINS: Final = {ChatMember.OWNER, ChatMember.ADMINISTRATOR}


@dataclass(frozen=True)
class Access:
    """Who may use the bot: administrators, and users and chats; none of these means everyone."""

    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()

    def admits(self, user: int | None, chat: int | None) -> bool:
        """Whether somebody is answered in a chat."""
        return not self.allowed or bool({user, chat} & (self.allowed | self.admins))

    def is_admin(self, user: int | None) -> bool:
        """Whether somebody may change the corpus."""
        return user in self.admins


class Rights:
    """Tells them.

    Args:
        access: who are the bot's own admins.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: Latest[tuple[int, int], tuple[bool, float]] = Latest(REMEMBERED)

    async def may_set(self, bot: Bot, chat: int, person: int | None) -> bool:
        """Whether somebody may choose for a chat: in a private one its person, in a group its admins.

        Args:
            bot: asks Telegram.
            chat: what is chosen for.
            person: who would; the group's own number is that of an admin who is anonymous.
        """
        if person is None:
            return False
        return (
            person == chat or self._access.is_admin(person) or await self._is_group_admin(bot, chat, person)
        )

    async def owns(self, bot: Bot, chat: int, person: int, owner: int | None) -> bool:
        """Whether what is somebody's is this person's; what was asked as the group is its admins'."""
        return owner in {None, person} or (owner == chat and await self.may_set(bot, chat, person))

    async def _is_group_admin(self, bot: Bot, chat: int, person: int) -> bool:
        known, until = self._known.get((chat, person), (False, 0.0))
        if time.monotonic() < until:
            return known
        try:
            member = await bot.get_chat_member(chat, person)
        except TelegramError as error:
            logger.info("Telegram does not tell whether somebody is an admin of their group: %s", error)
            return False
        self._known[chat, person] = member.status in ADMINS, time.monotonic() + REMEMBERED_SECONDS
        return member.status in ADMINS
