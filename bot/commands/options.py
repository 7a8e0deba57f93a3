"""The options that several commands take, and the values that they give."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

import click

from bot.commands.command_line import words
from retrieval.language.normalise import normalise
from retrieval.questions.periods import period


class Day(click.ParamType[dt.date]):
    """A day, or the first one of a week, month or year."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day that was typed."""
        if isinstance(value, dt.date):
            return value
        day = first_day(str(value), dt.date.today())  # noqa: DTZ011  昨天 is of the reader's own clock
        return day or self.fail(words()("words.no_day", value=value), param, ctx)


def first_day(text: str, today: dt.date) -> dt.date | None:
    """The first of the days that a text names (2024, 2024-06, 昨天, 上周); None where it names none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return period(normalise(text).strip(), today).since


class Text(click.ParamType[str]):
    """A text in UTF-8, whatever the locale."""

    name = "TEXT"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text that was typed."""
        try:
            return os.fsencode(value).decode()
        except UnicodeDecodeError:
            return self.fail(words()("words.no_text"), param, ctx)


TEXT: Final = Text()
PATH: Final = click.Path(path_type=Path)

corpus_option = click.option("--corpus", type=PATH, metavar="DIR")
json_option = click.option("--json", "as_json", is_flag=True)
explain_option = click.option("--explain", is_flag=True)
industry_option = click.option("--industry", type=TEXT, multiple=True, metavar="行业")
technology_option = click.option("--technology", type=TEXT, multiple=True, metavar="AI技术")
since_option = click.option("--since", type=Day(), metavar="DATE")
