"""`zhiwen completion`: what a shell reads to complete commands and options."""

from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from bot.commands.command_line import Command
from bot.commands.statuses import DONE

SHELLS: Final[dict[str, type[ShellComplete]]] = {
    "bash": BashComplete,
    "zsh": ZshComplete,
    "fish": FishComplete,
}
VARIABLE: Final = "_ZHIWEN_COMPLETE"
"""The environment variable by which the shell asks, as click names it after the program."""


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the completion script of a shell."""
    root = context.find_root().command
    click.echo(SHELLS[shell](root, {}, "zhiwen", VARIABLE).source())
    return DONE
