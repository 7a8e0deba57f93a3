"""`zhiwen index`: bring the index up to date with the corpus, or verify it."""

import json
from pathlib import Path

import click

from bot.commands import printing
from bot.commands.command_line import Command, words
from bot.commands.opening import opened
from bot.commands.options import corpus_option, json_option
from bot.commands.statuses import DONE


@click.command(cls=Command)
@click.option("--rebuild", is_flag=True)
@click.option("--verify", is_flag=True)
@corpus_option
@json_option
def index(corpus: Path | None, *, rebuild: bool, verify: bool, as_json: bool) -> int:
    """Analyse what is new in the corpus; or read the whole index and compare it with its digests."""
    used = opened(corpus)
    if verify:
        used.verify()
        if as_json:
            click.echo(json.dumps({"whole": True, "folder": used.place}, ensure_ascii=False))
        else:
            click.echo(words()("index.whole", folder=used.place))
        return DONE
    update, problems = used.update(rebuild=rebuild)
    if as_json:
        click.echo(printing.update_json(update, problems))
    else:
        click.echo(printing.update_text(update, problems, words()))
    return DONE
