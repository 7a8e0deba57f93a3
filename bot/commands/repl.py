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

from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply
from bot.layout.responder import Responder

COMMANDS: Final = ("help", "more", "context", "why", "latest", "sources", "quit")
ALSO_QUIT: Final = {"quit", "exit", "q"}
ABOUT_ANSWERS: Final = {Kind.MORE, Kind.CONTEXT, Kind.WHY}
"""Replies to what was said of the last answer: more than a line each."""
LONGEST_NUMBER: Final = 6


def run(
    conversation: Conversation,
    responder: Responder,
    *,
    history: Path | None,
    colour: bool | None = None,
    followed: Callable[[], bool] = lambda: False,
) -> None:
    """Answer questions until the reader leaves or the input ends.

    Args:
        conversation: what is asked.
        responder: lays out the replies.
        history: the file that keeps the lines typed, or None to keep them for this session only.
        colour: whether to colour replies; by default, where standard output is a terminal.
        followed: called before each line: takes in what changed of the corpus, and tells whether it did.
    """
    colour = sys.stdout.isatty() if colour is None else colour
    chat = Chat(conversation, responder, colour=colour)
    try:
        if sys.stdin.isatty():
            _converse(chat, history, followed)
        else:
            _answer_lines(chat, followed)
    except BrokenPipeError:
        # The reader has gone (`zhiwen chat | head`); nor must Python complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Chat:
    """What is typed, and what it gives: a question, or a command that begins with a slash.

    Args:
        conversation: what is asked.
        responder: lays out the replies.
        colour: whether to colour replies.
    """

    def __init__(self, conversation: Conversation, responder: Responder, *, colour: bool) -> None:
        self.conversation = conversation
        self.responder = responder
        self._colour = colour

    def say(self, line: str) -> str | None:
        """What to print for a line; None when it says goodbye."""
        if not line.startswith(("/", "／")):
            return self.reply(self.conversation.ask(line))
        command, _, argument = line[1:].partition(" ")
        command = command.lower()
        if command in ALSO_QUIT:
            return None
        if command == "help":
            return self._help()
        return self._command(command, argument.strip())

    def welcome(self) -> str:
        """The first words of a session."""
        return self.show(self.conversation.welcome())

    def reply(self, reply: Reply) -> str | None:
        """What to print for a reply; None for a goodbye."""
        if reply.kind is Kind.LEAVE:
            return None
        return self._help() if reply.kind is Kind.HELP else self.show(reply)

    def _command(self, command: str, argument: str) -> str:
        plain: dict[str, Callable[[], Reply]] = {
            "more": self.conversation.more,
            "sources": self.conversation.sources,
        }
        numbered: dict[str, Callable[[int], Reply]] = {
            "context": self.conversation.context,
            "why": self.conversation.why,
        }
        if command in plain:
            return self.show(plain[command]())
        if command == "latest":
            return self.show(self.conversation.latest(argument))
        if command in numbered:
            return self.show(numbered[command](_number(argument)))
        return f"  {self.responder.phrase('unknown_command')}"

    def _help(self) -> str:
        lines = [f"  {self.responder.phrase('commands')}", ""]
        lines += [f"  /{name:<9}{self.responder.phrase(f'command_{name}')}" for name in COMMANDS]
        return "\n".join(lines)

    def show(self, reply: Reply) -> str:
        """A reply laid out for this terminal."""
        return self.responder.terminal(reply, colour=self._colour)


class Commands(Completer):
    """Completes a command from its slash on.

    Args:
        responder: knows what the commands do, in the reader's language.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The commands that begin as the line does."""
        del complete_event  # the same whether the reader asked or not
        typed = document.text_before_cursor
        if not typed.startswith("/"):
            return
        for name in COMMANDS:
            if f"/{name}".startswith(typed):
                meaning = self._responder.phrase(f"command_{name}")
                yield Completion(f"/{name}", start_position=-len(typed), display_meta=meaning)


def _converse(chat: Chat, history: Path | None, followed: Callable[[], bool]) -> None:
    """Prompt, answer, and again; Ctrl-C drops the line, Ctrl-D ends."""
    word = chat.responder.phrase("prompt")
    session: PromptSession[str] = PromptSession(
        FormattedText([("bold fg:ansigreen", f"{word} "), ("fg:ansigreen", "› ")]),
        history=_history(history),
        completer=Commands(chat.responder),
        prompt_continuation=" " * (cell_len(word) + 3),
    )
    _write(f"\n{chat.welcome()}\n")
    while True:
        try:
            line = session.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            break
        if followed():
            _write(f"  {chat.responder.phrase('corpus_followed')}")
        answer = chat.say(line.strip())
        if answer is None:
            break
        _write(f"\n{answer}\n")
    _write(f"  {chat.responder.phrase('bye')}")


def _answer_lines(chat: Chat, followed: Callable[[], bool]) -> None:
    """Answer each line of standard input plainly: a question on one line, a command as it is."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8-sig", errors="replace").strip()
        followed()
        if line.startswith(("/", "／")):
            answer = chat.say(line)
            if answer is None:
                break
        else:
            reply = chat.conversation.ask(line)
            is_long = reply.kind in ABOUT_ANSWERS | {Kind.HELP, Kind.LEAVE}
            answer = chat.reply(reply) if is_long else chat.responder.line(reply)
            if answer is None:
                break
        _write(answer)


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _number(argument: str) -> int:
    """The passage that a command is about: the best one, when it names none."""
    if not argument:
        return 1
    return int(argument) if argument.isdecimal() and len(argument) < LONGEST_NUMBER else 0


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
