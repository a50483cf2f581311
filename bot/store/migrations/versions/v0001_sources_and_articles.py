"""Sources, articles and stories."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("floor_s", sa.Float, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("leased_until", _INSTANT),
        sa.Column("etag", sa.LargeBinary),
        sa.Column("last_modified", sa.LargeBinary),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("ttl_s", sa.Float, nullable=False),
        sa.Column("next_poll_at", _INSTANT),
        sa.Column("last_polled_at", _INSTANT),
        sa.Column("last_ok_at", _INSTANT),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", _INSTANT),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("moved_to", sa.Text),
        sa.Column("moved_times", sa.Integer, nullable=False),
        sa.Column("moved_since", _INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("address", name=op.f("uq_source_address")),
    )
    op.create_index(op.f("ix_source_next_poll_at"), "source", ["next_poll_at"])
    op.create_table(
        "story",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("last_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
    )
    op.create_table(
        "article",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("story_id", sa.String(32)),
        sa.Column("outlet", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("published_at", _INSTANT),
        sa.Column("published_day", sa.Date),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=False),
        sa.Column("backlog", sa.Boolean, nullable=False),
        sa.Column("page_read", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(35)),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("stub", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("understood", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_article")),
        sa.UniqueConstraint("id", name=op.f("uq_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_article_source_id_source"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_article_story_id_story"), ondelete="SET NULL"),
    )
    op.create_index(op.f("ix_article_source_id"), "article", ["source_id"])
    op.create_index(op.f("ix_article_story_id"), "article", ["story_id"])
    op.create_index(op.f("ix_article_stored_at"), "article", ["stored_at"])
    op.create_index(op.f("ix_article_at_source_id"), "article", ["at", "source_id"])
    op.create_table(
        "article_revision",
        sa.Column("article_number", _NUMBER, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("replaced_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("article_number", "revision", name=op.f("pk_article_revision")),
        sa.ForeignKeyConstraint(
            ["article_number"],
            ["article.number"],
            name=op.f("fk_article_revision_article_number_article"),
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "entry",
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("link", sa.String(64), nullable=False),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_entry")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_entry_source_id_source"), ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
