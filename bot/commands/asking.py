"""The commands that ask: chat, ask, replay."""

import argparse
import sys

from bot.commands import printing
from bot.commands.journal import Entry, Journal, JournalError, Noting
from bot.commands.opening import BAD, DONE, corpus_of, refreshed
from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, State
from bot.corpus.live import LiveRetriever
from bot.layout.responder import Responder
from bot.settings import Settings
from retrieval import Filters
from retrieval.models import Answer


def chat(options: argparse.Namespace) -> int:
    """Talk with the corpus in the terminal."""
    from bot.commands import repl  # noqa: PLC0415  prompt_toolkit takes longer to load than to answer

    corpus = corpus_of(options)
    history = corpus.settings.data / "history.txt"
    journal = Journal(corpus.settings.data, corpus.settings.journal)
    conversation = Conversation(Noting(refreshed(corpus), journal))
    repl.run(conversation, Responder(options.language), history=history)
    return DONE


def ask(options: argparse.Namespace) -> int:
    """Answer one question, or each line of standard input."""
    corpus = corpus_of(options)
    retriever = refreshed(corpus)
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
    corpus = corpus_of(options)
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
