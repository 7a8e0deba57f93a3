"""What was asked, answered and chosen: the latest of it in this process, all of it in the store.

A store that cannot be used for the moment costs what it would have remembered, not the answers; of a person
who opted out nothing but the latest is known, and that only until the process ends.
"""

import functools
import logging
from collections.abc import Callable, Collection
from typing import Final, ParamSpec, TypeVar

from bot.store import ChatSettings, Deleted, Exchange, Fault, Store, StoreError, Verdict
from bot.telegram.latest import Latest
from bot.telegram.store_calls import StoreCalls

logger = logging.getLogger(__name__)

EXCHANGES: Final = 100
"""Exchanges kept in this process, where they need not be read from the store; each takes some 15 kB."""
CHATS: Final = 10_000
"""Chats whose settings are kept in this process."""

P = ParamSpec("P")
T = TypeVar("T")


class Memory:
    """Finds exchanges and settings again.

    Args:
        store: what outlasts the process.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._exchanges: Latest[tuple[int, int | None], Exchange] = Latest(EXCHANGES)
        self._settings: Latest[int, ChatSettings] = Latest(CHATS)
        self._unreachable: set[int] | None = None
        self._calls = StoreCalls()

    def close(self) -> None:
        """Write nothing more."""
        self._calls.close()

    async def finished_updates(self) -> frozenset[int]:
        """Updates that the process before left as done with, though Telegram may give them again."""
        return await self.done(frozenset(), self._store.updates.finished)

    async def leave(self, updates: Collection[int]) -> None:
        """Leave updates to the next process as done with, though Telegram may give them again."""
        await self.done(None, self._store.updates.leave, updates)

    async def of_answer(self, chat: int, message: int) -> Exchange | None:
        """The exchange whose answer is this message."""
        if known := self._exchanges.get((chat, message)):
            return known
        return await self._calls.read(None, self._store.exchanges.of_answer, chat, message)

    async def of_question(self, chat: int, message: int) -> Exchange | None:
        """The exchange that this message asked for."""
        if known := self._latest(lambda one: one.chat == chat and one.asked == message):
            return known
        return await self._calls.read(None, self._store.exchanges.of_question, chat, message)

    async def latest(self, chat: int, topic: int | None, user: int | None = None) -> Exchange | None:
        """The latest exchange of a chat, in this topic, by this person if given."""
        known = self._latest(lambda one: one.chat == chat and one.topic == topic and user in {None, one.user})
        if known:
            return known
        return await self._calls.read(None, self._store.exchanges.latest, chat, topic, user)

    async def remember(self, exchange: Exchange) -> None:
        """Keep an exchange, in place of what was kept with the same answer message."""
        self._exchanges[exchange.chat, exchange.answered] = exchange
        await self._calls.note(self._store.exchanges.remember, exchange)

    async def rate(
        self, user: int, chat: int, answered: int, verdict: Verdict | None, fault: Fault | None = None
    ) -> bool:
        """Keep what a person thinks of an answer, and what is wrong with it; whether it is kept."""
        rate = functools.partial(self._store.feedback.rate, fault=fault)
        return await self.done(False, rate, user, chat, answered, verdict)  # noqa: FBT003

    async def verdict(self, user: int, chat: int, answered: int) -> Verdict | None:
        """What a person thinks of an answer, if they said."""
        return await self._calls.read(None, self._store.feedback.verdict, user, chat, answered)

    async def write(self, chat: int, user: int | None, text: str) -> bool:
        """Keep what somebody wrote about the bot; whether it is kept."""
        return await self.done(False, self._store.feedback.write, chat, user, text)  # noqa: FBT003

    async def settings(self, chat: int) -> ChatSettings:
        """What a chat has chosen."""
        if (known := self._settings.get(chat)) is not None:
            return known
        found = await self._calls.read(None, self._store.chats.settings, chat)
        if found is None:  # not known, which is another thing than chosen
            return ChatSettings()
        self._settings[chat] = found
        return found

    async def choose(self, chat: int, **chosen: object) -> bool:
        """Keep what a chat has chosen, beside what it chose before; whether that is done.

        Of the private chat of a person who opted out it is known until the process ends.
        """
        try:
            kept = await self._calls.write(self._store.chats.change, chat, **chosen)
        except StoreError as error:
            logger.warning("%s", error)
            return False
        known = self._settings.get(chat, ChatSettings())
        self._settings[chat] = kept or known.model_copy(update=chosen)
        return True

    async def migrate(self, old: int, new: int) -> None:
        """Give all that a group has to the supergroup that it became."""
        if (settings := self._settings.pop(old, None)) is not None:
            self._settings.setdefault(new, settings)
        for place in [place for place in self._exchanges if place[0] == old]:
            moved = self._exchanges.pop(place).model_copy(
                update={"chat": new, "asked": None, "answered": None}
            )
            self._exchanges[new, None] = moved
        await self._calls.note(self._store.chats.migrate, old, new)

    async def cannot_reach(self, chat: int) -> None:
        """Note that a chat takes no messages until it is heard of."""
        if self._unreachable is not None:
            self._unreachable.add(chat)
        await self._calls.note(self._store.letters.cannot_reach, chat)

    async def heard_of(self, chat: int) -> bool:
        """Note that something came from a chat; whether it took no messages before."""
        if self._unreachable is None:
            known = await self._calls.read(None, self._store.letters.unreachable)
            if known is None:
                return False
            self._unreachable = set(known)
        if chat not in self._unreachable:
            return False
        self._unreachable.discard(chat)
        await self._calls.note(self._store.letters.can_reach, chat)
        return True

    async def forget(self, user: int) -> Deleted | None:
        """Delete all that is known of a person; how much was stored, None when it could not be deleted."""
        self._drop(user)
        return await self.done(None, self._store.people.forget, user)

    async def forget_chat(self, chat: int) -> None:
        """Delete all that is known of a chat that the bot was put out of."""
        self._drop(chat)
        await self._calls.note(self._store.chats.forget, chat)

    async def opt_out(self, user: int, *, out: bool) -> bool:
        """Store nothing more of a person, or store again; whether that is done."""
        if out:
            self._drop(user)
        change = self._store.people.opt_out if out else self._store.people.opt_in

        def done() -> bool:
            change(user)
            return True

        return await self.done(False, done)  # noqa: FBT003

    async def has_opted_out(self, user: int) -> bool:
        """Whether nothing of a person is stored."""
        return await self._calls.read(False, self._store.people.has_opted_out, user)  # noqa: FBT003

    def _latest(self, wanted: Callable[[Exchange], bool]) -> Exchange | None:
        return next((one for one in reversed(self._exchanges.values()) if wanted(one)), None)

    def _drop(self, who: int) -> None:
        self._settings.pop(who, None)
        for place, one in list(self._exchanges.items()):
            if who in {one.chat, one.user, *one.sources, *one.earlier}:
                del self._exchanges[place]

    async def done(self, otherwise: T, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the store made of something that a person asked for; `otherwise` where it could not."""
        try:
            return await self._calls.write(call, *args, **kwargs)
        except StoreError as error:
            logger.warning("%s", error)
            return otherwise
