"""`zhiwen timeline`: what happened when, of one subject."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from bot.commands.command_line import Command, words
from bot.commands.opening import opened, refreshed
from bot.commands.options import TEXT, corpus_option, json_option, since_option
from bot.commands.statuses import BAD, DONE
from retrieval.insight.subjects import Subject
from retrieval.insight.timeline import Event, timeline

ARTICLES: Final = 1000
"""Articles that are looked through: the newest that hold the words of the subject."""
EVENTS: Final = 40
"""Events that are printed, where no limit is given."""


@click.command(cls=Command, name="timeline")
@click.argument("subject", type=TEXT, nargs=-1, required=True)
@since_option
@click.option("--limit", type=click.IntRange(1), default=EVENTS, metavar="N")
@json_option
@corpus_option
def print_timeline(
    subject: tuple[str, ...], since: dt.date | None, limit: int, corpus: Path | None, *, as_json: bool
) -> int:
    """Print the dated sentences about a subject, the earliest first; status 1 where there are none."""
    question, articles = refreshed(opened(corpus)).telling_of(" ".join(subject), ARTICLES)
    every = timeline(Subject.of(question), articles)
    events = [event for event in every if since is None or event.last >= since][-limit:]
    click.echo(_json(question.understood, events) if as_json else _lines(events))
    return DONE if events else BAD


def _json(subject: str, events: Sequence[Event]) -> str:
    shown = {"subject": subject, "events": [event.model_dump(mode="json") for event in events]}
    return json.dumps(shown, ensure_ascii=False)


def _lines(events: Sequence[Event]) -> str:
    """A paragraph an event: its days, its sentence, its sources."""
    if not events:
        return words()("timeline.nothing")
    return "\n\n".join("\n".join(_event(event)) for event in events)


def _event(event: Event) -> list[str]:
    days = str(event.first) if event.first == event.last else f"{event.first} – {event.last}"
    sources = [f"  {source.title} {source.url or source.file}" for source in event.sources]
    return [days, f"  {event.text}", *sources]
