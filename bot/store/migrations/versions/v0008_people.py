"""What people follow, mute and have seen, what spaces are set to, and the requests that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def _realm() -> tuple[sa.Column[str], sa.Column[str]]:
    return sa.Column("platform", sa.String(16), nullable=False), sa.Column("space", sa.String(64), nullable=False)


def upgrade() -> None:
    op.create_table(
        "wish",
        *_realm(),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("sort", sa.String(16), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("does", sa.String(16), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("until", _INSTANT),
        sa.PrimaryKeyConstraint("platform", "space", "person", "sort", "key", name=op.f("pk_wish")),
    )
    op.create_table(
        "visit",
        *_realm(),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(160), nullable=False),
        sa.Column("visited_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "space", "person", "channel", name=op.f("pk_visit")),
    )
    op.create_table(
        "space_settings",
        *_realm(),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("platform", "space", name=op.f("pk_space_settings")),
    )
    op.create_table(
        "request",
        *_realm(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("platform", "space", "id", name=op.f("pk_request")),
    )
    for table, columns in (
        ("wish", ["until"]),
        ("wish", ["sort", "key"]),
        ("visit", ["visited_at"]),
        ("request", ["taken_at"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
