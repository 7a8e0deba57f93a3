"""Chats, exchanges with their ratings, feedback, uploads, and who opted out."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _chats()
    _exchanges()
    _ratings()
    _feedback()
    _uploads()


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("chat", ID, autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_chats"),
    )
    op.create_table(
        "opted_out",
        sa.Column("user", ID, autoincrement=False, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("user", name="pk_opted_out"),
    )


def _exchanges() -> None:
    op.create_table(
        "exchanges",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID),
        sa.Column("user", ID),
        sa.Column("asked", ID),
        sa.Column("answered", ID),
        sa.Column("at", UTC, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("passage", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exchanges"),
        sa.UniqueConstraint("chat", "answered", name="uq_exchanges_chat_answered"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchanges_chat_asked", "exchanges", ["chat", "asked"])
    op.create_index("ix_exchanges_at", "exchanges", ["at"])
    op.create_index("ix_exchanges_user", "exchanges", ["user"])
    op.create_index("ix_exchanges_outcome_key", "exchanges", ["outcome", "key"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("exchange", ID, autoincrement=False, nullable=False),
        sa.Column("user", ID, autoincrement=False, nullable=False),
        sa.Column("passage", sa.SmallInteger),
        sa.Column("up", sa.SmallInteger, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("exchange", "user", name="pk_ratings"),
        sa.ForeignKeyConstraint(
            ["exchange"], ["exchanges.id"], name="fk_ratings_exchange", ondelete="CASCADE"
        ),
        sa.CheckConstraint("up IN (0, 1)", name="ck_ratings_up"),
    )
    op.create_index("ix_ratings_user", "ratings", ["user"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("user", ID),
        sa.Column("at", UTC, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_user", "feedback", ["user"])
    op.create_index("ix_feedback_at", "feedback", ["at"])


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", ID, nullable=False),
        sa.Column("admin", ID),
        sa.Column("at", UTC, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uploads_state", "uploads", ["state"])
