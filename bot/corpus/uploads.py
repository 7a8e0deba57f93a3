"""Record files that admins send: unpacked, checked, kept aside, put into the corpus and taken out again.

What is sent is hostile until shown otherwise: names are not used as paths, an archive is read no further than
its limits, whatever it says of its sizes.
"""

import io
import re
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from retrieval import ZhiwenError
from retrieval.corpus import reading
from retrieval.corpus.formats.registry import READERS
from retrieval.corpus.reading import Corpus

FILE_BYTES: Final = 20_000_000
"""Bytes of a file; Telegram's server gives bots no greater one."""
UNPACKED_BYTES: Final = 100_000_000
ENTRIES: Final = 2_000
LONGEST_NAME: Final = 60
"""Code points of a file's name that are kept."""


class UploadError(ZhiwenError):
    """What was sent is not taken; `code` names the reason, `name` the file."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(f"{name}: {code}")
        self.code = code
        self.name = name


def check_announced(name: str, size: int | None) -> None:
    """Refuse a file for its name or size, before it is downloaded.

    Raises:
        UploadError: it is of a wrong type or too big.
    """
    if not name.lower().endswith((*READERS, ".zip")):
        raise UploadError("wrong_type", name)
    if size is not None and size > FILE_BYTES:
        raise UploadError("too_big", name)


def unpack(name: str, content: bytes) -> dict[str, bytes]:
    """The record files in what was sent, by a name that is safe as a path.

    Raises:
        UploadError: it is no record file and no archive of them, or goes beyond the limits.
    """
    check_announced(name, len(content))
    if not name.lower().endswith(".zip"):
        return {_safe(name, 1): content}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _entries(name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise UploadError("zip_damaged", name) from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in a rare way
        raise UploadError("zip_unreadable", name) from error


def _entries(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The record files of an archive; what other files it holds is left out."""
    if len(archive.infolist()) > ENTRIES:
        raise UploadError("zip_entries", name)
    found: dict[str, bytes] = {}
    left = UNPACKED_BYTES
    for entry in archive.infolist():
        base = entry.filename.replace("\\", "/").rpartition("/")[2]
        if entry.is_dir() or base.startswith((".", "_")) or not base.lower().endswith(tuple(READERS)):
            continue
        with archive.open(entry) as packed:
            content = packed.read(left + 1)
        left -= len(content)
        if left < 0:
            raise UploadError("zip_unpacked", name)
        found[_safe(base, len(found) + 1)] = content
    if not found:
        raise UploadError("zip_without_records", name)
    return found


def _safe(name: str, number: int) -> str:
    """A name of letters, digits, - and _ for a record file, with its number, so that none is there twice."""
    stem, _, suffix = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).rpartition(".")
    kept = re.sub(r"[^\w-]+", "_", stem)[:LONGEST_NAME]
    return f"{number:04d}-{kept}.{suffix.lower()}"


class Shelves:
    """Where uploads lie: the folder that is part of the corpus, and one beside it for those not confirmed.

    Args:
        folder: the one that is part of the corpus.
    """

    def __init__(self, folder: Path) -> None:
        self._confirmed = folder
        self._pending = folder.with_name(f"{folder.name}-pending")

    def keep(self, number: int, files: Mapping[str, bytes]) -> Corpus:
        """Put files aside, and read their records as `zhiwen check` does.

        Raises:
            OSError: they cannot be written.
        """
        folder = self._pending / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return reading.read([folder])

    def confirm(self, number: int) -> None:
        """Make an upload part of the corpus.

        Raises:
            OSError: it is not there any more, or cannot be moved.
        """
        self._confirmed.mkdir(parents=True, exist_ok=True)
        (self._pending / str(number)).rename(self.place(number))

    def place(self, number: int) -> Path:
        """Where an upload lies that is part of the corpus."""
        return self._confirmed / str(number)

    def drop(self, number: int) -> None:
        """Delete an upload, wherever it lies."""
        for folder in (self._confirmed, self._pending):
            shutil.rmtree(folder / str(number), ignore_errors=True)
