"""`zhiwen import`: files of articles in any format become record files."""

import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Final

import click

from bot.commands import printing
from bot.commands.command_line import Command, words
from bot.commands.options import PATH, json_option
from bot.commands.statuses import BAD, DONE
from bot.corpus.uploads import UploadError, unpack
from retrieval.corpus import reading
from retrieval.corpus.writing import record_text
from retrieval.errors import CorpusError, ZhiwenError
from retrieval.models import Article, Problem

SHOWN: Final = 3
"""Records shown by --dry-run."""
FILE_CHARACTERS: Final = 4_000_000
"""Characters of a record file, after which the next begins: all are small enough to be read."""


class ImportFilesError(ZhiwenError):
    """What was imported cannot be written."""


@click.command("import", cls=Command)
@click.argument("paths", nargs=-1, type=PATH, required=True, metavar="PATH...")
@click.option("--to", "folder", type=PATH, required=True, metavar="FOLDER")
@click.option("--dry-run", is_flag=True)
@json_option
def import_files(paths: tuple[Path, ...], folder: Path, *, dry_run: bool, as_json: bool) -> int:
    """Write the articles of files, folders and archives as records; nothing is ever overwritten."""
    problems: list[Problem] = []
    with ExitStack() as open_until_read:
        articles = reading.each([_unpacked(path, open_until_read) for path in paths], problems.extend)
        if dry_run:
            shown = list(itertools.islice(articles, SHOWN))
            written = {}
            more = sum(1 for _ in articles)
            if not as_json:
                click.echo("\n".join(map(record_text, shown)))
            count = len(shown) + more
        else:
            written = _write(articles, folder)
            count = sum(written.values())
    if as_json:
        found = [problem.model_dump(mode="json") for problem in problems]
        click.echo(json.dumps({"articles": count, "written": written, "problems": found}, ensure_ascii=False))
    else:
        for line in printing.problem_lines(problems):
            click.echo(line, err=True)
        name = "import.would" if dry_run else "import.done"
        click.echo(words()(name, articles=count, files=len(written), folder=folder, problems=len(problems)))
    return BAD if printing.has_errors(tuple(problems)) or not count else DONE


def _unpacked(path: Path, until: ExitStack) -> Path:
    """A path to read: of an archive, a folder with what it holds.

    Raises:
        CorpusError: the archive cannot be read, or goes beyond the limits.
    """
    if path.suffix.lower() != ".zip" or not path.is_file():
        return path
    folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="zhiwen-import-")))
    try:
        for name, content in unpack(path.name, path.read_bytes()).items():
            (folder / name).write_bytes(content)
    except UploadError as error:
        raise CorpusError(f"{path}: {words()(f'import.{error.code}')}") from error
    return folder


def _write(articles: Iterable[Article], folder: Path) -> dict[str, int]:
    """Write articles, a file for each that they came from or several; how many each holds.

    Raises:
        ImportFilesError: the folder cannot be written, or has a file of a name already.
    """
    written: dict[str, int] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, own in itertools.groupby(articles, key=lambda article: article.file):
            for part, records in enumerate(_parts(map(record_text, own)), start=1):
                target = folder / _name(file, part)
                with target.open("x", encoding="utf-8", errors="replace") as opened:
                    opened.write("\n".join(records))
                written[target.name] = len(records)
    except FileExistsError as error:
        raise ImportFilesError(words()("import.exists", file=error.filename)) from error
    except OSError as error:
        raise ImportFilesError(words()("import.unwritable", folder=folder, error=error.strerror)) from error
    return written


def _parts(records: Iterator[str]) -> Iterator[Sequence[str]]:
    """Records in as many parts as files of bounded size need."""
    part: list[str] = []
    size = 0
    for record in records:
        part.append(record)
        size += len(record)
        if size >= FILE_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _name(file: str, part: int) -> str:
    """The name of a record file for what came from a file, with its folders in the name."""
    stem = "-".join(PurePosixPath(file).with_suffix("").parts)
    return f"{stem}.txt" if part == 1 else f"{stem}-{part}.txt"
