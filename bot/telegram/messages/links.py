"""Links that open a private chat with the bot at a sentence, an article, or with a question.

They are not signed: what they open is in the corpus for everyone.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from retrieval.regex import regex

LONGEST: Final = 64
"""Characters of a payload; Telegram allows A-Z a-z 0-9 _ and -."""
SENTENCE: Final = regex(r"s([0-9a-f]{16})-([0-9]{1,6})", re.ASCII)
ARTICLE: Final = regex(r"a([0-9a-f]{16})", re.ASCII)
QUESTION: Final = regex(r"q([\w-]+)", re.ASCII)


@dataclass(frozen=True)
class Opening:
    """What a link opens: an article, one of its sentences, or the answer to a question."""

    article: str | None = None
    sentence: int | None = None
    question: str | None = None


def to_sentence(username: str, article: str, sentence: int) -> str:
    """The link to a sentence of an article."""
    return f"https://t.me/{username}?start=s{article}-{sentence}"


def to_article(username: str, article: str) -> str:
    """The link to an article."""
    return f"https://t.me/{username}?start=a{article}"


def to_question(username: str, question: str) -> str | None:
    """The link to the answer of a question; None where the question is too long for one."""
    payload = "q" + base64.urlsafe_b64encode(question.encode()).decode().rstrip("=")
    return f"https://t.me/{username}?start={payload}" if len(payload) <= LONGEST else None


def read(payload: str) -> Opening | None:
    """What a payload opens; None for one that no link of this bot has."""
    if parts := SENTENCE.fullmatch(payload):
        return Opening(article=parts[1], sentence=int(parts[2]))
    if parts := ARTICLE.fullmatch(payload):
        return Opening(article=parts[1])
    if parts := QUESTION.fullmatch(payload):
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        try:
            return Opening(question=base64.urlsafe_b64decode(padded).decode())
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None
