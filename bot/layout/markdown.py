"""A reply laid out in Markdown: each passage a quotation, what was asked for bold, its source a link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.conversation.replies import Kind, Reply
from bot.layout.insights import beside, days_of, described, relation, title
from bot.layout.words import Mark, because, clean, marks, name, question, runs, site
from retrieval.insight.sources import Source
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
    elif told := _insight(reply, phrases):
        return "\n\n".join([*parts, *told])
    elif reply.articles:
        heading = {Kind.NEWS: "news", Kind.SOURCES: "sources"}.get(reply.kind)
        parts += [f"**{phrases[heading]}**"] if heading else []
        parts += [_source(article, phrases) for article in reply.articles]
    elif not reply.passages:
        parts.append(phrases["no_sources" if reply.kind is Kind.NEWS else reply.phrase])
    parts += [_quoted(passage, phrases) for passage in reply.passages]
    parts += [f"- {_plain(question(asked))}" for asked in reply.questions]
    return "\n\n".join(parts)


def _insight(reply: Reply, phrases: Mapping[str, str]) -> list[str]:
    """What many articles tell together; nothing for any other reply."""
    if reply.kind is Kind.COMPARISON:
        rows = ((f"{one.figure} {relation(one, phrases)}", one.text, one.sources) for one in reply.figures)
        return [beside(reply.figures, phrases), *_told(rows, phrases)]
    if reply.kind is Kind.TIMELINE:
        events = ((days_of(event), event.text, event.sources) for event in reply.events)
        return [phrases["timeline_of"].format(subject=_plain(name(reply.subject))), *_told(events, phrases)]
    if reply.kind is Kind.TREND and reply.trend is not None:
        points = ((f"{one.day} {one.figure}", "", (one.source,)) for one in reply.trend.points)
        said = f"{_plain(title(reply.trend, phrases))}: {described(reply.trend, phrases)}"
        return [said, *_told(points, phrases)]
    if reply.kind is Kind.OVERVIEW and reply.overview is not None:
        found = reply.overview
        named = " · ".join(f"{one.name} {one.articles}" for one in found.subjects)
        counts = {"articles": found.articles, "looked_at": found.looked_at}
        return [phrases["overview"].format_map(counts), phrases["overview_subjects"] + _plain(named)]
    return []


def _told(rows: Iterable[tuple[str, str, Sequence[Source]]], phrases: Mapping[str, str]) -> Iterator[str]:
    """Each a heading, what is quoted below it, and its sources."""
    for heading, text, sources in rows:
        lines = [f"**{_plain(heading)}**", _plain(text), *(_source(source, phrases) for source in sources)]
        yield "\n>\n".join(f"> {_one_line(line)}" for line in lines if line)


def _quoted(passage: Passage, phrases: Mapping[str, str]) -> str:
    """A passage with what it needs to be understood, and its source."""
    found = marks(passage.text, passage.highlights, ())
    text = "".join(
        f"**{_plain(piece)}**" if mark is Mark.HIGHLIGHT else _plain(piece)
        for piece, mark in runs(passage.text, found)
    )
    before = [_plain(one) for one in (passage.heading, passage.before) if one]
    return "\n>\n".join(f"> {_one_line(line)}" for line in [*before, text, _source(passage, phrases)])


def _source(passage: Passage | Article | Source, phrases: Mapping[str, str]) -> str:
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
