"""`zhiwen new`: a record to fill in."""

import datetime as dt
from pathlib import Path

import click

from bot.commands.command_line import Command, words
from bot.commands.options import PATH
from bot.commands.statuses import DONE
from retrieval.corpus.labels import Label
from retrieval.corpus.writing import DAY
from retrieval.errors import ZhiwenError


class TemplateError(ZhiwenError):
    """The template cannot be written."""


@click.command(cls=Command)
@click.argument("file", type=PATH, required=False)
def new(file: Path | None) -> int:
    """Print a record to fill in, or write it to a new file."""
    today = dt.date.today()  # noqa: DTZ011  the day is that of the reader's own clock
    values = {Label.LINK: "https://", DAY: today.isoformat()}
    labels = (
        Label.TITLE,
        Label.LINK,
        DAY,
        Label.SUMMARY,
        Label.KEYWORDS,
        Label.TECHNOLOGIES,
        Label.INDUSTRIES,
    )
    template = "".join(f"{label}: {values.get(label, '')}\n" for label in labels)
    if file is None:
        click.echo(template, nl=False)
        return DONE
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(template)
    except FileExistsError as error:
        raise TemplateError(words()("new.exists", file=file)) from error
    except OSError as error:
        raise TemplateError(words()("new.unwritable", file=file, error=error.strerror)) from error
    click.echo(words()("new.written", file=file))
    return DONE
