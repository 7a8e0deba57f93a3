"""The tables as this version knows them; migrations/ makes them, and a test holds the two together."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from bot.store.types import Compressed, Id, Plain, Utc

REVISION: Final = "0005"
"""The latest migration."""

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CHATS: Final = Table(
    "chats",
    METADATA,
    Column("chat", Id, primary_key=True, autoincrement=False),
    Column("settings", Plain, nullable=False),
    Column("at", Utc, nullable=False),
)

OPTED_OUT: Final = Table(
    "opted_out",
    METADATA,
    Column("user", Id, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
)

EXCHANGES: Final = Table(
    "exchanges",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("chat", Id, nullable=False),
    Column("topic", Id),
    Column("user", Id),
    Column("asked", Id),
    Column("answered", Id),
    Column("at", Utc, nullable=False),
    Column("question", Plain, nullable=False),
    # The question as it is grouped with others: see exchanges.key.
    Column("key", String(64), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("passage", Plain),
    Column("title", Plain),
    Column("state", Compressed, nullable=False),
    # Of a declined question: 0 when articles answer it that came later, 1 when who asked was told.
    Column("mended", SmallInteger),
    UniqueConstraint("chat", "answered"),
    Index(None, "chat", "asked"),
    Index(None, "at"),
    Index(None, "user"),
    Index(None, "outcome", "key"),
    sqlite_autoincrement=True,
)

RATINGS: Final = Table(
    "ratings",
    METADATA,
    Column(
        "exchange",
        Id,
        ForeignKey("exchanges.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("user", Id, primary_key=True, autoincrement=False),
    Column("passage", SmallInteger),
    Column("fault", String(16)),
    Column("up", SmallInteger, nullable=False),
    Column("at", Utc, nullable=False),
    CheckConstraint("up IN (0, 1)", name="up"),
    Index(None, "user"),
)

SOURCES: Final = Table(
    "sources",
    METADATA,
    Column(
        "exchange",
        Id,
        ForeignKey("exchanges.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # Whose words the question holds; `earlier`, the one before it.
    Column("user", Id, primary_key=True, autoincrement=False),
    Column("earlier", Boolean, primary_key=True),
    Index(None, "user"),
)

FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("chat", Id, nullable=False),
    Column("user", Id),
    Column("at", Utc, nullable=False),
    Column("text", Plain, nullable=False),
    Index(None, "user"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

UPLOADS: Final = Table(
    "uploads",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("admin", Id),
    Column("at", Utc, nullable=False),
    Column("files", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Index(None, "state"),
    sqlite_autoincrement=True,
)

FINISHED_UPDATES: Final = Table(
    "finished_updates",
    METADATA,
    Column("update", Id, primary_key=True, autoincrement=False),
)

WATCHES: Final = Table(
    "watches",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("chat", Id, nullable=False),
    Column("topic", Id),
    Column("user", Id),
    Column("at", Utc, nullable=False),
    # When it was begun, or last found something: one that finds nothing for long ends.
    Column("renewed", Utc, nullable=False),
    Column("question", Plain, nullable=False),
    Column("filters", Plain, nullable=False),
    Column("language", String(16), nullable=False),
    Index(None, "chat"),
    Index(None, "user"),
    Index(None, "renewed"),
    sqlite_autoincrement=True,
)

NOTICES: Final = Table(
    "notices",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("watch", Id, ForeignKey("watches.id", ondelete="CASCADE"), nullable=False),
    Column("article", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Column("state", String(16), nullable=False),
    Column("passage", Compressed, nullable=False),
    UniqueConstraint("watch", "article"),
    Index(None, "state"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

ARRIVALS: Final = Table(
    "arrivals",
    METADATA,
    # The article's id as a number with a sign; 0 tells that the first look is done.
    Column("article", Id, primary_key=True, autoincrement=False),
    # None for what was there at the first look.
    Column("at", Utc),
    Index(None, "at"),
)

DIGESTS: Final = Table(
    "digests",
    METADATA,
    Column("chat", Id, primary_key=True, autoincrement=False),
    Column("topic", Id),
    Column("user", Id),
    Column("language", String(16), nullable=False),
    # None for every day; 0 is Monday.
    Column("weekday", SmallInteger),
    Column("hour", SmallInteger, nullable=False),
    Column("since", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Index(None, "due"),
    Index(None, "user"),
)

LETTERS: Final = Table(
    "letters",
    METADATA,
    Column("id", Id, primary_key=True),
    Column("chat", Id, nullable=False),
    Column("topic", Id),
    Column("user", Id),
    Column("kind", String(16), nullable=False),
    Column("at", Utc, nullable=False),
    Column("text", Plain, nullable=False),
    Column("buttons", Plain, nullable=False),
    # The latest message numbers known before it was first sent; None before that.
    Column("in_chat", Id),
    Column("shared", Id),
    Column("sent", Utc),
    Column("message", Id),
    Index(None, "chat"),
    Index(None, "user"),
    Index(None, "sent"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

UNREACHABLE: Final = Table(
    "unreachable",
    METADATA,
    Column("chat", Id, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
)
