"""What the server knows: users, chats, files, updates that wait, answers that were given."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from fake_telegram.calls import Call, Json
from fake_telegram.chats import DATE, DEADLINE, QUERIES, Chat
from fake_telegram.texts import entities


class World:
    """Telegram as it is between two requests."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.updates: dict[int, Json] = {}
        self.answers: dict[str, Call] = {}
        self.own: dict[tuple[str, str, str], Any] = {}
        self.webhook: Call | None = None
        self.knows_ephemeral = True
        self._ids = itertools.count(1001)
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(500_000)
        self._something: asyncio.Condition = asyncio.Condition()
        self._notices: set[asyncio.Task[None]] = set()

    def user(self, name: str, language: str = "zh-hans", *, is_bot: bool = False) -> Json:
        """Somebody who can write."""
        return {"id": next(self._ids), "is_bot": is_bot, "first_name": name, "language_code": language}

    def private(self, user: Json) -> Chat:
        """The chat of a user with the bot."""
        return self._chat({"id": user["id"], "type": "private", "first_name": user["first_name"]})

    def group(self, title: str, *, forum: bool = False, privacy: bool = False) -> Chat:
        """A group, or a supergroup with topics."""
        if forum:
            info = {"id": -1_000_000_000_000 - next(self._ids), "type": "supergroup", "is_forum": True}
        else:
            info = {"id": -next(self._ids), "type": "group"}
        return self._chat(info | {"title": title}, privacy=privacy)

    def migrate(self, old: Chat) -> Chat:
        """A group becomes a supergroup: another chat, and both tell of it."""
        info = {"id": -1_000_000_000_000 - next(self._ids), "type": "supergroup", "title": old.info["title"]}
        new = self._chat(info, privacy=old.privacy)
        sender = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        old.migrated_to = new.id
        self.update(message=old.record({"from": sender, "migrate_to_chat_id": new.id}))
        self.update(message=new.record({"from": sender, "migrate_from_chat_id": old.id}))
        return new

    def _chat(self, info: Json, *, privacy: bool = False) -> Chat:
        made = Chat(info, self.update, self.keep_file, privacy)
        if info["type"] != "supergroup":
            made.numbers = self._message_ids  # as Telegram numbers a bot's chats: all of them together
        return self.chats.setdefault(info["id"], made)

    def inline(self, user: Json, query: str, offset: str = "") -> str:
        """A user types the bot's name and a question in any chat; the number of the query."""
        number = str(next(QUERIES))
        self.update(inline_query={"id": number, "from": user, "query": query, "offset": offset})
        return number

    def guest(self, user: Json, text: str) -> str:
        """A user calls the bot in a chat that it is not in; the number of the query."""
        number = str(next(QUERIES))
        chat = {"id": -next(self._ids), "type": "group", "title": "elsewhere"}
        message = {"message_id": 1, "date": DATE, "chat": chat, "from": user, "guest_query_id": number}
        self.update(guest_message=message | {"text": text, "entities": entities(text)})
        return number

    async def answer(self, query: str) -> Call:
        """What the bot answered to a pressed button or an inline query, waited for."""
        await self.until(lambda: query in self.answers)
        return self.answers[query]

    def keep_file(self, name: str, content: bytes) -> Json:
        """A file on the server, as a document."""
        number = f"file{len(self.files) + 1}"
        self.files[number] = content
        about = {"file_id": number, "file_unique_id": f"u{number}", "file_name": name}
        return about | {"file_size": len(content)}

    def update(self, **content: object) -> int:
        """Queue an update for the bot, whatever it holds; its number."""
        number = next(self._update_ids)
        self.updates[number] = {"update_id": number, **content}
        self.notify()
        return number

    @property
    def pending(self) -> int:
        """Updates not acknowledged yet."""
        return len(self.updates)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something holds; it is looked at after every request and update."""
        async with asyncio.timeout(DEADLINE), self._something:
            await self._something.wait_for(condition)

    async def wait(self, seconds: float, condition: Callable[[], object]) -> bool:
        """Wait until something holds, for so long at most; whether it does."""
        try:
            async with asyncio.timeout(seconds), self._something:
                await self._something.wait_for(condition)
        except TimeoutError:
            return False
        return True

    def notify(self) -> None:
        """Let everybody who waits look again."""

        async def notify() -> None:
            async with self._something:
                self._something.notify_all()

        task = asyncio.get_running_loop().create_task(notify())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    @property
    def notices(self) -> set[asyncio.Task[None]]:
        """The tasks that still tell who waits."""
        return self._notices
