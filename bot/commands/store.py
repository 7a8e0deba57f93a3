"""`zhiwen store`: what the bot remembers, to be exported, purged and backed up."""

from pathlib import Path
from typing import Final

import click

from bot.commands.command_line import Command, Group, words
from bot.commands.options import PATH
from bot.commands.statuses import DONE
from bot.settings import load
from bot.store import Store

COMMANDS: Final = {name: f"bot.commands.store:{name}" for name in ("export", "purge", "backup")}

store = Group("store", COMMANDS)
user_option = click.option("--user", type=int, metavar="ID")


@click.command(cls=Command)
@user_option
def export(user: int | None) -> int:
    """Print what is stored, a JSON object a line; with a user, only theirs."""
    for line in Store.of(load()).export(user):
        click.echo(line)
    return DONE


@click.command(cls=Command)
@click.option("--older-than", type=click.IntRange(min=0), metavar="DAYS")
@user_option
def purge(older_than: int | None, user: int | None) -> int:
    """Delete what is older than the retention, or all that is stored of a user."""
    if older_than is not None and user is not None:
        raise click.UsageError(words()("store purge.one_of_both"))
    settings = load()
    opened = Store.of(settings)
    days = settings.retention if older_than is None else older_than
    if user is not None:
        deleted = opened.people.forget(user)
    elif days == 0 and older_than is None:
        click.echo(words()("store purge.keeps_everything"))
        return DONE
    else:
        deleted = opened.purge(days)
    counts = ", ".join(f"{count} {name}" for name, count in deleted.model_dump(exclude={"lingers"}).items())
    click.echo(words()("store purge.deleted", counts=counts))
    return DONE


@click.command(cls=Command)
@click.argument("file", type=PATH)
def backup(file: Path) -> int:
    """Copy the store to a file, while the bot runs."""
    Store.of(load()).backup(file)
    return DONE
