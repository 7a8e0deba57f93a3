"""The commands: parse, one call, print. The composition root: settings, corpus, retriever, front end."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from bot.commands.asking import ask, chat, replay
from bot.commands.indexing import check, index
from bot.commands.measuring import measure
from bot.commands.opening import BAD, WRONG_USAGE, corpus_of
from bot.commands.remembering import backup, export, purge
from bot.layout.language import Language
from bot.settings import SettingsError
from retrieval import CorpusError, ZhiwenError


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a command."""

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with status 2."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message} (see '{self.prog} --help')\n")


def parser() -> Parser:
    """The commands and their options."""
    main = Parser(
        prog="zhiwen", description="Ask a news corpus; get the sentences that answer, word for word."
    )
    commands = main.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        added.add_argument(
            "--corpus", type=Path, metavar="DIR", help="folder of record files (default: seeds)"
        )
        return added

    command("chat", chat, "talk with the corpus in the terminal").add_argument(
        "--language", type=Language, choices=list(Language), default=Language.HANS, help="of the interface"
    )
    asked = command("ask", ask, "ask one question, or one a line from standard input")
    asked.add_argument("question", nargs="?", metavar="QUESTION")
    asked.add_argument("--previous", metavar="Q0", help="the question before it, for a follow-up")
    asked.add_argument(
        "--industry", action="append", default=[], metavar="行业", help="of articles about this"
    )
    asked.add_argument(
        "--technology", action="append", default=[], metavar="AI技术", help="of articles about this"
    )
    asked.add_argument(
        "--since", type=dt.date.fromisoformat, metavar="DATE", help="of articles published from then on"
    )
    asked.add_argument("--json", action="store_true", help="print one JSON object a question")
    asked.add_argument("--explain", action="store_true", help="say what each passage's score is made of")
    replayed = command("replay", replay, "give an answer once more, by its id")
    replayed.add_argument("id", metavar="ID", help="of an answer that was given on this machine")
    replayed.add_argument("--json", action="store_true", help="print JSON")
    replayed.add_argument("--explain", action="store_true", help="say what each passage's score is made of")
    command("serve", serve, "run the Telegram bot")
    indexed = command("index", index, "bring the index up to date with the corpus")
    indexed.add_argument("--rebuild", action="store_true", help="from nothing, whatever is there")
    indexed.add_argument("--verify", action="store_true", help="only check that the index is undamaged")
    indexed.add_argument("--json", action="store_true", help="print JSON")
    checked = command("check", check, "report what is wrong with record files")
    checked.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders")
    checked.add_argument("--json", action="store_true", help="print records and problems as JSON")
    measured = command("eval", measure, "measure the answers to a set of questions")
    sets = measured.add_mutually_exclusive_group(required=True)
    sets.add_argument("--questions", type=Path, metavar="FILE.jsonl", help="questions about the corpus")
    sets.add_argument("--squad", type=Path, metavar="FILE.json", help="articles and questions in SQuAD form")
    measured.add_argument(
        "--questions-from", type=Path, metavar="FILE.json", help="ask in the words of this SQuAD file, by id"
    )
    measured.add_argument(
        "--unanswerable",
        type=Path,
        metavar="FILE.json",
        help="ask this SQuAD file's questions too: none has an answer",
    )
    measured.add_argument(
        "--without-gold", action="store_true", help="take each question's article out: none can be answered"
    )
    measured.add_argument(
        "--report", type=Path, metavar="DIR", help="write a page with plots, beside those of other sets"
    )
    measured.add_argument("--json", action="store_true", help="print the figures as JSON")
    _add_store(commands.add_parser("store", help="what the bot remembers: export, purge, backup"))
    return main


def _add_store(parser: argparse.ArgumentParser) -> None:
    """The commands of the store."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    exported = command("export", export, "print what is stored, a JSON object a line")
    exported.add_argument("--user", type=int, metavar="ID", help="only what is stored of this person")
    purged = command("purge", purge, "delete what is older than ZHIWEN_RETENTION days")
    what = purged.add_mutually_exclusive_group()
    what.add_argument("--older-than", type=_days, metavar="DAYS", help="in place of ZHIWEN_RETENTION")
    what.add_argument(
        "--user", type=int, metavar="ID", help="all that is stored of this person, and only that"
    )
    command("backup", backup, "copy the store to a file, while the bot runs").add_argument(
        "file", type=Path, metavar="FILE"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit status."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (SettingsError, CorpusError) as error:
        print(f"zhiwen: {error}", file=sys.stderr)
        return WRONG_USAGE
    except ZhiwenError as error:
        print(f"zhiwen: {error}", file=sys.stderr)
        return BAD
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes.
        sys.stdout = None
        return BAD
    except KeyboardInterrupt:
        return BAD


def serve(options: argparse.Namespace) -> int:
    """Run the Telegram bot until it is told to stop."""
    from bot import service  # noqa: PLC0415  only the service needs Telegram

    return service.serve(corpus_of(options).settings)


def _days(text: str) -> int:
    days = int(text)
    if days < 0:
        raise ValueError(text)
    return days
