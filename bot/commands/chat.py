"""`zhiwen chat`: talk with the corpus in the terminal."""

from pathlib import Path

import click

from bot.commands import repl
from bot.commands.command_line import Command, conversation_language
from bot.commands.journal import Journal, JournalledRetriever
from bot.commands.opening import opened, refreshed
from bot.commands.options import corpus_option
from bot.commands.statuses import DONE, WRONG_USAGE
from bot.conversation.conversation import Conversation
from bot.corpus.live import LiveRetriever
from bot.layout.responder import Responder


@click.command(cls=Command)
@corpus_option
def chat(corpus: Path | None) -> int:
    """Ask, follow up, and ask about the answers, until the reader leaves."""
    used = opened(corpus)
    journal = Journal(used.settings.data, used.settings.journal)
    live = refreshed(used)
    conversation = Conversation(JournalledRetriever(live, journal))
    responder = Responder(conversation_language())
    history = used.settings.data / "history.txt"
    could_read = repl.run(conversation, responder, live, history=history, followed=lambda: _followed(live))
    return DONE if could_read else WRONG_USAGE


def _followed(live: LiveRetriever) -> bool:
    """Take in the files that changed since the last question; whether there were any."""
    if live.is_current():
        return False
    live.refresh()
    return live.is_current()
