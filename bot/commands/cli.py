"""The commands: parse, one call, print. The composition root: settings, corpus, retriever, front end."""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot.commands import printing
from bot.commands.journal import Entry, Journal, JournalError, Noting
from bot.conversation.conversation import Conversation, Kind, State
from bot.corpus.in_use import CorpusInUse, progress_bar
from bot.corpus.in_use import retriever as retriever_over
from bot.corpus.live import LiveRetriever
from bot.layout.language import Language
from bot.layout.responder import Responder
from bot.settings import Settings, SettingsError, load
from retrieval import CorpusError, Filters, Retriever, ZhiwenError, evaluation
from retrieval.corpus import articles
from retrieval.models import Answer

if TYPE_CHECKING:
    from bot.store import Store

DONE, BAD, WRONG_USAGE = 0, 1, 2
"""Exit statuses: done; the thing asked about is bad; wrong usage or settings."""


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


def _corpus(options: argparse.Namespace) -> CorpusInUse:
    settings: Settings = load()
    return CorpusInUse(settings.model_copy(update={"corpus": options.corpus}) if options.corpus else settings)


def _refreshed(corpus: CorpusInUse) -> LiveRetriever:
    """A retriever over the corpus as its files are now."""
    live = LiveRetriever(corpus)
    live.refresh()
    return live


def chat(options: argparse.Namespace) -> int:
    """Talk with the corpus in the terminal."""
    from bot.commands import repl  # noqa: PLC0415  prompt_toolkit takes longer to load than to answer

    corpus = _corpus(options)
    history = corpus.settings.data / "history.txt"
    journal = Journal(corpus.settings.data, corpus.settings.journal)
    conversation = Conversation(Noting(_refreshed(corpus), journal))
    repl.run(conversation, Responder(options.language), history=history)
    return DONE


def ask(options: argparse.Namespace) -> int:
    """Answer one question, or each line of standard input."""
    corpus = _corpus(options)
    retriever = _refreshed(corpus)
    journal = Journal(corpus.settings.data, corpus.settings.journal)
    if options.question is not None:
        return DONE if _ask(options.question, retriever, journal, options) else BAD
    answered = [_ask(line.rstrip("\n"), retriever, journal, options) for line in sys.stdin]
    return DONE if all(answered) else BAD


def _ask(question: str, retriever: LiveRetriever, journal: Journal, options: argparse.Namespace) -> bool:
    """Print the answer to a question; whether there is one."""
    filters = Filters(
        industries=tuple(options.industry), technologies=tuple(options.technology), since=options.since
    )
    noting = Noting(retriever, journal)
    if options.json:
        answer = noting.ask(question, options.previous, filters=filters)
        print(_json(answer, retriever, filters, explain=options.explain), flush=True)
        return answer.answered
    conversation = Conversation(noting, State(understood=options.previous, filters=filters))
    reply = conversation.ask(question)
    responder = Responder()
    if options.question is None:
        print(responder.line(reply), flush=True)
        return reply.kind is Kind.ANSWER
    replies = [reply, conversation.why()] if options.explain else [reply]
    for shown in replies:
        print(responder.terminal(shown, colour=sys.stdout.isatty()), flush=True)
    return reply.kind is Kind.ANSWER


def _json(answer: Answer, retriever: LiveRetriever, filters: Filters, *, explain: bool) -> str:
    passages = answer.passages if explain else ()
    explanations = [retriever.explain(answer, passage.rank, filters=filters) for passage in passages]
    return printing.answer_json(answer, explanations)


def replay(options: argparse.Namespace) -> int:
    """Give an answer once more, the same to the last byte but for the time it took."""
    corpus = _corpus(options)
    entry = _asked(corpus.settings, options.id)
    retriever = LiveRetriever(corpus)
    answer = retriever.ask(entry.question, entry.previous, filters=entry.filters)
    if answer.id != entry.id:
        raise JournalError(
            f"The index or the settings are others than when {entry.id} was given: today it is {answer.id}."
        )
    if options.json:
        timeless = answer.model_copy(update={"elapsed_ms": 0.0})
        print(_json(timeless, retriever, entry.filters, explain=options.explain))
    else:
        state = State(understood=entry.previous, filters=entry.filters)
        reply = Conversation(retriever, state).ask(entry.question)
        print(Responder().terminal(reply, colour=sys.stdout.isatty()))
    return DONE


def _asked(settings: Settings, answer: str) -> Entry:
    """What led to an answer: noted in the journal by `ask` and `chat`, in the store by the service.

    Raises:
        JournalError: it is in neither.
    """
    if entry := Journal(settings.data, settings.journal).find(answer):
        return entry
    from bot.store import Store  # noqa: PLC0415  SQLAlchemy takes longer to load than to answer

    store = Store.existing(settings)
    exchange = store.exchanges.of_answer_id(answer) if store else None
    if exchange is None or exchange.state.answer is None:
        raise JournalError(
            f"No answer {answer} is known: {settings.data} keeps the last {settings.journal} of this machine "
            "(ZHIWEN_JOURNAL), and those of the service for ZHIWEN_RETENTION days."
        )
    state = exchange.state
    return Entry(
        id=answer, question=exchange.state.answer.question, previous=state.previous, filters=state.filters
    )


def serve(options: argparse.Namespace) -> int:
    """Run the Telegram bot until it is told to stop."""
    from bot import service  # noqa: PLC0415  only the service needs Telegram

    return service.serve(_corpus(options).settings)


def index(options: argparse.Namespace) -> int:
    """Bring the index up to date, or verify it."""
    corpus = _corpus(options)
    if options.verify:
        corpus.verify()
        print(f"The index in {corpus.folder} is whole.")
        return DONE
    update, problems = corpus.update(rebuild=options.rebuild)
    show = printing.update_json if options.json else printing.update_text
    print(show(update, problems))
    return DONE


def check(options: argparse.Namespace) -> int:
    """Report what is wrong with record files."""
    paths = options.paths or [_corpus(options).settings.corpus]
    corpus = articles.read(paths)
    if options.json:
        print(printing.check_json(corpus))
    else:
        printing.print_check(corpus)
    return BAD if printing.has_errors(corpus.problems) else DONE


def measure(options: argparse.Namespace) -> int:
    """Measure the answers to a set of questions."""
    corpus = _corpus(options)
    if options.squad:
        retriever, questions = _squad(corpus, options)
    else:
        live = _refreshed(corpus)
        live.mend()
        retriever = corpus.open()
        questions = list(evaluation.read_questions(options.questions, retriever.articles()).questions)
    if options.unanswerable:
        questions += evaluation.unanswerable(options.unanswerable)
    with progress_bar("asking") as advance:
        outcomes = evaluation.evaluate(
            retriever, questions, without_gold=options.without_gold, progress=advance
        )
    figures = evaluation.report(outcomes)
    if options.report:
        from bot.commands import evaluation_page  # noqa: PLC0415  pygal is for this alone

        name = (options.squad or options.questions).stem
        page = evaluation_page.write(options.report, name, outcomes, figures)
        print(f"The report is in {page}.", file=sys.stderr)
    if options.json:
        print(figures.model_dump_json(by_alias=True))
    else:
        printing.print_figures(figures)
    return DONE


def _squad(
    corpus: CorpusInUse, options: argparse.Namespace
) -> tuple[Retriever, list[evaluation.GoldQuestion]]:
    """A retriever over the articles of a SQuAD file, and its questions."""
    found = evaluation.read_squad(options.squad)
    folder = corpus.settings.data / "evaluation" / options.squad.stem
    retriever = retriever_over(folder, found.articles, corpus.tokeniser, corpus.settings.confident)
    questions = list(found.questions)
    if options.questions_from:
        questions = evaluation.asked_otherwise(questions, options.questions_from)
    return retriever, questions


def export(options: argparse.Namespace) -> int:
    """Print what is stored."""
    for line in _store().export(options.user):
        print(line)
    return DONE


def purge(options: argparse.Namespace) -> int:
    """Delete what is old, or a person's."""
    store = _store()
    days = load().retention if options.older_than is None else options.older_than
    if options.user is not None:
        deleted = store.people.forget(options.user)
    elif days == 0 and options.older_than is None:
        print("ZHIWEN_RETENTION keeps everything: give --older-than DAYS, or set it.")
        return DONE
    else:
        deleted = store.purge(days)
    print("deleted:", ", ".join(f"{count} {name}" for name, count in deleted.model_dump().items()))
    return DONE


def backup(options: argparse.Namespace) -> int:
    """Copy the store to a file."""
    _store().backup(options.file)
    return DONE


def _store() -> "Store":
    from bot.store import Store  # noqa: PLC0415  SQLAlchemy takes longer to load than to answer

    return Store.of(load())


def _days(text: str) -> int:
    days = int(text)
    if days < 0:
        raise ValueError(text)
    return days
