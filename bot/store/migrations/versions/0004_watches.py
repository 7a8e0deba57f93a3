"""What is watched for chats, what was found for it, digests, and the messages that are on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _watches()
    _notices()
    _arrivals()
    _digests()
    _letters()


def _watches() -> None:
    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID),
        sa.Column("user", ID),
        sa.Column("at", UTC, nullable=False),
        sa.Column("renewed", UTC, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sqlite_autoincrement=True,
    )
    for column in ("chat", "user", "renewed"):
        op.create_index(f"ix_watches_{column}", "watches", [column])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("watch", ID, nullable=False),
        sa.Column("article", sa.String(16), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("passage", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("watch", "article", name="uq_notices_watch_article"),
        sa.ForeignKeyConstraint(["watch"], ["watches.id"], name="fk_notices_watch", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    for column in ("state", "at"):
        op.create_index(f"ix_notices_{column}", "notices", [column])


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("article", ID, autoincrement=False, nullable=False),
        sa.Column("at", UTC),
        sa.PrimaryKeyConstraint("article", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"])


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("chat", ID, autoincrement=False, nullable=False),
        sa.Column("topic", ID),
        sa.Column("user", ID),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("weekday", sa.SmallInteger),
        sa.Column("hour", sa.SmallInteger, nullable=False),
        sa.Column("since", UTC, nullable=False),
        sa.Column("due", UTC, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_digests"),
    )
    for column in ("due", "user"):
        op.create_index(f"ix_digests_{column}", "digests", [column])


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("topic", ID),
        sa.Column("user", ID),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("buttons", sa.Text, nullable=False),
        sa.Column("in_chat", ID),
        sa.Column("shared", ID),
        sa.Column("sent", UTC),
        sa.Column("message", ID),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sqlite_autoincrement=True,
    )
    for column in ("chat", "user", "sent", "at"):
        op.create_index(f"ix_letters_{column}", "letters", [column])
    op.create_table(
        "unreachable",
        sa.Column("chat", ID, autoincrement=False, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_unreachable"),
    )
