"""Record files that admins send: unpacked, checked, kept aside, put into the corpus and taken out again.

What is sent is hostile until shown otherwise: names are not used as paths, an archive is read no further than
its limits, whatever it says of its sizes.
"""

import datetime as dt
import io
import re
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from bot.corpus import replacing
from retrieval.corpus import reading
from retrieval.corpus.formats.registry import READERS
from retrieval.corpus.reading import Corpus
from retrieval.errors import ZhiwenError

FILE_BYTES: Final = 20_000_000
"""Bytes of a file; Telegram's server gives bots no greater one."""
UNPACKED_BYTES: Final = 100_000_000
ENTRIES: Final = 2_000
DRAFT: Final = "draft-"
"""How the name of a folder begins whose files are still coming."""
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


def unpack(name: str, content: bytes, room: int = UNPACKED_BYTES) -> dict[str, bytes]:
    """The record files in what was sent, by a name that is safe as a path; in all no more bytes than `room`.

    Raises:
        UploadError: it is no record file and no archive of them, or goes beyond the limits.
    """
    check_announced(name, len(content))
    if not name.lower().endswith(".zip"):
        if len(content) > room:
            raise UploadError("zip_unpacked", name)
        return {_safe(name, 1): content}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _entries(name, archive, room)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise UploadError("zip_damaged", name) from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in a rare way
        raise UploadError("zip_unreadable", name) from error


def _entries(name: str, archive: zipfile.ZipFile, room: int) -> dict[str, bytes]:
    """The record files of an archive; what other files it holds is left out."""
    if len(archive.infolist()) > ENTRIES:
        raise UploadError("zip_entries", name)
    found: dict[str, bytes] = {}
    left = room
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

    def begin(self) -> Path:
        """A folder for files that come one after the other.

        Raises:
            OSError: it cannot be made.
        """
        self._pending.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=DRAFT, dir=self._pending))

    def put(self, draft: Path, files: Mapping[str, bytes]) -> None:
        """Put files into such a folder.

        Raises:
            OSError: they cannot be written.
        """
        for name, content in files.items():
            (draft / name).write_bytes(content)

    def keep(self, number: int, draft: Path) -> Corpus:
        """Put such a folder aside as an upload, and read its records as `zhiwen check` does.

        Raises:
            OSError: it cannot be moved or read.
        """
        folder = self._pending / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        return reading.read([folder])

    def drop_pending(self, besides: Collection[int], before: dt.datetime) -> None:
        """Delete what lies aside since before a moment and is none of these uploads."""
        kept = set(map(str, besides))
        for folder in self._pending.iterdir() if self._pending.is_dir() else ():
            if folder.name not in kept and folder.stat().st_mtime < before.timestamp():
                shutil.rmtree(folder, ignore_errors=True)

    def pending(self, number: int) -> Corpus:
        """The records of an upload that was put aside.

        Raises:
            CorpusError: it is not there any more.
        """
        return reading.read([self._pending / str(number)])

    def confirm(self, number: int, replaced: Collection[str] = ()) -> None:
        """Make an upload part of the corpus, in the place of some articles, by their ids.

        Raises:
            OSError: it is not there any more, or cannot be moved.
        """
        self._confirmed.mkdir(parents=True, exist_ok=True)
        folder = self._pending / str(number)
        if replaced:
            replacing.write(folder, replaced)
        folder.rename(self.place(number))

    def place(self, number: int) -> Path:
        """Where an upload lies that is part of the corpus."""
        return self._confirmed / str(number)

    def discard(self, draft: Path) -> None:
        """Delete the folder of a draft."""
        shutil.rmtree(draft, ignore_errors=True)

    def drop(self, number: int) -> None:
        """Delete an upload, wherever it lies."""
        for folder in (self._confirmed, self._pending):
            shutil.rmtree(folder / str(number), ignore_errors=True)
