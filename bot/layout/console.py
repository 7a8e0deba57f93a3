"""A reply laid out for a terminal."""

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
from bot.layout import insight_pages
from bot.layout.glance import beginning, days, lead, reasons
from bot.layout.insights import beside
from bot.layout.sheet import Sheet
from bot.layout.words import because, clean, fact, name, question
from retrieval.models import (
    EVERYTHING,
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


class _Page(Sheet):
    """Writes one reply to a console."""

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
            **insight_pages.layouts(self),
        }
        if layout := layouts.get(reply.kind):
            layout(reply)
        else:
            self.say(self.phrases[reply.phrase])

    def _welcome(self, reply: Reply) -> None:
        self.line(Text.assemble(("  知闻 zhiwen", "bold"), f"  {self.phrases['greeting']}"))
        for number, asked in enumerate(reply.questions):
            lead = self.phrases["try"] if number == 0 else " " * cell_len(self.phrases["try"])
            self.line(Text.assemble(("  " + lead, "dim"), question(asked)))
        self.say(self.phrases["hint"], "dim")

    def _answer(self, reply: Reply) -> None:
        self._understood(reply)
        best, *others = reply.passages
        if reply.answer and reply.answer.lines:
            for one in reply.answer.lines:
                self.say(f"· {clean(one)}", "bold green")
        elif value := lead(best, reply.answer):
            self.say(clean(value), "bold green")
        self._passage(best, "green")
        if others:
            self.gap()
            self.say(self.phrases["others"], "dim")
            self._numbered(others, reply.first + 1, best)
        if reply.figures:
            self.gap()
            self.say(f"/compare  {beside(reply.figures, self.phrases)}", "dim")
        self._left(reply)

    def _likely(self, reply: Reply) -> None:
        self._understood(reply)
        best = reply.passages[0]
        value = lead(best, reply.answer)
        self.say(self.phrases["likely_value"] + clean(value) if value else self.phrases["likely"], "bold")
        self._passage(best, "yellow")
        reason = reply.answer.reason if reply.answer else None
        unsure = self.phrases["likely_unsure"]
        self.say(because(reason, self.phrases) if reason and reason.lacks else unsure, "dim")
        self._left(reply)

    def _declined(self, reply: Reply) -> None:
        self._understood(reply)
        self.say(self.phrases["declined" if reply.filters == EVERYTHING else "declined_filtered"], "bold")
        if reply.answer and reply.answer.reason:
            self.say(because(reply.answer.reason, self.phrases))
        for passage in reply.passages[:1]:
            self.gap()
            self.say(self.phrases["nearest"], "dim")
            self._passage(passage, "yellow")
        if reply.questions:
            self.gap()
            self.say(self.phrases["suggested"], "dim")
            for asked in reply.questions:
                self.say(question(asked), indent=4)

    def _more(self, reply: Reply) -> None:
        answered = reply.answer is None or reply.answer.answered
        self.say(self.phrases["more" if answered else "near"], "dim")
        self._numbered(reply.passages, reply.first)
        self._left(reply)

    def _context(self, reply: Reply) -> None:
        passage = reply.passages[0]
        for sentence in reply.context:
            if sentence.is_passage:
                self.quote(sentence.text, passage, bar="green")
            else:
                heading = sentence.kind is SentenceKind.HEADING
                self.quote(sentence.text, style="bold dim" if heading else "dim", bar="green")
        self.source(passage)

    def _why(self, reply: Reply) -> None:
        for reason in reasons(reply, self.phrases):
            self.say(f"· {reason}")
        self.gap()
        self._passage(reply.passages[0], "green")
        if reply.explanation is not None:
            self.gap()
            self.console.print(Padding(self._shares(reply.explanation), (0, 0, 1, 2)))
            if runner_up := reply.explanation.runner_up:
                self.say(f"{self.phrases['runner_up']} {runner_up.score:.4f}", "dim")
                for share in reply.explanation.lead[:LEADS]:
                    *named, _ = self._row(share)
                    self.say(f"{share.amount:+.4f}  {' · '.join(filter(None, named))}", "dim", indent=4)
        if reply.answer and reply.answer.id:
            self.say(f"zhiwen replay {reply.answer.id}", "dim")

    def _news(self, reply: Reply) -> None:
        wanted = reply.news or NewsRequest()
        if reply.missed:
            self.say(self.phrases["news_missed"])
        elif not reply.articles:
            phrase = self.phrases["news_none" if wanted.subject else "no_sources"]
            self.say(phrase.format(subject=name(wanted.subject)))
            return
        named = [self.phrases["news"], name(wanted.subject), days(wanted.period, self.phrases)]
        self.say(" · ".join(filter(None, named)), "bold")
        for number, article in enumerate(reply.articles, reply.first):
            self.gap()
            self.source(article, f"{number}. ")
        last = reply.first + len(reply.articles) - 1
        if reply.total > last:
            self.gap()
            self.say(f"/more  {self.phrases['articles_left'].format(count=reply.total - last)}", "dim")

    def _article(self, reply: Reply) -> None:
        article = reply.articles[0]
        self.source(article)
        self.gap()
        for sentence in beginning(article):
            self.quote(sentence, bar="dim")

    def _sources(self, reply: Reply) -> None:
        self.say(self.phrases["sources"], "bold")
        for number, article in enumerate(reply.articles, reply.first):
            self.gap()
            self.source(article, f"{number}. ")
        last = reply.first + len(reply.articles) - 1
        if reply.total > last:
            self.gap()
            page = {"first": reply.first, "last": last, "total": reply.total}
            self.say(f"{self.phrases['sources_page'].format_map(page)}  /sources {last + 1}", "dim")

    def _understood(self, reply: Reply) -> None:
        """What a question was taken as, so that a wrong completion or translation is seen."""
        if reply.answer and reply.answer.taken_as != reply.answer.question:
            self.say(self.phrases["understood"] + question(reply.answer.taken_as), "italic cyan")
            self.gap()

    def _passage(self, passage: Passage, bar: str) -> None:
        """A passage with what it needs to be understood, and its source."""
        if passage.heading:
            self.quote(passage.heading, style="bold dim", bar=bar)
        if passage.before:
            self.quote(passage.before, style="dim", bar=bar)
        self.quote(passage.text, passage, bar=bar)
        self.source(passage)

    def _numbered(self, passages: Iterable[Passage], first: int, shown: Passage | None = None) -> None:
        """Passages with the numbers that commands know them by; a source is not repeated."""
        for number, passage in enumerate(passages, first):
            self.gap()
            self.quote(passage.text, passage, bar="dim", label=str(number))
            if shown and shown.article == passage.article:
                self.say(self.phrases["same_source"], "dim", indent=4)
            else:
                self.source(passage)
            shown = passage

    def _left(self, reply: Reply) -> None:
        """How many more passages there are, and the command that shows them."""
        if reply.remaining:
            self.gap()
            self.say(f"/more  {self.phrases['more_left'].format(count=reply.remaining)}", "dim")

    def _shares(self, explanation: Explanation) -> Table:
        """What each token adds or takes away, the largest first, down to the sum."""
        shares = sorted(explanation.shares, key=lambda share: -abs(share.amount))
        table = Table(box=box.SIMPLE, show_footer=True, show_edge=False, pad_edge=False)
        table.add_column(self.phrases["token"], footer=self.phrases["score"], overflow="fold")
        table.add_column(self.phrases["stream"])
        table.add_column(self.phrases["field"])
        total = sum(share.amount for share in shares)
        table.add_column(self.phrases["share"], f"{total:.4f}", justify="right")
        for share in shares[:SHARES]:
            table.add_row(*self._row(share))
        if rest := shares[SHARES:]:
            amount = sum(share.amount for share in rest)
            table.add_row(f"{self.phrases['rest']} {len(rest)}", "", "", f"{amount:.4f}", style="dim")
        return table

    def _row(self, share: Share) -> tuple[str, str, str, str]:
        if share.stream is None:
            # What belongs to no stream was given to the sentence as a whole, for what the token names.
            whole = self.phrases[f"field_{share.field}"], self.phrases["field_sentence"]
            return fact(share, self.phrases), *whole, f"{share.amount:.4f}"
        return (
            name(share.token),
            self.phrases[f"stream_{share.stream}"],
            self.phrases[f"field_{share.field}"],
            f"{share.amount:.4f}",
        )
