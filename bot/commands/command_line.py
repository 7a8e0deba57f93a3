"""Commands of click whose help and usage errors speak the reader's language.

What a command and its options are for stands in texts/, by the command's name and the option's; so do click's
own words. The language is that of `--language`, which every command takes, else the locale's.
"""

import difflib
import functools
import gc
import pkgutil
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem
from rich.cells import cell_len

from bot.layout.language import Language, texts
from bot.layout.wrapping import wrap

TEXTS: Final = Path(__file__).parent / "texts"
NARROW: Final = 60
"""Columns below which an option's meaning stands under it, not beside it."""
WIDEST: Final = 100
"""Columns beyond which lines are tiring to read."""


class Words:
    """The texts of the command line in one language.

    Args:
        language: None where nothing is known of the reader; English is then understood by most.
    """

    def __init__(self, language: Language | None) -> None:
        self._texts = _texts(language or Language.EN)

    def __call__(self, name: str, **values: object) -> str:
        """A text by its name, such as `words.usage`, with these values in it."""
        return self._texts[name].format_map(values)

    def examples(self, command: str) -> str:
        """How a command is used: the same in every language."""
        return _texts(Language.EN).get(f"{command}.examples", "")

    def about(self, command: str, parameter: str = "about") -> str:
        """What a command is for, or one of its options or arguments; empty where that needs no saying."""
        names = f"{command}.{parameter}", f"shared.{parameter}"
        return next((self._texts[name] for name in names if name in self._texts), "")


@functools.cache
def _texts(language: Language) -> Mapping[str, str]:
    return texts(TEXTS, language)


def words() -> Words:
    """The texts in the language of the command that runs."""
    return Words(click.get_current_context().obj)


def conversation_language() -> Language:
    """The language that answers are laid out in: the reader's, and where that is not known, the corpus's."""
    return click.get_current_context().obj or Language.HANS


def _take_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    context.obj = Language(value) if value else context.obj


class Command(click.Command):
    """A command that takes `--language`, and whose help speaks it."""

    def __init__(self, *arguments: Any, **given: Any) -> None:  # noqa: ANN401  what click.Command takes
        super().__init__(*arguments, **given)
        language = click.Choice([one.value for one in Language])
        self.params.append(
            click.Option(
                ["--language"], type=language, callback=_take_language, expose_value=False, is_eager=True
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed; what is wrong with it tells of which command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help(self, ctx: click.Context) -> str:
        """The help, as wide as the terminal."""
        return _Help(ctx).text()

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What may come next, with its meaning."""
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option):
                parameter.help = Words(ctx.obj).about(_name(ctx), parameter.name or "")
        return super().shell_complete(ctx, incomplete)


class Group(Command, click.Group):
    """Commands by name, each loaded only when it is used; alone, the group shows its help.

    Args:
        name: of the group.
        places: where each command stands, as `module:name`, in the order of the help.
    """

    def __init__(self, name: str, places: Mapping[str, str]) -> None:
        super().__init__(name, invoke_without_command=True, callback=_show_help)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        del ctx
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command; None where there is none of this name."""
        del ctx
        place = self._places.get(cmd_name)
        command: click.Command | None = pkgutil.resolve_name(place) if place else None
        if not gc.isenabled():
            gc.freeze()  # what was loaded till now stays, and is not looked through for garbage
            gc.enable()
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What may come next, with its meaning, without loading any command."""
        said = Words(ctx.obj)
        names = [name for name in self._places if name.startswith(incomplete)]
        items = [CompletionItem(name, help=said.about(_name(ctx, name))) for name in names]
        return items + Command.shell_complete(self, ctx, incomplete) if incomplete.startswith("-") else items


def _show_help() -> None:
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def wrong_usage(error: click.UsageError) -> str:
    """What is wrong with how a command was called, in one line that says what to do."""
    context = error.ctx or click.Context(click.Command("zhiwen"), info_name="zhiwen")
    said = Words(context.obj)
    hint = said("words.see_help", command=context.command_path)
    return f"{context.command_path}: {' '.join(_wrong(error, context, said).split())} ({hint})"


def _wrong(error: click.UsageError, context: click.Context, said: Words) -> str:
    match error:
        case click.NoSuchOption():
            return said("words.no_option", option=error.option_name) + _near(error.possibilities or (), said)
        case click.exceptions.NoSuchCommand():
            names = context.command.list_commands(context) if isinstance(context.command, Group) else ()
            near = difflib.get_close_matches(error.command_name, names)
            return said("words.no_command", command=error.command_name) + _near(near, said)
        case click.BadOptionUsage():
            return said("words.needs_value", option=error.option_name)
        case click.MissingParameter(param=click.Parameter() as parameter):
            return said("words.missing", what=_called(parameter))
        case click.BadParameter(param=click.Parameter() as parameter):
            return _bad_value(error, parameter, said)
        case _:
            return error.format_message()


def _bad_value(error: click.BadParameter, parameter: click.Parameter, said: Words) -> str:
    match parameter.type:
        case click.Choice(choices=choices):
            return said("words.one_of", what=_called(parameter), values=", ".join(map(str, choices)))
        case click.types.IntParamType():
            return said("words.whole_number", what=_called(parameter), limits=_limits(parameter.type))
        case _:
            return f"{_called(parameter)}: {error.message}"


def _limits(kind: click.ParamType[Any]) -> str:
    """Between which numbers a number has to be."""
    if not isinstance(kind, click.IntRange):
        return ""
    return f" {kind.min}-{kind.max}" if kind.max is not None else f" ≥ {kind.min}"


def _near(names: Sequence[str], said: Words) -> str:
    return said("words.did_you_mean", names=", ".join(names)) if names else ""


def _called(parameter: click.Parameter) -> str:
    """An option as it is typed, an argument as the usage names it."""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name


def _name(context: click.Context, command: str = "") -> str:
    """A command's name in texts/: as it is typed after `zhiwen`; of `zhiwen` alone, that."""
    _, _, name = f"{context.command_path} {command}".strip().partition(" ")
    return name or "zhiwen"


class _Help:
    """The help of a command: usage, what it is for, arguments, options, commands, examples."""

    def __init__(self, context: click.Context) -> None:
        self._context = context
        self._said = Words(context.obj)
        self._name = _name(context)
        self._width = min(shutil.get_terminal_size().columns, WIDEST)

    def text(self) -> str:
        """All of it, each part after an empty line."""
        parameters = self._context.command.get_params(self._context)
        arguments = [one for one in parameters if isinstance(one, click.Argument)]
        options = [one for one in parameters if isinstance(one, click.Option) and not one.hidden]
        parts = [
            self._paragraph(f"{self._said('words.usage')} {self._context.command_path} {self._pieces()}"),
            self._paragraph(self._said.about(self._name)),
            self._rows("arguments", [(one.make_metavar(self._context), one) for one in arguments]),
            self._rows("options", [(_typed(one, self._context), one) for one in options]),
            self._commands(),
            self._examples(),
        ]
        return "\n\n".join("\n".join(lines) for lines in parts if lines)

    def _pieces(self) -> str:
        _, *pieces = self._context.command.collect_usage_pieces(self._context)
        return " ".join([self._said("words.any_options"), *pieces])

    def _rows(self, title: str, parameters: Iterable[tuple[str, click.Parameter]]) -> list[str]:
        """Options or arguments, each with what it is for; one that needs no saying is left out."""
        said = [(typed, self._said.about(self._name, one.name or "")) for typed, one in parameters]
        return self._table(title, [(typed, meaning) for typed, meaning in said if meaning])

    def _commands(self) -> list[str]:
        group = self._context.command
        names = group.list_commands(self._context) if isinstance(group, Group) else ()
        return self._table(
            "commands", [(name, self._said.about(_name(self._context, name))) for name in names]
        )

    def _examples(self) -> list[str]:
        examples = self._said.examples(self._name)
        return [self._said("words.examples"), *(f"  {line}" for line in examples.splitlines())] * bool(
            examples
        )

    def _table(self, title: str, rows: Sequence[tuple[str, str]]) -> list[str]:
        if not rows:
            return []
        left = 4 + max(cell_len(typed) for typed, _ in rows)
        lines = [self._said(f"words.{title}")]
        for typed, meaning in rows:
            if self._width < NARROW:
                lines += [f"  {typed}", *self._paragraph(meaning, 6)]
            else:
                first, *others = self._paragraph(meaning, left)
                lines += [f"  {typed}".ljust(len(typed) + left - cell_len(typed)) + first.strip(), *others]
        return lines

    def _paragraph(self, text: str, indent: int = 0) -> list[str]:
        spans = wrap(text, max(self._width - indent, 2))
        return [" " * indent + text[start:end] for start, end in spans]


def _typed(option: click.Option, context: click.Context) -> str:
    """An option as it is typed, with what it takes."""
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {option.make_metavar(context)}"
