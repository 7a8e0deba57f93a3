"""Archives are looked at before anything is unpacked: a small file may hold a great one."""

import zipfile
from typing import BinaryIO

from retrieval.corpus.formats.source import LARGEST_TABLE

MOST_ENTRIES = 2_000
MOST_RATIO = 200
"""How many times its packed size an entry may have; what is written by people packs less."""
SMALL = 1024 * 1024
"""Bytes of an entry that may pack as well as it likes."""
MACROS = "vbaproject.bin"


def refusal(opened: BinaryIO) -> str | None:
    """Why an archive is not read, in words; None for one that may be."""
    try:
        with zipfile.ZipFile(opened) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        return f"damaged: {error}; save it again"
    finally:
        opened.seek(0)
    if len(entries) > MOST_ENTRIES:
        return f"holds more than {MOST_ENTRIES} entries; divide it"
    if any(entry.flag_bits & 1 for entry in entries):
        return "locked by a password; save it without"
    if any(entry.filename.lower().endswith(MACROS) for entry in entries):
        return "holds macros; save it without, as .xlsx"
    total = sum(entry.file_size for entry in entries)
    is_bomb = any(
        entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        for entry in entries
    )
    if is_bomb or total > LARGEST_TABLE:
        return f"would unpack to {total // 1024 // 1024} MiB; divide it"
    return None
