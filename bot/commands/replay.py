"""`zhiwen replay`: an answer once more, by its id."""

import sys
from pathlib import Path

import click

from bot.commands.answer_json import answer_json, explanations
from bot.commands.command_line import Command, conversation_language
from bot.commands.journal import Entry, Journal, JournalError
from bot.commands.opening import opened
from bot.commands.options import corpus_option, explain_option, json_option
from bot.commands.statuses import DONE
from bot.conversation.conversation import Conversation
from bot.conversation.replies import State
from bot.corpus.live import LiveRetriever
from bot.layout.responder import Responder
from bot.settings import Settings


@click.command(cls=Command)
@click.argument("answer_id", metavar="ID")
@corpus_option
@json_option
@explain_option
def replay(answer_id: str, corpus: Path | None, *, as_json: bool, explain: bool) -> int:
    """Give an answer once more, the same to the last byte but for the time it took.

    Raises:
        JournalError: it is not known, or today's answer is another.
    """
    used = opened(corpus)
    entry = _asked(used.settings, answer_id)
    retriever = LiveRetriever(used)
    answer = retriever.ask(entry.question, entry.previous, filters=entry.filters)
    if answer.id != entry.id:
        raise JournalError(
            f"The index or the settings are others than when {entry.id} was given: today it is {answer.id}."
        )
    if as_json:
        timeless = answer.model_copy(update={"elapsed_ms": 0.0})
        explained = explanations(timeless, retriever, entry.filters) if explain else ()
        figures = retriever.figures(timeless, filters=entry.filters)
        click.echo(answer_json(timeless, explained, figures))
        return DONE
    state = State(understood=entry.previous, filters=entry.filters)
    reply = Conversation(retriever, state).ask(entry.question)
    responder = Responder(conversation_language())
    click.echo(responder.terminal(reply, colour=sys.stdout.isatty()))
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
