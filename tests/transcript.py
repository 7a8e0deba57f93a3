"""Conversations acted out on the fake server, written down as a person would read them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from bot_at_work import Clock, Library, Working, outcome
from fake_telegram import Chat, FakeTelegram, Json, Sent

SHOWN: Final = {"b": "**", "i": "*", "u": ""}
"""How marks are written in a plain text."""
PART: Final = re.compile(r"<(?P<end>/)?(?P<tag>[a-z]+)(?: (?P<attributes>[^>]*))?>|(?P<text>[^<]+)")


@dataclass
class Scene:
    """A conversation: what is done in it is written down, and what the bot answers.

    Args:
        telegram: the server.
        phrases: the texts of the interface, so that buttons are pressed by what they are for.
        working: the bot.
        clock: by which it goes.
    """

    telegram: FakeTelegram
    phrases: Mapping[str, str]
    working: Working
    clock: Clock
    lines: list[str] = field(default_factory=list)

    @property
    def library(self) -> Library:
        """What the bot asks."""
        return self.working.library

    async def say(
        self, chat: Chat, user: Json, text: str, *, answers: int = 1, **extra: object
    ) -> tuple[Json, Sent | None]:
        """Somebody writes, and the bot answers with so many messages; the message and the last answer."""
        reply = extra.get("reply_to")
        about = f" (↪ {self._beginning(reply)})" if isinstance(reply, dict) else ""
        message = chat.say(user, text, **extra)  # type: ignore[arg-type]  # fields of a message
        self.lines.append(f"{user['first_name']}{about}: {text}")
        return message, await self._answers(chat, answers)

    async def edit(self, chat: Chat, user: Json, message: Json, text: str) -> Sent | None:
        """Somebody rewrites a message."""
        self.lines.append(f"{user['first_name']} ✎: {message['text']} → {text}")
        chat.edit(message, text)
        return await self._answers(chat, 1)

    async def press(
        self, chat: Chat, user: Json, under: Sent, label: str, *, answers: int = 1
    ) -> Sent | None:
        """Somebody presses the button that a phrase names, or that shows this text."""
        shown = re.sub(r"\{\w+\}", "", self.phrases.get(label, label)).strip()
        self.lines.append(f"{user['first_name']} ▶ [{shown}]")
        query = chat.press(user, under.message, shown)
        call = await self.telegram.answer(query)
        if text := call.parameters.get("text"):
            self.lines.append(f"    ({text})")
        return await self._answers(chat, answers)

    async def do(self, chat: Chat, told: str, *, answers: int = 1) -> Sent | None:
        """Something else happened in a chat, told in words."""
        self.lines.append(f"· {told}")
        return await self._answers(chat, answers)

    async def inline(self, user: Json, question: str) -> None:
        """Somebody asks in any chat."""
        self.lines.append(f"{user['first_name']} @zhiwen_test_bot {question}")
        call = await self.telegram.answer(self.telegram.inline(user, question))
        for result in call["results"][:2]:
            self.lines += [f"    ▫ {result['title']}", f"      {result['description']}"]
            self.lines += [
                "    → sent:",
                *indented(result["input_message_content"]["message_text"], "      "),
            ]

    async def _answers(self, chat: Chat, count: int) -> Sent | None:
        sent = None
        for _ in range(count):
            sent = await outcome(chat)
            self.lines += written(sent)
        self.lines.append("")
        return sent

    def _beginning(self, message: Json) -> str:
        text = str(message.get("text", "")).splitlines()[0]
        return text[:12] + ("…" if len(text) > 12 else "")

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.lines).rstrip() + "\n"


def written(sent: Sent) -> list[str]:
    """A message of the bot as lines."""
    head = "知闻 ✎:" if sent.edited else "知闻:"
    if "ephemeral_message_id" in sent.message:
        head = "知闻 (only to who pressed):"
    if sent.call.files:
        name, content = sent.file
        return [head, f"    📎 {name}", *(f"      {line}" for line in content.decode().splitlines())]
    body = list(indented(sent.message["markup"], "    "))
    rows = ["    " + " ".join(f"[{label}]" for label in row) for row in sent.buttons]
    return [head, *body, *rows]


def indented(markup: str, indent: str) -> Iterator[str]:
    """A text in Telegram's HTML as plain lines: quotations behind a bar, links with their address."""
    for line in plain(markup).split("\n"):
        yield (indent + line).rstrip()


def plain(markup: str) -> str:
    """A text in Telegram's HTML as a person would write it down."""
    shown, quoted, link = "", False, ""
    for part in PART.finditer(markup):
        tag = part["tag"]
        if part["text"]:
            text = unescape(part["text"])
            shown += text.replace("\n", "\n┃ ") if quoted else text
        elif tag == "blockquote":
            quoted = not part["end"]
            shown += "┃ " if quoted else "\n" if not markup[part.end() :].startswith("\n") else ""
        elif tag == "a":
            shown += f" <{link}>" if part["end"] else ""
            link = unescape(re.sub(r'^href="|"$', "", part["attributes"] or ""))
        else:
            shown += SHOWN[tag]
    return shown.rstrip("\n")
