"""Progress bars on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from retrieval.index.protocol import Progress as Told


@contextmanager
def bytes_bar(
    files: Iterator[tuple[Path, str]],
) -> Iterator[tuple[Told, Callable[[Path], None]]]:
    """A progress bar in bytes of record files: what to tell of articles analysed, and of files read."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        sizes = (_size(path) for path, _ in files)
        task = progress.add_task("indexing", total=0 if progress.disable else sum(sizes))
        yield (
            lambda done, _total: progress.update(task, description=f"indexing: {done:,} new articles"),
            lambda path: progress.advance(task, _size(path)),
        )


def _size(path: Path) -> int:
    """The size of a file; 0 when it is gone, which may be at any moment."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextmanager
def progress_bar(label: str) -> Iterator[Told]:
    """A progress bar on standard error; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
