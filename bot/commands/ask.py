"""`zhiwen ask`: one question, or one a line from standard input."""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import click
from pydantic import ValidationError

from bot.commands import printing, standard_input
from bot.commands.command_line import Command, conversation_language, words
from bot.commands.journal import Journal, JournalledRetriever
from bot.commands.opening import BAD, DONE, WRONG_USAGE, opened, refreshed, tell_unknown_labels
from bot.commands.options import (
    TEXT,
    corpus_option,
    explain_option,
    industry_option,
    json_option,
    since_option,
    technology_option,
)
from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply, State
from bot.layout.responder import Responder
from retrieval.models import Filters, Model
from retrieval.questions.chinese import LONGEST


class Format(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    MARKDOWN = "md"
    LINE = "tsv"
    JSON = "json"


PASSAGES: Final = {Format.TEXT: 3, Format.MARKDOWN: 3, Format.LINE: 1, Format.JSON: 10}
"""Passages that are printed of an answer, where no limit is given."""
MOST: Final = 10
"""Passages that an answer has."""


class Question(Model):
    """A question, and the one before it when it follows that up."""

    question: str
    previous: str | None = None


@click.command(cls=Command)
@click.argument("question", type=TEXT, nargs=-1)
@click.option("--previous", type=TEXT, metavar="Q0")
@industry_option
@technology_option
@since_option
@click.option("--limit", type=click.IntRange(1, MOST), metavar="N")
@click.option("--format", "printed_as", type=click.Choice([one.value for one in Format]))
@json_option
@explain_option
@corpus_option
def ask(
    question: tuple[str, ...],
    previous: str | None,
    industry: tuple[str, ...],
    technology: tuple[str, ...],
    since: dt.date | None,
    limit: int | None,
    printed_as: str | None,
    corpus: Path | None,
    *,
    as_json: bool,
    explain: bool,
) -> int:
    """Print the answer to a question, or to each line of standard input; status 1 where one has none."""
    used = opened(corpus)
    retriever = refreshed(used)
    filters = Filters(industries=industry, technologies=technology, since=since)
    tell_unknown_labels(retriever, filters)
    chosen = Format.JSON if as_json else Format(printed_as or (Format.TEXT if question else Format.LINE))
    journalled = JournalledRetriever(retriever, Journal(used.settings.data, used.settings.journal))
    printer = Printer(journalled, filters, chosen, limit or PASSAGES[chosen], explain=explain)
    asked = [Question(question=" ".join(question), previous=previous)] if question else _lines(previous)
    statuses = [WRONG_USAGE if one is None else _status(printer, one) for one in asked]
    return max(statuses, default=DONE)


def _status(printer: "Printer", asked: Question) -> int:
    """Print the answer to a question, and say where not all of it is looked up; the status."""
    if len(asked.question) > LONGEST:
        _tell(words()("ask.cut", length=len(asked.question), longest=LONGEST))
    return DONE if printer.answer(asked) else BAD


def _lines(previous: str | None) -> Iterator[Question | None]:
    """The questions on standard input, a line each: as it is, or as JSON with the question before it.

    None, and a line on standard error, for one that cannot be read; those after it still come.
    """
    if sys.stdin.isatty():
        click.echo(words()("ask.waits"), err=True)
    for number, line in enumerate(standard_input.lines(), start=1):
        try:
            if line is None:
                _tell(words()("ask.no_text", line=number))
                yield None
            else:
                yield _asked(line) or Question(question=line, previous=previous)
        except ValidationError:
            _tell(words()("ask.bad_line", line=number))
            yield None


def _asked(line: str) -> Question | None:
    """The question of a JSON object; None where a line is none.

    Raises:
        ValidationError: it is of another form.
    """
    try:
        given = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return None if given is None else Question.model_validate(given)


def _tell(line: str) -> None:
    click.echo(f"zhiwen: {line}", err=True)


class Printer:
    """Answers questions and prints the answers.

    Args:
        retriever: what is asked.
        filters: which articles the questions are about.
        printed_as: how an answer is printed.
        limit: passages of an answer that are printed at most.
        explain: whether to say what each passage's score is made of.
    """

    def __init__(
        self,
        retriever: JournalledRetriever,
        filters: Filters,
        printed_as: Format,
        limit: int,
        *,
        explain: bool,
    ) -> None:
        self._retriever = retriever
        self._filters = filters
        self._format = printed_as
        self._limit = limit
        self._explain = explain
        self._responder = Responder(conversation_language())

    def answer(self, asked: Question) -> bool:
        """Print the answer to a question; whether there is one."""
        if self._format is Format.JSON:
            return self._answer_json(asked)
        conversation = Conversation(self._retriever, State(understood=asked.previous, filters=self._filters))
        reply = conversation.ask(asked.question)
        replies = list(self._as_many_as_wanted(conversation, reply))
        if self._explain and self._format is Format.TEXT:
            replies.append(conversation.why())
        for shown in replies:
            click.echo(self._laid_out(shown))
        return reply.kind is Kind.ANSWER

    def _answer_json(self, asked: Question) -> bool:
        answer = self._retriever.ask(asked.question, asked.previous, filters=self._filters)
        answer = answer.model_copy(update={"passages": answer.passages[: self._limit]})
        explained = printing.explanations(answer, self._retriever, self._filters) if self._explain else ()
        click.echo(printing.answer_json(answer, explained))
        return answer.answered

    def _as_many_as_wanted(self, conversation: Conversation, reply: Reply) -> Iterator[Reply]:
        """A reply, then further passages of the same answer, up to the limit; no command shows more."""
        left = self._limit
        while True:
            yield reply.model_copy(update={"passages": reply.passages[:left], "remaining": 0})
            left -= len(reply.passages)
            if left <= 0 or reply.kind is Kind.DECLINED or not reply.passages:
                return
            reply = conversation.more()
            if reply.kind is not Kind.MORE:
                return

    def _laid_out(self, reply: Reply) -> str:
        match self._format:
            case Format.MARKDOWN:
                return self._responder.markdown(reply)
            case Format.LINE:
                return self._responder.lines(reply)
            case _:
                return self._responder.terminal(reply, colour=sys.stdout.isatty())
