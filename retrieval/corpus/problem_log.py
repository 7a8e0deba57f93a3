"""The problems of a whole corpus: some are listed, all are counted by kind and written to a file.

So the memory that they take does not grow with the corpus.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from retrieval.corpus.problems import LEVELS
from retrieval.errors import IndexingError
from retrieval.models import Level, Model, Problem

LISTED = 2_000
"""Problems that are listed; with what they say some 2 MB."""


class Problems(Model):
    """What is to be said about record files: the first problems, and how many there are of each code.

    `file` has them all, a JSON object a line; None where all are listed.
    """

    listed: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = {}
    file: Path | None = None

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Problems":
        """All of some problems, listed."""
        listed = tuple(problems)
        return cls(listed=listed, counts=Counter(problem.code for problem in listed))

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    def count(self, *levels: Level) -> int:
        """How many there are of some levels."""
        return sum(count for code, count in self.counts.items() if LEVELS[code] in levels)


class ProblemLog:
    """Gathers problems while a corpus is read; a context.

    Every method raises IndexingError where the file cannot be written.

    Args:
        path: of the file, which is put in the place of the one before once all are known, and only where not
            all are listed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = path.with_name(f"{path.name}.new")
        self._listed: list[Problem] = []
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Begin."""
        with self._writing():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = self._written.open("w", encoding="utf-8", errors="replace")
        return self

    def __exit__(self, *_failure: object) -> None:
        """Leave no half file."""
        self._file.close()
        self._written.unlink(missing_ok=True)

    def add(self, problems: Iterable[Problem]) -> None:
        """Take some problems."""
        for problem in problems:
            self._counts[problem.code] += 1
            if len(self._listed) < LISTED:
                self._listed.append(problem)
            with self._writing():
                self._file.write(f"{problem.model_dump_json()}\n")

    def problems(self) -> Problems:
        """What was gathered, all of it; the file is in its place."""
        are_more = self._counts.total() > len(self._listed)
        with self._writing():
            self._file.close()
            if are_more:
                self._written.replace(self._path)
            else:
                self._path.unlink(missing_ok=True)
        file = self._path if are_more else None
        return Problems(listed=tuple(self._listed), counts=self._counts, file=file)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What the disk refuses is told like all that an index cannot be written for."""
        try:
            yield
        except OSError as error:
            folder = self._path.parent
            raise IndexingError(f"{folder} cannot be written: {error}. Set ZHIWEN_DATA.") from error
