"""Which files and records the index was built from.

It tells whether a file that came, changed or went can be taken in alone. A record counts only where no other
before it has its link (or, without one, its text), so where any other has, all records must be read again.
"""

import hashlib
import io
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.digests import digest_of
from retrieval.models import Article
from retrieval.ragged import Array

RECORD = np.dtype([("file", "<u8"), ("key", "<u8"), ("article", "<u8")])
"""A record: digests of its file and of what it is known by, the id of its article; 0 where it is left out."""


class Look(NamedTuple):
    """What tells that a file is still the one that was read: its name in the corpus, its size, its time."""

    name: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path, name: str) -> "Look | None":
        """How a file looks now; None when it is gone, which may be at any moment."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(name, status.st_size, status.st_mtime_ns)


class Looks:
    """How the files of a corpus look, by their absolute paths.

    `digest` names it all; files are exchanged one by one without a look at the others.
    """

    def __init__(self, files: Iterable[tuple[Path, Look | None]]) -> None:
        self.files = {str(path.absolute()): look for path, look in files if look}
        self._sum = sum(map(_number, self.files.values()))

    @property
    def digest(self) -> str:
        """The same for the same files, in whatever order they are listed."""
        return f"{self._sum % (1 << 128):032x}"

    def exchange(self, changed: Mapping[str, Look | None]) -> None:
        """Take some files as they look now; None for one that is gone."""
        for path, look in changed.items():
            before = self.files.pop(path, None)
            self._sum -= _number(before) if before else 0
            if look:
                self.files[path] = look
                self._sum += _number(look)


def _number(look: Look) -> int:
    content = f"{look.name}\0{look.size}\0{look.changed}".encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=16).digest())


class Register:
    """The records of a corpus as an index was made of them.

    Args:
        rows: of the type `RECORD`.
    """

    def __init__(self, rows: Array) -> None:
        self._rows = rows

    @classmethod
    def load(cls, content: bytes | None) -> "Register | None":
        """The register that was kept; None where there is none that can be read."""
        try:
            rows = np.load(io.BytesIO(content or b""))
        except (EOFError, OSError, ValueError):
            return None
        return cls(rows) if rows.dtype == RECORD else None

    def dump(self) -> bytes:
        """The register as it is kept: NumPy's own format."""
        content = io.BytesIO()
        np.save(content, self._rows)
        return content.getvalue()

    def __len__(self) -> int:
        """How many articles count."""
        return int(np.count_nonzero(self._rows["article"]))

    def article_ids(self) -> list[str]:
        """The ids of the articles that count."""
        numbers = self._rows["article"]
        return [f"{number:016x}" for number in np.unique(numbers[numbers > 0]).tolist()]

    def articles_of(self, files: Collection[str]) -> set[str]:
        """The ids of the articles that some files have."""
        found = self._rows["article"][self._are_of(files)]
        return {f"{number:016x}" for number in found[found > 0].tolist()}

    def exchanged(self, files: Collection[str], articles: Iterable[Article]) -> "Register | None":
        """With these articles in place of what some files had; None where others are known by the same."""
        is_of = self._are_of(files)
        others, new = self._rows[~is_of], np.array([_row(article) for article in articles], dtype=RECORD)
        keys = np.concatenate([self._rows["key"][is_of], new["key"]])
        if np.isin(others["key"], keys).any() or np.isin(others["article"], new["article"]).any():
            return None
        if any(len(np.unique(new[column])) < len(new) for column in ("key", "article")):
            return None
        return Register(np.concatenate([others, new]))

    def _are_of(self, files: Collection[str]) -> NDArray[np.bool_]:
        return np.isin(self._rows["file"], np.array([digest_of(file) for file in files], dtype=np.uint64))


class Rows:
    """Gathers the rows of a register while the records pass by."""

    def __init__(self) -> None:
        self._numbers = array("Q")

    def passing(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles, each noted."""
        for article in articles:
            self._numbers.extend(_row(article))
            yield article

    def leave_out(self, article: Article) -> None:
        """Note an article that does not count."""
        self._numbers.extend((*_row(article)[:2], 0))

    def register(self) -> Register:
        """The register of what was noted."""
        return Register(np.frombuffer(self._numbers, dtype=RECORD))


def _row(article: Article) -> tuple[int, int, int]:
    from retrieval.corpus import duplicates  # noqa: PLC0415  loads what reads records; only who indexes waits

    return digest_of(article.file), duplicates.key(article), int(article.id, 16)
