"""`zhiwen gaps`: what readers asked that the corpus does not answer, or not well."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from bot.commands.command_line import Command, conversation_language, words
from bot.commands.opening import opened, refreshed
from bot.commands.options import PATH, corpus_option, json_option
from bot.commands.statuses import BAD, DONE
from bot.layout.language import phrases
from bot.store import Gap, Store, StoreError
from bot.store.gaps import ALSO, exported, open_gaps

GAPS: Final = 20
"""Gaps that are printed, where no limit is given."""
EXPORTED: Final = 500
"""The same, where they are exported."""


@click.command(cls=Command)
@click.option("--limit", type=click.IntRange(1), metavar="N")
@click.option("--export", "file", type=PATH, metavar="FILE.jsonl")
@json_option
@corpus_option
def gaps(limit: int | None, file: Path | None, corpus: Path | None, *, as_json: bool) -> int:
    """Print the questions that are not answered; status 1 where there are none, or nothing was ever asked."""
    in_use = opened(corpus)
    store = Store.existing(in_use.settings)
    if store is None:
        click.echo(words()("gaps.nothing"), err=True)
        return BAD
    found = open_gaps(store.summaries, refreshed(in_use), limit or (EXPORTED if file else GAPS)).gaps
    if file is not None:
        lines = list(exported(found))
        _write(file, lines)
        click.echo(words()("gaps.exported", count=len(lines), left=len(found) - len(lines), file=file))
    elif as_json:
        click.echo(json.dumps([_plain(gap) for gap in found], ensure_ascii=False))
    else:
        click.echo("\n\n".join("\n".join(_lines(gap)) for gap in found) or words()("gaps.nothing"))
    return DONE if found else BAD


def _write(file: Path, lines: list[str]) -> None:
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror}.") from error


def _plain(gap: Gap) -> dict[str, object]:
    return gap.model_dump(mode="json", exclude={"exchange"})


def _lines(gap: Gap) -> Iterator[str]:
    """A gap as lines: how often, what, why; other words for it; what lacks; what is near."""
    said, texts = words(), phrases(conversation_language())
    yield f"{gap.count} × {gap.question} ({texts[f'gap_{gap.why}']}, {gap.last:%Y-%m-%d})"
    if gap.alike:
        yield f"    {said('gaps.also')} {' · '.join(gap.alike[:ALSO])}"
    if gap.missing:
        yield f"    {said('gaps.missing')} {texts['and'].join(gap.missing)}"
    if gap.faults:
        faults = (f"{texts[f'fault_{fault}']} {times}" for fault, times in gap.faults.items())
        yield f"    👎 {', '.join(faults)}"
    if gap.passage:
        yield f"    ≈ {gap.passage} —— {gap.title}"
