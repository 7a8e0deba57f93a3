"""A reply laid out for a terminal: Chinese line breaking, a bar beside quotations, colours.

Also what both layouts need of a passage: its marks, its site.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.conversation.replies import Kind, Reply
from bot.layout.glance import beginning, days, lead, reasons
from bot.layout.words import Mark, because, clean, fact, marks, name, question, runs, site
from bot.layout.wrapping import wrap
from retrieval.models import (
    EVERYTHING,
    Article,
    Explanation,
    NewsRequest,
    Passage,
    SentenceKind,
    Share,
)

WIDEST: Final = 88
"""Columns beyond which lines are tiring to read."""
SHARES: Final = 12
"""Rows of an explanation before the rest is summed up."""
LEADS: Final = 5
"""Differences from the next passage that are named."""

STYLES: Final = {Mark.PLAIN: "", Mark.MATCH: "underline", Mark.HIGHLIGHT: "bold green"}


def render(reply: Reply, phrases: Mapping[str, str], *, colour: bool, width: int) -> str:
    """The reply as lines for a terminal of this width, without a line break at the end."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    _Page(console, phrases, min(width, WIDEST)).show(reply)
    return "\n".join(line.rstrip() for line in stream.getvalue().strip("\n").split("\n"))


class _Page:
    """Writes one reply to a console."""

    def __init__(self, console: Console, phrases: Mapping[str, str], width: int) -> None:
        self._console = console
        self._phrases = phrases
        self._width = width

    def show(self, reply: Reply) -> None:
        """Write the reply, whatever its kind."""
        layouts = {
            Kind.WELCOME: self._welcome,
            Kind.ANSWER: self._answer,
            Kind.LIKELY: self._likely,
            Kind.DECLINED: self._declined,
            Kind.MORE: self._more,
            Kind.CONTEXT: self._context,
            Kind.WHY: self._why,
            Kind.FIGURES: self._why,
            Kind.NEWS: self._news,
            Kind.ARTICLE: self._article,
            Kind.SOURCES: self._sources,
        }
        if layout := layouts.get(reply.kind):
            layout(reply)
        else:
            self._say(self._phrases[reply.phrase])

    def _welcome(self, reply: Reply) -> None:
        self._line(Text.assemble(("  知闻 zhiwen", "bold"), f"  {self._phrases['greeting']}"))
        for number, asked in enumerate(reply.questions):
            lead = self._phrases["try"] if number == 0 else " " * cell_len(self._phrases["try"])
            self._line(Text.assemble(("  " + lead, "dim"), question(asked)))
        self._say(self._phrases["hint"], "dim")

    def _answer(self, reply: Reply) -> None:
        self._understood(reply)
        best, *others = reply.passages
        if value := lead(best, reply.answer):
            self._say(clean(value), "bold green")
        self._passage(best, "green")
        if others:
            self._gap()
            self._say(self._phrases["others"], "dim")
            self._numbered(others, reply.first + 1, best)
        self._left(reply)

    def _likely(self, reply: Reply) -> None:
        self._understood(reply)
        best = reply.passages[0]
        value = lead(best, reply.answer)
        self._say(self._phrases["likely_value"] + clean(value) if value else self._phrases["likely"], "bold")
        self._passage(best, "yellow")
        reason = reply.answer.reason if reply.answer else None
        unsure = self._phrases["likely_unsure"]
        self._say(because(reason, self._phrases) if reason and reason.lacks else unsure, "dim")
        self._left(reply)

    def _declined(self, reply: Reply) -> None:
        self._understood(reply)
        self._say(self._phrases["declined" if reply.filters == EVERYTHING else "declined_filtered"], "bold")
        if reply.answer and reply.answer.reason:
            self._say(because(reply.answer.reason, self._phrases))
        for passage in reply.passages[:1]:
            self._gap()
            self._say(self._phrases["nearest"], "dim")
            self._passage(passage, "yellow")
        if reply.questions:
            self._gap()
            self._say(self._phrases["suggested"], "dim")
            for asked in reply.questions:
                self._say(question(asked), indent=4)

    def _more(self, reply: Reply) -> None:
        answered = reply.answer is None or reply.answer.answered
        self._say(self._phrases["more" if answered else "near"], "dim")
        self._numbered(reply.passages, reply.first)
        self._left(reply)

    def _context(self, reply: Reply) -> None:
        passage = reply.passages[0]
        for sentence in reply.context:
            if sentence.is_passage:
                self._quote(sentence.text, passage, bar="green")
            else:
                heading = sentence.kind is SentenceKind.HEADING
                self._quote(sentence.text, style="bold dim" if heading else "dim", bar="green")
        self._source(passage)

    def _why(self, reply: Reply) -> None:
        for reason in reasons(reply, self._phrases):
            self._say(f"· {reason}")
        self._gap()
        self._passage(reply.passages[0], "green")
        if reply.explanation is not None:
            self._gap()
            self._console.print(Padding(self._shares(reply.explanation), (0, 0, 1, 2)))
            if runner_up := reply.explanation.runner_up:
                self._say(f"{self._phrases['runner_up']} {runner_up.score:.4f}", "dim")
                for share in reply.explanation.lead[:LEADS]:
                    *named, _ = self._row(share)
                    self._say(f"{share.amount:+.4f}  {' · '.join(filter(None, named))}", "dim", indent=4)
        if reply.answer and reply.answer.id:
            self._say(f"zhiwen replay {reply.answer.id}", "dim")

    def _news(self, reply: Reply) -> None:
        wanted = reply.news or NewsRequest()
        if reply.missed:
            self._say(self._phrases["news_missed"])
        elif not reply.articles:
            phrase = self._phrases["news_none" if wanted.subject else "no_sources"]
            self._say(phrase.format(subject=name(wanted.subject)))
            return
        named = [self._phrases["news"], name(wanted.subject), days(wanted.period, self._phrases)]
        self._say(" · ".join(filter(None, named)), "bold")
        for number, article in enumerate(reply.articles, reply.first):
            self._gap()
            self._source(article, f"{number}. ")
        last = reply.first + len(reply.articles) - 1
        if reply.total > last:
            self._gap()
            self._say(f"/more  {self._phrases['articles_left'].format(count=reply.total - last)}", "dim")

    def _article(self, reply: Reply) -> None:
        article = reply.articles[0]
        self._source(article)
        self._gap()
        for sentence in beginning(article):
            self._quote(sentence, bar="dim")

    def _sources(self, reply: Reply) -> None:
        self._say(self._phrases["sources"], "bold")
        for number, article in enumerate(reply.articles, reply.first):
            self._gap()
            self._source(article, f"{number}. ")
        last = reply.first + len(reply.articles) - 1
        if reply.total > last:
            self._gap()
            page = {"first": reply.first, "last": last, "total": reply.total}
            self._say(f"{self._phrases['sources_page'].format_map(page)}  /sources {last + 1}", "dim")

    def _understood(self, reply: Reply) -> None:
        """What a question was taken as, so that a wrong completion or translation is seen."""
        if reply.answer and reply.answer.taken_as != reply.answer.question:
            self._say(self._phrases["understood"] + question(reply.answer.taken_as), "italic cyan")
            self._gap()

    def _passage(self, passage: Passage, bar: str) -> None:
        """A passage with what it needs to be understood, and its source."""
        if passage.heading:
            self._quote(passage.heading, style="bold dim", bar=bar)
        if passage.before:
            self._quote(passage.before, style="dim", bar=bar)
        self._quote(passage.text, passage, bar=bar)
        self._source(passage)

    def _numbered(self, passages: Iterable[Passage], first: int, shown: Passage | None = None) -> None:
        """Passages with the numbers that commands know them by; a source is not repeated."""
        for number, passage in enumerate(passages, first):
            self._gap()
            self._quote(passage.text, passage, bar="dim", label=str(number))
            if shown and shown.article == passage.article:
                self._say(self._phrases["same_source"], "dim", indent=4)
            else:
                self._source(passage)
            shown = passage

    def _quote(
        self, text: str, marked: Passage | None = None, *, style: str = "", bar: str, label: str = ""
    ) -> None:
        """A verbatim text beside a bar, each line a substring of it."""
        found = marks(text, marked.highlights, marked.matches) if marked else [Mark.PLAIN] * len(text)
        for start, end in wrap(text, max(self._width - 4, 2)):
            line = Text.assemble((f"{label:<2}", "dim"), ("▎ ", bar))
            for piece, mark in runs(text[start:end], found[start:end]):
                line.append(piece, f"{style} {STYLES[mark]}".strip())
            self._line(line)
            label = " " * len(label)

    def _source(self, source: Passage | Article, number: str = "") -> None:
        """The title, the site and date, and the whole address, which is never broken."""
        self._say(number + (name(source.title) or self._phrases["untitled"]), "bold", indent=4)
        details = [site(source.url), str(source.published or "")]
        if not source.url:
            details = [self._phrases["no_link"], name(source.file), *details]
            if isinstance(source, Article):
                details.append(self._phrases["record"].format(count=source.record))
        self._say(clean(" · ".join(filter(None, details))), "dim", indent=4)
        if source.url:
            self._line(Text.assemble("    ", (clean(source.url), "blue")))

    def _left(self, reply: Reply) -> None:
        """How many more passages there are, and the command that shows them."""
        if reply.remaining:
            self._gap()
            self._say(f"/more  {self._phrases['more_left'].format(count=reply.remaining)}", "dim")

    def _shares(self, explanation: Explanation) -> Table:
        """What each token adds or takes away, the largest first, down to the sum."""
        shares = sorted(explanation.shares, key=lambda share: -abs(share.amount))
        table = Table(box=box.SIMPLE, show_footer=True, show_edge=False, pad_edge=False)
        table.add_column(self._phrases["token"], footer=self._phrases["score"], overflow="fold")
        table.add_column(self._phrases["stream"])
        table.add_column(self._phrases["field"])
        total = sum(share.amount for share in shares)
        table.add_column(self._phrases["share"], f"{total:.4f}", justify="right")
        for share in shares[:SHARES]:
            table.add_row(*self._row(share))
        if rest := shares[SHARES:]:
            amount = sum(share.amount for share in rest)
            table.add_row(f"{self._phrases['rest']} {len(rest)}", "", "", f"{amount:.4f}", style="dim")
        return table

    def _row(self, share: Share) -> tuple[str, str, str, str]:
        if share.stream is None:
            # What belongs to no stream was given to the sentence as a whole, for what the token names.
            whole = self._phrases[f"field_{share.field}"], self._phrases["field_sentence"]
            return fact(share, self._phrases), *whole, f"{share.amount:.4f}"
        return (
            name(share.token),
            self._phrases[f"stream_{share.stream}"],
            self._phrases[f"field_{share.field}"],
            f"{share.amount:.4f}",
        )

    def _say(self, text: str, style: str = "", indent: int = 2) -> None:
        """A text of the interface, broken into lines."""
        for paragraph in text.split("\n"):
            for start, end in wrap(paragraph, max(self._width - indent, 2)):
                self._line(Text.assemble(" " * indent, (paragraph[start:end], style)))

    def _gap(self) -> None:
        self._console.print()

    def _line(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True)
