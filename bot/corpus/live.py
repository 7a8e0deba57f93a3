"""A retriever that can be brought up to date while it answers."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from bot.corpus.answering import Answering, Found, Observer
from bot.corpus.in_use import CorpusInUse, Outcome
from retrieval import Retriever
from retrieval.errors import IndexUnavailableError, IndexUnusableError, ZhiwenError

logger = logging.getLogger(__name__)

CHECKED_SECONDS: Final = 600.0
"""How long what was found of an index is taken for granted, whatever a question ends in."""


class ReloadError(ZhiwenError):
    """The corpus could not be read or indexed anew; what was indexed before goes on answering."""


class _Checked(NamedTuple):
    """An index that was compared with its digests, when, and whether it was whole."""

    retriever: Retriever
    at: float
    is_whole: bool

    def is_outdated(self, retriever: Retriever) -> bool:
        """Whether this tells nothing of the index of a retriever any more."""
        return self.retriever is not retriever or time.monotonic() > self.at + CHECKED_SECONDS


class LiveRetriever(Answering):
    """Answers as a `Retriever` does, from several threads at once, also while it is brought up to date.

    What one call returns comes from one index; the next call may see a newer one. An index that cannot be
    used, or proves damaged when it is read, is made anew: the records are what counts, the index only follows
    from them. Meanwhile, what does not touch the damage is answered.

    An index that is there is opened as it is, be the files newer or not: see `refresh` and `reload`.

    Args:
        corpus: what is answered from.
        observer: is told of answers and reloads.

    Raises:
        CorpusError: the records cannot be read.
        IndexingError: the index cannot be written.
        SettingsError: a setting for the corpus cannot be used.
    """

    def __init__(self, corpus: CorpusInUse, observer: Observer | None = None) -> None:
        self._corpus = corpus
        super().__init__(observer)
        self._reloading = threading.Lock()
        self._mending = threading.Lock()
        self._checking = threading.Lock()
        self._checked: _Checked | None = None
        self._editions = 0
        self._trouble: str | None = None
        self._retriever = self._opened()
        self._tell_indexed()

    @property
    def _in_use(self) -> Retriever:
        return self._retriever

    def _opened(self) -> Retriever:
        """The index as it is there, to answer at once; one made now where there is none to be used.

        One that is shared is never made anew unasked: a bot of another version may be using it.
        """
        if not self._corpus.keeps_index or (self._corpus.is_shared and self._corpus.is_indexed):
            return self._corpus.open()
        if not self._corpus.is_indexed:
            logger.info("indexing %s", self._corpus.settings.corpus)
            return self._updated()[1]
        try:
            return self._corpus.open()
        except IndexUnusableError as damage:
            return self._made_anew(damage)[1]

    def _updated(self) -> tuple[Outcome, Retriever]:
        """The index brought up to date, and a retriever over it."""
        try:
            return self._corpus.update(), self._corpus.open()
        except IndexUnusableError as damage:
            return self._made_anew(damage)

    def _made_anew(self, damage: IndexUnusableError) -> tuple[Outcome, Retriever]:
        if self._corpus.is_shared:
            raise damage
        logger.warning("%s It is made anew now.", damage)
        return self._corpus.update(rebuild=True), self._corpus.open()

    def is_current(self) -> bool:
        """Whether the files of the corpus are still those that were indexed; waits for a reload to end."""
        with self._reloading:
            return self._corpus.is_current()

    def refresh(self) -> None:
        """Reload where the files have changed; if that fails, say so: what was indexed before answers.

        Raises:
            CorpusError: the folder of records cannot be read.
        """
        if not self._corpus.keeps_index or self.is_current():
            return
        try:
            self.reload()
        except ReloadError as error:
            logger.warning("%s", error)

    def reload(self) -> Outcome:
        """Read the records again and answer from them; what came of it, and the records' problems.

        Takes as long as indexing what is new, in a process of its own, while the index before it goes on
        answering: to be called off the event loop. Reloads follow one another.

        Raises:
            ReloadError: it failed; the index before it goes on answering.
        """
        return self._renewed(self._updated)

    def follow(self) -> bool:
        """Answer from what another process wrote of an index that is shared; whether there was anything.

        What was opened before answers on where the cluster cannot be reached; that is told once.
        """
        try:
            with self._reloading:
                if self._corpus.is_latest():
                    self._reached(None)
                    return False
                self._retriever = self._corpus.open()
                self._editions += 1
        except (IndexUnavailableError, IndexUnusableError) as error:
            self._reached(error)
            return False
        self._reached(None)
        self._tell_indexed()
        logger.info("another process wrote the index: %d articles", self._retriever.article_count)
        return True

    @property
    def is_reached(self) -> bool:
        """Whether the index can be read, as far as is known."""
        return self._trouble is None

    def _reached(self, error: ZhiwenError | None) -> None:
        """Tell the operator of a service when the cluster gets out of reach, and when it is back."""
        trouble, self._trouble = self._trouble, None if error is None else str(error)
        if self._observer is None:
            return
        if (trouble is None) is not (error is None):
            self._observer.reached(is_reached=error is None)
        if error is not None and trouble != str(error):
            logger.error("%s", error)
        elif error is None and trouble is not None:
            logger.info("the index on the cluster can be read again")

    def prepare(self) -> None:
        """Make ready for `index_changed`, which is slower at first; what is open answers."""
        self._corpus.prepare()

    def index_changed(self, paths: Collection[Path]) -> Outcome:
        """Answer from files that came, changed or went; what came of it, and their records' problems.

        Takes milliseconds where no other file matters, and is a `reload` where one might.

        Raises:
            ReloadError: it failed; the index before it goes on answering.
        """
        outcome = self._renewed(lambda: self._taken(paths))
        with self._reloading:
            try:
                self._corpus.save_state()
                if self._corpus.merge_small():
                    self._retriever = self._corpus.open()
            except (ZhiwenError, OSError) as error:
                raise ReloadError(f"What was read anew answers, but is not put in order. {error}") from error
            finally:
                self._editions += 1
        return outcome

    def _taken(self, paths: Collection[Path]) -> tuple[Outcome, Retriever]:
        try:
            outcome = self._corpus.index_changed(paths)
            return (outcome, self._corpus.open()) if outcome else self._updated()
        except IndexUnusableError as damage:
            return self._made_anew(damage)

    def is_compact(self) -> bool:
        """Whether nothing is left to join in the index, and nothing on disk of what was removed."""
        return self._corpus.is_compact()

    def compact(self) -> None:
        """Join what changes left behind, in a process of its own, while the index as it is answers.

        Raises:
            ReloadError: it failed; nothing is lost by it.
        """
        with self._reloading:
            try:
                self._corpus.compact()
                self._retriever = self._corpus.open()
            except (ZhiwenError, OSError) as error:
                raise ReloadError(f"The index answers, but is not made compact. {error}") from error

    def mend(self) -> bool:
        """Compare the index on disk with its digests, and make it anew where it was damaged; whether it was.

        Takes as long as reading it, and where it must be made, as long as that.

        Raises:
            ReloadError: it was damaged and cannot be made; what can be read of it goes on answering.
        """
        with self._mending:
            return self._mended()

    def _mended(self) -> bool:
        if self._corpus.is_shared:
            return False  # the cluster compares what it reads with checksums of its own
        try:
            with self._reloading:
                self._corpus.verify()
        except IndexUnusableError as error:
            damage = error
        else:
            return False
        self._renewed(lambda: self._made_anew(damage))
        return True

    def _read(self, reading: Callable[[Retriever], Found]) -> Found:
        """What is read from the index, if need be from the one made anew.

        Raises:
            IndexUnusableError: it is damaged, and already being made anew.
            ReloadError: it is damaged and cannot be made anew.
        """
        retriever = self._retriever
        try:
            return reading(retriever)
        except IndexUnavailableError as error:
            self._reached(error)
            raise
        except Exception as error:
            if self._corpus.is_shared:
                # A version of the index that was replaced is there for a moment only.
                if isinstance(error, IndexUnusableError) and self.follow():
                    return reading(self._retriever)
                raise
            # What reading damaged arrays ends in cannot be foreseen; whether they are, the digests tell.
            if not isinstance(error, IndexUnusableError) and self._is_whole(retriever):
                raise  # a fault of the program, and this question's only
            if not self._mending.acquire(blocking=False):
                raise IndexUnusableError(
                    "The index is damaged and being made anew: ask again later."
                ) from error
            try:
                if self._retriever is retriever and not self._mended():
                    raise
            finally:
                self._mending.release()
        return reading(self._retriever)

    def _is_whole(self, retriever: Retriever) -> bool:
        """Whether the index of a retriever is undamaged: looked at once in a while, however many ask."""
        with self._checking:
            if self._checked is None or self._checked.is_outdated(retriever):
                try:
                    with self._reloading:
                        self._corpus.verify()
                    is_whole = True
                except IndexUnusableError:
                    is_whole = False
                self._checked = _Checked(retriever, time.monotonic(), is_whole=is_whole)
            return self._checked.is_whole

    def _renewed(self, renew: Callable[[], tuple[Outcome, Retriever]]) -> Outcome:
        if not self._corpus.keeps_index:
            raise ReloadError(
                "This bot only reads the index (ZHIWEN_INDEX_KEEPER): another process reads the records."
            )
        with self._reloading:
            try:
                outcome, self._retriever = renew()
            except (ZhiwenError, OSError, MemoryError) as error:
                if self._observer:
                    self._observer.reload_failed()
                raise ReloadError(
                    f"The corpus is not reloaded, the index as it was before answers. {error}"
                ) from error
            self._editions += 1
            self._tell_indexed()
            if self._observer:
                self._observer.reloaded()
        return outcome

    def _tell_indexed(self) -> None:
        if self._observer:
            self._observer.indexed(self._retriever.article_count)

    @property
    def editions(self) -> int:
        """How often the corpus was read anew: while it stays the same, nothing came."""
        return self._editions

    def arrived(self, unseen: Callable[[Iterable[str]], Collection[str]]) -> Collection[str]:
        """The ids of the articles that are in the index and that nobody saw yet; waits for a reload to end.

        Args:
            unseen: tells which of all the corpus' articles were not seen.
        """
        with self._reloading:
            new = unseen(self._corpus.article_ids())
            # Another process may have read what this one has not.
            return [article for article in new if self._retriever.article(article) is not None]
