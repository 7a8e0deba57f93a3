"""The store: what the bot remembers beyond a restart, in SQLite or PostgreSQL.

Synchronous and safe to share between threads: the service calls it with asyncio.to_thread.
"""

from bot.store.errors import StoreError
from bot.store.models import (
    Asker,
    ChatSettings,
    Deleted,
    Exchange,
    Fault,
    Gap,
    Outcome,
    Stats,
    Upload,
    UploadState,
    Verdict,
    Why,
)
from bot.store.store import FILE, Store
from bot.store.subscriptions import (
    Digest,
    Letter,
    LetterKind,
    Notice,
    NoticeState,
    Watch,
    now,
)

__all__ = [
    "FILE",
    "Asker",
    "ChatSettings",
    "Deleted",
    "Digest",
    "Exchange",
    "Fault",
    "Gap",
    "Letter",
    "LetterKind",
    "Notice",
    "NoticeState",
    "Outcome",
    "Stats",
    "Store",
    "StoreError",
    "Upload",
    "UploadState",
    "Verdict",
    "Watch",
    "Why",
    "now",
]
