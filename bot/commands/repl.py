"""The conversation in a terminal: a prompt with history and completion, or one answer a line from a pipe."""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from rich.cells import cell_len

from bot.commands import standard_input
from bot.commands.talking import COMMANDS, SLASHES, Corpus, Talk
from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind
from bot.layout.responder import Responder

ABOUT_ANSWERS: Final = {Kind.MORE, Kind.CONTEXT, Kind.WHY}
"""Replies to what was said of the last answer: more than a line each."""
WIDE: Final = ABOUT_ANSWERS | {Kind.COMPARISON, Kind.TIMELINE, Kind.TREND, Kind.OVERVIEW}
"""These, and what many articles tell together."""


def run(
    conversation: Conversation,
    responder: Responder,
    corpus: Corpus,
    *,
    history: Path | None,
    followed: Callable[[], bool] = lambda: False,
) -> bool:
    """Answer questions until the reader leaves or the input ends; whether every line could be read.

    Args:
        conversation: what is asked.
        responder: lays out the replies.
        corpus: what the conversation is about.
        history: the file that keeps the lines typed, or None to keep them for this session only.
        followed: called before each line: takes in what changed of the corpus, and tells whether it did.
    """
    talk = Talk(conversation, responder, corpus, in_terminal=sys.stdout.isatty())
    try:
        if sys.stdin.isatty():
            _converse(talk, history, followed)
        else:
            return _answer_lines(talk, followed)
    except BrokenPipeError:
        # The reader has gone (`zhiwen chat | head`); nor must Python complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


class Commands(Completer):
    """Completes a command from its slash on, and the words that may follow it.

    Args:
        talk: knows the words, and what the commands do, in the reader's language.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The commands that begin as the line does, or the words that begin as its last one."""
        del complete_event  # the same whether the reader asked or not
        typed = document.text_before_cursor
        if not typed.startswith("/"):
            return
        command, space, following = typed[1:].partition(" ")
        if space:
            begun = following.rpartition(" ")[2]
            words = (word for word in self._talk.words(command.lower()) if word.startswith(begun))
            yield from (Completion(word, start_position=-len(begun)) for word in words)
            return
        for name in COMMANDS:
            if f"/{name}".startswith(typed):
                meaning = self._talk.responder.phrase(f"command_{name}")
                yield Completion(f"/{name}", start_position=-len(typed), display_meta=meaning)


def _converse(talk: Talk, history: Path | None, followed: Callable[[], bool]) -> None:
    """Prompt, answer, and again; Ctrl-C drops the line, Ctrl-D ends."""

    def prompt() -> FormattedText:
        return FormattedText(
            [("bold fg:ansigreen", f"{talk.responder.phrase('prompt')} "), ("fg:ansigreen", "› ")]
        )

    session: PromptSession[str] = PromptSession(
        prompt,
        history=_history(history),
        completer=Commands(talk),
        prompt_continuation=lambda *_: " " * (cell_len(talk.responder.phrase("prompt")) + 3),
    )
    _write(f"\n{talk.welcome()}\n")
    while True:
        try:
            line = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        if followed():
            _write(f"  {talk.responder.phrase('corpus_followed')}")
        answer = talk.say(line.strip())
        if answer is None:
            break
        _write(f"\n{answer}\n")
    _write(f"  {talk.responder.phrase('bye')}")


def _answer_lines(talk: Talk, followed: Callable[[], bool]) -> bool:
    """Answer each line of standard input plainly: a question on one line, a command as it is.

    Whether each could be read: what is no text is told on standard error, and those after it are answered.
    """
    could_read = True
    for number, read in enumerate(standard_input.lines(), start=1):
        followed()
        if read is None:
            could_read = False
            sys.stderr.write(f"zhiwen: {talk.responder.phrase('line_no_text').format(line=number)}\n")
            continue
        line = read.strip()
        if line.startswith(SLASHES):
            answer = talk.say(line)
        else:
            reply = talk.conversation.ask(line)
            is_long = reply.kind in WIDE | {Kind.HELP, Kind.LEAVE}
            answer = talk.reply(line, reply) if is_long else talk.on_one_line(line, reply)
        if answer is None:
            break
        _write(answer)
    return could_read


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _history(path: Path | None) -> History:
    """The lines typed before, for this reader's eyes only; none where they cannot be kept."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)
