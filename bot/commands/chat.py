"""`zhiwen chat`: talk with the corpus in the terminal."""

from pathlib import Path

import click

from bot.commands import repl
from bot.commands.command_line import Command, conversation_language
from bot.commands.journal import Journal, JournalledRetriever
from bot.commands.opening import DONE, opened, refreshed
from bot.commands.options import corpus_option
from bot.conversation.conversation import Conversation
from bot.layout.responder import Responder


@click.command(cls=Command)
@corpus_option
def chat(corpus: Path | None) -> int:
    """Ask, follow up, and ask about the answers, until the reader leaves."""
    used = opened(corpus)
    journal = Journal(used.settings.data, used.settings.journal)
    conversation = Conversation(JournalledRetriever(refreshed(used), journal))
    repl.run(conversation, Responder(conversation_language()), history=used.settings.data / "history.txt")
    return DONE
