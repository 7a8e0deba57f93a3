"""Every format gives the same articles, and what is broken or hostile is refused with the reason."""

import datetime as dt
import io
import json
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from article_files import ONE_A_FILE, WRITERS
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Article
from retrieval.corpus import reading
from retrieval.corpus.formats.registry import READERS
from retrieval.corpus.writing import record_text
from retrieval.models import Level, Problem


def article(number: int, **changes: object) -> Article:
    whole: dict[str, object] = {
        "title": f"第{number}座车间投产，年产{number}万台",
        "url": f"https://a.example/news/{number}?x=1&y=2",
        "summary": f"甲地{number}日宣布投产<新车间>。\n“今年产值将达{number}亿元。”负责人说。",
        "keywords": (f"关键词{number}", "100,000台"),
        "technologies": ("大模型",),
        "industries": ("制造",),
        "published": dt.date(2024, 5, number % 28 + 1),
        "file": "a.txt",
        "record": number,
    }
    return Article.model_validate(whole | changes)


def content(articles: tuple[Article, ...], *dropped: str) -> list[dict[str, object]]:
    return [one.model_dump(exclude={"file", "record", *dropped}) for one in articles]


def codes(corpus: reading.Corpus) -> list[str]:
    return [problem.code for problem in corpus.problems]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_articles(name: str) -> None:
    articles = tuple(article(number) for number in range(1, 2 if name in ONE_A_FILE else 6))
    read = reading.parse(WRITERS[name](articles), name)
    dropped = ("technologies", "industries", "extra") if name == "a.xml" else ()
    assert content(read.articles, *dropped) == content(articles, *dropped)
    assert [one.record for one in read.articles] == [one.record for one in articles]
    assert {problem.level for problem in read.problems} <= {Level.WARNING}
    assert set(codes(read)) <= {"encoding_fallback"}


def test_every_format_has_a_writer_in_the_tests() -> None:
    same = {".ndjson": ".jsonl", ".markdown": ".md", ".htm": ".html", ".rss": ".xml", ".atom": ".xml"}
    assert {same.get(suffix, suffix) for suffix in READERS} == {Path(name).suffix for name in WRITERS}


@given(st.sampled_from(sorted(WRITERS)), st.binary(max_size=60), st.integers(0, 400))
def test_no_bytes_raise_an_error(name: str, junk: bytes, at: int) -> None:
    whole = WRITERS[name]((article(1),))
    for data in (junk, whole[:at] + junk + whole[at:], whole[:at], whole[:at] + junk):
        corpus = reading.parse(data, name)
        assert corpus.articles or corpus.problems


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3).map("\n".join))
def test_a_record_that_is_written_reads_back(title: str, summary: str) -> None:
    for one in reading.parse(
        f"标题: 甲{title}\n总结: 乙{summary}".encode(errors="replace"), "a.txt"
    ).articles:
        again = reading.parse(record_text(one).encode(), "a.txt").articles
        assert [article.title for article in again] == [one.title]
        assert "".join(again[0].summary.split()) == "".join(one.summary.split())


def zipped(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


def with_entry(name: str, data: bytes) -> bytes:
    book = io.BytesIO(WRITERS["a.xlsx"]((article(1),)))
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(name, data)
    return book.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("name", "data", "code", "reason"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "unsafe_file", "damaged"),
        ("a.xlsx", zipped({"a.txt": b"x"}), "malformed_file", "workbook"),
        ("a.xlsx", with_entry("xl/vbaProject.bin", b"x"), "unsafe_file", "macros"),
        ("a.xlsx", zipped({"xl/a.xml": b" " * 30_000_000}), "unsafe_file", "unpack to 28 MiB"),
        (
            "a.xlsx",
            with_entry("xl/evil.xml", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
            "unsafe_file",
            "type",
        ),
        (
            "a.xml",
            f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss>&l9;</rss>'.encode(),
            "unsafe_file",
            "entities",
        ),
        (
            "a.xml",
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
            "unsafe_file",
            "entities",
        ),
        ("a.xml", b"<a><b/></a>", "not_record_format", "feed"),
        ("a.md", b"---\na: &a [x,x]\nb: &b [*a,*a]\n---\ntext", "unsafe_file", "by reference"),
        ("a.md", b"---\na: [\n---\ntext", "malformed_file", "front matter"),
        ("a.json", b"[" * 200_000, "malformed_file", "too deep"),
        ("a.json", b'{"title": ', "malformed_file", "not JSON"),
        ("a.json", b"3", "not_record_format", "list of objects"),
        ("a.json", b'[{"a": ' + b"1" * 5000 + b"}]", "malformed_file", "cannot be read"),
        ("a.jsonl", b'{"a": ' + b"1" * 5000 + b"}", "malformed_row", "not a JSON object"),
        ("a.csv", "姓名,年龄\n甲,3\n".encode(), "not_record_format", "fields.toml"),
        ("a.csv", b"", "empty_file", "no row"),
        ("a.csv", "标题,总结\n".encode(), "empty_file", "no row"),
        ("a.jsonl", b"\n\n", "empty_file", "nothing"),
    ],
)
def test_what_is_hostile_or_broken_is_refused_with_the_reason(
    name: str, data: bytes, code: str, reason: str
) -> None:
    corpus = reading.parse(data, name)
    assert corpus.articles == ()
    assert [(problem.code, reason in problem.message) for problem in corpus.problems] == [(code, True)]


@pytest.mark.parametrize(
    ("name", "data", "places"),
    [
        (
            "a.csv",
            "标题,总结\n甲,甲发布新政。\n乙\n丙,丙发布。,多的\n",
            [("missing_summary", 2, 3), ("malformed_row", 3, 4)],
        ),
        (
            "a.jsonl",
            '{"title": "甲", "text": "甲发布。"}\n{"title"\n3\n',
            [("malformed_row", 2, 2), ("malformed_row", 3, 3)],
        ),
        (
            "a.json",
            '[{"title": "甲", "text": "甲发布。"}, 3, {"title": "乙"}]',
            [("malformed_row", 2, None), ("missing_summary", 3, None)],
        ),
    ],
)
def test_a_problem_names_the_row_or_entry(
    name: str, data: str, places: list[tuple[str, int, int | None]]
) -> None:
    found = [(one.code, one.record, one.line) for one in reading.parse(data.encode(), name).problems]
    assert sorted((place for place in found if place[0] != "missing_link"), key=str) == sorted(
        places, key=str
    )


def test_the_separator_that_excel_names_is_no_header() -> None:
    corpus = reading.parse("sep=;\n标题;总结\n甲;甲发布新政。\n乙;\n".encode(), "a.csv")
    assert [one.title for one in corpus.articles] == ["甲"]
    assert ("missing_summary", 4) in {(one.code, one.line) for one in corpus.problems}


def test_excel_days_and_numbers_are_read_as_they_are_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["标题", "总结", "发布时间", "期号"], ["甲", "甲发布新政。", dt.date(2024, 5, 6), 12.0]):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    [one] = reading.parse(content.getvalue(), "a.xlsx").articles
    assert (one.published, one.extra) == (dt.date(2024, 5, 6), {"期号": "12"})


def test_an_entry_of_a_feed_has_the_longest_of_its_texts() -> None:
    feed = """<?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom"><title>甲报</title>
    <entry><title>甲</title><link href="https://a.example/1"/><updated>2024-05-06T23:30:00Z</updated>
    <summary>短。</summary>
    <content type="html">&lt;p&gt;甲地发布新政。&lt;/p&gt;&lt;p&gt;补贴三成。&lt;/p&gt;
    </content>
    <category term="补贴"/></entry></feed>"""
    [one] = reading.parse(feed.encode(), "a.atom").articles
    assert one.summary.split() == ["甲地发布新政。", "补贴三成。"]
    assert (one.url, one.keywords, one.published) == ("https://a.example/1", ("补贴",), dt.date(2024, 5, 6))


def test_a_page_without_marks_gives_its_longest_text() -> None:
    page = """<html><head><title>甲地新政</title></head><body>
    <div id="menu"><a>首页</a><a>财经</a></div>
    <div><h1>甲地新政</h1>
      <p>甲地发布
      新政。</p>
      <p>补贴达三成，下月施行。</p></div>
    <div>热门：<p>短。</p></div><script>var a = "<p>假的。</p>";</script></body></html>"""
    [one] = reading.parse(page.encode(), "a.html").articles
    assert (one.title, one.summary.split("\n")) == ("甲地新政", ["甲地发布新政。", "补贴达三成，下月施行。"])


def test_a_plain_note_has_its_first_heading_as_title() -> None:
    [one] = reading.parse(
        "# 甲地*新政*\n\n甲地**发布**新政。\n\n- 补贴\n- 减税\n".encode(), "2024-05-06-note.md"
    ).articles
    assert (one.title, one.published) == ("甲地新政", dt.date(2024, 5, 6))
    assert one.summary == "甲地发布新政。\n\n补贴\n减税"


def test_a_folder_names_its_own_fields_and_what_is_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "fields.toml").write_text(
        '[fields]\nheadline_cn = "标题"\nstory = "总结"\nctime = "日期"\nx = "没有"\n'
    )
    row = {"headline_cn": "甲", "story": "甲发布新政。", "ctime": "2024-05-06T10:00:00+08:00", "stars": 3}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden").write_text("x")
    corpus = reading.read([tmp_path])
    [one] = corpus.articles
    assert (one.title, one.summary, one.published) == ("甲", "甲发布新政。", dt.date(2024, 5, 6))
    assert one.extra == {"日期": "2024-05-06T10:00:00+08:00", "stars": "3"}
    told = [(problem.file, problem.code) for problem in corpus.problems]
    assert sorted(told) == [
        ("a.jsonl", "missing_link"),
        ("fields.toml", "malformed_fields"),
        ("picture.png", "not_record_file"),
    ]


@pytest.mark.parametrize(
    ("name", "library"), [("a.xlsx", "openpyxl"), ("a.html", "selectolax.lexbor"), ("a.xml", "feedparser")]
)
def test_a_format_whose_library_is_missing_says_what_to_install(
    name: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = WRITERS[name]((article(1),))
    monkeypatch.setitem(sys.modules, library, None)
    [problem] = reading.parse(data, name).problems
    assert (problem.code, "pip install 'zhiwen[formats]'" in problem.message) == ("missing_reader", True)


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = (f"第{number}号,第{number}号车间投产。" for number in range(3_000))
    path.write_text("标题,总结\n" + "\n".join(rows))
    problems: list[Problem] = []
    done: list[Path] = []
    articles = reading.each([path], problems.extend, done.append)
    assert next(articles).title == "第0号"
    assert (problems, done) == ([], [])
    assert sum(1 for _ in articles) == 2_999
    assert done == [path]
