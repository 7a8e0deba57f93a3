"""Record files are read into articles and problems."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from retrieval.corpus.articles import LARGEST_FILE, Found, parse_records, too_large
from retrieval.corpus.duplicates import Known
from retrieval.corpus.problems import Report
from retrieval.digests import DigestTable, digest_of
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
    known = Known(left_out)
    seen = DigestTable()
    for path, name in (file for given in paths for file in files(given)):
        if seen.add(digest_of(os.path.realpath(path)), 0) is None:
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


def _corpus(parsed: Sequence[tuple[list[Found], Report]], known: Known | None = None) -> Corpus:
    """What several files hold together; of articles that are there twice, the first is kept."""
    known = known or Known()
    articles = tuple(
        found.article for articles, report in parsed for found in articles if known.counts(found, report)
    )
    return Corpus(
        articles=articles, problems=tuple(problem for _, report in parsed for problem in report.problems())
    )
