"""What became of stories, and what finds all that is of a story."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_change",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("happened", sa.String(16), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was", sa.String(32), nullable=False),
        sa.Column("became", sa.String(32), nullable=False),
        sa.Column("articles", sa.JSON, nullable=False),
        sa.Column("similarity", sa.Float, nullable=False),
        sa.Column("needed", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_change")),
    )
    for table, columns in (
        ("story_change", ["was"]),
        ("story_change", ["became"]),
        ("story_change", ["happened_at"]),
        ("article", ["story_id", "at"]),
        ("fact", ["story"]),
        ("sent", ["story"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    op.drop_index(op.f("ix_article_story_id"), "article")
