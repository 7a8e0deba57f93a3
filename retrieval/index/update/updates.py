"""Bringing an index up to date with a corpus: only what changed is analysed, readers never wait.

One writer at a time (a lock file says who), any number of readers. The corpus is gone through once, article
by article; what is new becomes segments as it comes, so that memory does not grow with the corpus, and a
process that is killed goes on from the last segment it finished.
"""

import fcntl
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval.errors import IndexingError, IndexUnusableError
from retrieval.index import manifest
from retrieval.index.manifest import SEGMENTS, Manifest, SegmentEntry
from retrieval.index.protocol import Progress, Update, untold
from retrieval.index.update import merge_policy
from retrieval.index.update.builder import Builder
from retrieval.index.update.changes import Inventory
from retrieval.index.update.merge_policy import SMALL
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Article


class Unfinished:
    """The manifest as far as an index has got, saved for the process that goes on after a kill.

    Args:
        folder: of the index.
        before: what is added to.
    """

    def __init__(self, folder: Path, before: Manifest) -> None:
        self._folder = folder
        self.manifest = before

    def add(self, entry: SegmentEntry) -> None:
        """Take a segment that is whole."""
        self.manifest = self.manifest.model_copy(update={"segments": (*self.manifest.segments, entry)})
        manifest.sync(self._folder / SEGMENTS)
        manifest.save(self.manifest, self._folder, manifest.UNFINISHED)


def update(
    folder: Path,
    articles: Iterable[Article],
    tokeniser: Tokeniser,
    progress: Progress = untold,
    *,
    rebuild: bool = False,
    workers: int = 1,
) -> Update:
    """Make the index in a folder hold exactly these articles.

    Args:
        folder: of the index; made if missing.
        articles: the corpus; of articles with the same content the first counts.
        tokeniser: cuts what is new.
        progress: called as articles are analysed.
        rebuild: take nothing from an index that is there, whatever state it is in.
        workers: processes that analyse, when there is enough for several.

    Raises:
        IndexUnusableError: the index there cannot be read, and no rebuild was asked for.
        IndexingError: the folder cannot be written, or a process was killed.
    """
    started = time.monotonic()
    with _writing(folder):
        before = _start(folder, tokeniser, rebuild=rebuild)
        inventory = Inventory(folder, before)
        total = len(articles) if isinstance(articles, Sequence) else 0
        unfinished = Unfinished(folder, inventory.manifest)
        with Builder(folder / SEGMENTS, tokeniser, progress, unfinished.add, workers=workers) as builder:
            for article in articles:
                if inventory.is_new(article):
                    builder.add(article, total)
            builder.finish()
        after = inventory.without_missing(unfinished.manifest)
        if rebuild or _differs(after, folder, tokeniser):
            manifest.save(after, folder)
        (folder / manifest.UNFINISHED).unlink(missing_ok=True)
        merge_policy.clean(folder, after)
        after = _settled(after, folder, largest=SMALL)
    return Update(
        added=builder.count - inventory.moved,
        removed=inventory.missing,
        kept=inventory.kept + inventory.moved,
        sentences=sum(entry.sentences for entry in after.segments),
        bytes=sum((folder / SEGMENTS / entry.name).stat().st_size for entry in after.segments),
        seconds=round(time.monotonic() - started, 3),
    )


def change(folder: Path, added: Sequence[Article], removed: Collection[str], tokeniser: Tokeniser) -> None:
    """Put some articles into an index and take others out (by their ids), without a look at the rest.

    Takes milliseconds, whatever the index holds: new articles become a small segment, removed ones are struck
    out. `settle` and `compact` make up for it later.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
        IndexingError: the folder cannot be written.
    """
    with _writing(folder):
        before = manifest.load(folder, tokeniser.fingerprint)
        inventory = Inventory(folder, before, by_id=False)
        new = inventory.changed(added, frozenset(removed))
        unfinished = Unfinished(folder, before)
        with Builder(folder / SEGMENTS, tokeniser, untold, unfinished.add, workers=1) as builder:
            for article in new:
                builder.add(article, len(new))
            builder.finish()
        after = inventory.without_removed(unfinished.manifest)
        if after.segments != before.segments:
            manifest.save(after, folder)
            (folder / manifest.UNFINISHED).unlink(missing_ok=True)


def settle(folder: Path, tokeniser: Tokeniser) -> bool:
    """Join small segments where there are too many; whether there were. `compact` does it for large ones too.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
        IndexingError: the folder cannot be written.
    """
    with _writing(folder):
        before = manifest.load(folder, tokeniser.fingerprint)
        return _settled(before, folder, largest=SMALL) is not before


def compact(folder: Path, tokeniser: Tokeniser) -> None:
    """Join segments until there are few; nothing is left on disk of what was removed.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
        IndexingError: the folder cannot be written.
    """
    with _writing(folder):
        _settled(manifest.load(folder, tokeniser.fingerprint), folder, largest=None)


def is_compact(folder: Path, tokeniser: Tokeniser) -> bool:
    """Whether `compact` would leave an index as it is.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
    """
    return merge_policy.is_done(manifest.load(folder, tokeniser.fingerprint))


def _start(folder: Path, tokeniser: Tokeniser, *, rebuild: bool) -> Manifest:
    """The manifest to start from: what a killed process had finished, what is there, or nothing."""
    nothing = Manifest(tokeniser=tokeniser.fingerprint)
    if rebuild:
        (folder / manifest.UNFINISHED).unlink(missing_ok=True)
        return nothing
    for file in (manifest.UNFINISHED, manifest.FILE):
        if (folder / file).exists():
            try:
                found = manifest.load(folder, tokeniser.fingerprint, file)
            except IndexUnusableError:
                if file == manifest.FILE:
                    raise
            else:
                if file == manifest.UNFINISHED and not _is_there(folder, found):
                    continue
                return found
    return nothing


def _is_there(folder: Path, found: Manifest) -> bool:
    return all((folder / SEGMENTS / entry.name).is_file() for entry in found.segments)


def _differs(after: Manifest, folder: Path, tokeniser: Tokeniser) -> bool:
    if not (folder / manifest.FILE).exists():
        return True
    return manifest.load(folder, tokeniser.fingerprint).segments != after.segments


def _settled(current: Manifest, folder: Path, *, largest: int | None) -> Manifest:
    for joined in merge_policy.steps(current, folder, largest=largest):
        current = joined
    return current


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Be the only writer of an index."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / SEGMENTS).mkdir(mode=0o700, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise IndexingError(manifest.unwritable(folder, error)) from error
