"""What the store holds, as values: frozen, times in UTC."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pydantic import AwareDatetime, Field

from bot.conversation.replies import State
from bot.layout.language import Language
from retrieval.models import EVERYTHING, Filters, Model


class Outcome(StrEnum):
    """How a question ended: answered, or the code of the reason that it was declined for."""

    ANSWERED = "answered"
    EMPTY_QUESTION = "empty_question"
    EMPTY_CORPUS = "empty_corpus"
    NO_MATCH = "no_match"
    LOW_CONFIDENCE = "low_confidence"
    UNMET_DEMAND = "unmet_demand"


ZONE: Final = "Asia/Shanghai"
"""The time zone of a chat that chose none: what Telegram tells of people says nothing of where they are."""


class ChatSettings(Model):
    """What a chat has chosen; without a language of its own it has that of whoever writes.

    `zone` is the chat's time zone by its IANA name. In the hours from `quiet_from` to `quiet_until` nothing
    comes of its own accord; they are the same where there are none.
    """

    language: Language | None = None
    filters: Filters = EVERYTHING
    zone: str = ZONE
    quiet_from: int = Field(default=22, ge=0, le=23)
    quiet_until: int = Field(default=8, ge=0, le=23)


class Exchange(Model):
    """A question asked in a chat, and the message that answers it.

    `asked` and `answered` are the ids of the two messages in the chat, `user` is who asked, `topic` the
    forum topic. `asked` is None where no message asked (a button of the welcome), and both are None once
    the group became a supergroup: its messages have new ids. `answered` is None as well where the answer may
    not have arrived.

    `sources` are those whose words the question holds as it was understood: of a follow-up to somebody else's
    question, both. `earlier` are the same for the question before it.
    """

    chat: int
    answered: int | None
    asked: int | None = None
    user: int | None = None
    topic: int | None = None
    sources: frozenset[int] = frozenset()
    earlier: frozenset[int] = frozenset()
    state: State
    at: AwareDatetime


class Verdict(StrEnum):
    """What a reader thinks of an answer."""

    UP = "up"
    DOWN = "down"


class Fault(StrEnum):
    """What a reader says is wrong with an answer."""

    PLACE = "place"
    TIME = "time"
    TOPIC = "topic"
    NO_ANSWER = "no_answer"


class Why(StrEnum):
    """Why a question is a gap: it was declined, or its answer was rated down."""

    UNANSWERED = "unanswered"
    RATED_DOWN = "rated_down"


class Gap(Model):
    """A question that the corpus does not answer, or not well.

    Questions that differ only in script, case, spaces or punctuation are one; `question` is the latest of
    them, `exchange` the number of that exchange, `passage` and `title` what came nearest to it then, `faults`
    how often readers said what is wrong. `alike` are other questions that ask the same, `missing` what the
    nearest passage does not speak of.
    """

    exchange: int
    question: str
    alike: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    why: Why
    count: int
    last: AwareDatetime
    passage: str | None = None
    title: str | None = None
    faults: Mapping[Fault, int] = Field(default_factory=dict)


class Asker(Model):
    """Somebody who asked a question in their private chat that was declined, and that is answered now.

    `answered` is the message that declined it.
    """

    exchange: int
    chat: int
    answered: int
    question: str


class DayCount(Model):
    """How many questions of a day (in UTC) ended in which way."""

    day: dt.date
    outcomes: Mapping[Outcome, int]


class Stats(Model):
    """What was asked in a span of days, the latest day last; days without a question are left out."""

    days: tuple[DayCount, ...] = ()
    chats: int = 0
    users: int = 0
    ups: int = 0
    downs: int = 0
    feedback: int = 0


class UploadState(StrEnum):
    """Where an upload stands: shown to the admin, in the answers, taken out again."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Upload(Model):
    """Record files that an admin sent; `admin` is None once that person's data was deleted."""

    id: int
    admin: int | None
    at: AwareDatetime
    files: tuple[str, ...]
    state: UploadState


class Deleted(Model):
    """How many rows a deletion took from each table.

    `lingers` tells that the texts are still in SQLite's log, which another program reads: they go with it.
    """

    exchanges: int = Field(default=0, ge=0)
    ratings: int = Field(default=0, ge=0)
    feedback: int = Field(default=0, ge=0)
    uploads: int = Field(default=0, ge=0)
    chats: int = Field(default=0, ge=0)
    watches: int = Field(default=0, ge=0)
    lingers: bool = False
