"""Which declined questions articles answer that came later, and whether their askers were told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column."""
    op.add_column("exchanges", sa.Column("mended", sa.SmallInteger))
