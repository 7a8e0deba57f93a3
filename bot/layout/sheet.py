"""Lines for a terminal: a bar beside quotations, sources that are never broken."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from bot.layout.words import Mark, clean, marks, name, runs, site
from bot.layout.wrapping import wrap
from retrieval.insight.sources import Source
from retrieval.models import Article, Passage, Span

STYLES: Final = {Mark.PLAIN: "", Mark.MATCH: "underline", Mark.HIGHLIGHT: "bold green"}


class Sheet:
    """Writes to a console, in lines of a width.

    Args:
        console: that is written to.
        phrases: the texts of the interface.
        width: of a line, in columns.
    """

    def __init__(self, console: Console, phrases: Mapping[str, str], width: int) -> None:
        self.console = console
        self.phrases = phrases
        self.width = width

    def quote(
        self, text: str, marked: Passage | None = None, *, style: str = "", bar: str, label: str = ""
    ) -> None:
        """A verbatim text beside a bar, each line a substring of it."""
        highlights, matches = (marked.highlights, marked.matches) if marked else ((), ())
        self.quote_marked(text, highlights, matches, style=style, bar=bar, label=label)

    def quote_marked(
        self,
        text: str,
        highlights: Sequence[Span],
        matches: Sequence[Span] = (),
        *,
        style: str = "",
        bar: str,
        label: str = "",
    ) -> None:
        """The same with what stands out in it."""
        found = marks(text, highlights, matches)
        for start, end in wrap(text, max(self.width - 4, 2)):
            line = Text.assemble((f"{label:<2}", "dim"), ("▎ ", bar))
            for piece, mark in runs(text[start:end], found[start:end]):
                line.append(piece, f"{style} {STYLES[mark]}".strip())
            self.line(line)
            label = " " * len(label)

    def source(self, source: Passage | Article | Source, number: str = "") -> None:
        """The title, the site and date, and the whole address, which is never broken."""
        self.say(number + (name(source.title) or self.phrases["untitled"]), "bold", indent=4)
        details = [site(source.url), str(source.published or "")]
        if not source.url:
            details = [self.phrases["no_link"], name(source.file), *details]
            if isinstance(source, Article):
                details.append(self.phrases["record"].format(count=source.record))
        self.say(clean(" · ".join(filter(None, details))), "dim", indent=4)
        if source.url:
            self.line(Text.assemble("    ", (clean(source.url), "blue")))

    def say(self, text: str, style: str = "", indent: int = 2) -> None:
        """A text of the interface, broken into lines."""
        for paragraph in text.split("\n"):
            for start, end in wrap(paragraph, max(self.width - indent, 2)):
                self.line(Text.assemble(" " * indent, (paragraph[start:end], style)))

    def gap(self) -> None:
        """An empty line."""
        self.console.print()

    def line(self, line: Text) -> None:
        """A line as it is."""
        self.console.print(line, soft_wrap=True)
