"""`zhiwen trend`: how a figure went over time, or how many articles a month tell of a subject."""

import sys
from pathlib import Path

import click

from bot.commands.command_line import Command, conversation_language
from bot.commands.opening import opened, refreshed
from bot.commands.options import PATH, TEXT, corpus_option, json_option
from bot.commands.statuses import BAD, DONE
from bot.conversation import insights
from bot.conversation.replies import Kind
from bot.layout.charts import draw
from bot.layout.language import phrases
from bot.layout.responder import Responder


@click.command(cls=Command, name="trend")
@click.argument("subject", type=TEXT, nargs=-1, required=True)
@click.option("--picture", type=PATH, metavar="FILE")
@click.option("--dark", is_flag=True)
@json_option
@corpus_option
def print_trend(
    subject: tuple[str, ...], picture: Path | None, corpus: Path | None, *, dark: bool, as_json: bool
) -> int:
    """Print how a subject went, or draw it; status 1 where no article tells of it.

    Raises:
        ChartsUnavailableError: a picture is wanted, and what draws it is not installed.
    """
    reply = insights.trend(refreshed(opened(corpus)), " ".join(subject))
    language = conversation_language()
    if picture is not None and reply.kind is Kind.TREND and reply.trend is not None:
        picture.write_bytes(draw(reply.trend, phrases(language), dark=dark))
    if as_json and reply.trend is not None:
        click.echo(reply.trend.model_dump_json())
    else:
        click.echo(Responder(language).terminal(reply, colour=sys.stdout.isatty()))
    return DONE if reply.kind is Kind.TREND else BAD
