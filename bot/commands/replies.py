"""Answers as people read them: laid out for a terminal, in Markdown, or a line each."""

import sys
from collections.abc import Iterator

import click

from bot.commands.command_line import conversation_language
from bot.commands.journal import JournalledRetriever
from bot.commands.printers import Format, Question
from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply, State
from bot.layout.responder import Responder
from retrieval.models import Filters


class ReplyPrinter:
    """Prints answers as people read them.

    Args:
        retriever: what is asked.
        filters: which articles the questions are about.
        printed_as: how an answer is printed.
        limit: passages of an answer that are printed at most.
        explain: whether to say what each passage's score is made of.
    """

    def __init__(
        self,
        retriever: JournalledRetriever,
        filters: Filters,
        printed_as: Format,
        limit: int,
        *,
        explain: bool,
    ) -> None:
        self._retriever = retriever
        self._filters = filters
        self._format = printed_as
        self._limit = limit
        self._explain = explain
        self._responder = Responder(conversation_language())

    def answer(self, asked: Question) -> bool:
        """Print the answer to a question; whether there is one."""
        conversation = Conversation(self._retriever, State(understood=asked.previous, filters=self._filters))
        reply = conversation.ask(asked.question)
        replies = list(self._as_many_as_wanted(conversation, reply))
        if self._explain and self._format is Format.TEXT:
            replies.append(conversation.why())
        for shown in replies:
            click.echo(self._laid_out(shown))
        return reply.kind is Kind.ANSWER

    def _as_many_as_wanted(self, conversation: Conversation, reply: Reply) -> Iterator[Reply]:
        """A reply, then further passages of the same answer, up to the limit; no command shows more."""
        left = self._limit
        while True:
            yield reply.model_copy(update={"passages": reply.passages[:left], "remaining": 0})
            left -= len(reply.passages)
            if left <= 0 or reply.kind is Kind.DECLINED or not reply.passages:
                return
            reply = conversation.more()
            if reply.kind is not Kind.MORE:
                return

    def _laid_out(self, reply: Reply) -> str:
        match self._format:
            case Format.MARKDOWN:
                return self._responder.markdown(reply)
            case Format.LINE:
                return self._responder.lines(reply)
            case _:
                return self._responder.terminal(reply, colour=sys.stdout.isatty())
