"""What Telegram's server finds in a text."""

import re
from typing import Final

import bot_api

from fake_telegram.calls import Json

MENTION: Final = re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}", re.ASCII)
COMMAND: Final = re.compile(r"^/[A-Za-z0-9_]{1,32}(@\w+)?", re.ASCII)


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
