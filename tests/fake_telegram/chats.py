"""Who writes to the bot, where, and what else happens there."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from fake_telegram.calls import BLOCKED, Call, Json, RefusedError, refusal
from fake_telegram.texts import entities

BOT: Final[Json] = {"id": 123456789, "is_bot": True, "first_name": "知闻", "username": "zhiwen_test_bot"}
DEADLINE: Final = 20.0
"""Seconds after which a test gives up waiting for what should have come at once."""
DATE: Final = 1_767_225_600
"""When every message was written, so that transcripts are always the same."""


@dataclass(frozen=True)
class Sent:
    """A message of the bot: how it was asked for, and what the chat shows."""

    call: Call
    message: Json

    @property
    def text(self) -> str:
        """The text with its markup."""
        return self.call.parameters.get("text", "")

    @property
    def edited(self) -> bool:
        """Whether the message was there before."""
        return self.call.method.startswith("edit")

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the buttons under it, row by row."""
        return [[button["text"] for button in row] for row in keyboard(self.message)]

    @property
    def file(self) -> tuple[str, bytes]:
        """The name and the content of the document it carries."""
        return self.call.files["document"]


def keyboard(message: Json) -> list[list[Json]]:
    """The buttons under a message."""
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


@dataclass
class Chat:
    """A chat as its members see it; `update` tells the bot of what happens in it.

    In a group with `privacy` the bot sees only commands, mentions of it and replies to it.
    """

    info: Json
    update: Callable[..., int]
    keep_file: Callable[[str, bytes], Json]
    privacy: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Json] = field(default_factory=dict)
    admins: list[Json] = field(default_factory=list)
    _sent: asyncio.Queue[Sent] = field(default_factory=asyncio.Queue)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _reactions: dict[tuple[int, int], list[Json]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The chat's number."""
        return int(self.info["id"])

    def topic(self, name: str, creator: Json = BOT) -> int:
        """Open a topic of a forum; its number is its message_thread_id."""
        message = self.record({"from": creator, "forum_topic_created": {"name": name, "icon_color": 7322096}})
        self.topics[message["message_id"]] = message
        return int(message["message_id"])

    def say(
        self, sender: Json, text: str, reply_to: Json | None = None, topic: int | None = None, **extra: object
    ) -> Json:
        """A member writes; the bot gets it as an update."""
        content: Json = {"text": text, "entities": entities(text), **extra}
        return self.post(sender, reply_to=reply_to, topic=topic, **content)

    def post(
        self,
        sender: Json,
        *,
        reply_to: Json | None = None,
        topic: int | None = None,
        **content: Any,  # noqa: ANN401 - whatever a message holds
    ) -> Json:
        """A member sends anything: a text, a photo, a voice message."""
        content |= {"from": sender}
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
            reply_to = reply_to or self.topics[topic]
        if reply_to is not None:
            content["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
        message = self.record(content)
        if not self.privacy or _is_for_bot(message):
            self.update(message=message)
        return message

    def send_file(self, sender: Json, name: str, content: bytes, **extra: Any) -> Json:  # noqa: ANN401 - whatever a message holds
        """A member sends a document."""
        return self.post(sender, document=self.keep_file(name, content), **extra)

    def edit(self, message: Json, text: str) -> None:
        """A member rewrites a message."""
        message |= {"text": text, "entities": entities(text), "edit_date": DATE + 1}
        self.update(edited_message=message)

    def delete(self, message: Json) -> None:
        """A message is deleted; no bot is told."""
        del self.messages[message["message_id"]]

    def press(self, user: Json, message: Json, label: str) -> str:
        """A member presses the first button whose label holds this text; the number of the query."""
        buttons = itertools.chain.from_iterable(keyboard(self.messages[message["message_id"]]))
        data = next(button["callback_data"] for button in buttons if label in button["text"])
        return self.press_forged(user, message, data)

    def press_forged(self, user: Json, message: Json, data: str) -> str:
        """A client sends what data it likes for a message."""
        query = {"from": user, "message": message, "chat_instance": str(self.id), "data": data}
        number = str(next(QUERIES))
        self.update(callback_query=query | {"id": number})
        return number

    def react(self, user: Json, message: Json, *emoji: str) -> None:
        """A member reacts to a message with these emoji, or with none any more."""
        place = (user["id"], message["message_id"])
        new = [{"type": "emoji", "emoji": one} for one in emoji]
        told = {"chat": self.info, "message_id": message["message_id"], "user": user, "date": DATE}
        old = self._reactions.get(place, [])
        self._reactions[place] = new
        self.update(message_reaction=told | {"old_reaction": old, "new_reaction": new})

    def block(self, user: Json, *, blocked: bool = True) -> None:
        """The user of a private chat blocks the bot, or lets it write again."""
        self.blocked = blocked
        self._member(user, there=not blocked, absent="kicked")

    def join(self, user: Json, *, there: bool = True) -> None:
        """A member of a group takes the bot in, or puts it out."""
        self.blocked = not there
        self._member(user, there=there, absent="left")

    def _member(self, user: Json, *, there: bool, absent: str) -> None:
        present, gone = {"user": BOT, "status": "member"}, {"user": BOT, "status": absent, "until_date": 0}
        old, new = (gone, present) if there else (present, gone)
        told = {"chat": self.info, "from": user, "date": DATE, "old_chat_member": old, "new_chat_member": new}
        self.update(my_chat_member=told)

    def record(self, content: Json) -> Json:
        """A message of this chat, numbered and dated."""
        message = {"message_id": next(self.numbers), "date": DATE, "chat": self.info, **content}
        self.messages[message["message_id"]] = message
        return message

    def refuse(self) -> None:
        """Refuse what cannot be sent here.

        Raises:
            RefusedError: the bot is blocked, or the group has become another chat.
        """
        if self.blocked:
            raise RefusedError(BLOCKED)
        if self.migrated_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(refusal(400, text, migrate_to_chat_id=self.migrated_to))

    def show(self, sent: Sent) -> None:
        """The bot's message has come."""
        self._sent.put_nowait(sent)

    async def sent(self) -> Sent:
        """The bot's next message, waited for."""
        return await asyncio.wait_for(self._sent.get(), DEADLINE)

    def next_sent(self) -> Sent:
        """The bot's next message, which must have come."""
        return self._sent.get_nowait()

    @property
    def quiet(self) -> bool:
        """True when every message of the bot has been looked at."""
        return self._sent.empty()


QUERIES: Final = itertools.count(1)


def _is_for_bot(message: Json) -> bool:
    """Whether a bot in privacy mode is shown a message."""
    text = message.get("text", "")
    replied = message.get("reply_to_message", {}).get("from", {})
    named = f"@{BOT['username']}".lower() in text.lower()
    return named or replied.get("id") == BOT["id"] or (text.startswith("/") and "@" not in text.split()[0])
