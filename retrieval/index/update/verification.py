"""Whether an index is still what was written: its segments compared with the digests in its manifest.

To read a great index takes seconds. A segment that was read once and not touched since needs no second look:
its size and when the system last saw it change, which no program can set back, are kept beside the index.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from retrieval.errors import IndexUnusableError
from retrieval.index import manifest
from retrieval.index.manifest import SEGMENTS, SegmentEntry
from retrieval.index.segment.array_file import digest
from retrieval.language.tokeniser import Tokeniser
from retrieval.models import Model

FILE: Final = "verified.json"


class Look(Model):
    """What a segment's file looked like when its content had this digest; its change in nanoseconds."""

    digest: str
    size: int
    changed: int


class Verified(Model):
    """The segments that were found whole, by name."""

    segments: Mapping[str, Look] = {}


def verify(folder: Path, tokeniser: Tokeniser, *, touched_only: bool = False) -> None:
    """Read an index and compare it with the digests in its manifest.

    Args:
        folder: of the index.
        tokeniser: the one that it was made with.
        touched_only: pass over the segments that nobody touched since they were last found whole.

    Raises:
        IndexUnusableError: something is missing or was changed, or there is no index.
    """
    while True:
        entries = manifest.load(folder, tokeniser.fingerprint).segments
        known = _verified(folder).segments if touched_only else {}
        try:
            found = {entry.name: _look(folder, entry, known.get(entry.name)) for entry in entries}
        except IndexUnusableError:
            if manifest.load(folder, tokeniser.fingerprint).segments == entries:
                raise
        else:
            if found != known:
                _keep(folder, Verified(segments=found))
            return


def _look(folder: Path, entry: SegmentEntry, known: Look | None) -> Look:
    """What a segment that is whole looks like now; read where that is not known."""
    place = folder / SEGMENTS / entry.name
    try:
        status = place.stat()
        look = Look(digest=entry.digest, size=status.st_size, changed=status.st_ctime_ns)
        if look == known or digest(place) == entry.digest:
            return look
    except OSError as error:
        raise _damaged(folder, entry) from error
    raise _damaged(folder, entry)


def _damaged(folder: Path, entry: SegmentEntry) -> IndexUnusableError:
    return IndexUnusableError(f"Segment {entry.name} in {folder} is damaged: run 'zhiwen index --rebuild'.")


def _verified(folder: Path) -> Verified:
    try:
        return Verified.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return Verified()  # then everything is read


def _keep(folder: Path, found: Verified) -> None:
    """Save the next reading; where nothing can be written, it costs its time again."""
    with contextlib.suppress(OSError):
        manifest.save(found, folder, FILE)
