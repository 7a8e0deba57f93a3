"""The manifest of an index: who made it, and which segments it has; one small file, replaced whole.

A segment that the manifest does not name does not exist, so a change of the index is one rename: a reader
sees the index before it or after it, never between.
"""

import hashlib
import os
import uuid
from pathlib import Path

from pydantic import ValidationError

from retrieval.errors import IndexUnusableError
from retrieval.models import Model

FORMAT = 13
"""Raise it whenever the arrays of a segment, what analysis puts in them, or the fields below change."""
FILE = "manifest.json"
UNFINISHED = "unfinished.json"
"""The manifest of an index that is being built, as far as it got: a killed process is resumed from it."""


class SegmentEntry(Model):
    """One segment: its file's name, its size, and the file's digest.

    `removed` are the numbers of articles that no longer count, though they are in the file; the size is that
    of the file.
    """

    name: str
    articles: int
    sentences: int
    digest: str
    removed: tuple[int, ...] = ()


class Manifest(Model):
    """What makes an index: its format, the tokeniser that made it, its segments."""

    format: int = FORMAT
    tokeniser: str
    segments: tuple[SegmentEntry, ...] = ()


def new_segment() -> str:
    """A name that no segment has, had or is being written under, even by a process that was left behind."""
    return uuid.uuid4().hex


def load(folder: Path, fingerprint: str, file: str = FILE) -> Manifest:
    """The manifest in a folder, made by this format and this tokeniser.

    Raises:
        IndexUnusableError: there is none, or of another format or tokeniser.
    """
    try:
        manifest = Manifest.model_validate_json((folder / file).read_bytes())
    except FileNotFoundError as error:
        raise IndexUnusableError(f"There is no index in {folder}: run 'zhiwen index'.") from error
    except (OSError, ValidationError) as error:
        raise IndexUnusableError(
            f"The manifest {folder / file} cannot be read: run 'zhiwen index --rebuild'.",
        ) from error
    if manifest.format != FORMAT:
        raise IndexUnusableError(
            f"The index in {folder} has format {manifest.format}, this version reads {FORMAT}: "
            "run 'zhiwen index --rebuild'.",
        )
    if manifest.tokeniser != fingerprint:
        raise IndexUnusableError(
            f"The index in {folder} was made by another tokeniser ({manifest.tokeniser}; now {fingerprint}): "
            "run 'zhiwen index --rebuild'.",
        )
    return manifest


def digest(manifest: Manifest) -> str:
    """Names what an index holds and who made it, whatever its segments are called."""
    parts = [
        str(manifest.format),
        manifest.tokeniser,
        *(f"{entry.digest} {entry.removed}" for entry in manifest.segments),
    ]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def save(content: Model, folder: Path, file: str = FILE) -> None:
    """Put a manifest, or what else is kept beside it, in the place of the one before it.

    Raises:
        OSError: the folder cannot be written.
    """
    replace(content.model_dump_json(indent=1).encode(), folder, file)


def replace(content: bytes, folder: Path, file: str) -> None:
    """Put a file in the place of the one before it: one step, that a crash cannot divide.

    Raises:
        OSError: the folder cannot be written.
    """
    written = folder / f"{file}.new"
    with written.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    written.replace(folder / file)
    sync(folder)


def unwritable(folder: Path, error: OSError) -> str:
    """What to tell where an index cannot be written."""
    return f"The index in {folder} cannot be written: {error}. Set ZHIWEN_DATA."


def sync(folder: Path) -> None:
    """Make sure that what was renamed or created in a folder outlives a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


SEGMENTS = "segments"
"""The folder of the segments within that of the index."""
