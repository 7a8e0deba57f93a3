"""Articles that an upload takes the place of: a corrected one has the link of the one before.

The keeper's own files are left as they are. An upload names the articles that it replaces, and as long as it
is part of the corpus these are left out, wherever they stand.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

FILE: Final = ".replaces"
"""The file in an upload's folder that names them: an id a line. It is hidden, and so read as no record."""


def write(upload: Path, articles: Collection[str]) -> None:
    """Name the articles, by their ids, that an upload replaces.

    Raises:
        OSError: the file cannot be written.
    """
    (upload / FILE).write_text("".join(f"{article}\n" for article in sorted(articles)), encoding="ascii")


def files(uploads: Path) -> Iterator[Path]:
    """The files that uploads have of this kind."""
    return uploads.glob(f"*/{FILE}")


def replaced(uploads: Path) -> frozenset[str]:
    """The ids of all articles that are left out.

    Raises:
        OSError: a file cannot be read.
    """
    return frozenset(line for file in files(uploads) for line in file.read_text("ascii").split())
