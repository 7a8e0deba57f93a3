"""`zhiwen ask`: one question, or one a line from standard input."""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from pydantic import ValidationError

from bot.commands import standard_input
from bot.commands.command_line import Command, words
from bot.commands.journal import Journal, JournalledRetriever
from bot.commands.opening import opened, refreshed, tell_unknown_labels
from bot.commands.options import (
    TEXT,
    corpus_option,
    explain_option,
    industry_option,
    json_option,
    since_option,
    technology_option,
)
from bot.commands.printers import Format, JsonPrinter, Printer, Question
from bot.commands.statuses import BAD, DONE, WRONG_USAGE
from retrieval.models import Filters
from retrieval.questions.chinese import LONGEST

PASSAGES: Final = {Format.TEXT: 3, Format.MARKDOWN: 3, Format.LINE: 1, Format.JSON: 10}
"""Passages that are printed of an answer, where no limit is given."""
EXPLAINED: Final = {Format.TEXT, Format.JSON}
"""How answers are printed that say what their scores are made of."""
MOST: Final = 10
"""Passages that an answer has."""


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
    usual = Format.TEXT if question or explain else Format.LINE
    chosen = Format.JSON if as_json else Format(printed_as or usual)
    if explain and chosen not in EXPLAINED:
        raise click.UsageError(words()("ask.unexplained", format=chosen))
    used = opened(corpus)
    retriever = refreshed(used)
    filters = Filters(industries=industry, technologies=technology, since=since)
    tell_unknown_labels(retriever, filters)
    journalled = JournalledRetriever(retriever, Journal(used.settings.data, used.settings.journal))
    printer = _printer(chosen, journalled, filters, limit or PASSAGES[chosen], explain=explain)
    asked = [Question(question=" ".join(question), previous=previous)] if question else _lines(previous)
    statuses = [WRONG_USAGE if one is None else _status(printer, one) for one in asked]
    return max(statuses, default=DONE)


def _printer(
    printed_as: Format, retriever: JournalledRetriever, filters: Filters, limit: int, *, explain: bool
) -> Printer:
    if printed_as is Format.JSON:
        return JsonPrinter(retriever, filters, limit, explain=explain)
    from bot.commands.replies import ReplyPrinter  # noqa: PLC0415  programs do not wait for a layout

    return ReplyPrinter(retriever, filters, printed_as, limit, explain=explain)


def _status(printer: Printer, asked: Question) -> int:
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
