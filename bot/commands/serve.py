"""`zhiwen serve`: the Telegram bot."""

from pathlib import Path

import click

from bot import service
from bot.commands.command_line import Command
from bot.commands.opening import opened
from bot.commands.options import corpus_option


@click.command(cls=Command)
@corpus_option
def serve(corpus: Path | None) -> int:
    """Run the bot until it is told to stop."""
    return service.serve(opened(corpus).settings)
