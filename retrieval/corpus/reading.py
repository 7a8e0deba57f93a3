"""Files of all formats are read into articles and problems: a bad one never stops the others."""

import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from retrieval.corpus import field_names
from retrieval.corpus.articles import Found, article_of
from retrieval.corpus.duplicates import Known
from retrieval.corpus.files import FIELD_NAMES, is_record_file, named, record_files, suffix
from retrieval.corpus.formats import record_text
from retrieval.corpus.formats.registry import READERS
from retrieval.corpus.formats.source import Source
from retrieval.corpus.problems import Report
from retrieval.digests import DigestTable, digest_of
from retrieval.errors import CorpusError
from retrieval.models import Article, Model, Problem


class Corpus(Model):
    """What was read: the articles, and what is to be said about the files."""

    articles: tuple[Article, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(data: bytes, file: str) -> Corpus:
    """The articles of what a file holds.

    Args:
        data: what the file holds.
        file: its name, as articles and problems give it; its end tells the format.
    """
    report = Report(file)
    source = Source(file, io.BytesIO(data), len(data), report)
    articles = tuple(_articles(_found(source), report, Known()))
    return Corpus(articles=articles, problems=tuple(report.problems()))


def read(paths: Sequence[Path]) -> Corpus:
    """The articles of files and folders, without those that are there twice.

    Of a folder, the files of all formats are read, also those in its folders, but no hidden ones, in the
    order of their names; files are named relative to it, and those of no format are told.

    Raises:
        CorpusError: a path does not exist.
    """
    problems: list[Problem] = []
    articles = tuple(each(paths, problems.extend))
    return Corpus(articles=articles, problems=tuple(problems))


def each(
    paths: Sequence[Path],
    tell: Callable[[Iterable[Problem]], object],
    done: Callable[[Path], None] = lambda _path: None,
    left_out: Callable[[Article], None] = lambda _article: None,
) -> Iterator[Article]:
    """The same articles one by one: of what was read before, only digests stay in memory.

    Args:
        paths: files and folders.
        tell: called with what is to be said about each file.
        done: called with each file once it is read.
        left_out: called with each article that is not given because an earlier one is the same.

    Raises:
        CorpusError: a path does not exist, or is a folder that may not be read.
    """
    for path in paths:
        _check(path)
    known = Known(left_out)
    seen = DigestTable()
    for path, name in (file for given in paths for file in record_files(given)):
        if seen.add(digest_of(os.path.realpath(path)), 0) is None:
            report = Report(name)
            yield from _articles(_of_file(path, name, report), report, known)
            tell(report.problems())
            done(path)
    for given in paths:
        tell(_others(given))


def _check(path: Path) -> None:
    """That a path is there, and that a folder may be listed: it would look empty."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            os.scandir(path).close()
    except FileNotFoundError as error:
        raise CorpusError(f"{path} does not exist; give a record file or a folder of them") from error
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}; see to its rights") from error


def read_file(path: Path, name: str) -> Corpus:
    """The articles of one file, which articles and problems call by a name."""
    report = Report(name)
    articles = tuple(_articles(_of_file(path, name, report), report, Known()))
    return Corpus(articles=articles, problems=tuple(report.problems()))


def _others(given: Path) -> Iterator[Problem]:
    """What is to be said of the files in a folder that are of no known format."""
    for folder, folders, names in os.walk(given) if given.is_dir() else ():
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not is_record_file(name) and not name.startswith((".", "~$")):
                report = Report(named(Path(folder, name), given))
                remedy = "zhiwen import takes archives" if suffix(name) == ".zip" else "move it elsewhere"
                report.add("not_record_file", f"not read: no file of articles; {remedy}")
                yield from report.problems()


def _of_file(path: Path, name: str, report: Report) -> Iterator[Found]:
    """The articles of a file."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            report.add("unreadable", "not a regular file; give a text file")
            return
        if path.name == FIELD_NAMES:
            field_names.load(path, report)
            return
        with path.open("rb") as opened:
            names = field_names.names_for(path)
            yield from _found(Source(name, opened, about.st_size, report, names))
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}; check that it is there and readable"
        report.add("unreadable", message)


def _found(source: Source) -> Iterator[Found]:
    reader = READERS.get(suffix(source.name), record_text.read)
    for record in reader(source):
        article = article_of(record, source.name, source.report)
        if article is not None:
            yield Found(article, record.line)


def _articles(found: Iterator[Found], report: Report, known: Known) -> Iterator[Article]:
    """The articles of a file that were not there before."""
    return (one.article for one in found if known.counts(one, report))
