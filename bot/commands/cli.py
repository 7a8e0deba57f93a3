"""`zhiwen`: each command by its name, loaded when it is used; every error in one line, with its status."""

import errno
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from bot.commands.command_line import Group, wrong_usage
from bot.commands.statuses import BAD, DONE, WRONG_USAGE
from bot.errors import SettingsError
from bot.layout.language import Language
from retrieval.errors import CorpusError, ZhiwenError

COMMANDS: Final = {
    "chat": "bot.commands.chat:chat",
    "ask": "bot.commands.ask:ask",
    "timeline": "bot.commands.timeline:print_timeline",
    "trend": "bot.commands.trend:print_trend",
    "explore": "bot.commands.explore:explore",
    "replay": "bot.commands.replay:replay",
    "serve": "bot.commands.serve:serve",
    "index": "bot.commands.index:index",
    "check": "bot.commands.check:check",
    "list": "bot.commands.list_articles:list_articles",
    "stats": "bot.commands.stats:stats",
    "import": "bot.commands.import_files:import_files",
    "new": "bot.commands.new:new",
    "eval": "bot.commands.eval:evaluate",
    "gaps": "bot.commands.gaps:gaps",
    "store": "bot.commands.store:store",
    "completion": "bot.commands.completion:completion",
}
"""Where each command stands, in the order of the help."""

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Why what is printed cannot be written."""

zhiwen = Group("zhiwen", COMMANDS)
click.version_option(package_name="zhiwen", message="%(prog)s %(version)s")(zhiwen)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    try:
        return int(
            zhiwen.main(
                arguments, prog_name="zhiwen", standalone_mode=False, obj=Language.of_locale(os.environ)
            )
            or DONE
        )
    except click.UsageError as error:
        return _failed(wrong_usage(error), WRONG_USAGE)
    except (SettingsError, CorpusError) as error:
        return _failed(f"zhiwen: {error}", WRONG_USAGE)
    except ZhiwenError as error:
        return _failed(f"zhiwen: {error}", BAD)
    except click.Abort:
        return BAD
    except OSError as error:
        return _unwritten(error)


def _unwritten(error: OSError) -> int:
    """What an error comes to for which nothing more can be printed.

    Raises:
        OSError: it is another.
    """
    is_gone = isinstance(error, BrokenPipeError)  # whoever read our output
    if not is_gone and (error.errno not in FULL or error.filename is not None):
        raise error
    sys.stdout = None  # or Python would complain once more when it flushes
    return BAD if is_gone else _failed(f"zhiwen: The output cannot be written: {error.strerror}.", BAD)


def _failed(line: str, status: int) -> int:
    click.echo(line, err=True)
    return status
