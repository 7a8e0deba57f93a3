"""Records to articles: everything that is left out or changed is named in a problem.

A bad record never stops its neighbours, and no bytes raise an error.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass

from retrieval.corpus import dates, links
from retrieval.corpus.cleaning import clean
from retrieval.corpus.labels import Label
from retrieval.corpus.layout import Record, Value, is_date_label
from retrieval.corpus.markdown import without_markdown
from retrieval.corpus.problems import Report, shown
from retrieval.corpus.wrapping import joined_lines
from retrieval.language.openings import dateline_day
from retrieval.language.pieces import LONGEST as LONGEST_SENTENCE
from retrieval.language.sentences import is_cut_short
from retrieval.models import Article
from retrieval.regex import regex

LONGEST_TITLE = 200
"""Characters of a title; a longer one is cut."""
NOTHING = frozenset(
    {"", "无", "無", "暂无", "暫無", "没有", "沒有", "空", "n/a", "na", "none", "null", "nil", "-", "/"}
)
"""What is written where there is nothing to write."""
ITEM = regex(
    r"(?:[(（][^()（）]*+[)）]|《[^《》]*+》|“[^“”]*+”|(?<=\d),(?=\d{3}(?!\d))"
    r"|[^,，、;；|｜\n\t\u3000 ]| (?! ))+"
)
"""An item of a list: separators within brackets, quotations and numbers are its own, so is a single space."""
LINE_BREAK = regex(r"\s*[\n\t]\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """An article, and the line that it begins on; 0 where its file has no lines."""

    article: Article
    line: int


def article_of(record: Record, file: str, report: Report) -> Article | None:
    """The article of a record; None, and at least one problem of level error, when a part is missing."""
    return _Builder(record, file, report).article()


class _Builder:
    """Makes an article of a record, and tells what had to be changed."""

    def __init__(self, record: Record, file: str, report: Report) -> None:
        self._record = record
        self._file = file
        self._report = report

    def article(self) -> Article | None:
        """The article; None, and at least one problem of level error, when title or summary is missing."""
        title, summary = self._title(), self._summary()
        if not title or not summary:
            return None
        url = self._url()
        extra = {label: self._clean(value, label) for label, value in self._record.extra.items()}
        published = _published(extra, url, self._file, summary, title)
        self._tell_long_sentences(summary)
        return Article(
            title=title,
            url=url,
            summary=summary,
            keywords=self._list(Label.KEYWORDS),
            technologies=self._list(Label.TECHNOLOGIES),
            industries=self._list(Label.INDUSTRIES),
            published=published,
            extra={label: text for label, text in extra.items() if not _is_spent(label, text)},
            file=self._file,
            record=self._record.number,
        )

    def _add(self, code: str, message: str, line: int | None = None) -> None:
        if code not in self._record.implied:
            line = line or self._record.line or None
            self._report.add(code, message, record=self._record.number, line=line)

    def _clean(self, value: Value, label: str) -> str:
        cleaned = clean(value.text)
        if cleaned.html:
            self._add("html_cleaned", f"HTML was removed from {shown(label)}; store plain text", value.line)
        if cleaned.control:
            self._add(
                "control_chars_removed", f"invisible characters were removed from {shown(label)}", value.line
            )
        if cleaned.bidi:
            message = f"characters that turn the direction of text were removed from {shown(label)}"
            self._add("bidi_chars_removed", message, value.line)
        return cleaned.text

    def _field(self, label: Label) -> str | None:
        """The cleaned value of a field; empty where it says 无, None where there is no such field."""
        value = self._record.fields.get(label)
        if value is None:
            return None
        text = self._clean(value, label)
        return "" if _key(text) in NOTHING else text

    def _line(self, label: Label) -> int:
        value = self._record.fields.get(label)
        return value.line if value else self._record.line

    def _title(self) -> str:
        title = LINE_BREAK.sub(" ", self._field(Label.TITLE) or "")
        if not title:
            self._add(
                "missing_title",
                "a record without a title is left out; add a line 标题:",
                self._line(Label.TITLE),
            )
        if len(title) > LONGEST_TITLE:
            message = f"a title of {len(title)} characters was cut to {LONGEST_TITLE}; shorten it"
            self._add("long_title", message, self._line(Label.TITLE))
            title = title[: LONGEST_TITLE - 1].rstrip() + "…"
        return title

    def _summary(self) -> str:
        written = self._field(Label.SUMMARY)
        summary = None if written is None else self._plain(written)
        if summary is None:
            self._add("missing_summary", "a record without a text is left out; add it below a line 总结:")
        elif not summary:
            message = "a record with an empty text is left out; add it behind 总结:"
            self._add("empty_summary", message, self._line(Label.SUMMARY))
        return summary or ""

    def _plain(self, text: str) -> str:
        """The text without Markdown, its broken lines joined."""
        bare = without_markdown(text)
        if bare != text:
            message = f"Markdown was removed from {Label.SUMMARY}; store plain text"
            self._add("markdown_cleaned", message, self._line(Label.SUMMARY))
        return joined_lines(bare).strip()

    def _url(self) -> str | None:
        line = self._line(Label.LINK)
        value = self._field(Label.LINK)
        if not value:
            message = "without a link, the article is cited by title and file; add a line 链接:"
            self._add("missing_link", message, line)
            return None
        link = links.read(value)
        if link.problem is not None:
            self._add(link.problem, f"{link.message}: {shown(value)}", line)
        return link.url

    def _list(self, label: Label) -> tuple[str, ...]:
        """The items of a list field, each once."""
        items: dict[str, str] = {}
        for found in ITEM.findall(self._field(label) or ""):
            item = found.strip().rstrip("。").rstrip()
            if _key(item) in items:
                self._add(
                    "keyword_duplicate", f"{label} names {shown(item)} again; remove it", self._line(label)
                )
            elif _key(item) not in NOTHING:
                items[_key(item)] = item
        return tuple(items.values())

    def _tell_long_sentences(self, summary: str) -> None:
        if is_cut_short(summary):
            message = f"a sentence has no mark in {LONGEST_SENTENCE} characters and is cut; add punctuation"
            self._add("long_sentence", message, self._line(Label.SUMMARY))


def _key(item: str) -> str:
    return unicodedata.normalize("NFKC", item).casefold()


def _published(extra: dict[str, str], url: str | None, file: str, summary: str, title: str) -> dt.date | None:
    """The day of publication: of a field, else of the link, the dateline, the file's name or the title."""
    fields = (dates.written(text) for label, text in extra.items() if is_date_label(label))
    return (
        next((day for day in fields if day is not None), None)
        or (dates.of_link(url) if url else None)
        or dateline_day(summary)
        or dates.of_file(file)
        or dateline_day(summary, dates.year_of_file(file))
        or dates.of_title(title)
    )


def _is_spent(label: str, text: str) -> bool:
    """Whether a further field is told by the article's date."""
    return is_date_label(label) and dates.is_whole(text) and dates.written(text) is not None
