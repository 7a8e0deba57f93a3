"""The corpus in use: its records read, its index brought up to date, a retriever opened over it."""

import hashlib
import importlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bot.corpus import engine, replacing
from bot.corpus.apart import run_apart
from bot.corpus.fingerprints import Look, Looks, Register, Rows
from bot.errors import SettingsError
from bot.settings import Settings
from retrieval import Retriever, Tokeniser
from retrieval.corpus.files import FIELD_NAMES, is_record_file, named, record_files
from retrieval.index.protocol import ArticleIndex, IndexWriter, Update
from retrieval.models import Article, Problem
from retrieval.questions import synonyms
from retrieval.questions.synonyms import Synonyms

if TYPE_CHECKING:
    from retrieval.corpus.problem_log import Problems

CORPUS_STATE = "corpus.txt"
"""The note of what the files of the corpus looked like when the index was last brought up to date."""
RECORDS = "records.npy"
"""The note of the records that the index was made of."""
PROBLEMS = "problems.jsonl"
"""What is to be said about the files, where that is much; beside the index."""
MOST_FILES = 50
MOST_BYTES = 100_000
"""Of record files that are taken in while this process answers; more are indexed by one of its own."""

Outcome: TypeAlias = "tuple[Update, Problems]"
"""What bringing an index up to date came to, and the records' problems."""


class CorpusInUse:
    """Where the index of the settings' corpus lies, and how to open it.

    Raises:
        SettingsError: the data folder is there, but may not be entered.
    """

    def __init__(self, settings: Settings) -> None:
        _check(settings.data)
        self.settings = settings
        self.folder = settings.data / "index" / _name(settings.corpus)
        self._tokeniser: Tokeniser | None = None
        self._indexed: Looks | None = None
        self._register: Register | None = None
        self._writers: dict[Path, IndexWriter] = {}
        self._opened: ArticleIndex | None = None

    @property
    def place(self) -> str:
        """Where the index is, as people are told: its folder, or its name on the nodes of a cluster."""
        if not self.is_shared:
            return str(self.folder)
        name = engine.cluster_name(self.settings, self.settings.corpus.resolve().name)
        return f"{name} ({', '.join(self.settings.index)})"

    @property
    def folders(self) -> list[Path]:
        """Where the records are: the corpus, and what admins uploaded."""
        uploads = self.settings.uploads
        return [self.settings.corpus, *([uploads] if uploads.is_dir() else [])]

    @property
    def is_shared(self) -> bool:
        """Whether the index is on a cluster, where others may read and change it."""
        return self.settings.is_shared

    @property
    def keeps_index(self) -> bool:
        """Whether this process brings the index up to date."""
        return self.settings.keeps_index

    @property
    def tokeniser(self) -> Tokeniser:
        """The tokeniser, loaded at first use.

        Raises:
            SettingsError: the dictionary or the tokeniser cannot be used.
        """
        if self._tokeniser is None:
            try:
                self._tokeniser = Tokeniser(
                    self.settings.data / "cache", self.settings.dictionary, self.settings.tokeniser
                )
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"ZHIWEN_TOKENISER or ZHIWEN_DICTIONARY cannot be used: {error}."
                ) from error
        return self._tokeniser

    @property
    def writer(self) -> IndexWriter:
        """What makes and keeps the index of the corpus."""
        return self.writer_of(self.folder)

    def writer_of(self, folder: Path) -> IndexWriter:
        """What makes and keeps an index for the same tokeniser: in a folder, or on a cluster by a name."""
        if folder not in self._writers:
            is_own = folder == self.folder
            name = self.settings.corpus.resolve().name if is_own else "-".join(folder.parts[-2:])
            self._writers[folder] = engine.writer(self.settings, folder, name, self.tokeniser)
        return self._writers[folder]

    def is_current(self) -> bool:
        """Whether the index was made of the files as they are now."""
        looks = self._looks()
        is_current = looks.digest == self._indexed_state()
        self._indexed = looks if is_current else None
        return is_current

    @property
    def is_indexed(self) -> bool:
        """Whether there is an index, in whatever state."""
        return self.writer.is_there

    def open(self) -> Retriever:
        """A retriever over the index as it is on disk.

        Raises:
            IndexUnusableError: there is none, it is damaged, or another version or tokeniser made it.
        """
        self.writer.verify(touched_only=True)
        self._opened = self.writer.open()
        return Retriever(
            self._opened,
            self.tokeniser,
            synonyms=self._synonyms(),
            confident=self.settings.confident,
        )

    def is_latest(self) -> bool:
        """Whether the index that was opened last is the one that is there.

        Raises:
            IndexUnusableError: what is there now cannot be read.
            IndexUnavailableError: the cluster that has it cannot be reached.
        """
        return self._opened is not None and self.writer.is_latest(self._opened)

    def verify(self) -> None:
        """Read the whole index and compare it with the digests in its manifest.

        Raises:
            IndexUnusableError: something is missing or was changed.
        """
        self.writer.verify()

    def _synonyms(self) -> Synonyms:
        try:
            return synonyms.load(self.settings.synonyms)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"ZHIWEN_SYNONYMS cannot be read: {error}.") from error

    def index_changed(self, paths: Collection[Path]) -> "Outcome | None":
        """Take in files that came, changed or went, and look at no other; `save_state` has to follow.

        In this process, and in milliseconds. None, and nothing is done, where that is too much for it or
        where the other files may matter: it is not known what was indexed, or other records have the same
        links.

        Raises:
            IndexingError: the index cannot be written.
            IndexUnusableError: the index there cannot be read.
        """
        from retrieval.corpus import reading  # noqa: PLC0415  who only asks reads no records
        from retrieval.corpus.problem_log import Problems  # noqa: PLC0415

        looks, register = self._indexed, Register.load(self.writer.load_note(RECORDS))
        if looks and looks.digest != self._indexed_state():
            return None  # another process saw to it
        changed = self._changed(paths, looks) if looks and register else None
        if looks is None or register is None or changed is None:
            return None
        problems: list[Problem] = []
        articles: list[Article] = []
        names = {looks.files[path].name for path in changed if path in looks.files}
        for path, look in changed.items():
            if look is not None:
                found = reading.read_file(Path(path), look.name)
                names.add(look.name)
                articles += found.articles
                problems += found.problems
        if replacing.replaced(self.settings.uploads).intersection(article.id for article in articles):
            return None
        after = register.exchanged(names, articles)
        if after is None:
            return None
        before, now = register.articles_of(names), {article.id for article in articles}
        self.writer.change(articles, before - now)
        looks.exchange(changed)
        self._register = after
        added = len(now - before)
        return Update(added=added, removed=len(before - now), kept=len(after) - added), Problems.of(problems)

    def prepare(self) -> None:
        """Load what `index_changed` needs at first."""
        importlib.import_module("retrieval.corpus.reading")
        self.tokeniser.tagged("未登录词")

    def save_state(self) -> None:
        """Write down what was taken in, so that no process takes it for new.

        Raises:
            IndexingError: the folder cannot be written.
        """
        if self._indexed is None or self._register is None:
            return
        self.writer.save_note(RECORDS, self._register.dump())
        self.writer.save_note(CORPUS_STATE, self._indexed.digest.encode())
        self._register = None

    def _changed(self, paths: Collection[Path], indexed: Looks) -> dict[str, Look | None] | None:
        """How the record files at some paths look, where that is otherwise than when they were indexed.

        None in place of one that is gone; None for all, where there are too many, or links among them, or the
        names of fields, by which others are read, or what replaces others.
        """
        changed: dict[str, Look | None] = {}
        if not all(folder.is_dir() for folder in self.folders):
            return None
        for given in paths:
            path = given.absolute()
            folder = next(
                (one.absolute() for one in self.folders if path.is_relative_to(one.absolute())), None
            )
            if folder is None or path.resolve() != folder.resolve() / path.relative_to(folder):
                return None
            files = {str(path)}
            if path == folder:  # tells nothing of what is in it
                files = set()
            elif not is_record_file(path.name):
                files = {file for file in indexed.files if file.startswith(f"{path}{os.sep}")}
                files |= {str(file) for file, _ in record_files(path)} if path.is_dir() else set()
                files |= {str(file) for file in [path / replacing.FILE] if file.exists()}
            for file in map(Path, files):
                changed[str(file)] = Look.of(file, named(file, folder))
        changed = {path: look for path, look in changed.items() if look != indexed.files.get(path)}
        if any(Path(path).name in {FIELD_NAMES, replacing.FILE} for path in changed):
            return None
        size = sum(look.size for look in changed.values() if look)
        return changed if len(changed) <= MOST_FILES and size <= MOST_BYTES else None

    def article_ids(self) -> list[str]:
        """The ids of all the articles that the index was made of."""
        register = Register.load(self.writer.load_note(RECORDS))
        return [] if register is None else register.article_ids()

    def merge_small(self) -> bool:
        """Join small segments of the index where there are too many; whether there were.

        Raises:
            IndexingError: the index cannot be written.
            IndexUnusableError: the index there cannot be read.
        """
        return self.writer.settle()

    def is_compact(self) -> bool:
        """Whether `compact` would leave the index as it is.

        Raises:
            IndexUnusableError: there is none, or it cannot be read.
        """
        return self.writer.is_compact()

    def compact(self) -> None:
        """Join segments of any size until there are few, in a process of its own.

        Raises:
            IndexingError: the index cannot be written, or the process was killed.
            IndexUnusableError: the index there cannot be read.
        """
        run_apart(_compact, self.settings)

    def update(self, *, rebuild: bool = False) -> Outcome:
        """Read the records and bring the index up to date; what came of it, and the records' problems.

        In a process of its own: the tables that indexing needs would stay with a service for good.

        Raises:
            CorpusError: the records cannot be read.
            IndexingError: the index cannot be written, or the process was killed.
            IndexUnusableError: the index there cannot be read, and no rebuild was asked for.
        """
        outcome = run_apart(_update, self.settings, rebuild)
        self.is_current()
        return outcome

    def update_here(self, *, rebuild: bool = False) -> Outcome:
        """The same, in this process."""
        if self.is_indexed and not rebuild:
            self.writer.verify(touched_only=True)
        looks = self._looks()
        rows = Rows()
        from bot.corpus.progress import bytes_bar  # noqa: PLC0415  only who indexes waits for rich
        from retrieval.corpus import reading  # noqa: PLC0415  and for what reads records
        from retrieval.corpus.problem_log import ProblemLog  # noqa: PLC0415

        with bytes_bar(self._files()) as (analysed, read), ProblemLog(self.folder / PROBLEMS) as log:
            update = self.writer.update(
                rows.passing(self._counting(reading.each(self.folders, log.add, read, rows.leave_out), rows)),
                analysed,
                rebuild=rebuild,
                workers=len(os.sched_getaffinity(0)),
            )
            self._indexed, self._register = looks, rows.register()
            self.save_state()
            self.writer.compact()
            problems = log.problems()
        return update, problems

    def _counting(self, articles: Iterable[Article], rows: Rows) -> Iterator[Article]:
        """The articles without those that an upload replaces."""
        replaced = replacing.replaced(self.settings.uploads)
        for article in articles:
            if article.id in replaced:
                rows.leave_out(article)
            else:
                yield article

    def _indexed_state(self) -> str | None:
        state = self.writer.load_note(CORPUS_STATE)
        return None if state is None else state.decode(errors="replace")

    def _files(self) -> Iterator[tuple[Path, str]]:
        return (file for folder in self.folders for file in record_files(folder))

    def _looks(self) -> Looks:
        """How the record files look now, and what uploads replace."""
        uploads = self.settings.uploads
        replaces = ((path, named(path, uploads)) for path in replacing.files(uploads))
        return Looks((path, Look.of(path, name)) for path, name in (*self._files(), *replaces))


def _update(settings: Settings, rebuild: bool) -> Outcome:  # noqa: FBT001  what a process is given
    return CorpusInUse(settings).update_here(rebuild=rebuild)


def _compact(settings: Settings) -> None:
    CorpusInUse(settings).writer.compact()


def _check(data: Path) -> None:
    try:
        (data / "index").stat()
    except FileNotFoundError:
        pass  # it is made when something is written
    except OSError as error:
        raise SettingsError(f"ZHIWEN_DATA: {data} cannot be entered: {error.strerror}.") from error


def _name(corpus: Path) -> str:
    """A folder name for the index of a corpus: its own, and a digest of where it lies."""
    place = corpus.resolve()
    return f"{place.name}-{hashlib.blake2b(str(place).encode(), digest_size=4).hexdigest()}"
