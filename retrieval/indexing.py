"""Bringing an index up to date with a corpus: only what changed is analysed, readers never wait.

One writer at a time (a lock file says who), any number of readers.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval import manifest
from retrieval.analysis import AnalysedArticle, analyse
from retrieval.index import SEGMENTS
from retrieval.manifest import Manifest, SegmentEntry
from retrieval.models import Article, CorpusError, IndexUnusableError, Model
from retrieval.segment import Segment, digest, write
from retrieval.text import Tokeniser

MOST_SEGMENTS = 8
"""More than this are joined: each costs a question a little."""

Progress = Callable[[int, int], None]
"""Told how many articles are analysed, of how many."""


class Update(Model):
    """What bringing an index up to date came to, in articles."""

    added: int
    removed: int
    kept: int


def update(
    folder: Path,
    articles: Sequence[Article],
    tokeniser: Tokeniser,
    progress: Progress = lambda _done, _all: None,
    *,
    rebuild: bool = False,
) -> Update:
    """Make the index in a folder hold exactly these articles.

    Args:
        folder: of the index; made if missing.
        articles: the corpus; of articles with the same content the first counts.
        tokeniser: cuts what is new.
        progress: called after each article analysed.
        rebuild: take nothing from an index that is there, whatever state it is in.

    Raises:
        IndexUnusableError: the index there cannot be read, and no rebuild was asked for.
        CorpusError: the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder):
            return _update(folder, articles, tokeniser, progress, rebuild=rebuild)
    except OSError as error:
        raise CorpusError(f"The index in {folder} cannot be written: {error}. Set ZHIWEN_DATA.") from error


def _update(
    folder: Path,
    articles: Sequence[Article],
    tokeniser: Tokeniser,
    progress: Progress,
    *,
    rebuild: bool,
) -> Update:
    before = _manifest(folder, tokeniser, rebuild=rebuild)
    wanted: dict[str, Article] = {}
    for article in articles:
        wanted.setdefault(article.id, article)
    segments = [(entry, Segment(folder / SEGMENTS / entry.name)) for entry in before.segments]
    full = len(segments) >= MOST_SEGMENTS
    kept: list[SegmentEntry] = []
    carried: list[AnalysedArticle] = []
    known: set[str] = set()
    for entry, segment in segments:
        survivors = _survivors(segment, wanted)
        known |= {article.id for article in survivors.values()}
        if not full and _is_current(segment, survivors):
            kept.append(entry)
        else:
            carried += segment.analysed(survivors)
    new = [article for article in wanted.values() if article.id not in known]
    carried += _analyse(new, tokeniser, progress)
    number = before.next_segment
    if carried:
        kept.append(_write(folder, str(number), carried))
    after = Manifest(tokeniser=tokeniser.fingerprint, segments=tuple(kept), next_segment=number + 1)
    if after.segments != before.segments or not (folder / manifest.FILE).exists() or rebuild:
        manifest.save(after, folder)
    _clean(folder, after)
    return Update(
        added=len(new),
        removed=sum(entry.articles for entry in before.segments) - len(known),
        kept=len(known),
    )


def _manifest(folder: Path, tokeniser: Tokeniser, *, rebuild: bool) -> Manifest:
    """The manifest to start from; segments' numbers go on even when nothing else is taken over."""
    if not (folder / manifest.FILE).exists():
        return Manifest(tokeniser=tokeniser.fingerprint, next_segment=_unused(folder))
    if rebuild:
        return Manifest(tokeniser=tokeniser.fingerprint, next_segment=_unused(folder))
    return manifest.load(folder, tokeniser.fingerprint)


def _unused(folder: Path) -> int:
    numbers = [int(path.name) for path in (folder / SEGMENTS).glob("*") if path.name.isdigit()]
    return max(numbers, default=0) + 1


def _survivors(segment: Segment, wanted: Mapping[str, Article]) -> dict[int, Article]:
    """The articles of a segment that are still wanted, as the corpus has them now."""
    ids = segment.ids()
    return {number: wanted[name] for number, name in enumerate(ids) if name in wanted}


def _is_current(segment: Segment, survivors: Mapping[int, Article]) -> bool:
    """Whether nothing of a segment changed, not even the file that a record stands in."""
    if len(survivors) < len(segment.order):
        return False
    return all(segment.article(number) == article for number, article in survivors.items())


def _analyse(
    articles: Sequence[Article],
    tokeniser: Tokeniser,
    progress: Progress,
) -> Iterator[AnalysedArticle]:
    for done, article in enumerate(articles, 1):
        yield analyse(article, tokeniser)
        progress(done, len(articles))


def _write(folder: Path, name: str, articles: Sequence[AnalysedArticle]) -> SegmentEntry:
    place = folder / SEGMENTS / name
    shutil.rmtree(place, ignore_errors=True)
    write(place, articles)
    manifest.sync(place)
    manifest.sync(place.parent)
    return SegmentEntry(
        name=name,
        articles=len(articles),
        sentences=sum(len(analysed.sentences) for analysed in articles),
        digest=digest(place),
    )


def _clean(folder: Path, current: Manifest) -> None:
    """Delete what no manifest names: segments replaced, or left by a process that was killed."""
    names = {entry.name for entry in current.segments}
    for path in (folder / SEGMENTS).glob("*"):
        if path.name not in names:
            shutil.rmtree(path, ignore_errors=True)


def verify(folder: Path, tokeniser: Tokeniser) -> None:
    """Read the whole index and compare it with the digests in its manifest.

    Raises:
        IndexUnusableError: something is missing or was changed.
    """
    for entry in manifest.load(folder, tokeniser.fingerprint).segments:
        place = folder / SEGMENTS / entry.name
        if not place.is_dir() or digest(place) != entry.digest:
            raise IndexUnusableError(
                f"Segment {entry.name} in {folder} is damaged: run 'zhiwen index --rebuild'."
            )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
