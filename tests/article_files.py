"""The same articles written in each format that is read."""

import csv
import html
import io
import json
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

import openpyxl

from retrieval import Article
from retrieval.corpus.writing import records_text

NAMES = ("标题", "链接", "总结", "关键词", "AI技术", "行业", "日期")


def fields(article: Article) -> dict[str, str]:
    day = article.published.isoformat() if article.published else ""
    lists = (article.keywords, article.technologies, article.industries)
    values = (article.title, article.url or "", article.summary, *("，".join(items) for items in lists), day)
    return dict(zip(NAMES, values, strict=True))


def _values(article: Article) -> dict[str, object]:
    return {
        **fields(article),
        "关键词": list(article.keywords),
        "AI技术": list(article.technologies),
        "行业": list(article.industries),
    }


def _separated(articles: Sequence[Article], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    rows = csv.DictWriter(text, NAMES, delimiter=delimiter)
    rows.writeheader()
    rows.writerows(map(fields, articles))
    return text.getvalue().encode(encoding)


def _sheet(articles: Sequence[Article]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(NAMES)
    for article in articles:
        sheet.append(list(fields(article).values()))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _note(articles: Sequence[Article]) -> bytes:
    [article] = articles
    front = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in _values(article).items()]
    fields = [line for line in front if not line.startswith("总结")]
    return "\n".join(["---", *fields, "---", "", article.summary]).encode()


def _page(articles: Sequence[Article]) -> bytes:
    [article] = articles
    values = fields(article)
    metas = "".join(f'<meta name="{name}" content="{html.escape(values[name])}">' for name in NAMES[3:6])
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in article.summary.split("\n"))
    return "".join(
        [
            '<!DOCTYPE html><html><head><meta charset="utf-8">',
            f"<title>{html.escape(article.title)} - 甲报</title>",
            f'{metas}<link rel="canonical" href="{html.escape(article.url or "")}">',
            f'<meta property="article:published_time" content="{values["日期"]}"></head>',
            "<body><nav><a href='/'>首页</a></nav>",
            f"<article><h1>{html.escape(article.title)}</h1>{paragraphs}</article>",
            "<footer>版权所有</footer></body></html>",
        ]
    ).encode()


def _feed(articles: Sequence[Article]) -> bytes:
    items = "".join(
        f"<item><title>{escape(article.title)}</title><link>{escape(article.url or '')}</link>"
        f"<pubDate>{article.published:%a, %d %b %Y} 08:00:00 +0800</pubDate>"
        f"{''.join(f'<category>{escape(keyword)}</category>' for keyword in article.keywords)}"
        f"<description>{escape(html.escape(article.summary, quote=False))}</description></item>"
        for article in articles
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>甲</title>{items}</channel></rss>'.encode()
    )


def _lines(articles: Sequence[Article]) -> bytes:
    return "\n".join(json.dumps(_values(article), ensure_ascii=False) for article in articles).encode()


WRITERS: Mapping[str, Callable[[Sequence[Article]], bytes]] = {
    "a.txt": lambda articles: records_text(articles).encode(),
    "a.json": lambda articles: json.dumps({"articles": list(map(_values, articles))}).encode(),
    "a.jsonl": _lines,
    "a.csv": lambda articles: _separated(articles, ",", "utf-8"),
    "excel.csv": lambda articles: _separated(articles, ";", "utf-8-sig"),
    "chinese.csv": lambda articles: _separated(articles, ",", "gb18030"),
    "wide.csv": lambda articles: _separated(articles, "\t", "utf-16"),
    "a.tsv": lambda articles: _separated(articles, "\t", "utf-8"),
    "a.xlsx": _sheet,
    "a.md": _note,
    "a.html": _page,
    "a.xml": _feed,
}
ONE_A_FILE = frozenset({"a.md", "a.html"})
