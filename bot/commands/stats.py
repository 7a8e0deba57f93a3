"""`zhiwen stats`: what is in the corpus, counted."""

from pathlib import Path

import click

from bot.commands import printing
from bot.commands.command_line import Command, words
from bot.commands.opening import opened
from bot.commands.options import corpus_option, json_option
from bot.commands.statuses import DONE
from retrieval.corpus import reading
from retrieval.corpus.statistics import statistics
from retrieval.models import Problem


@click.command(cls=Command)
@corpus_option
@json_option
def stats(corpus: Path | None, *, as_json: bool) -> int:
    """Count the articles of the corpus, their sentences, days and labels, and what they lack."""
    problems: list[Problem] = []
    counted = statistics(reading.each(opened(corpus).folders, problems.extend))
    if as_json:
        click.echo(printing.statistics_json(counted))
    else:
        click.echo(printing.statistics_text(counted, words()))
    return DONE
