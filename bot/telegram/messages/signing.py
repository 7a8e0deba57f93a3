"""What a button carries: an action and its arguments, signed, within Telegram's 64 bytes.

A client can send whatever data it likes for a message of its chat. The signature, made with a key that is
derived from the bot's token, lets through only what this bot wrote for this chat; it needs no memory, so
that buttons work after a restart.
"""

import base64
import hashlib
import hmac
import re
from typing import Final

from retrieval.regex import regex

LONGEST: Final = 64
"""Bytes of callback data."""
SIGNATURE_BYTES: Final = 9
"""72 bits, as 12 characters: nobody guesses them through Telegram."""
FORM: Final = regex(r"(?P<body>[a-z]+(?::[\w-]*)*)\.(?P<signature>[\w-]{12})", re.ASCII)


class Signer:
    """Writes and reads the data of buttons.

    Args:
        token: the bot's; with another one no button of before works.
    """

    def __init__(self, token: str) -> None:
        self._key = hashlib.blake2b(token.encode(), person=b"zhiwen buttons").digest()

    def data(self, chat: int, action: str, *arguments: str | int) -> str:
        """The data of a button in a chat; arguments are of letters, digits, - and _.

        Raises:
            ValueError: it would not fit or could not be read.
        """
        body = ":".join([action, *map(str, arguments)])
        data = f"{body}.{self._signature(chat, body)}"
        if len(data) > LONGEST or not FORM.fullmatch(data):
            raise ValueError(f"a button cannot carry {body!r}")
        return data

    def read(self, chat: int, data: str) -> tuple[str, tuple[str, ...]] | None:
        """The action and its arguments; None for what this bot did not write for this chat."""
        parts = FORM.fullmatch(data)
        if parts is None or not hmac.compare_digest(self._signature(chat, parts["body"]), parts["signature"]):
            return None
        action, *arguments = parts["body"].split(":")
        return action, tuple(arguments)

    def _signature(self, chat: int, body: str) -> str:
        digest = hashlib.blake2b(f"{chat}\n{body}".encode(), key=self._key, digest_size=SIGNATURE_BYTES)
        return base64.urlsafe_b64encode(digest.digest()).decode()
