"""Record files are read whole: nothing is lost but what a problem names, and a bad record harms no other."""

import base64
import codecs
import datetime as dt
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cleaning_cases
import pytest
import record_cases
from hypothesis import example, given
from hypothesis import strategies as st
from record_cases import ALL, SECOND, Case, record
from record_files import ARTICLES, FILES, NUMBERED, TEXTS, written

from retrieval import Article
from retrieval.corpus import reading
from retrieval.corpus.articles import NOTHING
from retrieval.corpus.decoding import decode
from retrieval.corpus.formats.source import LARGEST_FILE
from retrieval.corpus.problems import LEVELS, MOST
from retrieval.corpus.reading import Corpus
from retrieval.errors import CorpusError
from retrieval.language.sentences import split
from retrieval.models import Level

CASES = (*record_cases.CASES, *cleaning_cases.CASES)
WHOLE_FILE = {"undecodable", "empty_file", "file_too_large", "more_problems"}
"""What is wrong with a file as a whole, not with a line of it."""


def parse(text: str) -> Corpus:
    return reading.parse(text.encode(), "a.txt")


def codes(corpus: Corpus) -> list[str]:
    return [problem.code for problem in corpus.problems]


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_read_and_every_problem_told(case: Case) -> None:
    corpus = reading.parse(case.data, "folder/a.txt")
    read = zip(corpus.articles, case.articles, strict=True)
    assert (
        tuple({name: getattr(article, name) for name in fields} for article, fields in read) == case.articles
    )
    places = ((problem.code, problem.line) for problem in corpus.problems)
    assert [f"{code}:{line}" if line else code for code, line in places] == case.problems.split()
    assert {article.file for article in corpus.articles} <= {"folder/a.txt"}
    assert {problem.file for problem in corpus.problems} <= {"folder/a.txt"}


def test_every_problem_has_a_test() -> None:
    told = {problem.partition(":")[0] for case in CASES for problem in case.problems.split()}
    elsewhere = {
        "duplicate_url",
        "duplicate_url_conflict",
        "duplicate_text",
        "id_clash",
    }  # with several records, below
    on_disk = {"unreadable", "file_too_large", "more_problems", "not_record_file"}
    on_disk |= {"malformed_file", "malformed_row", "malformed_fields", "missing_reader", "unsafe_file"}
    assert told | elsewhere | on_disk == set(LEVELS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_error_is_what_loses_a_record(case: Case) -> None:
    corpus = reading.parse(case.data, "a.txt")
    failed = {problem.record for problem in corpus.problems if problem.level is Level.ERROR}
    assert failed.isdisjoint(article.record for article in corpus.articles)
    assert failed or corpus.articles


def test_the_shared_cases(shared: Path, tmp_path: Path) -> None:
    failed: dict[str, object] = {}
    cases = json.loads((shared / "record_cases.json").read_text(encoding="utf-8"))
    for case in cases:
        folder = tmp_path / case["name"]
        folder.mkdir()
        for name, content in contents(case, ordinary=cases[0]["input"]).items():
            (folder / name).write_bytes(content)
        read = outcome(reading.read([folder]), case["expected"])
        if read != case["expected"]:
            failed[case["name"]] = read
    assert failed == {}
    assert len(cases) >= 92


def contents(case: dict[str, Any], *, ordinary: str) -> dict[str, bytes]:
    """The files of a shared case, by name."""
    if "files" in case:
        return {name: text.encode() for name, text in case["files"].items()}
    if "input" in case:
        return {"a.txt": case["input"].encode()}
    if "input_base64" in case:
        return {"a.txt": base64.b64decode(case["input_base64"])}
    assert case["name"] == "file_50_mb"
    return {
        "a.txt": ordinary.replace("补贴最高达30%。", "补贴最高达30%。" * 3_000_000).encode()[
            : 50 * 1024 * 1024
        ]
    }


def outcome(corpus: Corpus, expected: dict[str, Any]) -> dict[str, Any]:
    """What was read, as a shared case tells it: no field that it does not name."""
    named = expected["records"]
    read: dict[str, Any] = {"problems": sorted(codes(corpus))}
    if named and isinstance(named[0], str):
        read["records"] = [f"count:{len(corpus.articles)}"]
    elif len(named) != len(corpus.articles):
        read["records"] = [article.title for article in corpus.articles]
    else:
        whole = [article.model_dump(mode="json") for article in corpus.articles]
        read["records"] = [
            {name: one[name] for name in fields} for one, fields in zip(whole, named, strict=True)
        ]
    if "sentences" in expected:
        text = corpus.articles[0].summary
        read["sentences"] = [text[sentence.start : sentence.end] for sentence in split(text)]
    return read


@given(FILES)
@example(codecs.BOM_UTF16_LE + b"\x00\xd8\x0a")
@example("标题:&#xD800;\n总结:\ud800".encode(errors="surrogatepass"))
def test_no_bytes_raise_and_problems_name_a_line_that_exists(data: bytes) -> None:
    corpus = reading.parse(data, "a.txt")
    json.loads(corpus.model_dump_json())
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n") if decoded else ""
    last = text.count("\n") + 1
    for problem in corpus.problems:
        assert problem.file == "a.txt"
        assert problem.level is LEVELS[problem.code]
        assert len(problem.message.splitlines()) == 1
        if problem.code not in WHOLE_FILE:
            assert problem.line is not None
            assert 1 <= problem.line <= last
    for article in corpus.articles:
        assert article.title.strip()
        assert split(article.summary)


@given(TEXTS)
def test_every_record_is_an_article_or_an_error_says_why_not(text: str) -> None:
    corpus = parse(text)
    losing = {code for code, level in LEVELS.items() if level is Level.ERROR} | {"duplicate_url"}
    kept = {article.record for article in corpus.articles}
    lost = {problem.record for problem in corpus.problems if problem.code in losing and problem.record}
    told = {problem.record for problem in corpus.problems if problem.record}
    assert not kept & lost
    assert kept | lost == set(range(1, max(kept | told, default=0) + 1))


@given(NUMBERED)
def test_no_line_is_lost_in_silence(lines: list[str]) -> None:
    corpus = parse("\n".join(lines))
    kept = corpus.model_dump_json(include={"articles"})
    has_error = any(problem.level is Level.ERROR for problem in corpus.problems)
    told = [problem.line or 0 for problem in corpus.problems if problem.level is Level.WARNING]
    for number, line in enumerate(lines, start=1):
        if "词" in line and f"词{number}尾" not in kept:
            assert has_error or any(place <= number for place in told)


@given(st.one_of(TEXTS.map(str.encode), FILES))
@example(b"\xff\xfe---\n")
@example("总结: 丙\n\n链接: x".encode())
@example("链接:\n日期: 2024-05-06".encode())
def test_a_bad_record_never_stops_its_neighbours(bad: bytes) -> None:
    before = record("前", "https://a.example/before", "前文。").encode()
    after = record("后", "https://a.example/after", "后文。").encode()
    corpus = reading.parse(before + b"---\n" + bad + b"\n---\n" + after, "a.txt")
    for title, url, summary in (("前", "before", "前文。"), ("后", "after", "后文。")):
        [article] = [article for article in corpus.articles if article.title == title]
        assert {name: getattr(article, name) for name in ALL} == {
            **ALL,
            "title": title,
            "url": f"https://a.example/{url}",
            "summary": summary,
        }


@given(ARTICLES, st.sampled_from(["", "\n", "---\n", "\n=====\n\n"]))
def test_what_is_written_is_read_again(articles: list[Article], border: str) -> None:
    corpus = parse(border.join(map(written, articles)))
    assert [article.model_dump(exclude={"published", "record"}) for article in corpus.articles] == [
        article.model_dump(exclude={"published", "record"}) for article in articles
    ]
    assert [article.record for article in corpus.articles] == [*range(1, len(articles) + 1)]
    for article in corpus.articles:
        if article.url:
            assert article.published is not None
            assert f"/{article.published:%Y/%m/%d}/" in article.url
    harmless = {"missing_link", "unknown_field", "field_like_line_in_text", "duplicate_text"}
    assert set(codes(corpus)) <= harmless


def test_the_seeds_are_in_order(seeds: Iterable[Article]) -> None:
    [seed] = seeds
    assert (seed.title, seed.published) == ("打造人工智能“上海高地”,上海正在做什么", dt.date(2023, 7, 8))
    assert seed.url == "https://news.cctv.com/2023/07/08/ARTIV8GuPiroS1Fr9Ogh4SS8230708.shtml"
    assert seed.keywords == ("上海", "人工智能", "AI产业")
    assert (seed.technologies, seed.industries) == (("大模型", "芯片", "机器人"), ("金融", "制造", "医疗"))
    assert seed.summary.startswith("7月6日，专家在一幅")
    assert seed.summary.endswith("注入澎湃动力。")


@pytest.mark.parametrize(
    ("again", "code", "kept"),
    [
        (record("别的"), "duplicate_url", 1),
        (record(link="HTTPS://A.example/1#top", summary="上海　发布新政。"), "duplicate_url", 1),
        (record(link="http://www.a.example/1/?utm_source=x&from=app"), "duplicate_url", 1),
        (record(summary="上海又发布新政。"), "duplicate_url_conflict", 2),
        (record(link="https://b.example/1"), "duplicate_text", 2),
        (record(link="https://a.example/1?page=2"), "duplicate_text", 2),
    ],
)
def test_what_is_there_twice(again: str, code: str, kept: int, tmp_path: Path) -> None:
    within = parse(f"{record()}\n{again}")
    assert [article.record for article in within.articles] == [1, 2][:kept]
    assert [(problem.code, problem.record, problem.line) for problem in within.problems] == [(code, 2, 8)]
    assert "record 1 of a.txt" in within.problems[0].message
    write(tmp_path / "a.txt", record())
    write(tmp_path / "b.txt", again)
    across = reading.read([tmp_path])
    assert [article.file for article in across.articles] == ["a.txt", "b.txt"][:kept]
    assert [(problem.code, problem.file, problem.line) for problem in across.problems] == [(code, "b.txt", 1)]
    assert "record 1 of a.txt" in across.problems[0].message


def test_a_record_without_a_link_is_known_by_its_title_and_text() -> None:
    same, other = record(link="无"), record("乙", link="无")
    corpus = parse(f"{same}\n{same}\n{other}")
    assert [article.record for article in corpus.articles] == [1, 3]
    assert sorted(codes(corpus)) == ["duplicate_text"] * 2 + ["missing_link"] * 3


def test_many_texts_under_one_link_are_kept_and_each_of_them_once() -> None:
    items = [record(summary=f"第{number}家公司发布新政。") for number in (1, 2, 3, 2)]
    corpus = parse("\n".join(items))
    assert [article.record for article in corpus.articles] == [1, 2, 3]
    assert codes(corpus) == ["duplicate_url_conflict", "duplicate_url_conflict", "duplicate_url"]


def test_a_folder_is_read_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    for number, name in enumerate(
        ["b.txt", "a.TXT", "c/d/e.txt", ".hidden.txt", ".git/f.txt", "g.doc", "h.txt.bak"]
    ):
        write(tmp_path / name, record(f"题{number}", f"https://a.example/{number}", f"第{number}篇。"))
    corpus = reading.read([tmp_path])
    assert [article.file for article in corpus.articles] == ["a.TXT", "b.txt", "c/d/e.txt"]
    unread = [("g.doc", "not_record_file"), ("h.txt.bak", "not_record_file")]
    assert [(problem.file, problem.code) for problem in corpus.problems] == unread
    assert reading.read([tmp_path / "b.txt", tmp_path]).articles[0].file == "b.txt"
    assert len(reading.read([tmp_path / "b.txt", tmp_path, tmp_path / "c"]).problems) == len(unread)


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path / "a" / "a.txt", record())
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "again.txt").symlink_to(tmp_path / "a" / "a.txt")
    corpus = reading.read([tmp_path])
    assert (len(corpus.articles), corpus.problems) == (1, ())


def test_a_linked_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.txt", record())
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [article.file for article in reading.read([tmp_path / "corpus"]).articles] == ["linked/a.txt"]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path / "good.txt", record())
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    corpus = reading.read([tmp_path])
    assert [article.file for article in corpus.articles] == ["good.txt"]
    assert {problem.file for problem in corpus.problems} == {"circle.txt", "dangling.txt", "pipe.txt"}
    assert codes(corpus) == ["unreadable"] * 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path / "secret.txt", record()).chmod(0)
    write(tmp_path / "closed" / "a.txt", record()).parent.chmod(0)
    corpus = reading.read([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert {(problem.file, problem.code) for problem in corpus.problems} == {
        ("secret.txt", "unreadable"),
        ("closed", "unreadable"),
    }


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode("坏".encode()[:2] + b"\n.txt"), record())
    corpus = reading.read([tmp_path])
    assert [article.file for article in corpus.articles] == ["\ufffd\n.txt"]
    assert json.loads(corpus.model_dump_json())["articles"][0]["title"] == "甲"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "good.txt", SECOND)
    path = write(tmp_path / "large.txt", record())
    with path.open("r+b") as opened:
        opened.truncate(LARGEST_FILE + 1)
    corpus = reading.read([tmp_path])
    assert [article.file for article in corpus.articles] == ["good.txt"]
    assert [(problem.file, problem.code) for problem in corpus.problems] == [("large.txt", "file_too_large")]
    assert codes(reading.parse(bytes(LARGEST_FILE + 1), "a.txt")) == ["file_too_large"]


def test_a_file_just_small_enough_is_read() -> None:
    data = record().encode()
    corpus = reading.parse(data + b" " * (LARGEST_FILE - len(data)), "a.txt")
    assert (len(corpus.articles), corpus.problems) == (1, ())


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere does not exist; give"):
        reading.read([tmp_path, tmp_path / "nowhere"])


def test_an_empty_folder_is_an_empty_corpus(tmp_path: Path) -> None:
    assert reading.read([tmp_path]) == Corpus()
    assert reading.read([]) == Corpus()


def test_one_file_has_no_end_of_problems_to_list() -> None:
    corpus = parse("标题: 甲\n" * (MOST + 5))
    assert len(corpus.problems) == MOST + 1
    assert corpus.problems[-1].code == "more_problems"
    assert corpus.problems[-1].message.startswith("5 more problems")


@pytest.mark.parametrize("said", sorted(NOTHING - {""}))
def test_nothing_is_written_in_many_ways(said: str) -> None:
    corpus = parse(record(link=said, rest=f"关键词: {said.upper()}\n"))
    [article] = corpus.articles
    assert (article.url, article.keywords, codes(corpus)) == (None, (), ["missing_link"])


@pytest.mark.parametrize(
    "hostile",
    [
        "<",
        "&lt;",
        "<!--",
        "</script>",
        "<script>",
        "“",
        "（",
        "标题:",
        "标题:\n",
        "---\n",
        ":",
        "\n",
        "\u3000",
        ",",
        "x:\n",
    ],
)
def test_hostile_repeats_end(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    parse(text)
    part = text[: len(text) // 4]
    parse(record(part, part, part, f"关键词: {part}\n来源: {part}"))
