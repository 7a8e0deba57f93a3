"""What is typed in the terminal, and what it gives: a question, or a command that begins with a slash."""

import base64
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from bot.commands.opening import near
from bot.conversation import filtering
from bot.conversation.conversation import Conversation
from bot.conversation.replies import Kind, Reply
from bot.layout.language import Language
from bot.layout.responder import Responder, limits
from bot.layout.words import clean, quotation
from retrieval.corpus.problem_log import Problems
from retrieval.errors import ZhiwenError
from retrieval.index.protocol import Update
from retrieval.models import Facet, Level

COMMANDS: Final = (
    "help",
    "more",
    "context",
    "why",
    "open",
    "copy",
    "compare",
    "latest",
    "timeline",
    "trend",
    "sources",
    "explore",
    "filter",
    "language",
    "reload",
    "save",
    "quit",
)
ALSO_QUIT: Final = {"quit", "exit", "q"}
SLASHES: Final = ("/", "／")
LONGEST_NUMBER: Final = 6
SAVED: Final = 500
"""Replies of a session that can be saved."""


class Corpus(Protocol):
    """What is talked about, beside what a conversation asks of it."""

    def labels(self, facet: Facet) -> Mapping[str, int]:
        """The labels of a facet, and how many articles bear each."""

    def reload(self) -> tuple[Update, Problems]:
        """Read the records again and answer from them; what came of it, and the records' problems."""


class Talk:
    """A session.

    Args:
        conversation: what is asked.
        responder: lays out the replies.
        corpus: what the conversation is about.
        in_terminal: whether replies are coloured, and copied to the clipboard of whoever sits there.
    """

    def __init__(
        self, conversation: Conversation, responder: Responder, corpus: Corpus, *, in_terminal: bool
    ) -> None:
        self.conversation = conversation
        self.responder = responder
        self._corpus = corpus
        self._in_terminal = in_terminal
        self._said: list[tuple[str, Reply]] = []
        self._commands: Mapping[str, Callable[[str], str]] = {
            "help": lambda _: self._help(),
            "more": lambda _: self._told("/more", self.conversation.more()),
            "context": lambda number: self._of(number, "context", self.conversation.context),
            "why": lambda number: self._of(number, "why", self.conversation.why),
            "open": lambda number: self._of(number, "open", self.conversation.opened),
            "latest": lambda subject: self._told(f"/latest {subject}", self.conversation.latest(subject)),
            "compare": lambda _: self._told("/compare", self.conversation.compare()),
            "timeline": lambda about: self._told(f"/timeline {about}", self.conversation.timeline(about)),
            "trend": lambda about: self._told(f"/trend {about}", self.conversation.trend(about)),
            "explore": lambda _: self._told("/explore", self.conversation.overview()),
            "sources": self._sources,
            "copy": self._copy,
            "filter": self._filter,
            "language": self._speak,
            "reload": lambda _: self._reload(),
            "save": self._save,
        }

    def say(self, line: str) -> str | None:
        """What to print for a line; None when it says goodbye."""
        if not line.startswith(SLASHES):
            return self.reply(line, self.conversation.ask(line))
        name, _, argument = line[1:].partition(" ")
        if name.lower() in ALSO_QUIT:
            return None
        command = self._commands.get(name.lower())
        return command(argument.strip()) if command else self._phrase("unknown_command")

    def welcome(self) -> str:
        """The first words of a session."""
        return self._show(self.conversation.welcome())

    def reply(self, line: str, reply: Reply) -> str | None:
        """What to print for a reply to a line; None for a goodbye."""
        if reply.kind is Kind.LEAVE:
            return None
        return self._help() if reply.kind is Kind.HELP else self._told(line, reply)

    def words(self, command: str) -> Iterable[str]:
        """What may stand after a command."""
        if command == "filter":
            return (*(label for facet in Facet for label in self._corpus.labels(facet)), "off")
        return [str(language) for language in Language] if command == "language" else ()

    def on_one_line(self, line: str, reply: Reply) -> str:
        """What to print for a reply where a program reads it."""
        self._keep(line, reply)
        return self.responder.line(reply)

    def _told(self, line: str, reply: Reply) -> str:
        """A reply laid out, and kept to be saved."""
        self._keep(line, reply)
        return self._show(reply)

    def _keep(self, line: str, reply: Reply) -> None:
        self._said.append((line.strip(), reply))
        del self._said[:-SAVED]

    def _of(self, argument: str, command: str, do: Callable[[int], Reply]) -> str:
        return self._told(f"/{command} {argument}", do(_number(argument)))

    def _sources(self, argument: str) -> str:
        """The articles from a number on, or those of a subject or a time."""
        is_number = argument.isdecimal() or not argument
        listed = self.conversation.sources(_number(argument)) if is_number else None
        return self._told(f"/sources {argument}", listed or self.conversation.latest(argument))

    def _help(self) -> str:
        lines = [self._phrase("commands"), ""]
        lines += [f"  /{name:<10}{self.responder.phrase(f'command_{name}')}" for name in COMMANDS]
        return "\n".join(lines)

    def _copy(self, argument: str) -> str:
        """A passage with its source, on the terminal's clipboard too."""
        chosen = self.conversation.chosen(_number(argument))
        if isinstance(chosen, Kind):
            return self._show(Reply(kind=chosen))
        text = quotation(chosen[1])
        shown = "\n".join(clean(line) for line in text.splitlines())
        if not self._in_terminal:
            return shown
        # OSC 52: a terminal that knows it copies what it is given, and another shows nothing of it.
        copied = base64.b64encode(text.encode()).decode()
        return f"{shown}\n\n{self._phrase('copied')}\033]52;c;{copied}\a"

    def _filter(self, argument: str) -> str:
        """Keep to some of the articles, or say to which."""
        labels = {facet: self._corpus.labels(facet) for facet in Facet}
        if argument:
            chosen = filtering.named(labels, argument.split())
            if chosen is None:
                return self._unknown_labels(argument.split(), labels)
            self.conversation.limit(chosen)
        set_to = limits(self.conversation.state.filters, self.responder.phrases)
        if set_to:
            return self._phrase("filter_set", filter=set_to)
        if argument:
            return self._phrase("filter_off")
        rows = [self._phrase("filter_how")]
        rows += [f"  {' '.join(clean(label) for label in held)}" for held in labels.values() if held]
        return "\n".join(rows)

    def _unknown_labels(self, wanted: Sequence[str], labels: Mapping[Facet, Mapping[str, int]]) -> str:
        known = {label for held in labels.values() for label in held}
        missing = next(word for word in wanted if word not in known)
        alike = near(missing, known)
        said = self._phrase("no_label", label=clean(missing))
        return said + self.responder.phrase("near_labels").format(labels=" ".join(alike)) if alike else said

    def _speak(self, argument: str) -> str:
        """Speak another language."""
        try:
            self.responder = Responder(Language(argument.lower()))
        except ValueError:
            return self._phrase("language_how")
        return self._phrase("language_chosen")

    def _reload(self) -> str:
        """Read the records again."""
        try:
            update, problems = self._corpus.reload()
        except ZhiwenError as error:
            return f"  {error}"
        counts = {"added": update.added, "removed": update.removed, "kept": update.kept}
        found = {"problems": problems.total, "errors": problems.count(Level.ERROR)}
        return self._phrase("reloaded", **counts, **found)

    def _save(self, argument: str) -> str:
        """Write what was asked and answered into a file, as Markdown; nothing is overwritten."""
        if not self._said:
            return self._show(Reply(kind=Kind.NOTHING_ASKED))
        now = dt.datetime.now().astimezone()
        file = Path(argument).expanduser() if argument else Path(f"zhiwen-{now:%Y%m%d-%H%M%S}.md")
        parts = [f"## {line}\n\n{self.responder.markdown(reply)}\n" for line, reply in self._said]
        try:
            with file.open("x", encoding="utf-8", errors="replace") as opened:
                opened.write("\n".join(parts))
        except FileExistsError:
            return self._phrase("save_exists", file=file)
        except OSError as error:
            return self._phrase("save_failed", file=file, reason=error.strerror)
        return self._phrase("saved", file=file)

    def _phrase(self, name: str, **values: object) -> str:
        return f"  {self.responder.phrase(name).format(**values)}"

    def _show(self, reply: Reply) -> str:
        return self.responder.terminal(reply, colour=self._in_terminal)


def _number(argument: str) -> int:
    """The passage or article that a command is about: the first one, when it names none."""
    if not argument:
        return 1
    return int(argument) if argument.isdecimal() and len(argument) < LONGEST_NUMBER else 0
