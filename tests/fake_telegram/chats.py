"""Who writes to the bot, and where."""

import asyncio
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import bot_api

from fake_telegram.calls import Call, Json

BOT: Final[Json] = {"id": 123456789, "is_bot": True, "first_name": "知闻", "username": "zhiwen_test_bot"}
DEADLINE: Final = 20.0
"""Seconds after which a test gives up waiting for what should have come at once."""

MENTION: Final = re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}", re.ASCII)
COMMAND: Final = re.compile(r"^/[A-Za-z0-9_]{1,32}(@\w+)?", re.ASCII)


@dataclass(frozen=True)
class Sent:
    """A message of the bot: how it was asked for, and what the chat shows."""

    call: Call
    message: Json

    @property
    def text(self) -> str:
        """The text with its markup."""
        return self.call.parameters["text"]


@dataclass
class Chat:
    """A chat as its members see it; `update` tells the bot of what happens in it."""

    info: Json
    update: Callable[..., int]
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Json] = field(default_factory=dict)
    _sent: asyncio.Queue[Sent] = field(default_factory=asyncio.Queue)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

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
        content: Json = {"from": sender, "text": text, "entities": entities(text), **extra}
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
            reply_to = reply_to or self.topics[topic]
        if reply_to is not None:
            content["reply_to_message"] = {k: v for k, v in reply_to.items() if k != "reply_to_message"}
        message = self.record(content)
        self.update(message=message)
        return message

    def record(self, content: Json) -> Json:
        """A message of this chat, numbered and dated."""
        message = {"message_id": next(self._numbers), "date": 1_767_225_600, "chat": self.info, **content}
        self.messages[message["message_id"]] = message
        return message

    def show(self, sent: Sent) -> None:
        """The bot's message has come."""
        self._sent.put_nowait(sent)

    async def sent(self) -> Sent:
        """The bot's next message, waited for."""
        return await asyncio.wait_for(self._sent.get(), DEADLINE)

    @property
    def quiet(self) -> bool:
        """True when every message of the bot has been looked at."""
        return self._sent.empty()


def entities(text: str) -> list[Json]:
    """The command at the start of a text and its mentions, as Telegram's server finds them."""
    found = [("bot_command", match) for match in COMMAND.finditer(text)]
    found += [("mention", match) for match in MENTION.finditer(text)]
    return [
        {
            "type": kind,
            "offset": bot_api.utf16_units(text[: match.start()]),
            "length": bot_api.utf16_units(match[0]),
        }
        for kind, match in found
    ]
