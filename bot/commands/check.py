"""`zhiwen check`: what is wrong with record files."""

import sys
from pathlib import Path

import click

from bot.commands import printing
from bot.commands.command_line import Command, words
from bot.commands.opening import opened
from bot.commands.options import PATH, corpus_option, json_option
from bot.commands.statuses import BAD, DONE
from retrieval.corpus import reading


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@corpus_option
@json_option
def check(paths: tuple[Path, ...], corpus: Path | None, *, as_json: bool) -> int:
    """Read record files, by default those of the corpus, and report their problems."""
    found = reading.read(paths or [opened(corpus).settings.corpus])
    if as_json:
        click.echo(printing.check_json(found))
    elif sys.stdout.isatty():
        printing.print_check(found, words())
    else:
        click.echo(printing.check_lines(found, words()))
    return BAD if printing.has_errors(found.problems) else DONE
