"""What was asked on this machine: an answer's id leads back to its question, so that it can be shown again.

A line of JSON for each answer given by `zhiwen ask` and `zhiwen chat`, in the data folder, readable by its
owner only. The service keeps nothing here: its store has every exchange with the whole answer.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from retrieval.errors import ZhiwenError
from retrieval.models import EVERYTHING, Answer, Filters, Model

if TYPE_CHECKING:
    from bot.conversation.conversation import AnswerSource
    from retrieval.insight.overview import Overview

FILE = "journal.jsonl"


class JournalError(ZhiwenError):
    """An answer cannot be shown again."""


class Entry(Model):
    """What it takes to give an answer once more."""

    id: str
    question: str
    previous: str | None = None
    filters: Filters = EVERYTHING


class Journal:
    """The answers given lately, the oldest first.

    Args:
        folder: the data folder.
        most: answers that are kept; with 0 nothing is.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._file = folder / FILE
        self._most = most

    def note(self, answer: Answer, previous: str | None, filters: Filters) -> None:
        """Keep what was asked; a folder that cannot be written keeps nothing."""
        if not self._most:
            return
        entry = Entry(id=answer.id, question=answer.question, previous=previous, filters=filters)
        try:
            self._add(entry.model_dump_json())
        except OSError:
            return  # an answer is worth more than its journal

    def find(self, answer: str) -> Entry | None:
        """The question that an answer was given to; None when it is not, or no longer, here."""
        for line in reversed(self._lines()):
            try:
                entry = Entry.model_validate_json(line)
            except ValidationError:
                continue  # a line that was cut off by a full disk says nothing
            if entry.id == answer:
                return entry
        return None

    def _add(self, line: str) -> None:
        """Add a line; when twice as many as wanted have come together, the older half goes."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            lines = file.read().split("\n")[:-1]  # a question may hold other ends of lines
            if len(lines) >= 2 * self._most:
                file.truncate(0)
                file.write(_joined(lines[1 - self._most :] if self._most > 1 else ()))
            file.write(f"{line}\n")

    def _lines(self) -> list[str]:
        try:
            return self._file.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
        except OSError:
            return []


class JournalledRetriever:
    """A retriever whose answers are noted in a journal.

    Args:
        retriever: what is asked.
        journal: where its answers are kept.
    """

    def __init__(self, retriever: "AnswerSource", journal: Journal) -> None:
        self._retriever = retriever
        self._journal = journal
        self.context = retriever.context
        self.explain = retriever.explain
        self.article = retriever.article
        self.news_request = retriever.news_request
        self.news = retriever.news
        self.examples = retriever.examples
        self.linked = retriever.linked
        self.figures = retriever.figures
        self.timeline = retriever.timeline
        self.trend = retriever.trend

    @property
    def overview(self) -> "Overview":
        """See `Retriever.overview`."""
        return self._retriever.overview

    def ask(
        self,
        text: str,
        previous: str | None = None,
        limit: int = 10,
        *,
        filters: Filters = EVERYTHING,
        suggest: bool = True,
    ) -> Answer:
        """See `Retriever.ask`."""
        answer = self._retriever.ask(text, previous, limit, filters=filters, suggest=suggest)
        self._journal.note(answer, previous, filters)
        return answer


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
