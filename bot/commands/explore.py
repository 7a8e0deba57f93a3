"""`zhiwen explore`: what the articles are about."""

import sys
from pathlib import Path

import click

from bot.commands.command_line import Command, conversation_language
from bot.commands.opening import opened, refreshed
from bot.commands.options import corpus_option, json_option
from bot.commands.statuses import DONE
from bot.conversation import insights
from bot.layout.responder import Responder


@click.command(cls=Command)
@json_option
@corpus_option
def explore(corpus: Path | None, *, as_json: bool) -> int:
    """Print the subjects, labels and months of the corpus."""
    retriever = refreshed(opened(corpus))
    if as_json:
        click.echo(retriever.overview.model_dump_json())
    else:
        reply = insights.overview(retriever)
        click.echo(Responder(conversation_language()).terminal(reply, colour=sys.stdout.isatty()))
    return DONE
