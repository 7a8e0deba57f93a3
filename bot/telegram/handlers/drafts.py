"""Files that came together, on their way to an upload: downloaded one by one, and kept on disk meanwhile."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from telegram import Document, Message
from telegram.error import BadRequest, TelegramError

from bot.corpus.uploads import UNPACKED_BYTES, Shelves, UploadError, check_announced, unpack
from bot.layout.words import name
from bot.telegram.handlers.progress import Progress

logger = logging.getLogger(__name__)

PAUSES: Final = (0.5, 2.0)
"""Seconds before each new attempt to download a file."""
TOO_BIG: Final = "too big"
"""What Telegram says of a file that it gives to no bot."""


@dataclass
class Draft:
    """Files that came together: those taken lie in the folder, of the others the reason is known."""

    message: Message
    progress: Progress
    folder: Path
    names: list[str] = field(default_factory=list)
    refused: list[UploadError] = field(default_factory=list)
    bytes: int = 0
    came: int = 0
    is_free: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while no file is being downloaded."""


async def take(draft: Draft, document: Document, shelves: Shelves) -> None:
    """Download a file and unpack it into a draft; one that cannot be taken keeps no other from it."""
    given = document.file_name or ""
    number, draft.came = draft.came, draft.came + 1
    draft.is_free.clear()
    try:
        check_announced(given, document.file_size)
        content = await _downloaded(document, given)
        found = await asyncio.to_thread(unpack, given, content, UNPACKED_BYTES - draft.bytes)
        files = {f"{number:03d}-{path}": one for path, one in found.items()}
        await asyncio.to_thread(shelves.put, draft.folder, files)
    except UploadError as error:
        draft.refused.append(UploadError(error.code, name(given or "file")))
    except OSError as error:
        logger.error("an uploaded file cannot be kept: %s", error)  # noqa: TRY400 - one line's worth
        draft.refused.append(UploadError("not_kept", name(given or "file")))
    else:
        draft.names += found
        draft.bytes += sum(map(len, found.values()))
    finally:
        draft.is_free.set()


async def _downloaded(document: Document, called: str) -> bytes:
    """The content of a file.

    Raises:
        UploadError: Telegram does not give it, or not now.
    """
    for pause in (*PAUSES, None):
        try:
            file = await document.get_file()
            return bytes(await file.download_as_bytearray())
        except BadRequest as error:
            logger.info("Telegram does not give a file: %s", error)
            raise UploadError("too_big" if TOO_BIG in str(error).lower() else "not_given", called) from error
        except TelegramError as error:
            logger.warning("a file cannot be downloaded: %s", error)
            if pause is None:
                raise UploadError("not_downloaded", called) from error
            await asyncio.sleep(pause)
    raise AssertionError("there is no pause after the last attempt")
