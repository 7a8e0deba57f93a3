"""A reply as text: for Telegram from templates/, for a terminal, or as one plain line.

What stands in a quotation is what is stored: between its first and its last character nothing is inserted
but markup. A part of a very long sentence is shown as a part, and the reader is told.
"""

import html
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from markupsafe import escape

from bot.conversation.replies import Kind, Reply
from bot.layout import console, insights, markdown
from bot.layout.glance import beginning, days, is_long, lead, reasons
from bot.layout.hidden import HIDE
from bot.layout.language import TEMPLATES, Language, phrases
from bot.layout.shortening import shortened
from bot.layout.words import Mark, because, clean, marks, name, question, runs, site
from retrieval.insight.figures import Figure
from retrieval.insight.roundup import Roundup
from retrieval.models import Article, Explanation, Filters, Model, Passage, Span

if TYPE_CHECKING:
    from jinja2 import Environment

UNITS: Final = 4096
"""UTF-16 units in a Telegram message once its markup is parsed."""
CAPTION_UNITS: Final = 1024
"""The same of the text below a picture."""
BYTES: Final = 32_000
"""UTF-8 bytes with markup; Telegram cuts what is sent at 35,000 before it looks for markup."""
LONGEST_SENTENCE: Final = 1000
LONGEST_BEFORE: Final = 300
LONGEST_ADDRESS: Final = 2000
"""In code points: a message with one passage fits even where each of them takes two UTF-16 units."""
NOTICED: Final = 5
"""Sentences in one message about a watched question."""
REPORTS: Final = 8
SUBJECTS: Final = 5
COUNTED: Final = 6
NAMED: Final = 3
"""Articles, subjects, labels of a kind and names of a subject in a digest."""
LABELS: Final = 12
"""Industries, technologies or keywords named of an article."""
TOKENS: Final = 6
"""Tokens named in the short form of an explanation."""
TAGS: Final = {Mark.MATCH: "u", Mark.HIGHLIGHT: "b"}
LAYOUTS: Final = frozenset(
    {
        Kind.WELCOME,
        Kind.ANSWER,
        Kind.LIKELY,
        Kind.DECLINED,
        Kind.MORE,
        Kind.CONTEXT,
        Kind.WHY,
        Kind.FIGURES,
        Kind.NEWS,
        Kind.ARTICLE,
        Kind.SOURCES,
        Kind.COMPARISON,
        Kind.TIMELINE,
        Kind.TREND,
        Kind.OVERVIEW,
    }
)
"""The kinds of reply with a template; the others are a fixed text."""


class Quotation(Model):
    """A stored text as it is shown: marked up, and whole or not."""

    html: str
    whole: bool

    def __html__(self) -> str:
        """Say to the template that this is markup already."""
        return self.html


class Responder:
    """Lays out replies in one language.

    Args:
        language: of the interface; quotations stay as they are stored.
    """

    def __init__(self, language: Language = Language.HANS) -> None:
        self.language = language
        self._phrases = phrases(language)

    @cached_property
    def _templates(self) -> "Environment":
        return _templates(self._phrases)

    @property
    def phrases(self) -> Mapping[str, str]:
        """All fixed texts by name."""
        return self._phrases

    def phrase(self, name: str) -> str:
        """A fixed text by name, plain and safe in Telegram's HTML: start, help, apology and others."""
        return self._phrases[name]

    def safe(self, text: str) -> str:
        """A plain text as Telegram's HTML."""
        return str(escape(text))

    def telegram(self, reply: Reply, *, brief: bool = False) -> str:
        """The reply in Telegram's HTML, within the limits of one message; see `fitted`."""
        return self.fitted(reply, brief=brief)[0]

    def fitted(self, reply: Reply, *, brief: bool = False) -> tuple[str, Reply]:
        """The reply in Telegram's HTML, within the limits of one message, and what of it that shows.

        Args:
            reply: what to show.
            brief: in the short form of groups: of an answer only the best passage.
        """
        if reply.kind not in LAYOUTS:
            return self._phrases[reply.phrase], reply
        if reply.kind is Kind.ARTICLE:
            return self.article(reply.articles[0]), reply
        if brief and reply.kind is Kind.ANSWER:
            left = {"passages": reply.passages[:1], "remaining": reply.remaining + len(reply.passages) - 1}
            reply = reply.model_copy(update=left)
        text = self._render(reply)
        while not fits(text) and (shorter := shortened(reply)) != reply:
            reply = shorter
            text = self._render(reply)
        return text, reply

    def caption(self, reply: Reply) -> str:
        """A reply in Telegram's HTML that fits below a picture."""
        text = self._render(reply)
        while not fits(text, CAPTION_UNITS) and (shorter := shortened(reply)) != reply:
            reply = shorter
            text = self._render(reply)
        return text

    def article(self, article: Article) -> str:
        """An article in Telegram's HTML: its source, what it is about, how it begins."""
        sentences = beginning(article)
        for shown in range(len(sentences), -1, -1):
            text = self._template("article", article=article, sentences=sentences[:shown])
            if fits(text):
                break
        return text

    def listing(self, articles: Sequence[Article], first: int, total: int, label: str | None) -> str:
        """Some of all articles in Telegram's HTML, numbered from `first`, or of those with a label."""
        shown = list(articles)
        text = self._template("listing", articles=shown, first=first, total=total, label=name(label or ""))
        while not fits(text) and shown:
            shown.pop()
            text = self._template(
                "listing", articles=shown, first=first, total=total, label=name(label or "")
            )
        return text

    def notice(self, question: str, passages: Sequence[Passage], *, asked_before: bool = False) -> str:
        """What was found for a watched question, in Telegram's HTML; what does not fit is counted.

        Args:
            question: that is watched.
            passages: that answer it.
            asked_before: the question is not watched, but was asked and declined before.
        """
        head = self._phrases["answered_later" if asked_before else "watch_found"]
        for shown in range(min(len(passages), NOTICED), 0, -1):
            left = len(passages) - shown
            text = self._template(
                "notice", head=head, question=question, passages=passages[:shown], left=left
            )
            if fits(text):
                break
        return text

    def digest(
        self,
        found: Roundup,
        watched: Sequence[tuple[str, Passage]],
        day: str,
        *,
        weekly: bool,
    ) -> str:
        """What came since the last digest, in Telegram's HTML, cut down to what fits.

        Args:
            found: the articles that came.
            watched: questions that the chat watches, each with a sentence that came.
            day: of the digest.
            weekly: whether it is that of a week.
        """
        reports, subjects = list(found.reports[:REPORTS]), list(found.subjects[:SUBJECTS])
        sentences = list(watched[:NOTICED])
        while True:
            text = self._template(
                "digest",
                found=found,
                reports=reports,
                subjects=subjects,
                sentences=sentences,
                unseen=len(watched) - len(sentences),
                left=found.total - sum(1 + report.copies for report in reports),
                day=day,
                weekly=weekly,
            )
            parts: list[list[Any]] = [reports, subjects, sentences]
            longest = max(parts, key=len)
            if fits(text) or not longest:
                return text
            longest.pop()

    def watch_begun(
        self, question: str, passages: Sequence[Passage], quiet_from: int, quiet_until: int
    ) -> str:
        """That a question is watched from now on, and the sentence that answers it already, if any."""
        quiet = (f"{quiet_from}:00", f"{quiet_until}:00") if quiet_from != quiet_until else ()
        return self._template("watch", question=question, passages=passages, quiet=quiet)

    def terminal(self, reply: Reply, *, colour: bool, width: int | None = None) -> str:
        """The reply as lines for a terminal; without a width, for the terminal there is."""
        width = width or shutil.get_terminal_size().columns
        return console.render(reply, self._phrases, colour=colour, width=width)

    def line(self, reply: Reply) -> str:
        """The reply on one line: sentence, title and address with tabs between, or why there is none."""
        return self.lines(reply.model_copy(update={"passages": reply.passages[:1]}))

    def lines(self, reply: Reply) -> str:
        """Each passage on one line: sentence, title and address with tabs between, or why there is none."""
        if reply.kind is Kind.DECLINED:
            reason = reply.answer and reply.answer.reason
            said = [self._phrases["declined"], because(reason, self._phrases) if reason else ""]
            return " · ".join(filter(None, said))
        if reply.passages:
            rows = [(one.text, one.title, one.url or one.file) for one in reply.passages]
            return "\n".join("\t".join(_flat(field) for field in row) for row in rows)
        return clean(
            self.terminal(reply, colour=False) if reply.kind in LAYOUTS else self._phrases[reply.phrase]
        )

    def markdown(self, reply: Reply) -> str:
        """The reply in Markdown: each passage a quotation with its source, or why there is none."""
        return markdown.render(reply, self._phrases)

    def _render(self, reply: Reply) -> str:
        return self._template(reply.kind, reply=reply)

    def _template(self, template: str, **values: object) -> str:
        return self._templates.get_template(f"{template}.html").render(**values).strip()


def _templates(texts: Mapping[str, str]) -> "Environment":
    """The environment that Telegram's templates are rendered in: all is escaped, nothing may be missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  a terminal needs none

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES / "telegram"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["text"] = texts
    filters: dict[str, Callable[..., object]] = {
        "quotation": quotation,
        "surrounding": surrounding,
        "lead": lead,
        "clean": clean,
        "reasons": reasons,
        "days": days,
        "is_long": is_long,
        "name": name,
        "question": question,
        "site": site,
        "address": address,
        "tokens": tokens,
        "because": because,
        "limits": limits,
        "first_ones": lambda values: values[:LABELS],
        "named": lambda values: values[:NAMED],
        "counted": lambda values: values[:COUNTED],
        "beside": insights.beside,
        "relation": insights.relation,
        "days_of": insights.days_of,
        "trend_title": insights.title,
        "described": insights.described,
        "sparkline": lambda trend: insights.sparkline(insights.values(trend)),
        "bars": insights.bars,
        "figure_quotation": figure_quotation,
    }
    templates.filters.update(filters)
    return templates


def fits(text: str, most: int = UNITS) -> bool:
    """Whether Telegram takes this HTML as one message, or with fewer units as a caption."""
    plain = html.unescape(re.sub(r"<[^>]*>", "", text))
    return units(plain) <= most and len(text.encode()) <= BYTES


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def figure_quotation(figure: Figure) -> Quotation:
    """The sentence of a figure, with that marked."""
    return _quotation(figure.text, marks(figure.text, [figure.span], ()))


def quotation(passage: Passage) -> Quotation:
    """A passage's sentence with its marks; of one too long for a message, the part around them."""
    return _quotation(passage.text, marks(passage.text, passage.highlights, passage.matches))


def _quotation(text: str, found: list[Mark]) -> Quotation:
    start, end = _part(found)
    pieces = (_tagged(piece, mark) for piece, mark in runs(text[start:end], found[start:end]))
    return Quotation(html="".join(pieces), whole=end - start == len(text))


def _part(found: list[Mark]) -> Span:
    """The part of a sentence that is shown: all of it, or what stands around its first best mark."""
    if len(found) <= LONGEST_SENTENCE:
        return 0, len(found)
    best = found.index(max(found))
    start = min(max(best - LONGEST_SENTENCE // 2, 0), len(found) - LONGEST_SENTENCE)
    return start, start + LONGEST_SENTENCE


def _tagged(text: str, mark: Mark) -> str:
    tag = TAGS.get(mark)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else str(escape(text))


def surrounding(text: str | None) -> str:
    """A heading or a sentence beside the passage: shown whole or not at all."""
    return text if text and len(text) <= LONGEST_BEFORE else ""


def address(url: str | None) -> str:
    """An address as a link can hold it, in ASCII; empty when it is none that a reader should follow."""
    try:
        parts = urlsplit(url or "")
        host = parts.netloc.encode("ascii" if parts.netloc.isascii() else "idna").decode()
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    kept = "%/:=&?~+!$,;'@()*[]"
    encoded = parts._replace(
        netloc=quote(host, safe=kept),
        path=quote(parts.path, safe=kept),
        query=quote(parts.query, safe=kept),
        fragment=quote(parts.fragment, safe=kept),
    ).geturl()
    return encoded if len(encoded) <= LONGEST_ADDRESS else ""


def tokens(explanation: Explanation, texts: Mapping[str, str]) -> list[tuple[str, float]]:
    """What each token adds to the score in all streams and fields, the largest first, then all the rest."""
    sums: dict[str, float] = {}
    for share in explanation.shares:
        # What belongs to no stream was given to the sentence as a whole.
        shown = name(share.token, 40) if share.stream else texts[f"field_{share.field}"]
        sums[shown] = sums.get(shown, 0.0) + share.amount
    named = sorted(sums.items(), key=lambda item: -item[1])
    rest = (texts["rest"], sum(amount for _, amount in named[TOKENS:]))
    return [*named[:TOKENS], rest] if named[TOKENS:] else named


def limits(filters: Filters, texts: Mapping[str, str]) -> str:
    """Which articles are looked into, in words; empty where all are."""
    named = [name(value, 40) for value in (*filters.industries, *filters.technologies)]
    since = [texts["since"].format(date=filters.since)] if filters.since else []
    return " · ".join([*named, *since])


def _flat(text: str) -> str:
    """A text on one line and without tabs."""
    return re.sub(f"[{HIDE}]", " ", text)
