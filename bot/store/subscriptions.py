"""What the bot sends of its own accord, as values: watches and what was found for them, digests, letters."""

import datetime as dt
from enum import StrEnum

from pydantic import AwareDatetime

from bot.layout.language import Language
from retrieval.models import EVERYTHING, Filters, Model, Passage


class Watch(Model):
    """A question that a chat wants to hear of when an article answers it.

    `user` is who began it, `topic` the forum topic that it was begun in, `language` that of the messages.
    """

    id: int
    chat: int
    topic: int | None = None
    user: int | None = None
    at: AwareDatetime
    question: str
    filters: Filters = EVERYTHING
    language: Language = Language.HANS


class NoticeState(StrEnum):
    """What becomes of a sentence that answers a watch.

    KNOWN: it was there before the watch or answered it before it counted as new; COPY: it says what another
    said; PENDING: the chat is yet to be told; TOLD: it was, or a letter that says it is on its way.
    """

    KNOWN = "known"
    COPY = "copy"
    PENDING = "pending"
    TOLD = "told"


class Notice(Model):
    """A sentence that answers a watch; `id` is None before it is stored."""

    id: int | None = None
    watch: int
    at: AwareDatetime
    state: NoticeState
    passage: Passage


class Digest(Model):
    """When a chat gets its digest: at an hour of its own zone, daily or on a weekday (0 is Monday).

    `since` is up to when it has told of articles, `due` when the next one comes.
    """

    chat: int
    topic: int | None = None
    user: int | None = None
    language: Language = Language.HANS
    weekday: int | None = None
    hour: int
    since: AwareDatetime
    due: AwareDatetime


class LetterKind(StrEnum):
    """What a letter is."""

    WATCH = "watch"
    DIGEST = "digest"
    ANSWERED = "answered"


class Letter(Model):
    """A message that is on its way, in Telegram's HTML, with its buttons as JSON.

    `in_chat` and `shared` are the latest message numbers that were known before it was first sent: None as
    long as it was not, so that it cannot have arrived.
    """

    id: int | None = None
    chat: int
    topic: int | None = None
    user: int | None = None
    kind: LetterKind
    at: AwareDatetime
    text: str
    buttons: str
    in_chat: int | None = None
    shared: int | None = None


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)
