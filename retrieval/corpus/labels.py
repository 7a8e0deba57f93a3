"""The labels of record files: which lines bear one, and which field it names."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from retrieval.corpus.cleaning import without_invisible
from retrieval.regex import regex


class Label(StrEnum):
    """The fields of a record, as the seeds label them."""

    TITLE = "标题"
    LINK = "链接"
    SUMMARY = "总结"
    KEYWORDS = "关键词"
    TECHNOLOGIES = "AI技术"
    INDUSTRIES = "行业"


ALIASES = {
    Label.TITLE: "题目 題目 標題 题名 題名 新闻标题 新聞標題 文章标题 文章標題 title headline",
    Label.LINK: (
        "网址 網址 连结 連結 鏈接 链结 鏈結 原文链接 原文鏈接 原文連結 来源链接 來源鏈接 來源連結 新闻链接"
        " 文章链接 原文地址 原文网址 url link href sourceurl"
    ),
    Label.SUMMARY: "總結 摘要 正文 概要 内容 內容 全文 新闻内容 新聞內容 summary abstract content text body",
    Label.KEYWORDS: "关键字 關鍵詞 關鍵字 标签 標籤 keywords keyword tags",
    Label.TECHNOLOGIES: (
        "技术 技術 ai技術 人工智能技术 人工智慧技術"
        " technologies technology aitechnologies aitechnology aitech"
    ),
    Label.INDUSTRIES: "行業 所属行业 所屬行業 应用行业 應用行業 industry industries sector",
}
CANONICAL = {label.casefold(): label for label in Label}
KNOWN = CANONICAL | {alias: label for label, aliases in ALIASES.items() for alias in aliases.split()}

COLONS = ":：﹕︓∶"
BRACKETS = "【】〖〗〔〕「」『』《》〈〉<>[]［］()（）"
BEARING = regex(
    r"^[^\S\n]*+(?:(?P<divider>(?:-{3,}+|={3,}+|\*{3,}+|_{3,}+|\#{3,}+|~{3,}+|[—─]{3,}+|═{3,}+|＝{3,}+)"
    r"[^\S\n]*+$)"
    rf"|(?P<bracketed>[【〖][^【】〖〗\n]{{1,20}}[】〗])[^\S\n]*+[{COLONS}]?"
    rf"|(?P<label>[^\n{COLONS}]{{1,32}})[{COLONS}])",
    re.MULTILINE,
)
UNKNOWN = regex(
    rf"\s*(?P<label>[^{COLONS}，。！？；、,.!?;“”\"'/\\|]{{1,16}})[{COLONS}](?P<value>.*)",
    re.DOTALL,
)
NOT_BLANK = regex(r"\S")
SCHEMES = frozenset({"http", "https", "ftp", "javascript", "vbscript", "data", "file", "mailto", "tg"})
"""What stands before a colon in a link, not in a label."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that bears a known label, or that divides (`label` is None).

    `start` is where the line begins, `value` where what the label names begins, `end` where the line ends;
    `has_gap` tells of an empty line above it, `has_text_below` of text between the line and the next mark.
    """

    label: Label | None
    written: str
    line: int
    start: int
    value: int
    end: int
    has_gap: bool
    has_text_below: bool


def fold(label: str) -> str:
    """A label as it is compared: without spaces and brackets around it, in half-width small letters."""
    visible = "".join(unicodedata.normalize("NFKC", without_invisible(label)).split())
    return visible.strip(BRACKETS + ":").casefold()


def divides(line: str) -> bool:
    """Whether a line is one of dashes or the like."""
    found = BEARING.match(line)
    return found is not None and found["divider"] is not None


def unknown_label(line: str) -> tuple[str, str] | None:
    """The label and value of a line that looks like a field, whatever the label; None for other lines."""
    found = UNKNOWN.match(line)
    if found is None:
        return None
    label = " ".join(without_invisible(found["label"]).split()).strip(BRACKETS)
    if not label or label.isnumeric() or fold(label) in SCHEMES:
        return None
    return label, found["value"].strip()


def marks(text: str) -> list[Mark]:
    """The lines of a text that bear a known label or divide, in order."""
    found = [(line, _label(line)) for line in BEARING.finditer(text)]
    found = [(line, label) for line, label in found if label or line["divider"]]
    nexts = [*(line.start() for line, _ in found), len(text)][1:]
    result: list[Mark] = []
    number, counted = 1, 0
    for (line, label), following in zip(found, nexts, strict=True):
        number += text.count("\n", counted, line.start())
        counted = line.start()
        end = text.find("\n", line.end())
        end = len(text) if end < 0 else end
        mark = Mark(
            label=label,
            written=without_invisible(line["label"] or line["bracketed"] or "").strip(),
            line=number,
            start=line.start(),
            value=line.end(),
            end=end,
            has_gap=_has_gap(text, line.start()),
            has_text_below=not _is_blank(text, end, following),
        )
        result.append(mark)
    return result


def _label(line: re.Match[str]) -> Label | None:
    return KNOWN.get(fold(line["label"] or line["bracketed"] or ""))


def _has_gap(text: str, start: int) -> bool:
    """Whether the line above the one that begins at `start` is empty."""
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    return start > 0 and _is_blank(text, above, start)


def _is_blank(text: str, start: int, end: int) -> bool:
    return NOT_BLANK.search(text, start, end) is None
