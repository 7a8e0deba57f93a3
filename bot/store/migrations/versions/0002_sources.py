"""Whose words a stored question holds, and which updates are done with yet may come again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sources",
        sa.Column("exchange", ID, autoincrement=False, nullable=False),
        sa.Column("user", ID, autoincrement=False, nullable=False),
        sa.Column("earlier", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("exchange", "user", "earlier", name="pk_sources"),
        sa.ForeignKeyConstraint(
            ["exchange"], ["exchanges.id"], name="fk_sources_exchange", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sources_user", "sources", ["user"])
    op.create_table(
        "finished_updates",
        sa.Column("update", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("update", name="pk_finished_updates"),
    )
