"""A reply laid out in Markdown: each passage a quotation, what was asked for bold, its source a link."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.conversation.replies import Kind, Reply
from bot.layout.words import Mark, because, clean, marks, name, question, runs, site
from retrieval.models import Article, Passage
from retrieval.regex import regex

SPECIAL: Final = regex(r"([\\`*_{}\[\]<>#|~])")
"""What Markdown would take for markup."""


def render(reply: Reply, phrases: Mapping[str, str]) -> str:
    """The reply as Markdown, without a line break at the end."""
    parts: list[str] = []
    if reply.answer and reply.answer.taken_as != reply.answer.question:
        parts.append(f"*{phrases['understood']}{_plain(question(reply.answer.taken_as))}*")
    if reply.kind is Kind.DECLINED:
        parts.append(f"**{phrases['declined']}**")
        if reply.answer and reply.answer.reason:
            parts.append(_plain(because(reply.answer.reason, phrases)))
        if reply.passages:
            parts.append(phrases["nearest"])
    elif reply.kind is Kind.LIKELY:
        parts.append(f"**{phrases['likely']}**")
    elif reply.articles:
        heading = {Kind.NEWS: "news", Kind.SOURCES: "sources"}.get(reply.kind)
        parts += [f"**{phrases[heading]}**"] if heading else []
        parts += [_source(article, phrases) for article in reply.articles]
    elif not reply.passages:
        parts.append(phrases["no_sources" if reply.kind is Kind.NEWS else reply.phrase])
    parts += [_quoted(passage, phrases) for passage in reply.passages]
    parts += [f"- {_plain(question(asked))}" for asked in reply.questions]
    return "\n\n".join(parts)


def _quoted(passage: Passage, phrases: Mapping[str, str]) -> str:
    """A passage with what it needs to be understood, and its source."""
    found = marks(passage.text, passage.highlights, ())
    text = "".join(
        f"**{_plain(piece)}**" if mark is Mark.HIGHLIGHT else _plain(piece)
        for piece, mark in runs(passage.text, found)
    )
    before = [_plain(one) for one in (passage.heading, passage.before) if one]
    return "\n>\n".join(f"> {_one_line(line)}" for line in [*before, text, _source(passage, phrases)])


def _source(passage: Passage | Article, phrases: Mapping[str, str]) -> str:
    title = _plain(name(passage.title) or phrases["untitled"])
    if not passage.url:
        return " · ".join(["—", title, phrases["no_link"], _plain(name(passage.file))])
    address = clean(passage.url).replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return _joined([f"— [{title}]({address})", site(passage.url), str(passage.published or "")])


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _one_line(text: str) -> str:
    """A quotation's line break would end it."""
    return " ".join(text.splitlines())
