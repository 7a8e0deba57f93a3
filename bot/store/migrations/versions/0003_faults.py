"""What a reader says is wrong with an answer that was rated down."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("ratings", sa.Column("fault", sa.String(16)))
