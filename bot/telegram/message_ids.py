"""The numbers that Telegram gave to messages, from which those of the next ones follow.

Telegram numbers the messages of each supergroup or channel by themselves, and those of all private chats and
basic groups of one bot together, each one higher than the one before.
"""

from typing import Final, NamedTuple

from bot.telegram.latest import Latest

SUPERGROUPS: Final = -1_000_000_000_000
"""The numbers of supergroups and channels are below this."""
CHATS: Final = 10_000
"""Chats whose latest number is remembered."""
KNOWN: Final = 10_000
"""Messages whose numbers are remembered."""
BEYOND: Final = 3
"""Numbers looked at beyond the latest one known: a member may write at the same moment."""
MOST: Final = 40
"""Numbers looked at for one message."""


class Mark(NamedTuple):
    """The latest numbers known at a moment: in a chat, and among the chats that it is numbered with."""

    in_chat: int
    shared: int


class MessageIds:
    """The numbers seen lately."""

    def __init__(self) -> None:
        self._latest: Latest[int, int] = Latest(CHATS)
        self._shared = 0
        self._known: Latest[tuple[int, int], int] = Latest(KNOWN)
        """The chat of a message, by what it is numbered with and its number."""

    def note(self, chat: int, message: int) -> None:
        """A message of this chat has this number."""
        self._latest[chat] = max(message, self._latest.get(chat, 0))
        if chat > SUPERGROUPS:
            self._shared = max(message, self._shared)
        self._known[_counted_with(chat), message] = chat

    def mark(self, chat: int) -> Mark:
        """The latest numbers that a message to this chat would follow."""
        in_chat = self._latest.get(chat, 0)
        return Mark(in_chat, self._shared if chat > SUPERGROUPS else in_chat)

    def since(self, chat: int, before: Mark) -> list[int] | None:
        """The numbers that a message sent to a chat after a moment can have; None where there are too many.

        Numbers of messages that are known are left out.
        """
        group = _counted_with(chat)
        near = (before.in_chat + n for n in range(1, BEYOND + 1))
        shared = range(before.shared + 1, self.mark(chat).shared + BEYOND + 1)
        candidates = dict.fromkeys(number for number in near if self._known.get((group, number)) != chat)
        candidates |= dict.fromkeys(number for number in shared if (group, number) not in self._known)
        return list(candidates) if len(candidates) <= MOST else None


def _counted_with(chat: int) -> int:
    """What the messages of a chat are numbered with: themselves, or all chats that are no supergroups (0)."""
    return 0 if chat > SUPERGROUPS else chat
