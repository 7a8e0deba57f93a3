"""Record files are read into articles and problems."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from retrieval.corpus import links
from retrieval.corpus.articles import LARGEST_FILE, Found, parse_records, too_large
from retrieval.corpus.problems import Report
from retrieval.models import Article, CorpusError, Model, Problem


class Corpus(Model):
    """What was read: the articles, and what is to be said about the files."""

    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, file: str) -> Corpus:
    """The articles of one record file.

    Args:
        data: what the file holds.
        file: its name, as articles and problems give it.
    """
    return _corpus([parse_records(data, file)])


def read(paths: Sequence[Path]) -> Corpus:
    """The articles of files and folders, without those that are there twice.

    Of a folder, all *.txt files are read, also those in its folders, but no hidden ones, in the order of
    their names; files are named relative to it.

    Raises:
        CorpusError: a path does not exist.
    """
    problems: list[Problem] = []
    articles = tuple(each(paths, problems))
    return Corpus(articles=articles, problems=tuple(problems))


def each(
    paths: Sequence[Path],
    problems: list[Problem],
    done: Callable[[Path], None] = lambda _path: None,
    left_out: Callable[[Article], None] = lambda _article: None,
) -> Iterator[Article]:
    """The same articles one by one, file by file: of what was read before, only digests stay in memory.

    Args:
        paths: files and folders.
        problems: gets what is to be said about the files.
        done: called with each file once it is read.
        left_out: called with each article that is not given because an earlier one is the same.

    Raises:
        CorpusError: a path does not exist.
    """
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise CorpusError(f"{missing} does not exist; give a record file or a folder of them")
    known = _Known(left_out)
    seen: set[str] = set()
    for path, name in (file for given in paths for file in files(given)):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            corpus = _corpus([_read_file(path, name)], known)
            problems += corpus.problems
            done(path)
            yield from corpus.articles


def read_file(path: Path, name: str) -> Corpus:
    """The articles of one file, which articles and problems call by a name."""
    return _corpus([_read_file(path, name)])


def files(given: Path) -> Iterator[tuple[Path, str]]:
    """The record files of a path, with their names; a folder that was visited is not visited again."""
    if not given.is_dir():
        yield given, _printable(given.name)
        return
    failed: list[OSError] = []
    visited: set[str] = set()
    for folder, folders, names in os.walk(given, onerror=failed.append, followlinks=True):
        visited.add(os.path.realpath(folder))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(Path(folder, name)) not in visited
        )
        for name in sorted(names):
            if is_record_file(name):
                path = Path(folder, name)
                yield path, named(path, given)
    for error in failed:
        path = Path(error.filename)
        yield path, named(path, given)


def named(path: Path, folder: Path) -> str:
    """The name of a record file in a folder."""
    return _printable(path.relative_to(folder).as_posix())


def is_record_file(name: str) -> bool:
    """Whether a file of a name is read as part of a corpus: *.txt files that are not hidden."""
    return name.lower().endswith(".txt") and not name.startswith(".")


def _printable(name: str) -> str:
    """A file name without the bytes that are no text."""
    return os.fsencode(name).decode(errors="replace")


def _read_file(path: Path, name: str) -> tuple[list[Found], Report]:
    report = Report(name)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            report.add("unreadable", "not a regular file; give a text file")
            return [], report
        if about.st_size > LARGEST_FILE:
            return too_large(report)
        with path.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        report.add(
            "unreadable", f"cannot be read: {error.strerror or error}; check that it is there and readable"
        )
        return [], report
    return parse_records(data, name)


class _Known:
    """Which articles, links and texts were there before: by their digests, and where the first was."""

    def __init__(self, left_out: Callable[[Article], None] = lambda _article: None) -> None:
        self.left_out = left_out
        self.articles: dict[bytes, tuple[str, int]] = {}
        self.links: dict[bytes, tuple[str, int]] = {}
        self.texts: dict[bytes, tuple[str, int]] = {}


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=10).digest()


def _corpus(parsed: Sequence[tuple[list[Found], Report]], known: _Known | None = None) -> Corpus:
    """What several files hold together; of articles that are there twice, the first is kept."""
    known = known or _Known()
    articles = tuple(
        found.article for articles, report in parsed for found in articles if _is_new(found, known, report)
    )
    return Corpus(
        articles=articles, problems=tuple(problem for _, report in parsed for problem in report.problems())
    )


def _is_new(found: Found, known: _Known, report: Report) -> bool:
    """Whether an article is to be kept, and what is to be said if it, or a part of it, was there before."""
    article = found.article
    own = (article.file, article.record)
    same = known.articles.setdefault(_digest(_identity(article)), own)
    same_link = known.links.setdefault(_digest(links.same_page(article.url)), own) if article.url else own
    same_text = known.texts.setdefault(_digest(_text(article)), own)
    code = message = ""
    if same is not own:
        code = "duplicate_url" if article.url else "duplicate_text"
        under = "under the same link" if article.url else "without a link"
        message = f"the same text {under} as {_place(same)}, which is kept; remove one of them"
    elif same_link is not own:
        code = "duplicate_url_conflict"
        message = f"another text under the same link as {_place(same_link)}; both are kept"
    elif same_text is not own:
        code = "duplicate_text"
        message = f"the same text as {_place(same_text)}, from another source or none; both are kept"
    if code:
        report.add(code, message, record=article.record, line=found.line)
    if same is not own:
        known.left_out(article)
    return same is own


def key(article: Article) -> int:
    """What a record is known by, as 64 bits: its text, and its link or else its title."""
    return int.from_bytes(_digest(_identity(article))[:8])


def _identity(article: Article) -> str:
    return f"{links.same_page(article.url) if article.url else article.title}\0{_text(article)}"


def _text(article: Article) -> str:
    return "".join(article.summary.split())


def _place(known: tuple[str, int]) -> str:
    file, record = known
    return f"record {record} of {file}"
