"""How answers are printed: what is asked, in which format, and the one for programs."""

from enum import StrEnum
from typing import Protocol

import click

from bot.commands.answer_json import answer_json, explanations
from bot.commands.journal import JournalledRetriever
from retrieval.models import Filters, Model


class Format(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    MARKDOWN = "md"
    LINE = "tsv"
    JSON = "json"


class Question(Model):
    """A question, and the one before it when it follows that up."""

    question: str
    previous: str | None = None


class Printer(Protocol):
    """Prints the answers to questions."""

    def answer(self, asked: Question) -> bool:
        """Print the answer to a question; whether there is one."""


class JsonPrinter:
    """Prints answers as JSON, a line each.

    Args:
        retriever: what is asked.
        filters: which articles the questions are about.
        limit: passages of an answer that are printed at most.
        explain: whether to say what each passage's score is made of.
    """

    def __init__(
        self, retriever: JournalledRetriever, filters: Filters, limit: int, *, explain: bool
    ) -> None:
        self._retriever = retriever
        self._filters = filters
        self._limit = limit
        self._explain = explain

    def answer(self, asked: Question) -> bool:
        """Print the answer to a question; whether there is one."""
        answer = self._retriever.ask(asked.question, asked.previous, filters=self._filters)
        answer = answer.model_copy(update={"passages": answer.passages[: self._limit]})
        explained = explanations(answer, self._retriever, self._filters) if self._explain else ()
        figures = self._retriever.figures(answer, filters=self._filters)
        click.echo(answer_json(answer, explained, figures))
        return answer.answered
