"""From when on a source may be asked before its turn, so that a digest has the news of the last minutes before it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("early_at", sa.DateTime(timezone=True), nullable=True))
